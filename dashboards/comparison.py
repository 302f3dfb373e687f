"""A figure beside the same one a year before, at the same age: what had as long to come in.

Belongs here: how such a comparison is said, and which quarters have an age. Does not belong here:
the figure of a year before, which a mart holds (`…_earlier`) or a query of the page reads.

What grows with time (collected, owed) is compared with a mart that looks a year before at what
was due a year earlier. What is counted on the day it happens (claims, payments, messages) has its
age once its quarter is over: quarters that are over are compared with the same ones a year before.
Where neither can be had, the page says that it cannot be said (finding D7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from dashboards.formats import Format
from dashboards.periods import year_before
from dashboards.source import Reading


def equal_age(reading: Reading, form: Format, now: float | None, before: float | None) -> str:
    """Say the value of a year before, at the same age, and the difference."""
    if pd.isna(now) or pd.isna(before):
        return reading.text("equal_age_none")
    said = {
        "before": _earlier(reading, form, before),
        "change": change(reading, form, now, before),
    }
    return reading.text("equal_age", **said)


def of_year(
    reading: Reading, form: Format, year: int, now: float | None, before: float | None
) -> str:
    """Say the value of one year beside that of the year before at the same age, where a figure is
    that of several years."""
    if pd.isna(now) or pd.isna(before):
        return reading.text("equal_age_none")
    return reading.text(
        "equal_age_of_year",
        year=year,
        now=form.write(reading.language, now),
        year_before=year - 1,
        before=_earlier(reading, form, before),
        change=change(reading, form, now, before),
    )


def closed_quarters(reading: Reading, form: Format, name: str, over: "Over") -> str:
    """Say the column `name` of the quarters that are over, beside the same ones a year before."""
    now, before = over.now.get(name), over.before.get(name)
    if over.is_whole or pd.isna(now) or pd.isna(before):
        return equal_age(reading, form, now, before)
    return reading.text(
        "equal_age_closed",
        quarters=over.quarters,
        now=form.write(reading.language, now),
        before=form.write(reading.language, before),
        change=change(reading, form, now, before),
    )


def _earlier(reading: Reading, form: Format, before: float) -> str:
    """Write a value of a year before: where counts are cut it is one of thousands of euros, and
    has no cents to show (dashboards/access.yaml, marts `…_earlier`)."""
    language = replace(reading.language, has_cents=not reading.right.cut or reading.right.named)
    return form.write(language, before)


def change(reading: Reading, form: Format, now: float, before: float) -> str:
    """Write a difference: of shares in points, of amounts and counts in per cent."""
    number = reading.language.number
    if form.kind == "share":
        key, difference = "change_points", round(100 * (float(now) - float(before)), 1)
    elif not before:
        return "–"
    else:
        key, difference = "change_share", round(100 * (float(now) / float(before) - 1), 1)
    sign = "+" if difference > 0 else "\u2212" if difference < 0 else "±"
    return reading.text(key, change=f"{sign}{number(abs(difference), 1)}")


def whole(totals: pd.Series, first_year: int) -> pd.Series:
    """Return totals of years (with their `first_year`) where they begin with the one asked for;
    nothing where it has no figures: fewer years would be compared with more."""
    found = totals["first_year"]
    return totals if pd.notna(found) and found == first_year else pd.Series(dtype=float)


@dataclass(frozen=True)
class Over:
    """Totals of quarters that are over and of the same ones a year before; empty where none has
    figures on both sides. `is_whole`: these are all that are chosen."""

    quarters: str = ""
    is_whole: bool = False
    now: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    before: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))


def over(reading: Reading, query: str, chosen: dict, known: Sequence[str]) -> Over:
    """Return what a query says of the quarters chosen that are over and were known a year before.

    Args:
        query: one row of totals over the quarters from $first to $last of `chosen`.
        known: the quarters that have figures.
    """
    running, first, last = reading.running_quarter(), chosen["first"], chosen["last"]
    asked = [quarter for quarter in known if first <= quarter <= last]
    comparable = [
        quarter for quarter in asked if quarter < running and year_before(quarter) >= min(known)
    ]
    if not comparable:
        return Over()
    ends = {"first": comparable[0], "last": comparable[-1]}
    earlier = {name: year_before(quarter) for name, quarter in ends.items()}
    now, before = (reading.query(query, **chosen | one).iloc[0] for one in (ends, earlier))
    return Over("–".join(dict.fromkeys(ends.values())), comparable == asked, now, before)
