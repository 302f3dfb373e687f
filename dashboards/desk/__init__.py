"""What the pages of the statistics desk have in common.

Belongs here: how requests, packages and verdicts are shown, and the forms that act on them. Does
not belong here: what may be done (exports.register, the same as for the command line).
"""
