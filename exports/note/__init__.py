"""The note that goes with a package: what was asked, what it means, what is hidden, what changed.

Belongs here: the facts of the note, their layout (note.typ), the comparison with packages given
before. Does not belong here: figures of their own; every number comes from the package.
"""
