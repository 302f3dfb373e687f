"""The rows of an answer in memory: every cell of every statistic of one request.

Belongs here: reading them from the release, finding one by its codes, which blocks a crossing lies
in. Does not belong here: whether a row is safe (judgement.py), what adds up (equations.py).

A crossing is (statistic, reference period, codes of all dimensions); a row is one measure of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from exports.catalogue import TOTAL, Axis, Block, Measure, Statistic
from exports.periods import frequency
from exports.units import unit_of

Crossing = tuple[int, str, tuple[str, ...]]


@dataclass
class Book:
    """`crossings` in a total order; `rows_at[crossing][measure]` is the number of a row. Arrays
    have one entry per row: its crossing, measure (of the statistic), value and contributors; nan
    where the release says nothing.
    """

    statistics: list[Statistic]
    crossings: list[Crossing] = field(default_factory=list)
    rows_at: list[dict[str, int]] = field(default_factory=list)
    number_of: dict[Crossing, int] = field(default_factory=dict)
    crossing: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    measures: list[Measure] = field(default_factory=list)
    value: np.ndarray = field(default_factory=lambda: np.empty(0))
    contributors: np.ndarray = field(default_factory=lambda: np.empty(0))
    largest: np.ndarray = field(default_factory=lambda: np.empty(0))
    second: np.ndarray = field(default_factory=lambda: np.empty(0))
    # Rows that go together: measures that one block gives at a crossing have one number.
    bundle: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    # Crossings of each block, by (place of the statistic, name of the block).
    in_block: dict[tuple[int, str], list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.measures)

    def find(self, crossing: Crossing, measure: str) -> int | None:
        """Return the row of a measure at a crossing, or None."""
        number = self.number_of.get(crossing)
        return None if number is None else self.rows_at[number].get(measure)

    def statistic_of(self, row: int) -> Statistic:
        """Return the statistic that a row belongs to."""
        return self.statistics[self.crossings[self.crossing[row]][0]]

    def in_words(self, row: int) -> str:
        """Return the name of a cell for a sentence: statistic, period, codes, measure."""
        number, period, codes = self.crossings[self.crossing[row]]
        statistic = self.statistics[number]
        said = [
            f"{name} {code}"
            for name, code in zip(statistic.dimension_names, codes, strict=True)
            if code != TOTAL
        ]
        # A former state of a statistic has a number behind its code.
        code = statistic.code.partition("@")[0]
        return " ".join([code, period, *said, self.measures[row].name])


def kind_of(measure: Measure) -> str:
    """Return count, amount or ratio."""
    return unit_of(measure.unit).kind


def read_book(cursor, asked: list[tuple[Statistic, list[str]]]) -> Book:
    """Read every row of the statistics and reference periods asked for."""
    book = Book([statistic for statistic, _ in asked])
    numbers: list[tuple] = []
    for place, (statistic, ref_periods) in enumerate(asked):
        measures = {measure.name: measure for measure in statistic.measures}
        names = ", ".join(f'"{n}"' for n in ("ref_period", *statistic.dimension_names, "measure"))
        found = cursor.execute(
            f"select {names}, cast(obs_value as double), contributors,"
            " cast(largest_contribution as double), cast(second_contribution as double)"
            f" from {statistic.table} where list_contains($periods, ref_period) order by {names}",
            {"periods": ref_periods},
        ).fetchall()
        for period, *rest in found:
            *codes, measure, value, contributors, largest, second = rest
            crossing = (place, period, tuple(codes))
            number = book.number_of.get(crossing)
            if number is None:
                number = book.number_of[crossing] = len(book.crossings)
                book.crossings.append(crossing)
                book.rows_at.append({})
            book.rows_at[number][measure] = len(book.measures)
            book.measures.append(measures[measure])
            numbers.append((number, value, contributors, largest, second))
    columns = list(zip(*numbers, strict=True)) if numbers else [()] * 5
    book.crossing = np.array(columns[0], dtype=int)
    book.value, book.contributors, book.largest, book.second = (
        np.array(column, dtype=float) for column in columns[1:]
    )
    _sort_into_blocks(book)
    return book


def _sort_into_blocks(book: Book) -> None:
    """Which crossings each block has, from which dimensions are not at their total; and which rows
    are bundled so.
    """
    book.bundle = np.arange(len(book))
    for place, statistic in enumerate(book.statistics):
        mine = [n for n, crossing in enumerate(book.crossings) if crossing[0] == place]
        for block in statistic.blocks:
            names = set(block.dimension_names)
            elsewhere = [i for i, n in enumerate(statistic.dimension_names) if n not in names]
            book.in_block[place, block.name] = [
                number
                for number in mine
                if all(book.crossings[number][2][i] == TOTAL for i in elsewhere)
                and any(measure in book.rows_at[number] for measure in block.measures)
                and is_in_block(statistic, block, *book.crossings[number][1:])
            ]
            for number in book.in_block[place, block.name]:
                rows = book.rows_at[number]
                ends = {int(book.bundle[rows[name]]) for name in block.measures if name in rows}
                for row in rows.values():
                    if int(book.bundle[row]) in ends:
                        book.bundle[row] = min(ends)


def has_frequency(block: Block, ref_period: str) -> bool:
    """Say whether a block has cells of a reference period (a contribution year is a year)."""
    found = frequency(ref_period)
    return found in block.frequencies or (
        found == "year" and "contribution_year" in block.frequencies
    )


def lies_in(axis: Axis, codes: dict[str, str]) -> bool:
    """Say whether the codes of a crossing are such as an axis gives."""
    first, last = codes[axis.dimensions[0]], codes[axis.dimensions[-1]]
    if axis.levels:
        return first in axis.levels if first != TOTAL else last == TOTAL
    if first == TOTAL:
        return axis.has_total and last == TOTAL
    return True


def is_in_block(statistic: Statistic, block: Block, period: str, codes: tuple[str, ...]) -> bool:
    """Say whether a block gives a crossing."""
    if not has_frequency(block, period):
        return False
    by_name = dict(zip(statistic.dimension_names, codes, strict=True))
    axes = set(block.dimension_names)
    if any(code != TOTAL and name not in axes for name, code in by_name.items()):
        return False
    return all(lies_in(axis, by_name) for axis in block.axes)


def crossings_of(book: Book, place: int, block: Block) -> Iterator[int]:
    """Numbers of the crossings of a block that have one of its measures."""
    return iter(book.in_block[place, block.name])
