"""How long the last runs took, step by step, and how they ended: `$VIGIE_HOME/runs/<run_id>.json`.

Belongs here: writing these files while a run works, reading them. Does not belong here: the
orchestrator's own memory (instance.py), which takes seconds to open and may be damaged.

A file without an end is of a run that works, or that was killed.
"""

from __future__ import annotations

import contextlib
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.files import write_whole
from orchestration.settings import Settings

FOLDER = "runs"
#: So many runs are remembered.
KEPT = 30
DONE, FAILED = "done", "failed"


def step_ended(settings: Settings, run_id: str, name: str, begun: float, failed: bool) -> None:
    """Note a step of a run: its name, how long it took since `begun` (time.time), whether it
    failed. What cannot be written stops no run."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        file = _file(settings, run_id)
        said = _read(file) or {"run_id": run_id, "started_at": _text(begun), "steps": []}
        said["steps"].append(
            {"name": name, "seconds": round(time.time() - begun, 1), "failed": failed}
        )
        _write(file, said)


def ended(settings: Settings, run_id: str, outcome: str | None = None) -> None:
    """Note that a run ended, and forget the oldest. `outcome`: done or failed; without one the
    steps say it."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        file, now = _file(settings, run_id), time.time()
        said = _read(file) or {"run_id": run_id, "started_at": _text(now), "steps": []}
        failed = any(step["failed"] for step in said["steps"])
        said["finished_at"] = _text(now)
        said["outcome"] = outcome or (FAILED if failed else DONE)
        _write(file, said)
        files = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in files[:-KEPT]:
            old.unlink(missing_ok=True)


def last_runs(settings: Settings) -> list[dict[str, Any]]:
    """Return the last runs, the newest first.

    Each: run_id, started_at, finished_at and outcome (None while it works, or where it was killed),
    seconds (all steps together), steps: [{name, seconds, failed}]. A damaged file is left out.
    """
    found = []
    for file in (settings.home / FOLDER).glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            said = _read(file)
            if said is None:
                continue
            found.append(
                {
                    "run_id": str(said["run_id"]),
                    "started_at": str(said["started_at"]),
                    "finished_at": said.get("finished_at"),
                    "outcome": said.get("outcome"),
                    "seconds": round(sum(float(step["seconds"]) for step in said["steps"]), 1),
                    "steps": [
                        {name: step[name] for name in ("name", "seconds", "failed")}
                        for step in said["steps"]
                    ],
                }
            )
    return sorted(found, key=lambda one: one["started_at"], reverse=True)[:KEPT]


def _file(settings: Settings, run_id: str) -> Path:
    return settings.home / FOLDER / f"{run_id}.json"


def _read(file: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return said if isinstance(said, dict) else None


def _write(file: Path, said: dict[str, Any]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, json.dumps(said, indent=1))


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
