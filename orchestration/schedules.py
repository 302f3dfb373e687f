"""When runs start by the clock. Does not belong here: runs that start by an event (sensors.py)."""

from __future__ import annotations

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
)

SOURCES = "sources"

# Everything, with its checks, in one process: the steps are few and coarse and share one warehouse
# file. Not the sources: each has a clock of its own (sources.py); what it delivers starts a run.
JOB = define_asset_job(
    "delivery_to_release",
    selection=AssetSelection.all() - AssetSelection.groups(SOURCES),
    executor_def=in_process_executor,
    description="Load what is ready, build, audit, publish, write the first statistics.",
)

NIGHTLY = ScheduleDefinition(
    name="nightly",
    job=JOB,
    cron_schedule="0 5 * * *",
    execution_timezone="Europe/Brussels",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Every night: also when no delivery came, what changed in the code is published.",
)
