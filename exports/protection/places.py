"""Areas of residence as sets of municipalities: which area is the sum of which others.

Belongs here: nesting of levels, read from core.dim_municipality. Does not belong here: a cell.
Where two levels do not nest (a province that holds two linguistic areas), what both have in common
is told as one area less others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations

import duckdb

from exports.periods import read_period

Area = tuple[str, str]
ABROAD = "ABROAD"
_COLUMNS = {
    "MUNICIPALITY": "municipality_nis",
    "ARRONDISSEMENT": "arrondissement_nis",
    # Brussels has no province: its region takes the place (rule S8).
    "PROVINCE": "coalesce(province_nis, region_nis)",
    "REGION": "region_nis",
    "LINGUISTIC_AREA": "linguistic_area",
}


@dataclass(frozen=True)
class Overlap:
    """What an area `of` has in common with another one: itself less the areas `less`."""

    of: Area
    less: tuple[Area, ...]


@dataclass(frozen=True)
class Remainder:
    """People of the row `area` beyond those of rows inside it; no table shows them."""

    number: int
    area: int
    beside: tuple[int, ...]
    value: float
    contributors: float


class Places:
    """The areas of the release, by date."""

    def __init__(self, cursor) -> None:
        columns = ", ".join(f"cast({column} as varchar)" for column in _COLUMNS.values())
        try:
            self._rows = cursor.execute(
                f"select valid_to, {columns} from core.dim_municipality order by all"
            ).fetchall()
        except duckdb.CatalogException:
            # A release without places has statistics without them.
            self._rows = []
        self._known: dict[tuple, list] = {}

    def nested(
        self, levels: tuple[str, ...], period: str
    ) -> list[tuple[Area, list[Area], list[Overlap]]]:
        """(area, areas of another level inside it, overlaps) that add up to it, on the last day of
        a period.
        """
        key = (levels, period)
        if key not in self._known:
            found = read_period(period)
            self._known[key] = list(self._nested(levels, found.end if found else date.max))
        return self._known[key]

    def _nested(self, levels: tuple[str, ...], day: date) -> Iterator[tuple]:
        areas: dict[str, dict[str, set[str]]] = {level: {ABROAD: {ABROAD}} for level in levels}
        for valid_to, *codes in self._rows:
            if valid_to is not None and valid_to < day:
                continue
            by_level = dict(zip(_COLUMNS, codes, strict=True))
            for level in levels:
                if by_level.get(level):
                    areas[level].setdefault(by_level[level], set()).add(codes[0])
        by_content = {
            frozenset(inside): (level, code)
            for level in reversed(levels)
            for code, inside in sorted(areas[level].items())
        }
        finest = max(levels, key=lambda level: len(areas[level]))
        for coarse, fine in permutations(levels, 2):
            if len(areas[coarse]) > len(areas[fine]):
                continue
            for code, inside in sorted(areas[coarse].items()):
                parts, overlaps = [], []
                for other, theirs in sorted(areas[fine].items()):
                    if theirs <= inside:
                        parts.append((fine, other))
                    elif theirs & inside:
                        overlaps.append(self._overlap((fine, other), theirs, inside, by_content))
                if overlaps and (None in overlaps or fine != finest):
                    # The finest level says it, since the levels between add up to it.
                    continue
                if parts or overlaps:
                    yield (coarse, code), parts, overlaps

    def _overlap(self, area: Area, theirs: set, inside: set, by_content: dict) -> Overlap | None:
        """`theirs` without what lies outside, when that is an area of its own."""
        beside = by_content.get(frozenset(theirs - inside))
        common = by_content.get(frozenset(theirs & inside))
        if common is not None:
            # The part in common is an area itself.
            return Overlap(common, ())
        return None if beside is None else Overlap(area, (beside,))
