"""The cells of an answer as its writers read them, and back.

Belongs here: from a pattern to the temporary table of exports/cells.py, with the words of SDMX, and
from that table to what a reader sees. Does not belong here: which cells are hidden.
"""

from __future__ import annotations

import numpy as np

from exports.catalogue import TOTAL
from exports.protection.book import Book, kind_of
from exports.protection.judgement import FEW, ONE, TWO
from exports.protection.system import System

SECONDARY = "D"
_REASONS = {
    FEW: "reason_few",
    ONE: "reason_one",
    TWO: "reason_two",
    SECONDARY: "reason_secondary",
}


def statuses(system: System, hidden_units: np.ndarray, free: str) -> list[str]:
    """CONF_STATUS of every row; empty for a row that no block gives."""
    book, status = system.book, system.judgement.status
    worst = _worst(system)
    found = []
    for row in range(len(book)):
        unit = system.unit_of_row[row]
        if unit < 0:
            found.append("")
        elif hidden_units[unit]:
            found.append(status[row] or worst.get(int(book.bundle[row]), SECONDARY))
        else:
            found.append(free)
    for row in range(len(book)):
        if found[row] == free and kind_of(book.measures[row]) == "ratio":
            bases = bases_of(book, row)
            if any(found[base] != free for base in bases):
                found[row] = SECONDARY
    return found


def _worst(system: System) -> dict[int, str]:
    """Why a bundle is unsafe: what is said of those of its rows that are not so by themselves."""
    order = (FEW, ONE, TWO)
    worst: dict[int, str] = {}
    for row, status in enumerate(system.judgement.status):
        if status and system.unit_of_row[row] >= 0:
            bundle = int(system.book.bundle[row])
            worst[bundle] = min(status, worst.get(bundle, TWO), key=order.index)
    return worst


def bases_of(book: Book, row: int) -> list[int]:
    """Rows that a ratio is taken of: at its crossing, or where an axis that has no total of its own
    (the year of collection) is at its total.
    """
    measure = book.measures[row]
    place, period, codes = book.crossings[book.crossing[row]]
    statistic = book.statistics[place]
    bare = {axis.dimensions[0] for b in statistic.blocks for axis in b.axes if not axis.has_total}
    reduced = tuple(
        TOTAL if name in bare else code
        for name, code in zip(statistic.dimension_names, codes, strict=True)
    )
    found = []
    for name in (measure.numerator, measure.denominator):
        if name:
            base = book.find((place, period, codes), name)
            if base is None:
                base = book.find((place, period, reduced), name)
            if base is not None:
                found.append(base)
    return found


def write(
    cursor, book: Book, place: int, ref_periods: list[str], said: list[str], free: str
) -> str:
    """Make the temporary table of one statistic; returns its name. `said`: status of every row."""
    statistic = book.statistics[place]
    table = f"answer_{statistic.code.lower()}"
    names = ", ".join(f'"{n}"' for n in ("ref_period", *statistic.dimension_names, "measure"))
    asked = {(place, period) for period in ref_periods}
    mine = [r for r in range(len(book)) if book.crossings[book.crossing[r]][:2] in asked]
    conf = [said[row] for row in mine]
    cursor.execute(
        f"""
        create or replace temp table {table} as
        with numbered as (
            select *, row_number() over (order by {names}) as place
            from {statistic.table} where list_contains($periods, ref_period)
        ),
        said as (
            select unnest($places) as place, unnest($conf) as conf_status,
                unnest($reasons) as reason
        )
        select {names},
            case when conf_status = $free then obs_value end as obs_value,
            case when conf_status <> $free then 'Q' when obs_value is null then 'M' else 'A' end
                as obs_status,
            conf_status, nullif(reason, '') as reason
        from numbered inner join said using (place)
        where conf_status <> ''""",
        {
            "periods": ref_periods,
            "places": list(range(1, len(mine) + 1)),
            "conf": conf,
            "reasons": [_REASONS.get(status, "") for status in conf],
            "free": free,
        },
    )
    return table


def shown_rows(cursor, book: Book, tables: list[str]) -> np.ndarray:
    """What a reader of the temporary tables sees: a mask of rows."""
    shown = np.zeros(len(book), dtype=bool)
    for place, table in enumerate(tables):
        columns = ("ref_period", *book.statistics[place].dimension_names, "measure")
        names = ", ".join(f'"{name}"' for name in columns)
        for period, *codes, measure in cursor.execute(
            f"select {names} from {table} where obs_value is not null"
        ).fetchall():
            shown[book.find((place, period, tuple(codes)), measure)] = True
    return shown
