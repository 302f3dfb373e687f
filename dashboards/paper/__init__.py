"""A page on paper: what a rerun showed, as a PDF that a screen reader reads too (PDF/UA-1).

Belongs here: from the memory of the sheet to a document. Does not belong here: what a page shows
(views), letters to the board, notes of statistics (exports/note).
"""
