"""The orchestrator's own memory (DAGSTER_HOME = $VIGIE_HOME/dagster) and its settings, written by
code.

Belongs here: dagster.yaml, opening the instance and proving that it is ours, closing the record of
a run that was killed. Does not belong here: the graph (definitions.py).
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import yaml

from orchestration import private
from orchestration.errors import StorageError
from orchestration.files import write_whole
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

# Pools count whole runs: a slot held by a step of a killed run would stop every later one.
# Retries are for workers that die; a refused delivery or a failed audit fails the same way twice.
CONFIG = """\
# Written by Vigie at each start (orchestration/instance.py); changes here are lost.
telemetry:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: EventLog
  config:
    base_dir: {history}
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
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: -1
"""


def prepare_home(settings: Settings) -> None:
    """Write dagster.yaml and point DAGSTER_HOME at it, for this process and its children, which
    write for their own account alone.
    """
    private.set_mask()
    write_whole(settings.dagster / "dagster.yaml", _config(settings))
    os.environ["DAGSTER_HOME"] = str(settings.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def open_instance(settings: Settings) -> DagsterInstance:
    """The persistent instance of a data folder, whose storage was read once and whose settings were
    compared with ours: where the orchestrator does not find them it takes its own without a word,
    and those send telemetry and retry without end.

    Raises:
        StorageError: the storage does not open, or the settings are not ours.
    """
    from dagster import DagsterInstance

    prepare_home(settings)
    try:
        instance = DagsterInstance.from_config(str(settings.dagster))
        _read_storage(instance)
    except Exception as error:  # of SQLite, of its migrations, of the settings
        raise StorageError(settings.lang, settings.dagster) from error
    if wrong := _other_settings(instance, yaml.safe_load(_config(settings))):
        raise StorageError(settings.lang, settings.dagster, wrong)
    return instance


def _config(settings: Settings) -> str:
    return CONFIG.format(history=json.dumps(str(settings.dagster / "history" / "runs")))


def _read_storage(instance: DagsterInstance) -> None:
    """A look into each of its files that all runs share: some damage shows only then."""
    instance.get_run_records(limit=1)
    instance.get_asset_keys(limit=1)
    instance.all_instigator_state()


def _other_settings(instance: DagsterInstance, ours: dict[str, object]) -> list[str]:
    """The settings of an instance that are not those of dagster.yaml."""
    from orchestration.event_log import EventLog

    own_log = isinstance(instance.event_log_storage, EventLog)
    del ours["event_log_storage"]
    wrong = [name for name, value in ours.items() if instance.get_settings(name) != value]
    wrong += [] if own_log else ["event_log_storage"]
    return wrong + (["telemetry"] if instance.telemetry_enabled else [])


def close_interrupted(instance: DagsterInstance, run_id: str | None) -> None:
    """Mark a run as failed whose process was killed: it would count as running for ever."""
    run = instance.get_run_by_id(run_id) if run_id else None
    if run is not None and not run.is_finished:
        instance.report_run_failed(run, "The process of this run was killed.")
