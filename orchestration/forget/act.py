"""Forgetting persons, step by step: names chosen and kept aside, raw history, judgements, states
of sources, releases, notebook, notices, what a build left; then the trace, and the names go.

Each step may be done again: a killed forgetting is finished by the next command that writes (run,
forget). Does not belong here: how a file is rewritten.
"""

from __future__ import annotations

import getpass
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import forget as raw
from ingest.forget import Renaming
from ingest.load import load_ready
from ingest.masking import holds_number
from ingest.raw import RawHistory
from ingest.source.forget import forget_keys, nobody_extracts
from orchestration import build
from orchestration.errors import ForgetError
from orchestration.forget import expired, notices, releases
from orchestration.forget.trace import (
    Trace,
    following,
    keep,
    pending,
    put_pending,
    traces,
)
from orchestration.private import refuse_shut_out
from orchestration.settings import Settings
from orchestration.texts import say
from release.reader import close_all

_ACCOUNT = re.compile(r"A[0-9]{8}")
_REASON_CHARACTERS = 1000


def forget(settings: Settings, account: str, reason: str) -> Trace:
    """Forget the person behind a dossier. Hold the lock of the data folder.

    Raises:
        ForgetError: no such dossier of a person, or the reason is none.
    """
    lang = settings.lang
    finish(settings)
    if not _ACCOUNT.fullmatch(account):
        raise ForgetError(say(lang, "forget.form"))
    reason = _reason(lang, reason)
    names = raw.renaming(RawHistory(settings.home), [account])
    if names is None:
        raise ForgetError(say(lang, "forget.nobody"))
    return _begin(settings, names, reason, _who())


def forget_expired(settings: Settings, reason: str) -> Trace | None:
    """Forget everybody whose keeping time has passed, all at once and with one trace; None where
    there is nobody. Hold the lock of the data folder.

    Raises:
        ForgetError: the reason is none, or nothing says who owes nothing (expired.py).
    """
    finish(settings)
    reason = _reason(settings.lang, reason)
    found = expired.expired(settings).persons
    accounts = [account for person in found for account in person.accounts]
    names = raw.renaming(RawHistory(settings.home), accounts) if accounts else None
    return _begin(settings, names, reason, _who()) if names else None


def finish(settings: Settings) -> Trace | None:
    """Finish what a killed forgetting left; None where nothing was left. Hold the lock."""
    left = pending(settings.home, settings.lang)
    if left is None:
        return None
    with nobody_extracts(settings.home):
        return _carry_out(settings, left)


def replay(settings: Settings, missing: Sequence[Trace]) -> list[Trace]:
    """Forget anew, in a folder that was restored from a copy of before, whom these traces name.
    Hold the lock; returns the traces that were written.
    """
    history, done = RawHistory(settings.home), []
    finish(settings)
    for trace in missing:
        there = raw.marks(history)
        accounts = [name for name, mark in there.items() if mark in trace.accounts]
        names = raw.renaming(history, accounts) if accounts else None
        if names:
            done.append(_begin(settings, names, trace.reason, trace.by))
    return done


def returned(settings: Settings) -> list[int]:
    """Numbers of the traces whose person a later delivery has brought again."""
    known = {
        mark: one.number for one in traces(settings.home, settings.lang) for mark in one.accounts
    }
    if not known:
        return []
    there = raw.marks(RawHistory(settings.home)).values()
    return sorted({known[mark] for mark in there if mark in known})


def _begin(settings: Settings, names: Renaming, reason: str, by: str) -> Trace:
    # What lies in a folder that is closed to this account would keep the names.
    refuse_shut_out(settings.home)
    history = RawHistory(settings.home)
    number, _ = following(settings.home, settings.lang)
    left = {
        "number": number,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": by,
        "reason": reason,
        "marks": sorted(raw.marks(history, names.accounts).values()),
        "deliveries": raw.deliveries(history, names),
        "releases": [one.stem for one in releases.holding(settings.releases, names.all)],
        "accounts": dict(names.accounts),
        "persons": dict(names.persons),
    }
    with nobody_extracts(settings.home):
        put_pending(settings.home, left)
        return _carry_out(settings, left)


def _carry_out(settings: Settings, left: dict[str, Any]) -> Trace:
    history = RawHistory(settings.home)
    names = Renaming(left["accounts"], left["persons"])
    close_all()
    raw.rename(history, names, left["number"])
    _judge_anew(settings)
    forget_keys(settings.home, names.accounts)
    for file in releases.holding(settings.releases, names.all):
        releases.rewrite(file, names.all)
    for release_id in left["releases"]:
        if (file := settings.releases / f"{release_id}.duckdb").is_file():
            releases.mend(file)
    notes = _forget_notes(settings, list(names.accounts))
    told = notices.forget(settings, list(names.accounts))
    # Rebuilt by the next run; what a build found may show a row.
    build.discard(settings)
    for name in ("history.duckdb", "audit.json", "build.json"):
        (settings.warehouse / name).unlink(missing_ok=True)
    number, previous = following(settings.home, settings.lang)
    trace = Trace(
        number=number,
        at=left["at"],
        by=left["by"],
        reason=left["reason"],
        accounts=tuple(left["marks"]),
        deliveries=tuple(left["deliveries"]),
        releases=tuple(left["releases"]),
        notes=notes,
        previous=previous,
        notices=told,
    )
    keep(settings.home, trace)
    return trace


def _judge_anew(settings: Settings) -> None:
    """Judgements hold keys and kept rows: they are made anew, with no delivery in sight."""
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".forgetting-") as nothing:
        load_ready(Path(nothing), settings.home)


def _forget_notes(settings: Settings, accounts: list[str]) -> int:
    url = os.environ.get("VIGIE_NOTEBOOK")
    if url is None and not (settings.home / "notebook").is_dir():
        return 0
    # Late: the libraries of databases.
    from dashboards.notebook.store import Notebook

    return Notebook(settings.home, url).take_away(accounts)


def _reason(lang: str, reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > _REASON_CHARACTERS or not reason.isprintable():
        raise ForgetError(say(lang, "rollback.reason", most=_REASON_CHARACTERS))
    # The trace stays for ever: it may not say whom it concerns.
    if holds_number(reason) or re.search(r"A[0-9]{8}", reason):
        raise ForgetError(say(lang, "forget.identity"))
    return reason


def _who() -> str:
    return os.environ.get("VIGIE_USER") or getpass.getuser()
