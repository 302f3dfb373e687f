"""Lists of codes under `reference/`, and which of them a delivery may use on its business date.

Here belongs validity in time: a municipality that was merged away is valid before its merger (G3),
and for some days after it under the code of its successor (H2). That a value must be in a list is a
rule (`rules.py`).

Choice: with 180 days, a merger of 1 January 2025 is past from 1 July 2025 on.
"""

import csv
import os
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ingest.errors import IngestError
from ingest.texts import said

REFERENCE = Path(__file__).parent / "reference"
GRACE_VARIABLE = "VIGIE_MUNICIPALITY_GRACE_DAYS"


def grace_days() -> int:
    """Days after a merger for which the old code is taken (H2). Errors: IngestError."""
    given = os.environ.get(GRACE_VARIABLE, "180")
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise IngestError(said("error.grace", variable=GRACE_VARIABLE))
    return int(given)


def valid_codes(name: str, business_date: date) -> tuple[str, ...]:
    """Codes of `reference/<name>.csv` that are valid on a date (empty bounds are open)."""
    on = business_date.isoformat()
    return tuple(code for code, first, last, _ in _rows(name)
                 if (not first or first <= on) and (not last or on <= last))


def merged_codes(name: str, business_date: date) -> dict[str, str]:
    """Codes that ended shortly before a date, each with the one that took its place."""
    on, days = business_date.isoformat(), grace_days()
    if not days:
        return {}
    return {code: successor for code, _, last, successor in _rows(name)
            if successor and last < on
            and business_date <= date.fromisoformat(last) + timedelta(days=days + 1)}


@cache
def _rows(name: str) -> tuple[tuple[str, str, str, str], ...]:
    """(code, first day, last day, successor); a list without validity has codes alone."""
    with open(REFERENCE / f"{name}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return tuple((*row, *[""] * (4 - len(row))) for row in rows)
