"""What is said of a subscription on a release, as its person may see it at that moment.

Belongs here: whether there is something to say, and what. Does not belong here: the form of a
message (message), when it is sent and by which way (orchestration/sending.py).

A figure is told when it comes past its threshold (not again while it stays there), or when it has
changed by more than the threshold since it was last told, or asked for. A list is told when it has
lines and they are not those of the last message. A page is sent with every release.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from dashboards import navigation, sheet
from dashboards.grids import texts_of
from dashboards.outside import plain
from dashboards.source import Reading
from dashboards.subscriptions import printing, watched
from dashboards.subscriptions.lists import LISTS
from dashboards.subscriptions.subscription import (
    ABOVE,
    BELOW,
    CHANGE,
    FIGURE,
    GONE,
    LIST,
    RIGHT_LOST,
    Subscription,
)


class Ended(Exception):
    """A subscription that can say nothing any more; `why`: right or gone."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Content:
    """What a message says. `title` names no person and no account; `page`, `address`: where the
    pages show it; `file`, `attached`: a PDF."""

    title: str
    sentence: str
    page: str
    address: dict[str, list[str]]
    table: sheet.Table | None = None
    file: str = ""
    attached: bytes = b""


@dataclass(frozen=True)
class Judged:
    """What a release is for a subscription. `value`: what the next one is compared with; `content`:
    None where there is nothing to say."""

    value: str
    content: Content | None = None


def judge(reading: Reading, one: Subscription, before: str, told: str) -> Judged:
    """Judge a subscription on a release.

    Args:
        before: the `value` of the release before, empty where there was none.
        told: the `value` when it was last told, empty where it never was.

    Raises:
        Ended: its person may not see it any more, or it is there no more.
        printing.NotPrinted: the page failed.
    """
    if one.kind == FIGURE:
        return _figure(reading, one, before, told)
    return _list(reading, one, told) if one.kind == LIST else _page(reading, one)


def title_of(reading: Reading, one: Subscription) -> str:
    """Return what a subscription is about, in words; its id where it is there no more."""
    if one.kind == FIGURE:
        found = watched.watched(reading, one.about)
        return found.title if found else one.about
    if one.kind == LIST:
        return LISTS[one.about].title(reading) if one.about in LISTS else one.about
    entry = _entry(one.about)
    return entry.title(reading.lang) if entry else one.about


def condition_of(reading: Reading, one: Subscription) -> str:
    """Return when a subscription is told, in words."""
    if one.kind == FIGURE:
        found = watched.watched(reading, one.about)
        limit = watched.write(reading, one.threshold, found.unit if found else "")
        return str(reading.text(f"notices_when_{one.said['direction']}", limit=limit))
    if one.kind == LIST:
        listed = LISTS.get(one.about)
        ahead = listed is not None and listed.looks_ahead
        if ahead:
            return str(reading.language.counted("notices_when_days", int(one.said["days"])))
        return str(reading.text("notices_when_list"))
    chosen = choices_of(dict(one.said.get("address", {})))
    if chosen:
        return plain(reading.text("notices_when_choices", choices=chosen))
    return str(reading.text("notices_when_page"))


def choices_of(address: dict[str, list[str]]) -> str:
    """Return the choices of an address as a text: their names and codes."""
    return ", ".join(f"{name}={' '.join(texts)}" for name, texts in address.items())


def _figure(reading: Reading, one: Subscription, before: str, told: str) -> Judged:
    found = watched.watched(reading, one.about)
    if found is None:
        raise Ended(GONE)
    if not found.is_for(reading):
        raise Ended(RIGHT_LOST)
    now = found.read(reading)
    if now is None:
        return Judged(before)
    limit, value = one.threshold, now.number
    earlier = Decimal(before) if before else None
    direction = one.said["direction"]
    if direction == CHANGE:
        # What was told last, else what its person saw when they asked.
        base = Decimal(told) if told else earlier
        if base is None and one.said.get("seen"):
            base = Decimal(str(one.said["seen"]))
        # What nobody has seen yet has not changed: the first release is what is compared with.
        if base is None or abs(value - base) <= limit:
            return Judged(str(value if base is None else base))
        said = {"before": watched.write(reading, base, now.unit)}
    else:
        was = earlier is not None and _is_past(direction, earlier, limit)
        if was or not _is_past(direction, value, limit):
            return Judged(str(value))
        said = {}
    said |= {
        "figure": found.title,
        "value": watched.write(reading, value, now.unit),
        "limit": watched.write(reading, limit, now.unit),
        "period": _period(reading, now.period),
    }
    content = Content(
        title=found.title,
        sentence=str(reading.text(f"notices_said_{direction}", **said)),
        page=found.page,
        address={},
    )
    return Judged(str(value), content)


def _is_past(direction: str, value: Decimal, limit: Decimal) -> bool:
    return {BELOW: value < limit, ABOVE: value > limit}[direction]


def _period(reading: Reading, period: str) -> str:
    if not period:
        return reading.language.day(reading.release.business_date)
    return reading.language.quarter(period) if "Q" in period else period


def _list(reading: Reading, one: Subscription, told: str) -> Judged:
    listed = LISTS.get(one.about)
    if listed is None:
        raise Ended(GONE)
    if not listed.is_for(reading):
        raise Ended(RIGHT_LOST)
    rows, columns = listed.read(reading, int(one.said.get("days", 1)))
    if rows.empty:
        return Judged("")
    texts = [list(texts_of(reading, rows, column)) for column in columns]
    value = hashlib.sha256(repr(texts).encode()).hexdigest()
    if value == told:
        return Judged(value)
    title = listed.title(reading)
    content = Content(
        title=title,
        sentence=str(reading.language.counted("notices_said_list", len(rows), list=title)),
        page=listed.page,
        address={},
        table=sheet.Table(one.about, rows, tuple(columns)),
    )
    return Judged(value, content)


def _page(reading: Reading, one: Subscription) -> Judged:
    entry = _entry(one.about)
    if entry is None or not entry.by_mail:
        raise Ended(GONE)
    if entry.id not in reading.right.pages:
        raise Ended(RIGHT_LOST)
    address = {name: list(texts) for name, texts in dict(one.said.get("address", {})).items()}
    title = entry.title(reading.lang)
    content = Content(
        title=str(reading.text("notices_title_page", page=title)),
        sentence=str(reading.text("notices_said_page", page=title)),
        page=entry.id,
        address=address,
        file=f"{entry.id}_{reading.release.id}_{reading.lang}.pdf",
        attached=printing.printed(reading, entry, address),
    )
    return Judged("", content)


def _entry(about: str) -> navigation.PageEntry | None:
    return next((page for page in navigation.declared()[1] if page.id == about), None)
