"""What would grow for ever in a data folder beside raw history and releases, bounded by age and
size; swept by each run before its first step, while it holds the lock.

| what | bound |
|---|---|
| runs in the orchestrator's memory, their events | `VIGIE_KEEP_DAYS`, `VIGIE_HISTORY_MB` |
| logs, those of the programs of `vigie serve` too | `VIGIE_KEEP_DAYS`, `VIGIE_LOG_MB` |
| the record of accesses to the pages | `VIGIE_KEEP_ACCESS_MONTHS` |
| notes on an account, once the newest is so old | `VIGIE_KEEP_NOTES_MONTHS` |
| subscriptions that ended, and what was sent of them | `VIGIE_KEEP_DAYS` |
| notices, messages in the outbox, refusals of deliveries that left landing | `VIGIE_KEEP_DAYS` |
| packages of the desk that never left | `VIGIE_KEEP_VERSION_DAYS` |
| drafts of killed processes, queries that dbt compiled | the next run |

The last run is always kept. What cannot be swept is told in the log and stops nothing. Does not
belong here: releases (release.publish), raw history (never swept).
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.files import remove
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

log = logging.getLogger("vigie")
_HOUR, _DAY = 3_600, 86_400
_MB = 1_000_000
# Small files that are renamed once they are whole: none is written for an hour.
_WATCHED = ("outbox", "feeds", "metrics", "alarms", "runs")
_DRAFT = re.compile(r"\..+\.(tmp|incoming)")


def sweep(settings: Settings, instance: DagsterInstance, run_id: str) -> None:
    """Remove what is past its bound. `run_id` is the run that sweeps."""
    _told(lambda: _sweep_history(settings, instance, run_id))
    _told(lambda: _sweep_logs(settings))
    _told(lambda: _sweep_notes(settings))
    _told(lambda: _sweep_versions(settings))
    _told(lambda: _sweep_drafts(settings))
    _told(lambda: _sweep_accesses(settings))
    _told(lambda: forget_notes(settings))
    _told(lambda: _forget_subscriptions(settings))


def _told(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # the run has more important things to do
        log.warning("sweeping failed", exc_info=error)


def _sweep_history(settings: Settings, instance: DagsterInstance, run_id: str) -> None:
    folder = settings.dagster / "history" / "runs"
    known, total, removed = set(), 0, 0
    limit = settings.history_mb * _MB
    for record in instance.get_run_records():  # the newest first
        run = record.dagster_run
        known.add(run.run_id)
        if not run.is_finished or run.run_id == run_id:
            continue
        mine = [*folder.glob(f"{run.run_id}.db*"), settings.dagster / "storage" / run.run_id]
        _fold_log(folder / f"{run.run_id}.db")
        total += sum(map(_size, mine))
        is_old = record.create_timestamp.timestamp() < time.time() - settings.keep_days * _DAY
        if is_old or (total > limit and len(known) > 2):
            instance.delete_run(run.run_id)
            instance.event_log_storage.forget(run.run_id)
            removed += 1
            for file in mine:
                remove(file)
    for file in folder.glob("*.db*"):
        # Of a run that was killed before it was written down.
        if file.name.partition(".")[0] not in known | {"index"} and _age(file) > _DAY:
            remove(file)
    if removed:
        for file in (folder / "index.db", folder.parent / "runs.db"):
            _shrink(file)


def _fold_log(file: Path) -> None:
    """Bring what a killed run left beside its file into it."""
    beside = file.with_name(f"{file.name}-wal")
    if beside.exists() and beside.stat().st_size:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")


def _shrink(file: Path) -> None:
    """Give back the space of what was removed, once it is most of a file. Somebody who reads it at
    this moment stays undisturbed: then another time.
    """
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(file, timeout=1)) as connection,
    ):
        pages, free = (
            connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_count", "freelist_count")
        )
        if free * 2 > pages:
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")


def _sweep_logs(settings: Settings) -> None:
    files = sorted(settings.logs.glob("*.log*"), key=lambda file: file.stat().st_mtime)
    limit = settings.log_mb * _MB
    for file in files:
        if file.suffix == ".log":
            _cut(file, limit // 10)
    kept = sum(map(_size, files))
    for file in files:
        if file.suffix != ".log" and (kept > limit or _age(file) > settings.keep_days * _DAY):
            kept -= _size(file)
            file.unlink()


def _cut(file: Path, limit: int) -> None:
    """Keep the end of a log that has grown too long. Its writers append, and go on behind it."""
    if _size(file) <= limit:
        return
    with open(file, "r+b") as content:
        content.seek(-limit // 2, os.SEEK_END)
        content.readline()
        end = content.read()
        content.seek(0)
        content.write(end)
        content.truncate()


def _sweep_notes(settings: Settings) -> None:
    limit = settings.keep_days * _DAY
    notes: Iterable[Path] = (
        *settings.notices.glob("*.txt"),
        *(settings.home / "outbox").glob("*.eml"),
        *(
            file
            for file in (settings.home / "refusals").glob("*.json")
            if not (settings.landing / file.stem).exists()
        ),
    )
    for file in notes:
        if _age(file) > limit:
            file.unlink()


def _sweep_versions(settings: Settings) -> None:
    if not (settings.home / "desk" / "requests").is_dir():
        return
    # Late: the libraries of databases, for who has a desk.
    from exports.register.kept import clear_versions
    from orchestration.desk import open_clock_desk

    clear_versions(open_clock_desk(settings), settings.keep_version_days)


def _sweep_drafts(settings: Settings) -> None:
    for name in ("compiled", "run"):
        remove(settings.dbt / "target" / name)
    for name in ("warehouse", "notices", "refusals", "dagster", "dbt", "releases", *_WATCHED):
        for path in (settings.home / name).glob(".*"):
            if _DRAFT.fullmatch(path.name) and _age(path) > _HOUR:
                remove(path)


def _sweep_accesses(settings: Settings) -> None:
    # Late: a run has nothing else to do with the pages.
    from dashboards.access.log import end_months

    end_months(settings.keep_access_months, settings.home)


def forget_notes(settings: Settings) -> None:
    """Take away the notes on accounts of which the newest is older than the setting."""
    url = os.environ.get("VIGIE_NOTEBOOK")
    if url is None and not (settings.home / "notebook").is_dir():
        return
    # Late: most runs have no notebook to look at.
    from dashboards.notebook.store import Notebook

    days = settings.keep_notes_months * 365.25 / 12
    Notebook(settings.home, url).forget(datetime.now(UTC) - timedelta(days=days))


def _forget_subscriptions(settings: Settings) -> None:
    """Take away what was sent, and subscriptions that ended, past the days that notices are kept;
    feeds of persons of whom nothing is left."""
    url = os.environ.get("VIGIE_SUBSCRIPTIONS")
    if url is None and not (settings.home / "subscriptions").is_dir():
        return
    # Late: most runs have no subscriber.
    from dashboards.subscriptions.feed import path_of
    from dashboards.subscriptions.store import Subscriptions

    store = Subscriptions(settings.home, url)
    store.forget(datetime.now(UTC) - timedelta(days=settings.keep_days))
    kept = {path_of(settings.home, person) for person in store.persons().values()}
    for file in (settings.home / "feeds").glob("*.atom"):
        if file not in kept:
            file.unlink()


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0
