"""Requests that come back by themselves: which ones, for which periods, due when.

Belongs here: the declaration (recurrent.yaml) and its arithmetic of days. Does not belong here:
adding them to the register (calendar.py).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path

import yaml

from exports import faults
from exports.periods import LENGTHS, Period, frequency, lengths_within, read_period, words
from exports.profiles import profiles
from exports.register.errors import BadCalendar
from exports.register.national_number import holds_national_number
from exports.register.texts import say

DEFAULT = Path(__file__).parent / "recurrent.yaml"
#: Nobody waits ten years for an answer.
_MOST_DAYS = 3660


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


def load_recurrent(
    home: Path, lang: str = "fr", tables: Collection[str] | None = None
) -> tuple[Recurrent, ...]:
    """Return the list of this data folder, else the one of the product.

    Args:
        tables: the statistics that exist (default: nobody knows); a mapping says by which lengths
            of period each is counted, none where it is given as it is.

    Raises:
        BadCalendar: the list cannot be read, or an entry of it means nothing; the sentence names
            the file and the line.
    """
    own = Path(home) / "desk" / "recurrent.yaml"
    path = own if own.exists() else DEFAULT
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
        return tuple(_entries(root, tables))
    except _Wrong as error:
        line, reason = error.line, say(error.key, lang, name=error.name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, reason = mark.line + 1 if mark else 1, say("calendar_yaml", lang)
    except yaml.YAMLError:
        line, reason = 1, say("calendar_yaml", lang)
    except UnicodeError as error:
        line, reason = 1, faults.of_text(error, lang).said_in(lang)
    except OSError as error:
        line, reason = 1, faults.of_system(error, lang).said_in(lang)
    raise BadCalendar(say("bad_calendar", lang, path=path, line=line, reason=reason))


class _Wrong(ValueError):
    """An entry that means nothing: where, what, and why (texts.yaml: calendar_…)."""

    def __init__(self, node: yaml.Node, name: str, key: str = "calendar_wrong") -> None:
        self.line = node.start_mark.line + 1
        self.name = name
        self.key = key
        super().__init__(name)


def _entries(root: yaml.Node | None, tables: Collection[str] | None) -> Iterator[Recurrent]:
    for name, node in _pairs(root).items() if root is not None else ():
        yield _entry(name, node, tables)


def _pairs(node: yaml.Node) -> dict[str, yaml.Node]:
    """Return what a mapping holds by its keys, none of them twice: the second would win unseen."""
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, str(node.value)[:40], "calendar_unnamed")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _Wrong(key, str(key.value)[:40], "calendar_unnamed")
        if key.value in found:
            raise _Wrong(key, key.value, "calendar_twice")
        found[key.value] = value
    return found


def _entry(name: str, node: yaml.Node, tables: Collection[str] | None) -> Recurrent:
    said = _pairs(node)
    needed = {field.name for field in fields(Recurrent)} - {"id"}
    if wrong := needed ^ set(said):
        raise _Wrong(node, f"{name}: {', '.join(sorted(wrong))}")
    node_of_tables = said.pop("tables")
    codes = _codes(name, node_of_tables, tables)
    texts = {key: _text(name, key, one) for key, one in said.items()}
    days = {key: _days(name, key, said[key], texts.pop(key)) for key in ("due_days", "lead_days")}
    first = read_period(texts["first"])
    if texts["every"] not in LENGTHS:
        raise _Wrong(said["every"], f"{name}: every {texts['every']} ({', '.join(LENGTHS)})")
    _require_counted(name, texts["every"], node_of_tables, codes, tables)
    if first is None or frequency(first.text) != texts["every"]:
        raise _Wrong(said["first"], f"{name}: first {texts['first']} (every {texts['every']})")
    for key, existing in (("profile", profiles()), ("lang", ("fr", "nl"))):
        if texts[key] not in existing:
            raise _Wrong(said[key], f"{name}: {key} {texts[key]} ({', '.join(existing)})")
    try:
        texts["wording"].format(period="")
    except (LookupError, ValueError) as error:
        raise _Wrong(said["wording"], f"{name}: wording, {{period}}") from error
    return Recurrent(**{**texts, "first": first}, id=name, tables=codes, **days)


def _text(name: str, key: str, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _Wrong(node, f"{name}: {key}")
    if holds_national_number(node.value):
        raise _Wrong(node, f"{name}: {key}", "calendar_number")
    return node.value


def _codes(name: str, node: yaml.Node, existing: Collection[str] | None) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _Wrong(node, f"{name}: tables")
    found = tuple(_text(name, "tables", one).upper() for one in node.value)
    for code, one in zip(found, node.value, strict=True):
        if existing is not None and code not in existing:
            raise _Wrong(one, f"{name}: tables {code} ({', '.join(sorted(existing))})")
    return found


def _require_counted(
    name: str,
    every: str,
    node: yaml.Node,
    codes: tuple[str, ...],
    existing: Collection[str] | None,
) -> None:
    """Make sure that each table can be answered that often: what is counted by the year alone has
    nothing to say of a quarter, this one or any later.
    """
    if not isinstance(existing, Mapping):
        return
    for code, one in zip(codes, node.value, strict=True):
        counted = existing[code]
        if counted and not counted & lengths_within(every):
            often = ", ".join(length for length in LENGTHS if length in counted)
            raise _Wrong(one, f"{name}: tables {code} (every {often})")


def _days(name: str, key: str, node: yaml.Node, text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text) > _MOST_DAYS:
        raise _Wrong(node, f"{name}: {key} {text} (0–{_MOST_DAYS})")
    return int(text)


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
