"""Protection of an answer: what of it a recipient may see, so that nobody is given away.

Belongs here: from the statistics of one request to their cells (exports/cells.py), as one linked
system. Does not belong here: the protection of any other table (exports/disclosure, whose solver
and whose rules this follows), how a cell is written (writers). The door is `protect_answer`;
`read_packages` opens what was given before.

    book, blocks     the rows of a request, by statistic and block
    judgement        which rows are unsafe by themselves
    equations, places, linked, system
                     what ties the numbers together
    search, proof, moves, groups
                     alternatives to the truth that prove a cell safe
    choice           what is hidden besides
    written, audit   the cells as written, and the attacker's word on them
    packages, earlier, former
                     packages that were given before, and what they tell
    request          what is asked now beside that
"""

from exports.protection.answer import protect_answer
from exports.protection.packages import read_packages

__all__ = ["protect_answer", "read_packages"]
