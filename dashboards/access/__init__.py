"""Who looks, what they may see, and what was looked at.

Belongs here: reading access.yaml, persons and their rights, the release as a right sees it, small
counts, the login, the record of accesses. Does not belong here: what a page shows; a page asks for
its data through `Reading.query` and reaches nothing else.
"""
