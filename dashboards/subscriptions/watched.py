"""What can be watched: figures with a threshold, of a release as somebody may see it.

Belongs here: which figures there are, how each is read and written. Does not belong here: lists
(lists), when somebody is told (content). The kinds are here; of promises, which there are is data
(service.dim_commitment).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from dashboards import measures, queries
from dashboards.figures import Figure, From
from dashboards.formats import NOTHING
from dashboards.sections import signals
from dashboards.sections.board import board, last_whole
from dashboards.source import Reading

EUR, SHARE, COUNT = "EUR", "share", "count"
_SQL = queries.beside(__file__)
_PROMISE = "promise:"
_COHORTS = ("recovery", "mart_arrears_cohorts")
_AGEING = ("recovery", "mart_arrears_ageing")
_PERCEPTION = ("contribution", "mart_perception")
_WORKLIST = ("recovery", "mart_worklist")
_PRESCRIPTION = ("recovery", "mart_prescription")
_CHECKS = ("meta", "checks")
_BOARD = (_COHORTS, _AGEING, _PERCEPTION)
_COMMITMENTS = (("service", "mart_commitments"), ("service", "dim_commitment"))


@dataclass(frozen=True)
class Value:
    """A figure of a release: the number (a share 0-1), its unit, the period it is of."""

    number: Decimal
    unit: str
    period: str = ""


@dataclass(frozen=True)
class Watched:
    """A figure that can be watched. `page`: where it stands; `tables`: what its right must hold;
    `read` returns None where this release has none; `title`: in the language of the reading."""

    id: str
    page: str
    unit: str
    tables: tuple[tuple[str, str], ...]
    title: str
    read: Callable[[Reading], Value | None]

    def is_for(self, reading: Reading) -> bool:
        """Whether who looks may see it: its page, and every table it is read from."""
        return self.page in reading.right.pages and all(
            reading.may_see(*table) for table in self.tables
        )

    def figure(self, reading: Reading) -> Figure:
        """Return the figure as it is now, with what defines it."""
        now = self.read(reading)
        value = write(reading, now.number, now.unit) if now else NOTHING
        reference = From(reading, *self.tables[0]).reference
        return Figure(self.title, value, "", reference=reference)


def watched(reading: Reading, about: str) -> Watched | None:
    """Return a figure by its id; None where there is none of that name (any more)."""
    if about.startswith(_PROMISE):
        return _promises(reading).get(about)
    return _fixed(reading).get(about)


def all_watched(reading: Reading) -> dict[str, Watched]:
    """Return every figure that who looks may watch, by id; of promises those with a value now,
    whose unit is known."""
    known = _fixed(reading) | _promises(reading)
    return {one.id: one for one in known.values() if one.unit and one.is_for(reading)}


def write(reading: Reading, number: Decimal | float, unit: str) -> str:
    """Write a number of a figure for a person."""
    if unit == EUR:
        return reading.language.euros(float(number), 0)
    if unit == COUNT:
        return reading.language.number(float(number))
    return measures.write_value(reading, float(number), unit)


def _fixed(reading: Reading) -> dict[str, Watched]:
    def figure(
        about: str,
        key: str,
        page: str,
        unit: str,
        tables: tuple[tuple[str, str], ...],
        read: Callable,
    ) -> Watched:
        return Watched(about, page, unit, tables, str(reading.text(key)), read)

    made = [
        *(
            figure(f"board_{name}", f"board_{name}", "home", unit, _BOARD, _of_board(name, unit))
            for name, unit in (
                ("claimed", EUR), ("collected", EUR), ("rate", SHARE), ("outstanding", EUR),
                ("perception", SHARE),
            )
        ),
        figure("worklist_accounts", "notices_figure_worklist", "worklist", COUNT, (_WORKLIST,),
               _counted(signals.worklist_totals, "accounts")),
        figure("worklist_due", "notices_figure_due", "worklist", COUNT, (_WORKLIST,),
               _counted(signals.worklist_totals, "due")),
        figure("prescribed_soon", "home_prescribed", "deadlines", EUR,
               (_PRESCRIPTION,),
               _counted(_lost_soon, "amount", EUR)),
        figure("checks_found", "home_checks", "deliveries", COUNT, (_CHECKS,),
               _counted(signals.checks, "found")),
    ]  # fmt: skip
    return {one.id: one for one in made}


def _of_board(name: str, unit: str) -> Callable[[Reading], Value | None]:
    def read(reading: Reading) -> Value | None:
        if not all(reading.holds(*table) for table in _BOARD):
            return None
        found = board(reading)
        number = getattr(found, name).now
        period = str(found.year) if name == "perception" else found.quarter
        return None if number is None else Value(Decimal(number), unit, period)

    return read


def _counted(totals: Callable, column: str, unit: str = COUNT) -> Callable:
    def read(reading: Reading) -> Value | None:
        return Value(Decimal(str(totals(reading)[column])), unit)

    return read


def _lost_soon(reading: Reading) -> pd.Series:
    return signals.lost_within(reading, signals.PRESCRIPTION_DAYS)


def _promises(reading: Reading) -> dict[str, Watched]:
    if not all(reading.holds(*table) for table in _COMMITMENTS):
        return {}
    quarter = last_whole(reading.release.business_date)
    rows = reading.query(_SQL["promises"], quarter=quarter).to_dict("records")
    values = {row["code"]: row for row in rows}
    return {
        f"{_PROMISE}{code}": Watched(
            f"{_PROMISE}{code}",
            "commitment",
            values[code]["unit"] if code in values else "",
            _COMMITMENTS,
            f"{code} · {title}",
            _of_promise(values.get(code)),
        )
        for code, title in signals.promise_titles(reading).items()
    }


def _of_promise(row: dict | None) -> Callable[[Reading], Value | None]:
    def read(reading: Reading) -> Value | None:
        if row is None:
            return None
        return Value(Decimal(str(row["value"])), row["unit"], row["quarter"])

    return read
