"""The state of a data folder at a glance: what stands, how fresh it is, what is held back.

Belongs here: `vigie status`, and the age of a release. Does not belong here: computing any of it
anew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from orchestration.moments import BRUSSELS, gigabytes, moment, number
from orchestration.settings import Settings
from orchestration.texts import has, say
from release.errors import BrokenReleaseError, NoReleaseError
from release.pointer import find_pointer
from release.reader import Release, open_release

if TYPE_CHECKING:
    from orchestration.audit import Audit

#: How a run ended (watch/runs.py), in words.
_ENDED = {"done": "status.run.done", "failed": "status.run.failed"}


def freshness(settings: Settings, business_date: date) -> dict[str, Any]:
    """Age of data as of a business date: {hours since the end of that day in Brussels,
    is_fresh}.
    """
    end = datetime.combine(business_date + timedelta(days=1), time(), BRUSSELS)
    hours = round((datetime.now(BRUSSELS) - end).total_seconds() / 3600, 1)
    return {"hours": hours, "is_fresh": hours <= settings.fresh_hours}


def read_status(settings: Settings) -> dict[str, Any]:
    """The state, with the keys that `vigie status --json` writes.

    `release` and `freshness` are None when no release is published, or when the current one cannot
    be used (`release_fault` is the sentence about it; None otherwise), `rollback` when nobody went
    back to it; `refused`, `held` and `waiting` list deliveries, `deliveries` counts those in force;
    `alarms` are those that are on, by name, since when. What else there is: watch/facts.py.
    """
    from ingest import raw
    from orchestration.watch import alarms
    from orchestration.watch.facts import measured

    release, fault = _current(settings)
    state = raw.status(settings.home)
    open_rows: Counter[str] = Counter()
    for held in state["open_quarantine"]:
        open_rows[held["extract"]] += held["rows"]
    files: Counter[tuple[str, str]] = Counter()
    for held in state["open_quarantine"]:
        files[held["delivery_id"], held["file"]] += held["rows"]
    return {
        "release": None
        if release is None
        else {
            "release_id": release.id,
            "business_date": release.business_date.isoformat(),
            "built_at": release.built_at.isoformat(timespec="seconds") + "Z",
        },
        "release_fault": fault,
        "rollback": _rollback(settings),
        "freshness": None if release is None else freshness(settings, release.business_date),
        "quarantine": {"open": sum(open_rows.values()), "by_extract": dict(open_rows)},
        "quarantine_files": [
            {"delivery_id": delivery_id, "file": file, "rows": rows}
            for (delivery_id, file), rows in files.items()
        ],
        "checks": _checks(settings, release),
        "refused": state["refused"],
        "held": state["held"],
        "waiting": _waiting(settings),
        "deliveries": state["deliveries"],
        **measured(settings),
        "alarms": alarms.current(settings),
    }


def render(settings: Settings, status: dict[str, Any]) -> str:
    """The state as lines for a person."""
    lang = settings.lang
    lines = []

    def line(key: str, value: str) -> None:
        lines.append(f"{say(lang, key):<14}{value}")

    if status["release"] is None:
        lines.append(status["release_fault"] or say(lang, "status.none"))
    else:
        about = {**status["release"], "built_at": moment(lang, status["release"]["built_at"])}
        line("status.release", say(lang, "status.release.value", **about))
        if back := status["rollback"]:
            key = "status.rollback.deliveries" if back["plan"] else "status.rollback.run"
            told = {**back, "left": back["left"] or "—", "at": moment(lang, back["at"])}
            line("status.rollback", say(lang, key, **told))
        age = status["freshness"]
        key = "status.freshness.fresh" if age["is_fresh"] else "status.freshness.stale"
        hours = number(lang, age["hours"])
        line("status.freshness", say(lang, key, hours=hours, limit=settings.fresh_hours))
    none = say(lang, "status.nothing")
    held = status["quarantine"]["by_extract"]
    line("status.quarantine", ", ".join(f"{name} {rows}" for name, rows in held.items()) or none)
    for file in status["quarantine_files"]:
        lines.append("  {delivery_id}/{file}: {rows}".format(**file))
    found = status["checks"]
    line(
        "status.checks",
        say(
            lang,
            "status.checks.value",
            failed=len(found["failed"]),
            warnings=len(found["warnings"]),
        ),
    )
    for check in (*found["failed"], *found["warnings"]):
        lines.append(f"  {check['check_id']} ({check['failures']}): {_explained(lang, check)}")
    line("status.refused", str(len(status["refused"])) if status["refused"] else none)
    for refused in status["refused"]:
        # A note of the version before has the first fault alone.
        for fault in refused.get("faults", [refused]):
            where = "/".join(filter(None, (refused["delivery_id"], fault["file"])))
            lines.append(f"  {where}: {fault['reason']}; {fault['remedy']}.")
    line("status.held", str(len(status["held"])) if status["held"] else none)
    for held in status["held"]:
        lines.append("  " + say(lang, "status.held.value", **held))
        for drop in held["extracts"]:
            amounts = say(lang, "held.amounts", **drop) if drop["amount_before"] else ""
            lines.append("    " + say(lang, "held.extract", **drop) + amounts)
    line("status.waiting", ", ".join(status["waiting"]) or none)
    lines += _watched(lang, status)
    return "\n".join(lines)


def _explained(lang: str, check: dict[str, Any]) -> str:
    """What a check found. A warning, which is there to be explained, has words in each language;
    a check that stops a run says itself as it is declared."""
    from orchestration.audit import EXAMPLE

    key = f"warned.{check['check_id']}"
    _, mark, example = check["explanation"].partition(EXAMPLE)
    if not has(key):
        return check["explanation"]
    return say(lang, key) + (say(lang, "warned.example", example=example) if mark else "")


def _current(settings: Settings) -> tuple[Release | None, str | None]:
    """The current release, or the sentence about why it cannot be used: what else there is to tell
    is told all the same."""
    try:
        release = open_release(settings.home)
        release.prove()
    except NoReleaseError:
        return None, None
    except BrokenReleaseError as error:
        return None, error.sentence(settings.lang)
    return release, None


def _rollback(settings: Settings) -> dict[str, Any] | None:
    """Why the current release is an earlier one; None where it is the one published last."""
    pointer = find_pointer(settings.home)
    return asdict(pointer.rollback) if pointer and pointer.rollback else None


def _watched(lang: str, status: dict[str, Any]) -> list[str]:
    """How long the last run took, what there is room for, the last backup, how the last extraction
    of each source ended, alarms that are on."""
    none = say(lang, "status.nothing")
    runs, backup, free = status["runs"], status["last_backup"], status["sizes"].get("free")
    ended = [_as_read(lang, one) for one in runs if one["outcome"] is not None]
    kept = backup and _as_read(lang, backup)
    told = {
        "status.run": say(lang, _ENDED[ended[0]["outcome"]], **ended[0]) if ended else "–",
        "status.free": "–" if free is None else gigabytes(lang, free),
        "status.backup": say(lang, "status.backup.value", **kept) if kept else "–",
        "status.sources": ", ".join(_extraction(lang, one) for one in status["extractions"]),
        "status.alarms": ", ".join(status["alarms"]) or none,
    }
    if not status["extractions"]:
        del told["status.sources"]
    return [f"{say(lang, key):<14}{value}" for key, value in told.items()]


def _as_read(lang: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a sentence says of a run or a copy: its moment, hours and seconds as a person reads
    them."""
    forms = {"finished_at": moment, "hours": number, "seconds": number}
    return {name: forms[name](lang, one) if name in forms else one for name, one in said.items()}


