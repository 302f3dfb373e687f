"""A slow, plain reading of the rules in exact fractions, for tests to compare with.

It shares nothing with the macros but the sentences of the law: figures are written here again.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

BASES = {
    "MAIN_MIN": "3666.15",
    "BAND1": "15831.12",
    "BAND2": "23330.06",
    "COMPL": "405.60",
    "PENS": "811.20",
    "MAXI": "1610.54",
    "PRIMO": "1893.22",
    "PRIMO_2": "2444.10",
    "PRIMO_DISC_QUARTER": "25.01",
    "ART37": "1920.48",
    "STUDENT_LOW": "1833.075",
}
NUMERATORS = {
    2018: "527.62",
    2019: "539.18",
    2020: "544.88",
    2021: "546.78",
    2022: "570.76",
    2023: "638.93",
    2024: "656.54",
    2025: "662.28",
    2026: "676.50",
}
YEARS = tuple(NUMERATORS)


def cents(value: Fraction) -> Decimal:
    """Rounded to the cent, half away from zero."""
    scaled = abs(value) * 200
    whole = (scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    rounded = Decimal(whole) / 100
    return (-rounded if value < 0 else rounded).quantize(Decimal("0.01"), ROUND_HALF_UP)


def threshold(key: str, year: int) -> Decimal:
    """Base amount x yearly fraction."""
    return cents(Fraction(BASES[key]) * Fraction(NUMERATORS[year]) / Fraction("142.75"))


def bands(income: Decimal, year: int, first: str = "0.205", second: str = "0.1416") -> Decimal:
    """A quarter of the two bands."""
    band_1, band_2 = threshold("BAND1", year), threshold("BAND2", year)
    low = Fraction(max(min(income, band_1), Decimal(0)))
    high = Fraction(max(min(income, band_2) - band_1, Decimal(0)))
    return cents((low * Fraction(first) + high * Fraction(second)) / 4)


def contribution(
    category: str, income: Decimal, year: int, *, primo: bool = False, no_pension: str = ""
) -> Decimal:
    """One quarter on a final income; no_pension: `old` or `new` scheme of who draws no pension."""
    main = threshold("MAIN_MIN", year)
    if category == "main" or no_pension == "new":
        return bands(max(income, threshold("PRIMO", year) if primo else main), year)
    if category == "spouse_maxi":
        return bands(max(income, threshold("MAXI", year)), year)
    if category == "spouse_mini":
        return bands(max(income, main), year, "0.0079", "0.0051")
    if category in ("pensioner", "early_pensioner"):
        if income < threshold("PENS", year):
            return Decimal("0.00")
        return bands(income, year, "0.205" if no_pension else "0.147")
    if category == "student":
        low = threshold("STUDENT_LOW", year)
        if income >= main:
            return bands(income, year)
        return bands(max(income - low, Decimal(0)), year)
    if income < threshold("COMPL", year):
        return Decimal("0.00")
    if category == "article_37" and income >= threshold("ART37", year):
        return bands(max(income, main), year)
    return bands(income, year)


def quarter_end(day: date) -> date:
    """Last day of its quarter."""
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def surcharge(
    amount: Decimal,
    first_end: date,
    year_end: date,
    paid: date,
    parts: list[tuple[date, Decimal]],
    judicial: date | None,
) -> tuple[Decimal, Decimal, int]:
    """(quarterly, annual, number of the 3 %), quarter end after quarter end."""
    quarterly, annual, count = Decimal(0), Decimal(0), 0

    def unpaid(day: date) -> Decimal:
        if paid <= day:
            return Decimal(0)
        return amount - sum((part for on, part in parts if on <= day), Decimal(0))

    end = first_end
    while end < paid:
        left = unpaid(end)
        stopped = judicial is not None and quarter_end(judicial) <= end
        if left > 0 and not stopped:
            quarterly += cents(Fraction(left) * 3 / 100)
            count += 1
        end = quarter_end(end + timedelta(days=1))
    if judicial is None or judicial > year_end:
        annual = cents(Fraction(unpaid(year_end)) * 7 / 100)
    return quarterly, annual, count
