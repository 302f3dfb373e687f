"""Requests that come back by themselves: which ones, for which periods, due when.

Belongs here: the declaration (recurrent.yaml) and its arithmetic of days. Does not belong here:
adding them to the register (calendar.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path

import yaml

from exports.periods import Period, frequency, read_period, words
from exports.profiles import profiles
from exports.register.errors import BadCalendar
from exports.register.texts import say

DEFAULT = Path(__file__).parent / "recurrent.yaml"
_EVERY = ("year", "quarter", "month")


@dataclass(frozen=True)
class Recurrent:
    """One request that comes back, as recurrent.yaml says it."""

    id: str
    requester: str
    contact: str
    legal_basis: str
    every: str
    first: Period
    due_days: int
    lead_days: int
    tables: tuple[str, ...]
    profile: str
    lang: str
    wording: str


@dataclass(frozen=True)
class Occurrence:
    """A recurrent request for one period."""

    recurrent: Recurrent
    period: Period

    @property
    def key(self) -> str:
        """Return what it is told apart by: no register has the same one twice."""
        return f"{self.recurrent.id}/{self.period.text}"

    @property
    def due_on(self) -> date:
        """Return the last day on which the answer is in time."""
        return self.period.end + timedelta(days=self.recurrent.due_days)

    @property
    def appears_on(self) -> date:
        """Return the day on which it comes into the register."""
        return self.due_on - timedelta(days=self.recurrent.lead_days)

    @property
    def wording(self) -> str:
        """Return the question, for this period."""
        said = words(self.period.text, self.recurrent.lang)
        return self.recurrent.wording.format(period=said)


def load_recurrent(home: Path, lang: str = "fr") -> tuple[Recurrent, ...]:
    """Return the list of this data folder, else the one of the product.

    Raises:
        BadCalendar: the list cannot be read, or an entry of it means nothing.
    """
    own = Path(home) / "desk" / "recurrent.yaml"
    path = own if own.exists() else DEFAULT
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return tuple(_entry(name, dict(said)) for name, said in entries.items())
    except (OSError, UnicodeError, yaml.YAMLError, TypeError, ValueError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise BadCalendar(say("bad_calendar", lang, path=path, reason=reason)) from error


def _entry(name: str, said: dict) -> Recurrent:
    needed = {field.name for field in fields(Recurrent)} - {"id"}
    if wrong := needed ^ set(said):
        raise ValueError(f"{name}: {', '.join(sorted(wrong))}")
    first = read_period(str(said["first"]))
    if said["every"] not in _EVERY or first is None or frequency(first.text) != said["every"]:
        raise ValueError(f"{name}: every {said['every']}, first {said['first']}")
    if said["profile"] not in profiles() or said["lang"] not in ("fr", "nl"):
        raise ValueError(f"{name}: profile {said['profile']}, lang {said['lang']}")
    days = (int(said["due_days"]), int(said["lead_days"]))
    if min(days) < 0 or not said["tables"]:
        raise ValueError(f"{name}: due_days, lead_days, tables")
    texts = {
        key: str(said[key])
        for key in ("requester", "contact", "legal_basis", "every", "profile", "lang", "wording")
    }
    tables = tuple(str(code).upper() for code in said["tables"])
    return Recurrent(
        id=str(name), first=first, due_days=days[0], lead_days=days[1], tables=tables, **texts
    )


def appeared(recurrents: Iterable[Recurrent], day: date) -> list[Occurrence]:
    """Return all that has come by the end of `day`, in the order in which it is due."""
    found = [
        one
        for recurrent in recurrents
        for one in _until(recurrent, lambda one: one.appears_on <= day)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.key))


def to_come(recurrents: Iterable[Recurrent], after: date, until: date) -> list[Occurrence]:
    """Return what appears after the day `after` and is due by `until`, in that order."""
    found = [
        one
        for recurrent in recurrents
        for one in _until(recurrent, lambda one: one.due_on <= until)
        if one.appears_on > after
    ]
    return sorted(found, key=lambda one: (one.due_on, one.key))


def _until(recurrent: Recurrent, holds) -> Iterator[Occurrence]:
    """Give its periods one after the other, as long as `holds` of them."""
    one = Occurrence(recurrent, recurrent.first)
    while holds(one):
        yield one
        one = Occurrence(recurrent, _next(one.period))


def _next(period: Period) -> Period:
    """Return the period of the same length that begins on the day after."""
    begins = period.end + timedelta(days=1)
    text = {
        "year": f"{begins.year:04d}",
        "quarter": f"{begins.year:04d}Q{(begins.month + 2) // 3}",
        "month": f"{begins.year:04d}-{begins.month:02d}",
    }[frequency(period.text)]
    return read_period(text)
