"""Parts of pages: each a subject with its own queries, shown by one page or by several.

Belongs here: what would make a page longer than a reader follows. Does not belong here: filters of
a page, kinds of charts.
"""
