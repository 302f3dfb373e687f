"""The traces of forgetting: `$VIGIE_HOME/forgotten/<number>.json`, one each, a chain of hashes.

A trace says when, by whom and why, and which deliveries and releases were rewritten. Whom it
concerned it says by the hash of each dossier under the key of the pseudonyms alone: enough to find
the person again in an older copy or in a later delivery, for who has the key. While a forgetting is
under way its names lie in `.pending.json`; that file goes with the last step.

Does not belong here: the forgetting (act.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.durable import seal_holds, sealed, sha256, write_json
from orchestration.errors import ForgetError
from orchestration.texts import say

FOLDER, _PENDING = "forgotten", ".pending.json"
BEGIN = "0" * 64


@dataclass(frozen=True)
class Trace:
    """One forgetting. `accounts` are hashes, `previous` is the hash of the trace before."""

    number: int
    at: str
    by: str
    reason: str
    accounts: tuple[str, ...]
    deliveries: tuple[str, ...]
    releases: tuple[str, ...]
    notes: int
    previous: str
    #: Subscriptions and messages of the outbox that were taken away.
    notices: int = 0


def traces(home: Path, lang: str) -> list[Trace]:
    """All traces in their order.

    Raises:
        ForgetError: one is damaged, missing, or does not follow the one before.
    """
    found, previous = [], BEGIN
    for number, file in enumerate(sorted((home / FOLDER).glob("[0-9]*.json")), 1):
        trace = read(file, lang)
        if (trace.number, trace.previous) != (number, previous):
            raise ForgetError(say(lang, "forget.broken", file=file))
        previous = sha256(file)
        found.append(trace)
    return found


def read(file: Path, lang: str) -> Trace:
    """One trace, wherever its file lies."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if "seal" not in data or not seal_holds(data):
            raise ValueError("seal")
        for name in ("accounts", "deliveries", "releases"):
            data[name] = tuple(data[name])
        return Trace(**data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ForgetError(say(lang, "forget.broken", file=file)) from None


def following(home: Path, lang: str) -> tuple[int, str]:
    """The number of the next trace, and the hash of the last one."""
    last = len(traces(home, lang))
    return last + 1, sha256(_file(home, last)) if last else BEGIN


def keep(home: Path, trace: Trace) -> None:
    """Write a trace, then take away the names that were under way."""
    write_json(_file(home, trace.number), sealed(json.loads(json.dumps(asdict(trace)))))
    (home / FOLDER / _PENDING).unlink(missing_ok=True)


def put_pending(home: Path, names: Mapping[str, Any]) -> None:
    """Keep what is under way until it is done."""
    (home / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
    write_json(home / FOLDER / _PENDING, dict(names))


def pending(home: Path, lang: str) -> dict[str, Any] | None:
    """What a killed forgetting left to be done; None where nothing is."""
    file = home / FOLDER / _PENDING
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise ForgetError(say(lang, "forget.broken", file=file)) from None


def _file(home: Path, number: int) -> Path:
    return home / FOLDER / f"{number:06d}.json"
