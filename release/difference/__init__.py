"""What differs between two releases: tables and columns, rows by key, sums, cells.

Belongs here: comparing, for the command line (compare.py, both files in one database) and for the
pages (summaries that each side is asked for through its own right). Does not belong here: how a
difference is told, who may see it.

    model     what a comparison finds
    keys      what makes a row of a table the same row in both
    sql       the queries, over any two relations
    compare   two files
    frames    two tables that a page was given
    find      which releases are meant
"""
