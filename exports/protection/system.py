"""One linked system: the numbers of an answer, each once, and everything that ties them together.

Belongs here: which rows are one number, which cells can only be hidden together, equations over
numbers, what everybody knows of each. Does not belong here: which are hidden.

A number is a row, or several that must be equal (the same population in two statistics, a total of
one part). A unit is what is hidden together: the measures that a block gives at a crossing (a
bundle), since a share or a mean gives the others back, and every bundle that holds one of its
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from exports.profiles import Profile
from exports.protection.book import Book, kind_of
from exports.protection.equations import (
    CENT,
    BrokenEquation,
    Equation,
    of_blocks,
    of_levels,
    of_periods,
    telling,
)
from exports.protection.judgement import Judgement, judge
from exports.protection.linked import Balance, of_equations, of_populations
from exports.protection.places import Places, Remainder

LeftOutBlocks = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """low <= sum of factors * deviations <= high, over numbers."""

    numbers: tuple[int, ...]
    factors: tuple[float, ...]
    low: float
    high: float


@dataclass
class System:
    """Arrays with one entry per number: `value`; `low`, what everybody knows of it beforehand;
    `whole`; `contributors`, `largest`, `second`; `unit` (-1: shown in no table); `need_reach`,
    `need_width` (0: it may be known). `number` and `unit_of_row`: of each row, -1 for a ratio and
    for a row that only left-out blocks have.
    """

    book: Book
    judgement: Judgement
    profile: Profile
    number: np.ndarray
    unit_of_row: np.ndarray
    value: np.ndarray
    low: np.ndarray
    whole: np.ndarray
    contributors: np.ndarray
    largest: np.ndarray
    second: np.ndarray
    unit: np.ndarray
    is_amount: np.ndarray
    threshold: np.ndarray
    need_reach: np.ndarray
    need_width: np.ndarray
    lines: list[Line]
    sums: list[tuple[int, tuple[int, ...]]]
    unsafe_units: np.ndarray
    cost: np.ndarray
    names: list[tuple]
    # Pairs of numbers whose one contributor is the same person, beside what the sums say.
    alone: tuple[tuple[int, int], ...] = ()

    @property
    def units(self) -> int:
        return len(self.unsafe_units)


class Joined:
    """Sets that grow together; the smallest member names each."""

    def __init__(self, size: int) -> None:
        self.lead = list(range(size))

    def find(self, i: int) -> int:
        while self.lead[i] != i:
            self.lead[i] = self.lead[self.lead[i]]
            i = self.lead[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = self.find(i), self.find(j)
        self.lead[max(a, b)] = min(a, b)

    def numbered(self) -> np.ndarray:
        leads = [self.find(i) for i in range(len(self.lead))]
        places = {lead: place for place, lead in enumerate(sorted(set(leads)))}
        return np.array([places[lead] for lead in leads], dtype=int)


def build(
    book: Book,
    profile: Profile,
    places: Places,
    given: np.ndarray,
    left_out: LeftOutBlocks,
    judgement: Judgement | None = None,
    same: Iterable[tuple[int, int]] = (),
) -> System:
    """Put the system together. `given`: mask of the rows that some block gives; `same`: pairs of
    rows that are one number, whatever the declarations say.
    """
    judgement = judgement or judge(book, profile)
    equations = of_blocks(book, left_out)
    nested, remainders = of_levels(book, places, left_out)
    balances = of_equations(book)
    equations = [e for e in (*equations, *nested) if _is_given(given, (e.total, *e.parts))]
    balances = [b for b in balances if _is_given(given, (*b.plus, *b.minus))]
    over_periods = telling(of_periods(book), given)
    equations += over_periods
    between = {row for e in over_periods for row in (e.total, *e.parts) if not given[row]}
    size = len(book)
    # Rows first, then remainders, then rests.
    rests = [b for b in balances if b.rest is not None]
    joined = Joined(size + len(remainders) + len(rests))

    def at(row: int) -> int:
        return row if row >= 0 else size - 1 - row

    for rows in of_populations(book):
        mine = [row for row in rows if given[row]]
        for row in mine[1:]:
            joined.join(mine[0], row)
    for one, other in same:
        if given[one] and given[other]:
            joined.join(one, other)
    for equation in equations:
        if len(equation.parts) == 1:
            joined.join(at(equation.total), at(equation.parts[0]))
    for balance in balances:
        if balance.rest is None and len(balance.plus) == len(balance.minus) == 1:
            joined.join(balance.plus[0], balance.minus[0])
    number = joined.numbered()
    _check_equal(book, given, number)
    unseen = sorted(between), remainders, rests
    built = _Builder(book, judgement, profile, given, number, unseen)
    for equation in equations:
        built.add(at(equation.total), [at(part) for part in equation.parts], equation)
    rest_at = iter(range(size + len(remainders), len(number)))
    for balance in balances:
        built.balance(balance, next(rest_at) if balance.rest is not None else None)
    return built.system()


def _check_equal(book: Book, given: np.ndarray, number: np.ndarray) -> None:
    """Refuse a declaration by which different values would be one number."""
    rows = np.flatnonzero(given)
    highest = np.full(int(number.max(initial=0)) + 1, -np.inf)
    np.maximum.at(highest, number[rows], book.value[rows])
    wrong = rows[highest[number[rows]] - book.value[rows] > CENT]
    if len(wrong):
        raise BrokenEquation(book.in_words(int(wrong[0])))


def _is_given(given: np.ndarray, rows: tuple[int, ...]) -> bool:
    return all(row < 0 or given[row] for row in rows)


class _Builder:
    """Fills the arrays of a system."""

    def __init__(self, book, judgement, profile, given, number, unseen) -> None:
        self.book, self.judgement, self.profile = book, judgement, profile
        self.given, self.number = given, number
        self.count = int(number.max()) + 1 if len(number) else 0
        self.names: list[tuple] = [()] * self.count
        self.lines: dict[tuple, Line] = {}
        self.sums: dict[tuple, None] = {}
        self.rows_of: list[list[int]] = [[] for _ in range(self.count)]
        for row in range(len(book)):
            if given[row] and kind_of(book.measures[row]) != "ratio":
                self.rows_of[number[row]].append(row)
        self.value = np.zeros(self.count)
        self.contributors = np.zeros(self.count)
        self.largest = np.full(self.count, np.nan)
        self.second = np.full(self.count, np.nan)
        self.low = np.full(self.count, -np.inf)
        self.whole = np.zeros(self.count, dtype=bool)
        self.is_amount = np.zeros(self.count, dtype=bool)
        self.threshold = np.zeros(self.count)
        self._rows()
        between, remainders, rests = unseen
        self._between(between)
        self._unseen(remainders, rests)

    def _rows(self) -> None:
        book = self.book
        of_measure: dict[tuple[int, str], list[int]] = {}
        for row in range(len(book)):
            key = book.crossings[book.crossing[row]][0], book.measures[row].name
            of_measure.setdefault(key, []).append(row)
        least = np.zeros(len(book))
        is_whole = np.zeros(len(book), dtype=bool)
        for rows in of_measure.values():
            values = book.value[rows]
            count = kind_of(book.measures[rows[0]]) == "count"
            whole = count and bool((values == np.round(values)).all())
            is_whole[rows] = whole
            # A cell is there because somebody is in it: where no 0 is possible, none is hidden.
            smallest = np.nanmin(values) if len(values) else 0.0
            least[rows] = -np.inf if smallest < 0 else (1.0 if whole and smallest >= 1 else 0.0)
        for number, rows in enumerate(self.rows_of):
            if rows:
                first = rows[0]
                self.value[number] = book.value[first]
                who = [book.contributors[r] for r in rows]
                self.contributors[number] = min(who) if not np.isnan(who).any() else np.nan
                self.largest[number] = book.largest[first]
                self.second[number] = book.second[first]
                self.low[number] = max(least[r] for r in rows)
                self.whole[number] = any(is_whole[r] for r in rows)
                self.is_amount[number] = kind_of(book.measures[first]) == "amount"
                self.threshold[number] = max(self.judgement.threshold[r] for r in rows)
        self.least, self.is_whole = least, is_whole

    def _between(self, rows: list[int]) -> None:
        """Rows that no table gives: nobody knows whether there is anybody in them."""
        for row in rows:
            number = self.number[row]
            if not self.rows_of[number]:
                self.names[number] = ("between", row)
                self.value[number] = self.book.value[row]
                self.contributors[number] = np.nan
                self.low[number] = min(self.least[row], 0.0)
                self.whole[number] = self.is_whole[row]
                self.is_amount[number] = kind_of(self.book.measures[row]) == "amount"
                self.threshold[number] = self.judgement.threshold[row]

    def _unseen(self, remainders: list[Remainder], rests: list[Balance]) -> None:
        size = len(self.book)
        for place, remainder in enumerate(remainders):
            number = self.number[size + place]
            self.names[number] = (remainder.area, remainder.beside)
            if not self.rows_of[number]:
                area = remainder.area
                self.value[number] = remainder.value
                self.contributors[number] = remainder.contributors
                self.low[number] = 0.0
                self.whole[number] = self.whole[self.number[area]]
                self.is_amount[number] = self.is_amount[self.number[area]]
                self.threshold[number] = self.judgement.threshold[area]
        for place, balance in enumerate(rests):
            number = self.number[size + len(remainders) + place]
            self.names[number] = (balance.plus, balance.minus)
            self.value[number] = balance.rest
            self.contributors[number] = np.nan
            self.low[number] = 0.0
            self.whole[number] = all(self.whole[self.number[r]] for r in balance.plus)

    def add(self, total: int, parts: list[int], equation: Equation) -> None:
        top, below = self.number[total], [int(self.number[part]) for part in parts]
        if len(below) == 1:
            return
        if equation.is_distinct:
            slack = self.value[below].sum() - self.value[top]
            self._line({**dict.fromkeys(below, 1.0), top: -1.0}, -slack, np.inf)
            for part in below:
                if part != top:
                    gap = self.value[top] - self.value[part]
                    self._line({top: 1.0, part: -1.0}, -gap, np.inf)
            return
        factors = {top: -1.0}
        for part in below:
            factors[part] = factors.get(part, 0.0) + 1.0
        self._line(factors, 0.0, 0.0)
        self.sums[int(top), tuple(sorted(below))] = None

    def balance(self, balance: Balance, rest: int | None) -> None:
        factors: dict[int, float] = {}
        for rows, sign in ((balance.plus, 1.0), (balance.minus, -1.0)):
            for row in rows:
                number = int(self.number[row])
                factors[number] = factors.get(number, 0.0) + sign
        if rest is not None:
            factors[int(self.number[rest])] = -1.0
        elif len(balance.plus) == 1 and len(factors) > 2:
            parts = sorted({int(self.number[row]) for row in balance.minus})
            self.sums[int(self.number[balance.plus[0]]), tuple(parts)] = None
        self._line(factors, 0.0, 0.0)

    def _line(self, factors: dict[int, float], low: float, high: float) -> None:
        if low == high == 0:
            gap = sum(factor * self.value[number] for number, factor in factors.items())
            if abs(gap) > CENT:
                raise BrokenEquation(self._in_words(next(iter(factors))))
        numbers = tuple(sorted(int(n) for n, factor in factors.items() if factor))
        if numbers:
            line = Line(numbers, tuple(factors[n] for n in numbers), low, high)
            if line.factors[0] < 0 and low == high == 0:
                line = Line(numbers, tuple(-f for f in line.factors), 0.0, 0.0)
            self.lines[line.numbers, line.factors, line.low] = line

    def _in_words(self, number: int) -> str:
        rows = self.rows_of[number] or [0]
        return self.book.in_words(rows[0])

    def system(self) -> System:
        book, size = self.book, len(self.book)
        joined = Joined(int(book.bundle.max(initial=-1)) + 1)
        for rows in self.rows_of:
            for row in rows[1:]:
                joined.join(int(book.bundle[rows[0]]), int(book.bundle[row]))
        unit_of_bundle = joined.numbered()
        units = int(unit_of_bundle.max(initial=-1)) + 1
        unit_of_row = np.where(self.given, unit_of_bundle[book.bundle], -1)
        unsafe = np.zeros(units, dtype=bool)
        cost = np.zeros(units)
        for row in range(size):
            if self.given[row]:
                unit = unit_of_row[row]
                unsafe[unit] |= bool(self.judgement.status[row])
                cost[unit] += 1.0
        unit = np.full(self.count, -1)
        for number, rows in enumerate(self.rows_of):
            if rows:
                unit[number] = unit_of_row[rows[0]]
        reach, width = self._needs(unsafe)
        return System(
            book=book,
            judgement=self.judgement,
            profile=self.profile,
            number=np.where(
                self.given & np.array([kind_of(m) != "ratio" for m in book.measures], dtype=bool),
                self.number[:size],
                -1,
            ),
            unit_of_row=unit_of_row,
            value=self.value,
            low=np.minimum(self.low, self.value),
            whole=self.whole,
            contributors=self.contributors,
            largest=self.largest,
            second=self.second,
            unit=unit,
            is_amount=self.is_amount,
            threshold=self.threshold,
            need_reach=reach,
            need_width=width,
            lines=list(self.lines.values()),
            sums=list(self.sums),
            unsafe_units=unsafe,
            cost=cost,
            names=[
                tuple(rows) or name for rows, name in zip(self.rows_of, self.names, strict=True)
            ],
        )

    def _needs(self, unsafe_units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is left to guess of each number whose bundle is unsafe. A zero may be known."""
        book, judgement = self.book, self.judgement
        reach, width = np.zeros(self.count), np.zeros(self.count)
        unsafe_bundles = {
            int(book.bundle[row])
            for row in range(len(book))
            if self.given[row] and judgement.status[row]
        }
        for number, rows in enumerate(self.rows_of):
            if self.value[number] and any(int(book.bundle[r]) in unsafe_bundles for r in rows):
                reach[number] = max(judgement.reach[r] for r in rows)
                width[number] = max(judgement.width[r] for r in rows)
        for number in range(self.count):
            few = 0 < self.contributors[number] < self.threshold[number]
            if not self.rows_of[number] and few:
                width[number] = self.threshold[number]
        return reach, width
