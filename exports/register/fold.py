"""From the lines of the register to requests: what each action changes.

Belongs here: one small function for each action. Does not belong here: whether the action was
allowed when it was written (desk.py asks before; chain.py looks afterwards).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from exports.commission import Override
from exports.register.ballots import proves
from exports.register.event import Event
from exports.register.house import ACTIONS as OF_HOUSE
from exports.register.house import HOUSE
from exports.register.request import (
    Definition,
    Delivery,
    Received,
    Request,
    Round,
    Schedule,
    Version,
    Vote,
    Waiver,
)
from exports.register.states import BEFORE, after


class ImpossibleLine(Exception):
    """A line that no state allows: the register is damaged."""

    def __init__(self, event: Event) -> None:
        self.event = event
        super().__init__(f"line {event.number}: {event.request_id}, {event.action}")


def fold(events: Iterable[Event]) -> dict[str, Request]:
    """Return every request by its number, in the order in which they came.

    Raises:
        ImpossibleLine: a line is no move of its request's state.
    """
    found: dict[str, Request] = {}
    for event in events:
        if event.request_id == HOUSE:
            # Of no request (house.py).
            if event.action not in OF_HOUSE:
                raise ImpossibleLine(event)
            continue
        before = found.get(event.request_id)
        state = after(before.state if before else BEFORE, event.action)
        if state is None:
            raise ImpossibleLine(event)
        if before is None:
            request = Request(event.request_id, state, _received(event.data), 0, ())
        else:
            request = _CHANGES[event.action](before, event, event.data)
        history = (*request.history, event)
        found[event.request_id] = replace(request, state=state, last=event.number, history=history)
    return found


def definition_of(said: dict[str, Any] | None) -> Definition | None:
    """Return a definition as it stands in a line."""
    return Definition(**{**said, "codes": tuple(said["codes"])}) if said else None


def _received(said: dict[str, Any]) -> Received:
    days = {name: date.fromisoformat(said[name]) for name in ("received_on", "due_on")}
    return Received(**{**said, **days, "asked": definition_of(said["asked"])})


def _define(request: Request, event: Event, said: dict) -> Request:
    return replace(request, definition=definition_of(said))


def _version(event: Event, said: dict) -> Version:
    return Version(
        number=said["version"],
        by=event.who,
        at=event.moment,
        name=said["name"],
        release_id=said["release_id"],
        manifest=said["manifest"],
        files=said["files"],
        definition=definition_of(said["definition"]),
        previous=said["previous"],
        replaces=said["replaces"],
        override=Override(**said["override"]) if said["override"] else None,
        failed=tuple(said["failed"]),
        passed=said["passed"],
        earlier=said["earlier"],
    )


def _produce(request: Request, event: Event, said: dict) -> Request:
    return replace(request, versions=(*request.versions, _version(event, said)))


def _review(request: Request, event: Event, said: dict) -> Request:
    waivers = tuple(Waiver(one["rule"], one["reason"], event.who) for one in said["waivers"])
    now = Round(said["version"], event.who, said["checkers"], waivers)
    return replace(request, rounds=(*request.rounds, now))


def _vote(request: Request, event: Event, said: dict) -> Request:
    told = {name: said.get(name, "") for name in ("verdict", "comment", "sealed", "commitment")}
    vote = Vote(event.who, event.moment, said["manifest"], **told)
    now = replace(request.round, votes=(*request.round.votes, vote))
    return replace(request, rounds=(*request.rounds[:-1], now))


def _closed(request: Request, event: Event, said: dict) -> Request:
    """End a review; the line that ends it opens the verdicts that were sealed."""
    opened = {one["by"]: one for one in said.get("opened", ())}
    votes = []
    for vote in request.round.votes:
        if vote.sealed and vote.by in opened:
            told = opened[vote.by]
            if not proves(request.id, vote, told):
                raise ImpossibleLine(event)
            vote = replace(vote, verdict=told["verdict"], comment=told["comment"])
        votes.append(vote)
    now = replace(request.round, votes=tuple(votes), is_open=False)
    return replace(request, rounds=(*request.rounds[:-1], now))


def _approve(request: Request, event: Event, said: dict) -> Request:
    return _closed(request, event, said)


def _refuse(request: Request, event: Event, said: dict) -> Request:
    return _spent(_closed(request, event, said), "refused")


def _override(request: Request, event: Event, said: dict) -> Request:
    return _produce(_closed(request, event, said), event, said)


def _lapse(request: Request, event: Event, said: dict) -> Request:
    return replace(_spent(_closed(request, event, said), said["because"]), schedule=None)


def _recall(request: Request, event: Event, said: dict) -> Request:
    return replace(_spent(_closed(request, event, said), "recalled"), schedule=None)


def _spent(request: Request, reason: str) -> Request:
    return replace(
        request, versions=(*request.versions[:-1], replace(request.version, spent=reason))
    )


def _schedule(request: Request, event: Event, said: dict) -> Request:
    moment = datetime.fromisoformat(said["not_before"])
    return replace(request, schedule=Schedule(said["out"], moment))


def _deliver(request: Request, event: Event, said: dict) -> Request:
    not_before = said["not_before"]
    delivery = Delivery(
        version=said["version"],
        name=said["name"],
        manifest=said["manifest"],
        out=said["out"],
        by=event.who,
        at=event.moment,
        not_before=datetime.fromisoformat(not_before) if not_before else None,
        previous=said["previous"],
        line=event.number,
        hash=event.hash,
    )
    return replace(request, delivery=delivery)


def _acknowledge(request: Request, event: Event, said: dict) -> Request:
    return replace(request, acknowledged_on=date.fromisoformat(said["on"]))


def _restate(request: Request, event: Event, said: dict) -> Request:
    return replace(request, restated_by=said["by"])


def _withdraw(request: Request, event: Event, said: dict) -> Request:
    done = _closed(request, event, said) if request.round else request
    return replace(done, withdrawn_because=said["reason"], schedule=None)


_CHANGES: dict[str, Callable[[Request, Event, dict], Request]] = {
    "define": _define,
    "produce": _produce,
    "review": _review,
    "vote": _vote,
    "approve": _approve,
    "refuse": _refuse,
    "override": _override,
    "lapse": _lapse,
    "recall": _recall,
    "schedule": _schedule,
    "deliver": _deliver,
    "acknowledge": _acknowledge,
    "restate": _restate,
    "withdraw": _withdraw,
}
