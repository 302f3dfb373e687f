"""A request as its events make it.

Belongs here: the shapes. Does not belong here: how events make them (fold.py), what can be done
(reception, production, review, delivery).
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from exports.commission import Commission, Correction, Override
from exports.periods import Period, parse_period
from exports.register.clock import day_of
from exports.register.event import Event
from exports.register.states import GIVEN

FOR, AGAINST = "approve", "refuse"


@dataclass(frozen=True)
class Received:
    """What came in: who asked, on what ground, by when, in which words."""

    requester: str
    contact: str
    legal_basis: str
    wording: str
    received_on: date
    due_on: date
    # What makes a request the same one when it is registered twice.
    key: str
    # What was asked, as far as it was clear at once; `define` takes it where nothing else is said.
    asked: "Definition | None" = None
    replaces: str | None = None
    # Why a delivery is corrected: error, late_data, correction, definition, law.
    cause: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Definition:
    """What exactly is meant: statistics, period, recipient, language, date of the data."""

    codes: tuple[str, ...]
    period: str
    profile: str
    lang: str
    as_of: str | None = None

    @property
    def span(self) -> Period:
        """Return the period with its days."""
        return parse_period(self.period, self.lang)

    def meets(self, other: "Definition") -> bool:
        """Say whether both tell of a same day, or of two that follow each other: a stock at the end
        of a year is that of the next one's beginning. Of which statistics does not matter: those
        that have nothing in common are told apart by what they declare.
        """
        mine, theirs = self.span, other.span
        day = timedelta(days=1)
        return mine.start <= theirs.end + day and theirs.start <= mine.end + day


@dataclass(frozen=True)
class Version:
    """One package made for a request.

    Attributes:
        by, at: who made it, and when.
        name: of its folder.
        manifest: SHA-256 of its manifest: what is voted on.
        files: SHA-256 of each file.
        failed: rules that do not hold: {rule, level, code, failed, sentence_fr, sentence_nl}.
        passed: how many rules hold.
        earlier: deliveries that the attacker knew: SHA-256 of their manifests, by request.
        spent: why it can no longer be put to review: refused, recalled, changed, recipient,
            not_again (texts.yaml: spent_…); else empty.
    """

    number: int
    by: str
    at: datetime
    name: str
    release_id: str
    manifest: str
    files: dict[str, str]
    definition: Definition
    previous: str | None
    replaces: str | None
    override: Override | None
    failed: tuple[dict[str, Any], ...]
    passed: int
    earlier: dict[str, str]
    spent: str = ""


@dataclass(frozen=True)
class Waiver:
    """A rule that does not hold and stops nothing: who says so, and why."""

    rule: str
    reason: str
    by: str


@dataclass(frozen=True)
class Vote:
    """A verdict on one manifest.

    Attributes:
        verdict, comment: empty as long as they are sealed.
        sealed, commitment: what the line holds in their place (ballots.py); else empty.
    """

    by: str
    at: datetime
    manifest: str
    verdict: str
    comment: str
    sealed: str = field(default="", repr=False)
    commitment: str = ""


@dataclass(frozen=True)
class Round:
    """One review of one version: who asked for it, what was waived, how many must agree."""

    version: int
    asked_by: str
    checkers: int
    waivers: tuple[Waiver, ...]
    votes: tuple[Vote, ...] = ()
    is_open: bool = True


@dataclass(frozen=True)
class Schedule:
    """Where a package goes, and the moment before which it may not (UTC)."""

    out: str
    not_before: datetime


@dataclass(frozen=True)
class Delivery:
    """What left: which version, where to, when, and the line of the register that says it."""

    version: int
    name: str
    manifest: str
    out: str
    by: str
    at: datetime
    not_before: datetime | None
    # The delivery to the same recipient before this one: {request_id, version, manifest}, or None.
    previous: dict[str, Any] | None
    line: int
    hash: str


@dataclass(frozen=True)
class Request:
    """One request of the register. `last` is the number of its last line."""

    id: str
    state: str
    received: Received
    last: int
    history: tuple[Event, ...]
    definition: Definition | None = None
    versions: tuple[Version, ...] = ()
    rounds: tuple[Round, ...] = ()
    schedule: Schedule | None = None
    delivery: Delivery | None = None
    acknowledged_on: date | None = None
    restated_by: str | None = None
    withdrawn_because: str = ""
    # Files of the package that are no longer what was produced; only a look fills it.
    changed: tuple[str, ...] = field(default=())

    @property
    def version(self) -> Version | None:
        """Return the package made last."""
        return self.versions[-1] if self.versions else None

    @property
    def round(self) -> Round | None:
        """Return the last review."""
        return self.rounds[-1] if self.rounds else None

    @property
    def is_given(self) -> bool:
        """Say whether an answer has left."""
        return self.state in GIVEN

    def is_late(self, today: date) -> bool:
        """Say whether it is past its due date, or was when it left."""
        if self.delivery is not None:
            return day_of(self.delivery.at) > self.received.due_on
        return self.state != "withdrawn" and today > self.received.due_on

    def commission(self, version: Version, replaced: "Request | None" = None) -> Commission:
        """Return what a package of this request knows of it; `replaced`: what it corrects."""
        said = self.received
        correction = None
        if replaced is not None and replaced.delivery is not None:
            day = day_of(replaced.delivery.at)
            correction = Correction(replaced.id, day, said.cause or "", said.reason)
        return Commission(
            request_id=self.id,
            version=version.number,
            requester=said.requester,
            legal_basis=said.legal_basis,
            wording=said.wording,
            received_on=said.received_on,
            due_on=said.due_on,
            previous=version.previous,
            replaces=version.replaces,
            override=version.override,
            correction=correction,
        )


def described(value: Any) -> Any:
    """Return a request, or a part of one, as JSON has it."""
    if isinstance(value, Event):
        said = {name: getattr(value, name) for name in ("number", "at", "who", "action")}
        # What is sealed says nothing to anybody, at great length.
        return {**said, "payload": {k: one for k, one in value.data.items() if k != "sealed"}}
    if hasattr(value, "__dataclass_fields__"):
        shown = (one.name for one in fields(value) if one.repr)
        return {name: described(getattr(value, name)) for name in shown}
    if isinstance(value, (tuple, list)):
        return [described(one) for one in value]
    if isinstance(value, dict):
        return {key: described(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, (date, datetime)) else value
