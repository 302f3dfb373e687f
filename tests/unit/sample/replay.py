"""A slow, plain replay of the law on the files of a synthetic fund.

Belongs here: expected contributions by the published rules, one affiliate at a time, in decimals.
It shares no code with the generator: the two are compared with each other.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
BASE = {
    "MAIN_MIN": "3666.15", "BAND1": "15831.12", "BAND2": "23330.06", "COMPL": "405.60",
    "PENS": "811.20", "MAXI": "1610.54", "PRIMO": "1893.22", "PRIMO_DISC": "25.01",
    "ART37": "1920.48",
}  # fmt: skip
NUMERATOR = {
    2018: "527.62", 2019: "539.18", 2020: "544.88", 2021: "546.78", 2022: "570.76",
    2023: "638.93", 2024: "656.54", 2025: "662.28", 2026: "676.50",
}  # fmt: skip
REVALUATION = {2019: "1.06336653", 2024: "1.18678260", 2026: "1.07236269"}
RANK = ["main", "spouse_maxi", "spouse_mini", "pensioner", "early_pensioner", "student",
        "article_37", "complementary"]  # fmt: skip


def cents(value: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def limit(name: str, year: int) -> Decimal:
    """A threshold of a year."""
    return cents(Decimal(BASE[name]) * Decimal(NUMERATOR[year]) / Decimal("142.75"))


def student_low(year: int) -> Decimal:
    """Below it a student owes nothing."""
    return cents(Decimal(BASE["MAIN_MIN"]) * Decimal(NUMERATOR[year]) / Decimal("285.5"))


def bands(income: Decimal, year: int, first: str = "0.205") -> Decimal:
    """A quarter of the yearly contribution on an income."""
    one, two = limit("BAND1", year), limit("BAND2", year)
    low = max(min(income, one), Decimal(0))
    high = max(min(income, two) - one, Decimal(0))
    return cents((low * Decimal(first) + high * Decimal("0.1416")) / 4)


def amount(category: str, income: Decimal, year: int, primo: int = 0) -> Decimal:
    """Contribution of a quarter."""
    main_min = limit("MAIN_MIN", year)
    if category == "main":
        floor = limit("PRIMO", year) if primo else main_min
        due = bands(max(income, floor), year)
        if primo == 1 and income < main_min:
            due = max(due - limit("PRIMO_DISC", year), Decimal(0))
        return due
    if category == "spouse_maxi":
        return bands(max(income, limit("MAXI", year)), year)
    if category in ("pensioner", "early_pensioner"):
        return bands(income, year, "0.147") if income >= limit("PENS", year) else Decimal(0)
    if category == "student":
        if income >= main_min:
            return bands(income, year)
        return cents(max(income - student_low(year), Decimal(0)) * Decimal("0.205") / 4)
    if income < limit("COMPL", year):
        return Decimal(0)
    if category == "article_37" and income >= limit("ART37", year):
        return bands(max(income, main_min), year)
    return bands(income, year)


def starter(category: str, year: int, primo: int) -> Decimal:
    """Provisional contribution of a quarter while no reference year exists."""
    if category == "student":
        return bands(limit("COMPL", year), year)
    name = {"main": "PRIMO" if primo else "MAIN_MIN", "spouse_maxi": "MAXI", "pensioner": "PENS",
            "early_pensioner": "PENS"}.get(category, "COMPL")  # fmt: skip
    return amount(category, limit(name, year), year, primo)


def quarters(start: dt.date, end: dt.date):
    """(year, quarter) that a period touches."""
    year, number = start.year, (start.month - 1) // 3 + 1
    while (year, number) <= (end.year, (end.month - 1) // 3 + 1):
        yield year, number
        year, number = (year, number + 1) if number < 4 else (year + 1, 1)


def life(periods: list[dict], until: dt.date) -> tuple[dict, dict]:
    """({(year, quarter): category}, {(year, quarter): primo rank}) of one affiliate."""
    category, primo = {}, {}
    for period in sorted(periods, key=lambda p: -RANK.index(p["category"])):
        for quarter in _counted(period, until):
            category[quarter] = period["category"]
    for period in periods:
        if period["category"] != "main" or period["first_activity"] != "true":
            continue
        start = dt.date.fromisoformat(period["start_date"])
        counted = list(_counted(period, until))
        for rank, quarter in enumerate(quarters(start, until), 1):
            if rank > 4:
                break
            if quarter in counted and category.get(quarter) == "main":
                primo[quarter] = rank
    return category, primo


def _counted(period: dict, until: dt.date):
    if period["end_reason"] == "annulled":
        return
    end = dt.date.fromisoformat(period["end_date"]) if period["end_date"] else until
    last = (end.year, (end.month - 1) // 3 + 1)
    for quarter in quarters(dt.date.fromisoformat(period["start_date"]), end):
        if quarter == last and period["end_reason"] in ("death", "pension"):
            continue
        yield quarter


def provisional(year: int, number: int, category: dict, primo: dict, incomes: dict):
    """(expected amount, reference income used or None) of a quarter; None when not liable."""
    kind = category.get((year, number))
    if kind is None or kind == "spouse_mini":
        return None
    reference = year - 3
    count = sum((reference, q) in category for q in range(1, 5))
    rank = primo.get((year, number), 0)
    if (year, number) == (2022, 1) and rank == 1:
        rank = 4
    if reference in incomes and count in (0, 4):
        if year not in REVALUATION:
            return ()  # the coefficient is not published
        income = cents(incomes[reference] * Decimal(REVALUATION[year]))
        return amount(kind, income, year, rank)
    return starter(kind, year, rank)


def final(year: int, category: dict, primo: dict, incomes: dict) -> Decimal | None:
    """Contribution of a year on its own income."""
    liable = [(year, q) for q in range(1, 5) if (year, q) in category]
    if year not in incomes or not liable or any(category[q] == "spouse_mini" for q in liable):
        return None
    income = cents(incomes[year] * 4 / len(liable))
    total = Decimal(0)
    for quarter in liable:
        rank = primo.get(quarter, 0)
        rank = 4 if quarter == (2022, 1) and rank == 1 else rank
        total += amount(category[quarter], income, year, rank)
    return total
