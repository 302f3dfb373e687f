"""One line of the register: who did what to which request, and the hash that ties it to the line
before.

Belongs here: the form of a line, its canonical text, its hash. Does not belong here: what an action
means (fold.py), where lines are kept (store.py).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

#: What the first line follows.
GENESIS = "0" * 64
COLUMNS = ("number", "request_id", "at", "who", "action", "payload", "previous_hash", "hash")


@dataclass(frozen=True)
class Draft:
    """A line before it has a place."""

    request_id: str
    who: str
    action: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Event:
    """A line in its place. `at`: UTC, to the microsecond; `payload`: canonical JSON."""

    number: int
    request_id: str
    at: str
    who: str
    action: str
    payload: str
    previous_hash: str
    hash: str

    @cached_property
    def data(self) -> dict[str, Any]:
        """Return the payload, read."""
        return json.loads(self.payload)

    @property
    def moment(self) -> datetime:
        """Return when it happened (UTC)."""
        return datetime.fromisoformat(self.at)

    @property
    def values(self) -> dict[str, Any]:
        """Return the line as the table holds it."""
        return {name: getattr(self, name) for name in COLUMNS}


def canonical(value: Any) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(
    number: int, request_id: str, at: str, who: str, action: str, payload: str, previous_hash: str
) -> str:
    """Return the hash of a line: SHA-256 over all that it says and the hash of the line before."""
    said = canonical([number, request_id, at, who, action, payload, previous_hash])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def sealed(draft: Draft, number: int, at: datetime, previous_hash: str) -> Event:
    """Give a draft its place."""
    said = (
        number,
        draft.request_id,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        draft.who,
        draft.action,
        canonical(draft.payload),
        previous_hash,
    )
    return Event(*said, hash_of(*said))
