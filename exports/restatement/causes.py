"""What changed between the release of a delivery and the one of today.

Belongs here: comparing definitions, lists of law and the version of the code of two releases; the
form in which changed rows of the extracts are given. Does not belong here: reading the raw history
(it is the orchestrator's, which hands a function in), which of it explains a cell (reasons.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

import duckdb

from exports.restatement.delivered import Delivered
from release.reader import Release, standing

LATE, CORRECTION, LATER = "late", "correction", "later"


@dataclass(frozen=True)
class ChangedRows:
    """Rows of an extract that are not in force as they were.

    Attributes:
        kind: LATE: a fact of before the delivery's data were closed that came after; CORRECTION: a
            row that said something else, or is gone; LATER: a fact of afterwards.
        first_day, last_day: between which the facts lie; None: without beginning, without end.
        rows: how many.
    """

    extract: str
    kind: str
    first_day: date | None
    last_day: date | None
    rows: int


#: Changed rows of one extract between the data of a delivery and those of a release; None when the
#: deliveries of then do not stand any more.
Changes = Callable[[Delivered, Release, str], "list[ChangedRows] | None"]


@dataclass(frozen=True)
class Causes:
    """What changed since one delivery. `former`: its release; None when it does not stand.
    `changes`: rows of an extract, as Changes gives them.
    """

    delivered: Delivered
    former: Release | None
    today: Release
    changes: Callable[[str], list[ChangedRows] | None]

    def law_changed(self, lists: tuple[str, ...]) -> bool | None:
        """Say whether one of the lists of law is another one; None when nobody knows any more."""
        if not lists:
            return False
        if self.former is None:
            return None
        return any(_content(self.former, name) != _content(self.today, name) for name in lists)

    @property
    def code_changed(self) -> bool:
        """Say whether another program made today's release."""
        return self.delivered.code_version != str(self.today.about["code_version"])


def causes_of(home, delivered: Delivered, today: Release, changes: Changes | None) -> Causes:
    """Gather what can be known of what changed since a delivery."""
    former = next((one for one in standing(home) if one.id == delivered.release_id), None)

    @cache
    def of_extract(extract: str) -> list[ChangedRows] | None:
        return changes(delivered, today, extract) if changes else None

    return Causes(delivered, former, today, of_extract)


def _content(release: Release, name: str) -> list[tuple] | None:
    """Return the rows of a list of law, in an order of their own; None when there is no such list:
    two releases that both lack it agree.
    """
    try:
        return release.cursor().execute(f"select * from reference.{name} order by all").fetchall()
    except duckdb.CatalogException:
        return None
