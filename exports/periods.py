"""Period texts (2025, 2025Q3, 2025-09) and which reference periods of a table they cover.

Belongs here: reading a period and comparing periods. Does not belong here: whether a figure is a
stock or a flow, which its statistic declares as count basis.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from exports.days import day
from exports.errors import UnknownPeriod
from exports.texts import joined, sentence, text

#: The longer first: a year that is asked for is given by quarters too, never the other way round.
LENGTHS = ("year", "quarter", "month")
_YEAR = re.compile(r"([0-9]{4})")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """A calendar span: first and last day included; `text` as it is written everywhere."""

    text: str
    start: date
    end: date

    def covers(self, other: "Period") -> bool:
        """Say whether every day of `other` lies in this period."""
        return self.start <= other.start and other.end <= self.end


def read_period(written: str) -> Period | None:
    """Return the period that `written` means, or None when it is not a period."""
    if found := _YEAR.fullmatch(written):
        year = int(found[1])
        first_month, last_month = 1, 12
    elif found := _QUARTER.fullmatch(written):
        year, quarter = int(found[1]), int(found[2])
        first_month, last_month = 3 * quarter - 2, 3 * quarter
    elif found := _MONTH.fullmatch(written):
        year, first_month = int(found[1]), int(found[2])
        last_month = first_month
    else:
        return None
    if year < 1:
        return None
    last_day = calendar.monthrange(year, last_month)[1]
    return Period(written, date(year, first_month, 1), date(year, last_month, last_day))


def lengths_within(length: str) -> set[str]:
    """Return the lengths of period by which one of this length (of LENGTHS) can be answered."""
    return set(LENGTHS[LENGTHS.index(length) :])


def parse_period(written: str, lang: str = "fr") -> Period:
    """Return the period asked for; raise UnknownPeriod when it cannot be read."""
    period = read_period(written.strip().upper())
    if period is None:
        raise UnknownPeriod(sentence("unreadable_period", lang, asked=written))
    return period


def covered(period: Period, ref_periods: list[str]) -> list[str]:
    """Return the reference periods that lie inside `period`, in calendar order, longest first.

    2025 covers 2025, 2025Q1 … 2025Q4 and 2025-01 … 2025-12: a table is given at every frequency
    it holds, and nothing is ever added up here.
    """
    readable = [found for written in ref_periods if (found := read_period(written))]
    inside = [ref for ref in readable if period.covers(ref)]
    return [ref.text for ref in sorted(inside, key=_order)]


def in_order(ref_periods: list[str]) -> list[str]:
    """Return what can be read as periods, in calendar order, longest first."""
    readable = [found for written in ref_periods if (found := read_period(written))]
    return [ref.text for ref in sorted(readable, key=_order)]


def span(ref_periods: list[str]) -> str:
    """Return a short text that names the periods of a table, for an error a person reads."""
    readable = sorted((p for w in ref_periods if (p := read_period(w))), key=_order)
    by_length: dict[int, list[str]] = {}
    for period in readable:
        by_length.setdefault(len(period.text), []).append(period.text)
    parts = [
        found[0] if len(found) == 1 else f"{found[0]} … {found[-1]}"
        for _, found in sorted(by_length.items())
    ]
    return ", ".join(parts) or "-"


def frequency(ref_period: str) -> str:
    """Return year, quarter or month; empty when the text is not a period."""
    return {4: "year", 6: "quarter", 7: "month"}.get(len(ref_period), "")


def words(ref_period: str, lang: str) -> str:
    """Return a period as a person says it: année 2025, 3e trimestre 2025, septembre 2025."""
    year, kind = ref_period[:4], frequency(ref_period)
    if kind == "quarter":
        return text(f"words_quarter_{ref_period[5:]}", lang, year=year)
    if kind == "month":
        return text("words_month", lang, month=text(f"month_{ref_period[5:]}", lang), year=year)
    return text("words_year", lang, year=year)


def words_of(ref_periods: Iterable[str], lang: str) -> str:
    """Return reference periods in words, each with its last day; of several the first and last."""
    alike: dict[str, list[str]] = {}
    for ref_period in ref_periods:
        period = read_period(ref_period)
        said = f"{words(ref_period, lang)} ({day(period.end, lang)})"
        alike.setdefault(frequency(ref_period), []).append(said)
    return joined(
        (
            found[0]
            if len(found) == 1
            else text("periods_range", lang, first=found[0], last=found[-1])
            for found in alike.values()
        ),
        lang,
    )


def _order(period: Period) -> tuple[date, int]:
    return period.start, -(period.end - period.start).days
