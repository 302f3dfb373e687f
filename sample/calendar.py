"""Dates as day numbers, quarters, months, working days.

Belongs here: the time scale. Does not belong here: the dates of one run (calibration.py).

Dates are int32 days since 1970-01-01, NULL_DATE for empty. A quarter is one integer,
4 * (year - QUARTER_BASE_YEAR) + quarter - 1.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import numpy as np

NULL_DATE = -(2**31)
FAR = 2**30  # a day number later than any date: "never"
QUARTER_BASE_YEAR = 1990
_EPOCH = dt.date(1970, 1, 1)
_FIRST_DAY = (dt.date(1985, 1, 1) - _EPOCH).days


def day(year: int, month: int, dom: int) -> int:
    """Day number of a calendar date."""
    return (dt.date(year, month, dom) - _EPOCH).days


def day_of(value: dt.date) -> int:
    """Day number of a date object."""
    return (value - _EPOCH).days


def date_of(value: int) -> dt.date:
    """Date object of a day number."""
    return _EPOCH + dt.timedelta(days=int(value))


# First day of every quarter from QUARTER_BASE_YEAR to 2120.
QUARTER_START = np.array(
    [day(y, m, 1) for y in range(QUARTER_BASE_YEAR, 2121) for m in (1, 4, 7, 10)], dtype=np.int32
)
QUARTER_END = (QUARTER_START[1:] - 1).astype(np.int32)
YEAR_START = QUARTER_START[::4]


def quarter(year: int, number: int) -> int:
    """Integer of a quarter."""
    return 4 * (year - QUARTER_BASE_YEAR) + number - 1


def quarter_of(days) -> np.ndarray:
    """Quarter integer of each day number."""
    return (np.searchsorted(QUARTER_START, days, side="right") - 1).astype(np.int32)


def year_of_quarter(q):
    """Calendar year of quarter integers."""
    return q // 4 + QUARTER_BASE_YEAR


def number_of_quarter(q):
    """1 to 4."""
    return q % 4 + 1


def month_index(days) -> np.ndarray:
    """Months since January 1970 of each day number (a null stays far below 0)."""
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int64)


def end_of_month(days, months_ahead: int = 0) -> np.ndarray:
    """Last day of the month of each date, or of the month so many months later."""
    months = month_index(days) + months_ahead + 1
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32) - 1


def add_months(days, months: int) -> np.ndarray:
    """Same day so many months later, the last day of the month when it does not exist."""
    days = np.asarray(days)
    first = month_index(days).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    target = (month_index(days) + months).astype("datetime64[M]").astype("datetime64[D]")
    wanted = target.astype(np.int64) + (days - first)
    return np.minimum(wanted, end_of_month(days, months)).astype(np.int32)


@lru_cache(maxsize=1)
def _business_days() -> tuple[np.ndarray, np.ndarray]:
    """(rank of each day among working days, working days) from _FIRST_DAY on, to 2060.

    Monday to Friday without the ten Belgian legal holidays, no replacement days.
    """
    first, last = _FIRST_DAY, day(2060, 12, 31)
    days = np.arange(first, last + 1)
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday; Monday = 0
    working = weekday < 5
    for year in range(1985, 2061):
        easter = _easter(year)
        fixed = [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]
        for holiday in [day(year, m, d) for m, d in fixed] + [easter + 1, easter + 39, easter + 50]:
            working[holiday - first] = False
    return np.cumsum(working), days[working]


def _easter(year: int) -> int:
    """Day number of Easter Sunday (Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, dom = divmod(h + ell - 7 * m + 114, 31)
    return day(year, month, dom + 1)


def add_working_days(days, count) -> np.ndarray:
    """The count-th working day after each date (count 0: the date itself, or the next working
    day when it is none)."""
    rank, working = _business_days()
    first = _FIRST_DAY
    days = np.asarray(days)
    before = np.where(days > first, rank[np.clip(days - first - 1, 0, None)], 0)
    through = rank[days - first]
    is_working = through > before
    count = np.asarray(count)
    position = np.where(is_working | (count > 0), through - 1 + count, through)
    return working[position].astype(np.int32)
