"""The one state of a database that a delivery shows.

Does not belong here: how one is taken (`postgres.py`, `other.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Snapshot:
    """The one state that a delivery shows.

    `taken_at` by the clock of this machine, with its zone; `database` tells one database from
    another that took its place ("" where it cannot say); `oldest` and `next` are the transaction
    numbers from which on a later snapshot may show what this one did not, and the next one to be
    given (None: the database has no such numbers); `running` is for how long the oldest
    transaction had been running when it was taken.
    """

    taken_at: datetime
    database: str
    oldest: int | None
    next: int | None
    running: timedelta
