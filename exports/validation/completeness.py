"""Whether everything that was asked for is there, once, with the value of the release.

Belongs here: rules V01 to V04. Does not belong here: which codes occur (codes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from exports.periods import Period, frequency, read_period
from exports.signs import NOT_AVAILABLE
from exports.tables import blocks_of
from exports.validation.rule import Result
from exports.validation.view import View, where_given


def cells(view: View, _: Mapping) -> Result:
    """Every row of the release that lies in a given block is in the answer."""
    inside = [f"({where_given(view.statistic, block, periods)})" for block, periods in view.given()]
    return view.count("not is_there", " or ".join(inside) or "false")


def values(view: View, _: Mapping) -> Result:
    """Every row of the answer is one of the release, stands there once, and shows its value."""
    names = ", ".join(view.keys)
    same = " and ".join(f"leaving.{name} = held.{name}" for name in view.keys)
    looked_at, foreign, twice, example = view.cursor.execute(
        f"""
        with leaving as (
            select {names}, count(*) as times from {view.part.table} group by {names}
        )
        select coalesce(sum(times), 0), count(*) filter (where not is_held),
            count(*) filter (where times > 1),
            min({view.in_words}) filter (where not is_held or times > 1)
        from (
            select *, exists (select 1 from {view.table} as held where {same}) as is_held
            from leaving
        )"""
    ).fetchone()
    other = view.count("shown is distinct from held", "shown is not null")
    failed = foreign + twice + other.failed
    return Result(int(looked_at), failed, example or other.example)


def periods(view: View, _: Mapping) -> Result:
    """Every period of the request that has ended has rows, at each frequency of the statistic, from
    the first one that the statistic has.
    """
    often = {name for block in blocks_of(view.statistic) for name in block.frequencies}
    rows = view.cursor.execute(f"select distinct ref_period from {view.statistic.table}").fetchall()
    first = {
        kind: min((p.start for p in map(read_period, _written(rows, kind)) if p), default=None)
        for kind in ("year", "quarter", "month")
    }
    expected = [
        period.text
        for kind in ("year", "quarter", "month")
        if kind in often and first[kind]
        for period in _inside(view.contents.period, kind)
        if first[kind] <= period.start and period.end <= view.contents.business_date
    ]
    absent = [text for text in expected if text not in view.part.ref_periods]
    return Result(len(expected), len(absent), f"{view.code} {absent[0]}" if absent else "")


def _written(rows: list[tuple], kind: str) -> list[str]:
    return [row[0] for row in rows if frequency(row[0]) == kind]


def _inside(asked: Period, kind: str) -> list[Period]:
    """Return the periods of a frequency that lie in the one asked for."""
    year = asked.start.year
    texts = {
        "year": [f"{year:04}"],
        "quarter": [f"{year:04}Q{number}" for number in range(1, 5)],
        "month": [f"{year:04}-{number:02}" for number in range(1, 13)],
    }[kind]
    return [period for text in texts if (period := read_period(text)) and asked.covers(period)]


def missing(view: View, _: Mapping) -> Result:
    """No count or amount is unknown: only a ratio may have no value."""
    return view.count(f"status = '{NOT_AVAILABLE}'", "is_there")


def has_ended(ref_period: str, day: date) -> bool:
    """Say whether a period was over on a day; what cannot be read as one never is."""
    period = read_period(ref_period)
    return period is not None and period.end <= day
