"""What is looked at before a package may be reviewed: rules with an id and a level.

Belongs here: the rules (rules.yaml), their application to what is about to be written. Does not
belong here: disclosure (protection), votes and waivers (register).
"""
