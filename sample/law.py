"""The generator's own legal tables and amounts: contributions, company contributions, benefits.

Belongs here: dated legal figures and the arithmetic on them, on integer cents, vectorised. Does
not belong here: who owes what, when. The warehouse has its own implementation on purpose: the
two are compared with each other.

Sources: base amounts and yearly fractions of royal decree 38 (articles 11 to 14), law of
30 December 1992 (companies), amounts of the benefits as published. Everything is in cents;
rounding is half up, away from zero.
"""

from __future__ import annotations

import numpy as np

from .calendar import day, end_of_month

#: categories in the order of precedence; the position is the code used in arrays
CATEGORIES = (
    "main",
    "spouse_maxi",
    "spouse_mini",
    "pensioner",
    "early_pensioner",
    "student",
    "article_37",
    "complementary",
)
MAIN, MAXI, MINI, PENSIONER, EARLY, STUDENT, ARTICLE_37, COMPLEMENTARY = range(8)

#: base amounts at index 142.75, in cents
BASES = {
    "MAIN_MIN": 366_615,
    "BAND1": 1_583_112,
    "BAND2": 2_333_006,
    "COMPL": 40_560,
    "PENS": 81_120,
    "MAXI": 161_054,
    "PRIMO": 189_322,
    "PRIMO_DISC": 2_501,
    "ART37": 192_048,
}
FIRST_YEAR, LAST_YEAR = 2018, 2026
#: numerator of the yearly fraction (denominator 142.75), in hundredths
NUMERATORS = np.array([52762, 53918, 54488, 54678, 57076, 63893, 65654, 66228, 67650])
#: revaluation of the income of N-3, in 1e-8; 2019, 2024 and 2026 are published, the rest is not
REVALUATION = np.array(
    [
        105800000,
        106336653,
        105200000,
        103500000,
        106500000,
        118300000,
        118678260,
        109200000,
        107236269,
    ]
)
RATE_1, RATE_2, RATE_PENSION = 2050, 1416, 1470  # in 1e-4
MINI_RATE_1, MINI_RATE_2 = 79, 51


def half_up(numerator, denominator):
    """Integer division rounded half up, away from zero for negatives."""
    numerator = np.asarray(numerator, dtype=np.int64)
    magnitude = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.where(numerator < 0, -magnitude, magnitude)


#: threshold of each contribution year, in cents: {key: array over FIRST_YEAR..LAST_YEAR}
THRESHOLDS = {key: half_up(base * NUMERATORS, 14275) for key, base in BASES.items()}
THRESHOLDS["STUDENT_LOW"] = half_up(BASES["MAIN_MIN"] * NUMERATORS, 2 * 14275)


def threshold(key: str, year) -> np.ndarray:
    """Threshold of each year, in cents."""
    return THRESHOLDS[key][np.asarray(year) - FIRST_YEAR]


def revalued(income, year) -> np.ndarray:
    """Income of N-3 brought to the level of year N, in cents."""
    return half_up(np.asarray(income, dtype=np.int64) * REVALUATION[year - FIRST_YEAR], 10**8)


def annualised(income, quarters) -> np.ndarray:
    """Income of a year with so many quarters of liability, brought to four."""
    quarters = np.maximum(np.asarray(quarters, dtype=np.int64), 1)
    return half_up(4 * np.asarray(income, dtype=np.int64), quarters)


