"""For whom a package is made, and what the desk knows of it when it is written.

Belongs here: the facts that the register gives to a package, as its cover, note and manifest say
them. Does not belong here: states and votes (register), what a package holds (package.py).
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Override:
    """Why nobody but the producer checked a package: the office had one person that day."""

    by: str
    reason: str


@dataclass(frozen=True)
class Correction:
    """What a package corrects, and why; `cause` is a code of the register, `reason` in words."""

    request_id: str
    delivered_on: date
    cause: str
    reason: str


@dataclass(frozen=True)
class Commission:
    """One request of the register, at one version of its answer.

    Attributes:
        request_id: number in the register, as people write it (`2026-0012`).
        version: 1 for the first package made for it, counted up.
        requester: who asked (an authority, not a person).
        legal_basis: on what ground.
        wording: the question as it was asked.
        received_on, due_on: days of Brussels.
        previous: SHA-256 of the manifest of the recipient's delivery before this one, or None.
        replaces: SHA-256 of the manifest that this one corrects, or None.
        correction: the request and the reason of it, or None.
        override: set when nobody else approved.
    """

    request_id: str
    version: int
    requester: str
    legal_basis: str
    wording: str
    received_on: date
    due_on: date
    previous: str | None = None
    replaces: str | None = None
    override: Override | None = None
    correction: Correction | None = None
