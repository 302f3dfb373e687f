"""Deliveries that were not taken: what ingest noted of each, for those who read releases.

Belongs here: reading `$VIGIE_HOME/refusals/<delivery_id>.json`. Does not belong here: writing it
(ingest does, and removes it when the delivery loads); the deliveries themselves.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from release.home import vigie_home


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the file ("" for the delivery), the reason, what to do."""

    file: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Refusal:
    """A delivery that is refused, or held until somebody accepts it (ruling H4).

    `since` is None when the note does not say; `faults` is empty when it cannot be read.
    """

    delivery_id: str
    is_held: bool
    since: datetime | None
    faults: tuple[Fault, ...]


def refusals(home: str | os.PathLike[str] | None = None) -> list[Refusal]:
    """Every delivery that is refused or held, in the order of their ids."""
    folder = vigie_home(home) / "refusals"
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Refusal:
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        since = noted.get("refused_at") or noted.get("held_at")
        faults = tuple(_fault(one, noted) for one in noted.get("faults") or [noted])
        return Refusal(
            path.stem,
            noted.get("status") == "held",
            datetime.fromisoformat(since) if since else None,
            faults,
        )
    except (OSError, ValueError, AttributeError, TypeError):
        # A note that was cut off still says that its delivery was not taken.
        return Refusal(path.stem, False, None, ())


def _fault(one: object, noted: dict) -> Fault:
    if isinstance(one, str):
        return Fault(noted.get("file") or "", one, "")
    return Fault(
        one.get("file") or "",
        one.get("reason") or one.get("message") or "",
        one.get("remedy") or "",
    )
