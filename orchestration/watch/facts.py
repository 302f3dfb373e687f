"""What is measured of a data folder beside what `vigie status` always told: sizes, runs, backup,
extractions.

Belongs here: measuring it. Does not belong here: what is too much of it (alarms.yaml), its text
formats (status.py, metrics.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.extraction import LAST
from orchestration.settings import Settings
from orchestration.watch.runs import FAILED, last_runs

#: Parts of a data folder whose size is told, and the folders they are.
_SIZED = {
    "raw": ("raw", "judgements"),
    "releases": ("releases",),
    "warehouse": ("warehouse",),
    "logs": ("logs",),
    "history": ("dagster",),
    "access": ("access",),
}


def measured(settings: Settings) -> dict[str, Any]:
    """Return the keys that are added to the state (orchestration/status.py): `runs`, `sizes`
    (bytes), `last_backup`, `extractions`."""
    return {
        "runs": last_runs(settings),
        "sizes": sizes(settings),
        "last_backup": last_backup(settings),
        "extractions": extractions(settings),
    }


def flat(settings: Settings, state: dict[str, Any]) -> dict[str, float | None]:
    """Return what alarms compare, by name, from a state (status.read_status); None where there is
    nothing to compare."""
    from orchestration.sending import unsent

    age, backup, runs = state["freshness"], state["last_backup"], state["runs"]
    ended = [one for one in runs if one["outcome"] is not None]
    is_new = state["release"] is None and not state["deliveries"]
    return {
        "data_age_hours": age and age["hours"],
        "releases_current": None if is_new else float(state["release"] is not None),
        "deliveries_refused": len(state["refused"]),
        "deliveries_held": len(state["held"]),
        "last_run_failed": float(ended[0]["outcome"] == FAILED) if ended else None,
        "checks_failed": len(state["checks"]["failed"]),
        "quarantine_open_rows": state["quarantine"]["open"],
        "backup_age_hours": backup and backup["hours"],
        "backups_missing": None if is_new else float(backup is None),
        "sources_failed": sum(one["failed"] for one in state["extractions"]),
        "notices_unsent": unsent(settings),
    }


def sizes(settings: Settings) -> dict[str, int]:
    """Return bytes by part of the data folder, `free` and `total` of its disk."""
    found = {name: sum(_bytes(settings.home / one) for one in parts) for name, parts in
             _SIZED.items()}  # fmt: skip
    home = settings.home if settings.home.is_dir() else settings.home.parent
    with contextlib.suppress(OSError):
        disk = shutil.disk_usage(home)
        found |= {"free": disk.free, "total": disk.total}
    return found


def last_backup(settings: Settings) -> dict[str, Any] | None:
    """Return what the last backup left behind: finished_at, hours since, destination, files,
    bytes; None where there was none, or what it left cannot be read."""
    said = _json(settings.home / "backup" / "last.json")
    try:
        at = _moment(said["finished_at"])
        return {
            "finished_at": said["finished_at"],
            "hours": hours_since(at),
            "destination": str(said["destination"]),
            "files": int(said["files"]),
            "bytes": int(said["bytes"]),
        }
    except (KeyError, ValueError, TypeError):
        return None


def extractions(settings: Settings) -> list[dict[str, Any]]:
    """Return the last extraction of each source (`sources/<name>/last.json`): source, finished_at,
    hours since, whether it failed. A source that was never extracted has None."""
    found = []
    for folder in sorted((settings.home / "sources").glob("*/")):
        said = _json(folder / LAST)
        try:
            finished, failed = said["finished_at"], bool(said.get("failed"))
            hours = hours_since(_moment(finished))
        except (KeyError, ValueError, TypeError):
            finished, hours, failed = None, None, False
        found.append(
            {"source": folder.name, "finished_at": finished, "hours": hours, "failed": failed}
        )
    return found


def hours_since(at: datetime) -> float:
    """Return the hours since a moment, to a tenth."""
    return round((datetime.now(UTC) - at).total_seconds() / 3600, 1)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _json(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _bytes(top: Path) -> int:
    total = 0
    for folder, _, files in os.walk(top):
        for name in files:
            # A file that went meanwhile has no size.
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_size
    return total
