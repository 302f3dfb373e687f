"""Reading the arguments of a question, strictly: every flag known, given once, with a value of its
form.

The form of values is that of deliveries (no exponent, no comma, no blank). Does not belong here:
which question knows which flag, and which flags contradict each other (law/questions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from law.errors import LawError

#: Dates outside are refused: no rule here is that old, and sums of dates must stay dates.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2150, 12, 31)

Reader = Callable[[str, str], Any]


@dataclass(frozen=True)
class Flag:
    """One flag of a question. Without a reader it is a switch, without a value."""

    name: str
    read: Reader | None = None
    required: bool = False
    repeats: bool = False

    @property
    def key(self) -> str:
        """Its name among the parsed values."""
        return self.name.replace("-", "_")


def parse(arguments: Sequence[str], flags: Sequence[Flag]) -> dict[str, Any]:
    """Values by key; absent flags are None (switches False, repeatable ones an empty list).

    Raises:
        LawError: an unknown, repeated or missing flag, a value that is missing or not of its form.
    """
    known = {flag.name: flag for flag in flags}
    given: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            raise LawError("argument.unexpected", value=word)
        name, equals, attached = word[2:].partition("=")
        flag = known.get(name)
        if flag is None:
            raise LawError("flag.unknown", flag=f"--{name}")
        if flag.key in given and not flag.repeats:
            raise LawError("flag.repeated", flag=f"--{name}")
        if flag.read is None:
            if equals:
                raise LawError("flag.takes_no_value", flag=f"--{name}")
            given[flag.key] = True
            continue
        if not equals:
            # `-2000` is a value, `--quarter` is not.
            if not rest or rest[0].startswith("--"):
                raise LawError("flag.value_missing", flag=f"--{name}")
            attached = rest.pop(0)
        value = flag.read(f"--{name}", attached)
        if flag.repeats:
            given.setdefault(flag.key, []).append(value)
        else:
            given[flag.key] = value
    for flag in flags:
        if flag.required and flag.key not in given:
            raise LawError("flag.missing", flag=f"--{flag.name}")
        given.setdefault(flag.key, [] if flag.repeats else None if flag.read else False)
    return given


def income(flag: str, text: str) -> str:
    """EUR, possibly negative."""
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", text):
        raise LawError("value.money", flag=flag, value=text)
    return text


def money(flag: str, text: str) -> str:
    """EUR, 0 or more."""
    if income(flag, text).startswith("-"):
        raise LawError("value.negative", flag=flag, value=text)
    return text


def percent(flag: str, text: str) -> str:
    """A percentage from 0 to 100."""
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,4})?", text):
        raise LawError("value.percent", flag=flag, value=text)
    if text.startswith("-"):
        raise LawError("value.negative", flag=flag, value=text)
    if not re.fullmatch(r"0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)", text):
        raise LawError("value.percent", flag=flag, value=text)
    return text


def year(flag: str, text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise LawError("value.year", flag=flag, value=text)
    if not FIRST_DAY.year <= int(text) < LAST_DAY.year - 20:
        raise LawError("year.without_parameters", year=text)
    return int(text)


def day(flag: str, text: str) -> date:
    """A date that exists, YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise LawError("value.date", flag=flag, value=text)
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise LawError("value.no_such_date", flag=flag, value=text) from None
    if not FIRST_DAY <= read <= date(LAST_DAY.year - 21, 12, 31):
        raise LawError("date.without_parameters", date=text)
    return read


def quarter_text(flag: str, text: str) -> int:
    """2026Q3, as the number of the quarter (4 x year + quarter - 1)."""
    if not re.fullmatch(r"[0-9]{4}Q[1-4]", text):
        raise LawError("value.quarter", flag=flag, value=text)
    return year(flag, text[:4]) * 4 + int(text[5]) - 1


def part(flag: str, text: str) -> tuple[date, str]:
    """DATE=AMOUNT of a partial payment."""
    on, equals, amount = text.partition("=")
    if not equals:
        raise LawError("value.part", flag=flag, value=text)
    return day(flag, on), money(flag, amount)


def whole(low: int, high: int) -> Reader:
    """A whole number within bounds."""

    def read(flag: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise LawError("value.whole", flag=flag, value=text, low=low, high=high)
        return int(text)

    return read


@dataclass(frozen=True)
class Choice:
    """Reads one of a list of names."""

    values: tuple[str, ...]

    def __call__(self, flag: str, text: str) -> str:
        """The name, when it is one of them."""
        if text not in self.values:
            raise LawError("value.choice", flag=flag, value=text, choices=", ".join(self.values))
        return text


def choice(*values: str) -> Choice:
    """One of a list of names."""
    return Choice(values)