def quarterly(category, income, year, primo=None) -> np.ndarray:
    """Contribution of one quarter in cents, without management fee.

    category: codes of CATEGORIES; income: cents, already revalued or annualised; primo: 0 for
    none, else which primo quarter (1-4). spouse_mini takes the income of the helped spouse.
    """
    category = np.asarray(category)
    income = np.asarray(income, dtype=np.int64)
    year = np.asarray(year)
    main_min = threshold("MAIN_MIN", year)
    floor = np.zeros_like(income)
    floor = np.where(category == MAIN, main_min, floor)
    floor = np.where(category == MAXI, threshold("MAXI", year), floor)
    if primo is not None:
        primo = np.asarray(primo)
        # The steps of before 2022 are those of reductions on request, not of the floor.
        reduced = threshold("PRIMO", year)
        floor = np.where((primo > 0) & (category == MAIN), reduced, floor)
    basis = np.maximum(income, floor)
    amount = _bands(basis, year, RATE_1, RATE_2)
    if primo is not None:
        discount = threshold("PRIMO_DISC", year)
        due = (primo == 1) & (category == MAIN) & (income < main_min) & (year >= 2022)
        amount = np.where(due, np.maximum(amount - discount, 0), amount)
    pension = (category == PENSIONER) | (category == EARLY)
    amount = np.where(pension, _bands(income, year, RATE_PENSION, RATE_2), amount)
    amount = np.where(pension & (income < threshold("PENS", year)), 0, amount)
    small = (category == COMPLEMENTARY) | (category == ARTICLE_37)
    amount = np.where(small & (income < threshold("COMPL", year)), 0, amount)
    as_main = (category == ARTICLE_37) & (income >= threshold("ART37", year))
    amount = np.where(as_main, _bands(np.maximum(income, main_min), year, RATE_1, RATE_2), amount)
    student_low = threshold("STUDENT_LOW", year)
    zone = half_up(np.maximum(income - student_low, 0) * RATE_1, 40_000)
    zone = np.where(income < student_low, 0, zone)
    amount = np.where((category == STUDENT) & (income < main_min), zone, amount)
    mini = _bands(np.maximum(income, main_min), year, MINI_RATE_1, MINI_RATE_2)
    return np.where(category == MINI, mini, amount)


def _bands(income, year, rate_1, rate_2):
    """A quarter of the yearly amount of two rate bands."""
    band_1, band_2 = threshold("BAND1", year), threshold("BAND2", year)
    upper = np.clip(income - band_1, 0, band_2 - band_1)
    yearly = np.clip(income, 0, band_1) * rate_1 + upper * rate_2
    return half_up(yearly, 40_000)


def starter_basis(category, year, primo) -> np.ndarray:
    """Provisional basis while no reference year exists, in cents."""
    category = np.asarray(category)
    basis = np.where(primo > 0, threshold("PRIMO", year), threshold("MAIN_MIN", year))
    basis = np.where(category == MAXI, threshold("MAXI", year), basis)
    pension = (category == PENSIONER) | (category == EARLY)
    basis = np.where(pension, threshold("PENS", year), basis)
    low = (category == COMPLEMENTARY) | (category == ARTICLE_37) | (category == STUDENT)
    return np.where(low, threshold("COMPL", year), basis)


def starter_quarterly(category, year, primo) -> np.ndarray:
    """Provisional contribution of a quarter on the starter basis, in cents."""
    category = np.asarray(category)
    basis = starter_basis(category, year, primo)
    # A student starter pays 20.5 % from the first euro, as a complementary one.
    as_paid = np.where(category == STUDENT, COMPLEMENTARY, category)
    return quarterly(as_paid, basis, year, primo)


#: company contribution per year: small, large, threshold of the balance total N-2 (cents)
COMPANY = {
    2018: (34750, 86800, 68134133),
    2019: (34750, 86800, 69467000),  # threshold not published
    2020: (34750, 86800, 70024709),  # threshold not published
    2021: (34750, 86800, 70657960),
    2022: (34750, 86800, 74641017),
    2023: (38444, 96026, 82575009),
    2024: (38734, 96752, 83199083),
    2025: (39973, 99847, 85860572),
    2026: (40930, 102238, 87916344),
}
#: last day to pay: (month, day) per year
COMPANY_DUE = {y: (6, 30) if y < 2020 else (12, 31) for y in COMPANY} | {2020: (10, 31)}


