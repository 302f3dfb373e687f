"""What adds up inside one statistic (rule S13): codes to their total, parts to their whole, levels
of residence to each other, months to quarters and years.

Belongs here: equations that the blocks of a statistic imply. Does not belong here: those between
measures or statistics (linked.py), which the declaration has to say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from exports.catalogue import TOTAL, Axis, Block, Measure
from exports.periods import frequency
from exports.protection.book import Book, Crossing, crossings_of, kind_of
from exports.protection.places import Area, Places, Remainder

CENT = 1e-4


class BrokenEquation(Exception):
    """A declared equation that the figures do not fulfil; its text names a cell of it."""


@dataclass(frozen=True)
class Equation:
    """`total` is the sum of `parts` (numbers of rows; negative ones are remainders that no table
    shows). `is_distinct`: a distinct count: the total is at most that sum, and at least each part.
    """

    total: int
    parts: tuple[int, ...]
    is_distinct: bool = False


def of_blocks(book: Book, left_out: frozenset[tuple[str, str]]) -> list[Equation]:
    """Equations of every block that is given, by axis, measure and crossing."""
    found: dict[tuple[int, tuple[int, ...]], Equation] = {}
    for place, statistic in enumerate(book.statistics):
        for block in statistic.blocks:
            groups: dict[tuple, list[int]] = {}
            for number in crossings_of(book, place, block):
                crossing = book.crossings[number]
                if (block.name, frequency(crossing[1])) in left_out:
                    continue
                for axis in block.axes:
                    for above, level in _above(book, crossing, axis):
                        total = book.number_of.get(above)
                        if total is not None:
                            groups.setdefault((total, level, axis), []).append(number)
            for (total, _, _), numbers in groups.items():
                for name in block.measures:
                    equation = _equation(book, total, numbers, name)
                    if equation is not None:
                        found.setdefault((equation.total, equation.parts), equation)
    return list(found.values())


def _above(book: Book, crossing: Crossing, axis: Axis):
    """The crossing that this one is a part of along an axis, with the level it is a part on."""
    place, period, codes = crossing
    names = book.statistics[place].dimension_names
    at = [names.index(name) for name in axis.dimensions]
    if codes[at[0]] == TOTAL:
        return
    if axis.levels:
        yield (place, period, _with(codes, dict.fromkeys(at, TOTAL))), codes[at[0]]
    elif len(at) == 2 and codes[at[1]] != TOTAL:
        yield (place, period, _with(codes, {at[1]: TOTAL})), ""
    else:
        yield (place, period, _with(codes, {at[0]: TOTAL})), ""


def _with(codes: tuple[str, ...], changed: dict[int, str]) -> tuple[str, ...]:
    return tuple(changed.get(i, code) for i, code in enumerate(codes))


def _equation(book: Book, total: int, numbers: list[int], name: str) -> Equation | None:
    row = book.rows_at[total].get(name)
    if row is None or kind_of(book.measures[row]) == "ratio":
        return None
    parts = tuple(
        sorted(book.rows_at[n][name] for n in dict.fromkeys(numbers) if name in book.rows_at[n])
    )
    if not parts:
        return None
    return Equation(row, parts, is_distinct=not book.measures[row].additive)


def of_periods(book: Book) -> list[Equation]:
    """Months to quarters and quarters to years, for each measure whose periods add up.

    A flow adds up, a stock does not; which one a measure is, its figures say: what holds at every
    crossing is known to everybody who has the table.
    """
    found = []
    for place, statistic in enumerate(book.statistics):
        for measure in statistic.measures:
            if not measure.additive or kind_of(measure) == "ratio":
                continue
            for coarse, fine in (("quarter", "month"), ("year", "quarter")):
                found += _of_periods(book, place, measure.name, coarse, fine)
    return found


def _of_periods(book: Book, place: int, name: str, coarse: str, fine: str) -> list[Equation]:
    statistic = book.statistics[place]
    blocks = [
        b for b in statistic.blocks if name in b.measures and {coarse, fine} <= set(b.frequencies)
    ]
    wholes: dict[Crossing, list[int]] = {}
    for block in blocks:
        for number in crossings_of(book, place, block):
            mine, period, codes = book.crossings[number]
            if frequency(period) == coarse and name in book.rows_at[number]:
                wholes.setdefault((mine, period, codes), [])
    complete = {whole[1] for whole in wholes}
    for block in blocks:
        for number in crossings_of(book, place, block):
            mine, period, codes = book.crossings[number]
            if frequency(period) != fine or name not in book.rows_at[number]:
                continue
            whole = (mine, whole_of(period), codes)
            if whole in wholes:
                wholes[whole].append(book.rows_at[number][name])
            elif whole[1] in complete:
                return []
    found = []
    for (mine, period, codes), parts in wholes.items():
        total = book.rows_at[book.number_of[mine, period, codes]][name]
        if abs(book.value[total] - sum(book.value[p] for p in dict.fromkeys(parts))) > CENT:
            return []
        if parts:
            found.append(Equation(total, tuple(sorted(set(parts)))))
    return found


def telling(equations: list[Equation], given: np.ndarray) -> list[Equation]:
    """Equations over periods that tell something of what is given: of two rows of it, or of one by
    way of a period between, which no table gives (a year by its months, the quarters left out).
    """
    rows_of = [(equation.total, *equation.parts) for equation in equations]
    shown = [sum(bool(given[row]) for row in rows) for rows in rows_of]
    met = Counter(
        row
        for rows, count in zip(rows_of, shown, strict=True)
        if count
        for row in rows
        if not given[row]
    )
    return [
        equation
        for equation, rows, count in zip(equations, rows_of, shown, strict=True)
        if count > 1 or (count and any(met[row] > 1 for row in rows))
    ]


def whole_of(period: str) -> str:
    """Return the quarter of a month, the year of a quarter."""
    if frequency(period) == "month":
        return f"{period[:4]}Q{(int(period[5:]) + 2) // 3}"
    return period[:4]


def of_levels(
    book: Book, places: Places, left_out: frozenset[tuple[str, str]]
) -> tuple[list[Equation], list[Remainder]]:
    """Levels of residence to each other, where both are in a block; with what lies in two areas
    that do not nest (the French-speaking part of a province): a remainder, numbered -1, -2 …
    """
    found = _Levels(book, places)
    for place, statistic in enumerate(book.statistics):
        for block in statistic.blocks:
            for axis in block.axes:
                if len(axis.levels) > 1:
                    found.add(place, block, axis, left_out)
    return found.equations, found.remainders


class _Levels:
    """Equations between levels, and the remainders they need."""

    def __init__(self, book: Book, places: Places) -> None:
        self.book, self.places = book, places
        self.equations: list[Equation] = []
        self.remainders: list[Remainder] = []
        self.by_key: dict[tuple, int] = {}

    def add(self, place: int, block: Block, axis: Axis, left_out) -> None:
        """Every equation of one block."""
        book = self.book
        at = [book.statistics[place].dimension_names.index(name) for name in axis.dimensions]
        areas: dict[tuple, dict[Area, int]] = {}
        for number in crossings_of(book, place, block):
            _, period, codes = book.crossings[number]
            if codes[at[0]] != TOTAL and (block.name, frequency(period)) not in left_out:
                other = _with(codes, dict.fromkeys(at, TOTAL))
                areas.setdefault((period, other), {})[codes[at[0]], codes[at[1]]] = number
        # What a remainder is at each crossing of the block: itself, or the whole area.
        seen: dict[tuple, int] = {}
        for (period, other), cells in areas.items():
            for name in block.measures:
                rows = {
                    area: book.rows_at[n][name]
                    for area, n in cells.items()
                    if name in book.rows_at[n] and _adds_up(book.measures[book.rows_at[n][name]])
                }
                for overlap, number in self._nest(axis.levels, period, rows):
                    seen[place, period, other, overlap, name] = number
        self._over_other_axes(block, axis, seen)

    def _nest(self, levels: tuple[str, ...], period: str, rows: dict[Area, int]):
        for total, parts, overlaps in self.places.nested(levels, period):
            row = rows.get(total)
            mine = [rows[part] for part in parts if part in rows]
            for overlap in overlaps:
                # What is not there holds nobody, and neither does any part of it.
                if overlap.of in rows and row is not None:
                    beside = tuple(sorted(rows[area] for area in overlap.less if area in rows))
                    mine.append(self._remainder(rows[overlap.of], beside))
                    if overlap.less:
                        yield overlap, mine[-1]
            if row is not None and mine and mine != [row]:
                self.equations.append(Equation(row, tuple(sorted(set(mine)))))

    def _remainder(self, area: int, beside: tuple[int, ...]) -> int:
        """The number of what an area has beyond others inside it, made when it is met first."""
        if not beside:
            return area
        if (area, beside) not in self.by_key:
            book, number = self.book, -1 - len(self.remainders)
            value = float(book.value[area] - sum(book.value[b] for b in beside))
            who = float(book.contributors[area] - sum(book.contributors[b] for b in beside))
            self.by_key[area, beside] = number
            self.remainders.append(Remainder(number, area, beside, value, who))
            self.equations.append(Equation(area, tuple(sorted((*beside, number)))))
        return self.by_key[area, beside]

    def _over_other_axes(self, block: Block, axis: Axis, seen: dict[tuple, int]) -> None:
        """Remainders add up over sex or age as the areas do."""
        groups: dict[tuple, list[int]] = {}
        for (place, period, other, overlap, name), number in seen.items():
            for another in block.axes:
                if another == axis:
                    continue
                for (_, _, codes), _ in _above(self.book, (place, period, other), another):
                    total = seen.get((place, period, codes, overlap, name))
                    if total is not None:
                        groups.setdefault((total, another, overlap), []).append(number)
        for (total, _, _), parts in groups.items():
            self.equations.append(Equation(total, tuple(sorted(set(parts)))))


def _adds_up(measure: Measure) -> bool:
    return measure.additive and kind_of(measure) != "ratio"