def _extraction(lang: str, one: dict[str, Any]) -> str:
    if one["finished_at"] is None:
        return say(lang, "status.sources.never", source=one["source"])
    key = "status.sources.failed" if one["failed"] else "status.sources.done"
    return say(lang, key, source=one["source"], at=moment(lang, one["finished_at"]))


def _waiting(settings: Settings) -> list[str]:
    """Deliveries that are ready and neither loaded nor refused: the next run takes them."""
    from ingest.bounds import file_stem, told
    from ingest.delivery import ready_folders
    from ingest.raw import RawHistory

    history = RawHistory(settings.home)
    settled = {receipt.delivery_id for receipt in history.receipts()}
    settled |= {file.stem for file in history.refusals.glob("*.json")}
    settled |= {file.stem for file in (settings.home / "held").glob("*.json")}
    ready = [told(folder.name) for folder in ready_folders(settings.landing)]
    return [name for name in ready if file_stem(name) not in settled]


def _checks(settings: Settings, release: Release | None) -> dict[str, list[dict[str, Any]]]:
    from orchestration.audit import read_audit

    audit = read_audit(settings) or _published_checks(release)
    return {
        "failed": [asdict(check) for check in audit.stopping] if audit else [],
        "warnings": [asdict(check) for check in audit.warnings] if audit else [],
    }


def _published_checks(release: Release | None) -> Audit | None:
    """What stands in the release, where nothing is kept of the last audit or it is damaged."""
    from orchestration.audit import Audit, Check

    if release is None:
        return None
    names = ", ".join(field.name for field in fields(Check))
    rows = release.cursor().execute(f"select {names} from meta.checks").fetchall()
    return Audit(tuple(Check(*row) for row in rows), release.id)