def company_amount(year: int, balance, known) -> tuple[np.ndarray, np.ndarray]:
    """(amount in cents, is large) from the balance total of N-2 and whether one is known."""
    small, large, limit = COMPANY[year]
    is_large = known & (balance > limit)
    return np.where(is_large, large, small).astype(np.int64), is_large


def company_due(year: int, created) -> np.ndarray:
    """Due date: that of the year, or the last day of the third month after a later creation."""
    month, dom = COMPANY_DUE[year]
    return np.maximum(day(year, month, dom), end_of_month(created, 3)).astype(np.int32)


def _steps(rows):
    starts = np.array([day(*start) for start, *_ in rows])
    return starts, *(np.array(column) for column in list(zip(*rows, strict=True))[1:])


#: monthly amount of bridging right and informal carers: from, without family, with family,
#: partial (carers), in cents
MONTHLY = _steps(
    [
        ((2017, 7, 1), 119209, 148964, 59605),
        ((2018, 1, 1), 124523, 155605, 60622),
        ((2019, 1, 1), 125383, 156679, 62692),
        ((2019, 7, 1), 126637, 158246, 63318),
        ((2020, 3, 1), 129169, 161410, 64584),
        ((2021, 7, 1), 131752, 164638, 65876),
        ((2021, 9, 1), 134387, 167931, 67194),
        ((2022, 1, 1), 137075, 171290, 68538),
        ((2022, 3, 1), 139817, 174716, 69909),
        ((2022, 5, 1), 142613, 178210, 71307),
        ((2022, 8, 1), 145465, 181774, 72733),
        ((2022, 11, 1), 148374, 185409, 74187),
        ((2023, 1, 1), 151341, 189117, 75671),
        ((2023, 7, 1), 154368, 192900, 77184),
        ((2023, 11, 1), 157456, 196758, 78728),
        ((2024, 5, 1), 160605, 200693, 80303),
        ((2025, 2, 1), 163826, 204710, 81913),
        ((2026, 3, 1), 167103, 208804, 83552),
    ]
)
#: daily amount of birth and bereavement leave: from, day, half day, in cents
DAILY = _steps(
    [
        ((2019, 5, 1), 8082, 4041),
        ((2020, 3, 1), 8326, 4163),
        ((2021, 5, 1), 8409, 4205),
        ((2021, 9, 1), 8577, 4289),
        ((2022, 1, 1), 8749, 4375),
        ((2022, 3, 1), 8924, 4462),
        ((2022, 5, 1), 9102, 4551),
        ((2022, 8, 1), 9284, 4642),
        ((2022, 11, 1), 9470, 4735),
        ((2023, 1, 1), 9660, 4830),
        ((2023, 5, 1), 9756, 4878),
        ((2023, 11, 1), 9951, 4976),
        ((2024, 5, 1), 10150, 5075),
        ((2025, 2, 1), 10353, 5177),
        ((2026, 3, 1), 10560, 5280),
    ]
)
VOUCHERS, VOUCHER_CENTS = 105, 900


#: in 2018 a carer's month was another one than that of the bridging right
CARER_2018 = 121243


def monthly_amount(on, family, carer) -> np.ndarray:
    """Monthly amount in force on each date, in cents."""
    starts, single, with_family, _ = MONTHLY
    at = np.searchsorted(starts, on, side="right") - 1
    of_2018 = carer & (starts[at] == day(2018, 1, 1))
    amount = np.where(family, with_family[at], single[at])
    return np.where(of_2018, CARER_2018, amount)


def daily_amount(on, half) -> np.ndarray:
    """Amount of a day (or half day) of leave in force on each date, in cents."""
    starts, full, part = DAILY
    at = np.searchsorted(starts, on, side="right") - 1
    return np.where(half, part[at], full[at])


def birth_leave_days(birth) -> np.ndarray:
    """Days of leave by date of birth."""
    birth = np.asarray(birth)
    return np.where(birth >= day(2023, 1, 1), 20, np.where(birth >= day(2021, 1, 1), 15, 10))
