"""The orchestrator's own memory (DAGSTER_HOME = $VIGIE_HOME/dagster) and its settings, written by
code.

Belongs here: dagster.yaml, opening the instance, closing the record of a run that was killed. Does
not belong here: the graph (definitions.py).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

# Pools count whole runs: a slot held by a step of a killed run would stop every later one.
# Retries are for workers that die; a refused delivery or a failed audit fails the same way twice.
CONFIG = """\
# Written by Vigie at each start (orchestration/instance.py); changes here are lost.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
    granularity: run
  runs:
    max_concurrent_runs: 1
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  poll_interval_seconds: 60
freshness:
  enabled: true
retention:
  schedule: {purge_after_days: 90}
  sensor: {purge_after_days: {skipped: 7, failure: 30, success: -1}}
"""


def prepare_home(settings: Settings) -> None:
    """Write dagster.yaml and point DAGSTER_HOME at it, for this process and its children."""
    settings.dagster.mkdir(parents=True, exist_ok=True)
    file = settings.dagster / "dagster.yaml"
    if not file.exists() or file.read_text(encoding="utf-8") != CONFIG:
        file.write_text(CONFIG, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def open_instance(settings: Settings) -> DagsterInstance:
    """The persistent instance of a data folder."""
    from dagster import DagsterInstance

    prepare_home(settings)
    return DagsterInstance.from_config(str(settings.dagster))


@contextmanager
def quick_events(settings: Settings) -> Iterator[None]:
    """Within: an event of a run costs a write, not a new engine and a wait for the disk.

    For each of the 700 events of a run the orchestrator makes a SQLAlchemy engine anew (which then
    compiles each statement anew) and opens and closes its SQLite files (each close empties the
    write-ahead log to the disk): 30 ms and more. Here engines and their connections are kept.
    `NORMAL` keeps the shared files whole after a loss of power; the file of one run, which only
    serves to look at that run, is not waited for at all. And what a step puts out, some 600 assets
    and checks, is listed once per step, not once more for each of them.
    """
    from dagster._core.execution.context.system import StepExecutionContext
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    modules = (sqlite_event_log, sqlite_run_storage)
    create_engine = sqlite_event_log.create_engine
    engines: dict[str, Engine] = {}

    def keep_engine(address: str, **options: Any) -> Engine:
        engine = engines.get(address)
        if engine is None:
            # Without their pool class, which keeps no connection; and they dispose after each use.
            options.pop("poolclass", None)
            engine = engines[address] = create_engine(address, **options)
            event.listen(engine, "connect", _write_quickly)
            engine.dispose = lambda close=True: None
        return engine

    list_outputs = StepExecutionContext.get_output_asset_keys

    for module in modules:
        module.create_engine = keep_engine
    StepExecutionContext.get_output_asset_keys = cache(list_outputs)
    try:
        yield
    finally:
        StepExecutionContext.get_output_asset_keys = list_outputs
        for module in modules:
            module.create_engine = create_engine
        for engine in engines.values():
            Engine.dispose(engine)


def _write_quickly(connection: sqlite3.Connection, _: object) -> None:
    file = Path(connection.execute("pragma database_list").fetchone()[2])
    mode = "normal" if file.name in ("index.db", "runs.db") else "off"
    connection.execute(f"pragma synchronous = {mode}")


def close_interrupted(instance: DagsterInstance, run_id: str | None) -> None:
    """Mark a run as failed whose process was killed: it would count as running for ever."""
    run = instance.get_run_by_id(run_id) if run_id else None
    if run is not None and not run.is_finished:
        instance.report_run_failed(run, "The process of this run was killed.")
