"""The orchestrator's own memory (DAGSTER_HOME = $VIGIE_HOME/dagster) and its settings, written by
code.

Belongs here: dagster.yaml, opening the instance, closing the record of a run that was killed. Does
not belong here: the graph (definitions.py).
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from orchestration import private
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
    settings.dagster.mkdir(parents=True, exist_ok=True)
    file = settings.dagster / "dagster.yaml"
    config = CONFIG.format(history=json.dumps(str(settings.dagster / "history" / "runs")))
    if not file.exists() or file.read_text(encoding="utf-8") != config:
        file.write_text(config, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def open_instance(settings: Settings) -> DagsterInstance:
    """The persistent instance of a data folder."""
    from dagster import DagsterInstance

    prepare_home(settings)
    return DagsterInstance.from_config(str(settings.dagster))


def close_interrupted(instance: DagsterInstance, run_id: str | None) -> None:
    """Mark a run as failed whose process was killed: it would count as running for ever."""
    run = instance.get_run_by_id(run_id) if run_id else None
    if run is not None and not run.is_finished:
        instance.report_run_failed(run, "The process of this run was killed.")
