"""What happens to a request outside its packages: it comes in, is defined, acknowledged, corrected,
withdrawn.

Belongs here: these actions, each written once however often it is asked for. Does not belong here:
packages (production.py), votes (review.py), what leaves (delivery.py).
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from exports.register.clock import day_of
from exports.register.desk import Desk, definition_asked, delivered_version
from exports.register.errors import BadRequest
from exports.register.event import Draft, Event, canonical
from exports.register.folder import sha256_of
from exports.register.national_number import holds_national_number
from exports.register.request import Definition, Request
from exports.register.states import WITHDRAWN
from release.errors import NoReleaseError

_LONGEST = 4000
#: No day that a request names is further from today.
NEAR = timedelta(days=3660)
CAUSES = ("error", "late_data", "correction", "definition", "law")


@dataclass(frozen=True)
class Arrival:
    """A request as it comes in. `asked`: what is clear of it at once, or None."""

    requester: str
    contact: str
    legal_basis: str
    wording: str
    received_on: date
    due_on: date
    asked: Definition | None = None


def receive(desk: Desk, arrival: Arrival, key: str | None = None) -> Request:
    """Register a request; the same one given twice is registered once.

    Args:
        key: what makes it the same one; a recurrent request gives the name of its turn, which
            counts for ever. Without it: all that was said, as long as it was not withdrawn.

    Raises:
        BadRequest: something is missing or means nothing.
        ExportError: a statistic, period or profile that does not exist.
    """
    if arrival.asked and key is None:
        # What means nothing never enters: no line can be taken out again. Whether there will be
        # data of the day that is asked for nobody can tell; `define` will.
        with contextlib.suppress(NoReleaseError):
            asked = desk.office.examine(arrival.asked, arrival.due_on)
            arrival = replace(arrival, asked=asked)
    said = _checked(desk, arrival)
    known = key or sha256_of(canonical(said))
    return _register(desk, {**said, "key": known}, for_ever=key is not None)


def define(desk: Desk, request_id: str, definition: Definition | None = None) -> Request:
    """Say what exactly is meant; without a definition: what came in with the request.

    Raises:
        ExportError: a statistic, period or profile that does not exist.
        BadRequest: nothing is said, or a correction would answer another question.
    """
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "define")
        meant = definition or definition_asked(request)
        if meant is None:
            raise BadRequest(desk.say("undefined", id=request_id))
        meant = desk.office.examine(meant, request.received.due_on)
        require_same_question(desk, request, meant)
        if meant == request.definition and request.version is None:
            return request
        return desk.record(request, "define", said_of(meant))


def acknowledge(desk: Desk, request_id: str, on: date | None = None) -> Request:
    """Note that the recipient has it; a second time says nothing new.

    Raises:
        BadRequest: before it was delivered, or after today.
    """
    with desk.hold(request_id):
        request = desk.request(request_id)
        if request.acknowledged_on is not None and on in (None, request.acknowledged_on):
            return request
        desk.require(request, "acknowledge")
        day = on or desk.today
        left = day_of(request.delivery.at)
        if not left <= day <= desk.today:
            raise BadRequest(desk.say("bad_receipt", day=day, left=left, today=desk.today))
        return desk.record(request, "acknowledge", {"on": day.isoformat()})


def withdraw(desk: Desk, request_id: str, reason: str) -> Request:
    """Close a request that gets no answer."""
    with desk.hold(request_id):
        request = desk.require(desk.request(request_id), "withdraw")
        return desk.record(request, "withdraw", {"reason": text_of(desk, "reason", reason)})


def restate(
    desk: Desk, request_id: str, cause: str, reason: str, due_on: date | None = None
) -> Request:
    """Open the request that corrects a delivery and goes the same way; when it is delivered, the
    first one is restated. One that is open already is returned.

    Args:
        cause: error (ours), late_data, correction (of the source), definition or law.
        due_on: default: as many days as there were for the first one.

    Raises:
        ForbiddenMove: it was not delivered, or was corrected already.
    """
    old = desk.require(desk.request(request_id), "restate")
    if cause not in CAUSES:
        raise BadRequest(desk.say("bad_cause", cause=cause, existing=", ".join(CAUSES)))
    first = old.received
    arrival = Arrival(
        requester=first.requester,
        contact=first.contact,
        legal_basis=first.legal_basis,
        wording=first.wording,
        received_on=desk.today,
        due_on=due_on or desk.today + (first.due_on - first.received_on),
        asked=_again(delivered_version(old).definition),
    )
    said = _checked(desk, arrival)
    said |= {"replaces": old.id, "cause": cause, "reason": text_of(desk, "reason", reason)}
    opened = _register(desk, {**said, "key": f"restate {old.id}"}, for_ever=False)
    # What the cause is decides what counts against the desk (SC37).
    if opened.received.cause != cause:
        raise BadRequest(desk.say("restated_otherwise", id=opened.id, cause=opened.received.cause))
    return opened


def require_same_question(desk: Desk, request: Request, meant: Definition) -> None:
    """Make sure that a correction answers the whole question of what it corrects: the first answer
    is marked as corrected, all of it, when this one leaves. Its language is free.

    Raises:
        BadRequest: other statistics, another period, profile or day of the data.
    """
    replaced = desk.requests().get(request.received.replaces or "")
    if replaced is None:
        return
    first = delivered_version(replaced).definition
    same = (set(meant.codes), meant.period, meant.profile) == (
        set(first.codes),
        first.period,
        first.profile,
    )
    if not same or meant.as_of not in (None, first.as_of):
        wanted = " ".join([*first.codes, first.period, first.profile])
        raise BadRequest(desk.say("other_question", id=request.id, first=replaced.id, meant=wanted))


def said_of(definition: Definition) -> dict[str, Any]:
    """Return a definition as it stands in a line."""
    return {**vars(definition), "codes": list(definition.codes)}


def text_of(desk: Desk, name: str, given: str, longest: int = _LONGEST) -> str:
    """Return a text that was given, without blanks around it.

    Raises:
        BadRequest: it is empty, too long, or holds what no reader can see, or a national number.
    """
    text = given.strip()
    readable = all(one.isprintable() or one in "\n\t" for one in text)
    if not text or len(text) > longest or not readable:
        raise BadRequest(desk.say("bad_text", name=desk.say(f"field_{name}"), longest=longest))
    if holds_national_number(text):
        raise BadRequest(desk.say("national_number", name=desk.say(f"field_{name}")))
    return text


def require_near(desk: Desk, day: date) -> None:
    """Make sure that a day is one of these years: a slip of the pen in a year is never late.

    Raises:
        BadRequest: it is further away.
    """
    if abs(day - desk.today) > NEAR:
        first, last = desk.today - NEAR, desk.today + NEAR
        raise BadRequest(desk.say("far_day", day=day, first=first, last=last))


def _register(desk: Desk, said: dict[str, Any], for_ever: bool) -> Request:
    """Write a request that is not there yet; the same one is found by its key."""
    found: list[str] = []

    def decide(events: list[Event]) -> list[Draft]:
        all_now = desk.folded(events)
        for one in all_now.values():
            if one.received.key == said["key"] and (for_ever or one.state != WITHDRAWN):
                found.append(one.id)
                return []
        year = str(desk.today.year)
        count = sum(name.startswith(f"{year}-") for name in all_now)
        found.append(f"{year}-{count + 1:04d}")
        return [Draft(found[0], desk.who, "receive", said)]

    desk.store.append(decide)
    return desk.request(found[0])


def _checked(desk: Desk, arrival: Arrival) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: text_of(desk, name, getattr(arrival, name), 300)
        for name in ("requester", "contact", "legal_basis")
    }
    said["wording"] = text_of(desk, "wording", arrival.wording)
    if arrival.received_on > desk.today:
        raise BadRequest(desk.say("not_come", day=arrival.received_on, today=desk.today))
    for day in (arrival.received_on, arrival.due_on):
        require_near(desk, day)
    if arrival.due_on < arrival.received_on:
        raise BadRequest(desk.say("bad_due", due=arrival.due_on, received=arrival.received_on))
    return said | {
        "received_on": arrival.received_on.isoformat(),
        "due_on": arrival.due_on.isoformat(),
        "asked": said_of(arrival.asked) if arrival.asked else None,
        "replaces": None,
        "cause": None,
        "reason": "",
    }


def _again(definition: Definition) -> Definition:
    """Return the definition with the data of today."""
    return Definition(definition.codes, definition.period, definition.profile, definition.lang)
