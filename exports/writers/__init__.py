"""File formats of a package: one module per format.

Belongs here: turning tables that are already decided into bytes, the same bytes for the same
input. Does not belong here: choosing cells, periods, profiles or wording.
"""
