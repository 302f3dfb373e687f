"""The rows of a statistic, put together from what each record brings to each cell: rules S3 to S5
of statistics-tables.md, read once more and slowly.

Belongs here: cells, sums, ratios, medians, contributors, and the comparison with the table. Does
not belong here: who is counted and what a record brings (the test of each statistic), the words of
axes (blocks.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from tests.golden import blocks

Key = tuple[str, ...]
TOLERANCE = Fraction(1, 1_000_000)


class Replay:
    """Collects the records of one statistic and tells its rows."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.measures = {row["name"]: row for row in blocks.of(code, "measure")}
        self._brought: dict[tuple[str, Key, str], dict[Any, Fraction]] = defaultdict(
            lambda: defaultdict(Fraction)
        )
        self._single: dict[tuple[str, Key, str], list[Fraction]] = defaultdict(list)
        self._cells: dict[Any, set[Key]] = {}

    def add(
        self, periods: Mapping[str, str], codes: Mapping[str, str], who: Any, **values: Any
    ) -> None:
        """One record: its period by frequency, its codes, its contributor, and what it is worth.

        It is of the population of a block when it has the codes of its axes and something that the
        block measures. Where a measure is a median, its values are given under its name.
        """
        for block in blocks.of(self.code, "block"):
            told = {name: values[name] for name in self._needed(block) if name in values}
            if not told or not self._axes(block) <= codes.keys():
                continue
            for frequency in block["frequencies"].split():
                if frequency in periods:
                    for cell in self._margins(block["name"], frequency, codes):
                        self._bring(block["name"], (periods[frequency], *cell), who, told)

    def rows(self) -> dict[Key, tuple[Any, ...]]:
        """Value, contributors and the two largest contributions of each row."""
        found: dict[Key, tuple[Any, ...]] = {}
        shown = {
            block["name"]: block["measures"].split() for block in blocks.of(self.code, "block")
        }
        for block, cell in {(block, cell) for block, cell, _ in self._brought}:
            for measure in shown[block]:
                row = self._row(block, cell, measure)
                if row is not None:
                    # A row that two blocks give is there once, and both give the same.
                    assert found.setdefault((*cell, measure), row) == row
        return found

    def assert_equals(self, query: Any) -> None:
        """The table of the release holds these rows and no others."""
        names = ", ".join(row["name"] for row in blocks.of(self.code, "dimension"))
        told = query(
            f"select ref_period, {names}, measure, obs_value, contributors, largest_contribution,"
            f" second_contribution from statistics.stat_{self.code.lower()}"
        )
        width = len(names.split(", ")) + 2
        found = {tuple(row[:width]): row[width:] for row in told}
        expected = self.rows()
        assert len(found) == len(told)
        assert sorted(found.keys() - expected.keys()) == []
        assert sorted(expected.keys() - found.keys()) == []
        wrong = {
            key: (found[key], row) for key, row in expected.items() if not _same(found[key], row)
        }
        assert wrong == {}

    def _needed(self, block: Mapping[str, str]) -> set[str]:
        """What a block measures, and what its ratios are taken of."""
        names = set(block["measures"].split())
        for name in list(names):
            names |= {self.measures[name]["numerator"], self.measures[name]["denominator"]} - {""}
        return {name.replace(" ", "_") for name in names}

    @staticmethod
    def _axes(block: Mapping[str, str]) -> set[str]:
        return set(re.findall(r"\w+", block["axes"]))

    def _margins(self, block: str, frequency: str, codes: Mapping[str, str]) -> set[Key]:
        asked = block, frequency, tuple(sorted(codes.items()))
        if asked not in self._cells:
            self._cells[asked] = blocks.margins(self.code, frequency, dict(codes), only=block)
        return self._cells[asked]

    def _bring(self, block: str, cell: Key, who: Any, told: Mapping[str, Any]) -> None:
        for name, value in told.items():
            if name in self.measures and self._is_median(name):
                self._single[block, cell, name].append(Fraction(value))
            else:
                self._brought[block, cell, name][who] += Fraction(value)

    def _is_median(self, measure: str) -> bool:
        row = self.measures[measure]
        return row["denominator"] != "" and row["numerator"] == ""

    def _row(self, block: str, cell: Key, measure: str) -> tuple[Any, ...] | None:
        row = self.measures[measure]
        if not row["denominator"]:
            brought = self._brought.get((block, cell, measure))
            if brought is None:
                return None
            amounts = sorted((abs(value) for value in brought.values() if value), reverse=True)
            two = [*amounts[:2], None, None][:2]
            return sum(brought.values()), len(amounts), *two
        base = self._brought.get((block, cell, row["denominator"].replace(" ", "_")), {})
        total = sum(base.values())
        if total == 0:
            return None
        if self._is_median(measure):
            value = Fraction(median(self._single[block, cell, measure]))
        else:
            above = self._brought.get((block, cell, row["numerator"]), {})
            value = sum(above.values()) / total * (100 if row["unit"] == "PCT" else 1)
        return value, sum(value != 0 for value in base.values()), None, None


def _same(found: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    exact = expected[0].denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100)
    distance = abs(Fraction(found[0]) - expected[0])
    return distance <= (0 if exact else TOLERANCE) and tuple(found[1:]) == expected[1:]


def ended_periods(day: date, as_of: date, first_year: int = 1) -> dict[str, str]:
    """S1: the periods that hold a day and had ended by the as-of date, by frequency."""
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    quarter = (day.month + 2) // 3
    after_quarter = date(day.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    texts = {
        "year": (str(day.year), date(day.year + 1, 1, 1)),
        "quarter": (f"{day.year}Q{quarter}", after_quarter),
        "month": (f"{day.year}-{day.month:02d}", after),
    }
    return {
        frequency: text
        for frequency, (text, next_day) in texts.items()
        if next_day - timedelta(days=1) <= as_of and day.year >= first_year
    }


def is_holiday(day: date) -> bool:
    """E2: one of the ten Belgian legal holidays."""
    if (day.month, day.day) in {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}:
        return True
    # The calendar of Easter (J. Meeus, Astronomical Algorithms, chapter 8).
    a, b, c = day.year % 19, day.year // 100, day.year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    easter = date(day.year, f // 31, f % 31 + 1)
    return (day - easter).days in {1, 39, 50}


def working_days(start: date, end: date) -> int:
    """E2: counted after the start day up to and including the end day."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and not is_holiday(day) for day in days)


def working_day_after(start: date, number: int) -> date:
    """The working day that comes so many after a day."""
    day = start
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and not is_holiday(day)
    return day
