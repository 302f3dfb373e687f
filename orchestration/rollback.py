"""Going back to an earlier release, and until when that holds.

A rollback stands in the pointer of the current release, with its reason. It holds as long as the
deliveries are those that stood when somebody went back: a run that finds no new one builds nothing,
whatever the code. With the first new delivery (or, when it was asked so, with the next run) a
release is built and published as ever, and the pointer that it moves holds no rollback. What was
decided is kept in `$VIGIE_HOME/rollbacks/`, one file each, never removed.

Belongs here: going back, ending it, whether it holds. Does not belong here: the pointer's file
(release/pointer.py), the command (commands/rollback.py).
"""

from __future__ import annotations

import getpass
import os
from dataclasses import asdict
from datetime import UTC, datetime

from ingest.durable import write_json
from ingest.errors import IngestError
from ingest.masking import holds_number
from ingest.raw import Plan, RawHistory
from orchestration.errors import RollbackError
from orchestration.settings import Settings
from orchestration.texts import say
from release.pointer import Pointer, Rollback, find_pointer
from release.proof import check
from release.publish import point_to
from release.reader import Release, standing

_REASON_CHARACTERS = 1000


def go_back(settings: Settings, release_id: str, reason: str, *, until_next: bool) -> Rollback:
    """Make an earlier release that is kept the current one. Hold the lock of the data folder.

    Raises:
        RollbackError: no such release stands, it is the current one, or the reason is none.
        DamagedReleaseError: it is not the file that was published.
    """
    lang = settings.lang
    reason = _reason(lang, reason)
    now = find_pointer(settings.home)
    there = {one.id: one for one in standing(settings.home)}
    if release_id not in there:
        names = ", ".join([*there][:10]) or "—"
        raise RollbackError(say(lang, "rollback.none", release=release_id, there=names))
    if now is not None and now.release_id == release_id:
        raise RollbackError(say(lang, "rollback.current", release=release_id))
    release = there[release_id]
    check(release.path)
    said = Rollback(
        reason=reason,
        by=_who(),
        at=_now(),
        left=now.release_id if now else None,
        plan=None if until_next else _plan(settings),
    )
    _keep(settings, "back", release_id, said)
    point_to(settings.home, release_id, release.business_date, None, said)
    return said


def lift(settings: Settings, reason: str) -> Pointer:
    """End a rollback: the next run builds and publishes again. Hold the lock of the data folder;
    returns the pointer, which still names the earlier release until then.

    Raises:
        RollbackError: none holds, or the reason is none.
    """
    reason = _reason(settings.lang, reason)
    now = find_pointer(settings.home)
    if now is None or now.rollback is None:
        raise RollbackError(say(settings.lang, "rollback.nothing_to_lift"))
    said = Rollback(**{**asdict(now.rollback), "plan": None})
    _keep(settings, "lift", now.release_id, Rollback(reason, _who(), _now(), said.left, None))
    point_to(settings.home, now.release_id, now.business_date, None, said)
    return now


def in_force(settings: Settings, plan: Plan) -> Release | None:
    """The release that a rollback holds current while these deliveries stand; None where none
    does.
    """
    now = find_pointer(settings.home)
    if now is None or now.rollback is None or now.rollback.plan != plan.fingerprint:
        return None
    return Release(now.release_id, now.path, now.business_date)


def settle(settings: Settings, plan: Plan) -> str:
    """Say that a rollback holds, where a run builds nothing because of it; end one that holds no
    longer although nothing had to be built. Returns the sentence, or nothing.
    """
    now = find_pointer(settings.home)
    if now is None or now.rollback is None:
        return ""
    if in_force(settings, plan) is None:
        point_to(settings.home, now.release_id, now.business_date, None)
        return ""
    values = {"release": now.release_id, "reason": now.rollback.reason}
    return say(settings.lang, "rollback.holds", **values)


def _plan(settings: Settings) -> str:
    try:
        return RawHistory(settings.home).plan().fingerprint
    except IngestError:
        # No delivery stands: the first one ends it.
        return ""


def _reason(lang: str, reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > _REASON_CHARACTERS or not reason.isprintable():
        raise RollbackError(say(lang, "rollback.reason", most=_REASON_CHARACTERS))
    if holds_number(reason):
        raise RollbackError(say(lang, "rollback.number"))
    return reason


def _keep(settings: Settings, what: str, release_id: str, said: Rollback) -> None:
    folder = settings.home / "rollbacks"
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    told = {"what": what, "release_id": release_id, **asdict(said)}
    write_json(folder / f"{moment}.json", told)


def _who() -> str:
    return os.environ.get("VIGIE_USER") or getpass.getuser()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
