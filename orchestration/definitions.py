"""The whole graph: assets, checks, job, schedule, sensors, for one set of settings.

`dagster … -m orchestration.definitions` loads `defs`; the command line and tests call `build_defs`
with overrides. Does not belong here: any asset, schedule or sensor of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dagster import (
    Definitions,
    Failure,
    Field,
    InitResourceContext,
    Noneable,
    definitions,
    in_process_executor,
    resource,
)

from orchestration import dbt_runner, lock, logs, manifest
from orchestration.assets import RUN
from orchestration.assets.extracts import acceptance, build_extracts
from orchestration.assets.release import build_release
from orchestration.assets.statistics import first_statistics
from orchestration.assets.warehouse import build_warehouse
from orchestration.desk import build_desk
from orchestration.errors import AnotherRunError
from orchestration.run import Run
from orchestration.schedules import JOB, NIGHTLY
from orchestration.sensors import build_sensors
from orchestration.settings import Settings
from orchestration.sources import build_sources
from orchestration.sweep import sweep
from orchestration.texts import say
from orchestration.watch.after import after_run

_PATIENCE_SECONDS = 12 * 3600


def build_defs(settings_overrides: Mapping[str, Any] | None = None) -> Definitions:
    """The graph for the settings of the environment, with overrides by name (see `Settings`)."""
    settings = Settings.from_env(**(settings_overrides or {}))
    warehouse = build_warehouse(manifest.graph(settings))
    desk_job, desk_daily, embargo = build_desk(settings)
    source_assets, source_jobs, source_schedules = build_sources(settings)
    return Definitions(
        assets=[
            build_extracts(settings),
            acceptance,
            warehouse,
            build_release(settings, sorted(warehouse.keys)),
            first_statistics,
            *source_assets,
        ],
        jobs=[JOB, desk_job, *source_jobs],
        schedules=[NIGHTLY, desk_daily, *source_schedules],
        sensors=[*build_sensors(settings), embargo],
        resources={RUN: _run_resource(settings)},
        executor=in_process_executor,
    )


def _run_resource(settings: Settings) -> Any:
    """What a run was asked, for all of its steps; while it is there, this process holds the lock on
    the data folder. The steps of a run are in one process.
    """

    @resource(
        config_schema={
            "as_of": Field(
                Noneable(str),
                default_value=None,
                is_required=False,
                description="Publish, beside the current release, the state known at this date.",
            ),
            "landing": Field(
                Noneable(str),
                default_value=None,
                is_required=False,
                description="Folder of the deliveries, when it is not the usual one.",
            ),
        },
        description="What this run was asked.",
    )
    def run(context: InitResourceContext) -> Iterator[Run]:
        config = context.resource_config
        asked = Settings.from_env(
            **{
                **settings.overrides(),
                **({"landing": config["landing"]} if config["landing"] else {}),
            }
        )
        as_of = date.fromisoformat(config["as_of"]) if config["as_of"] else None
        logs.log_to_file(asked)
        try:
            # A run that the orchestrator has begun waits for one of the command line: failing, it
            # would be forgotten until the next night.
            with lock.hold(asked.home, _PATIENCE_SECONDS) as held:
                held.write_run(context.run.run_id)
                sweep(asked, context.instance, context.run.run_id)
                try:
                    yield Run(asked, as_of)
                finally:
                    dbt_runner.stop()
                    after_run(asked, context.run.run_id)
        except AnotherRunError as error:
            raise Failure(say(asked.lang, "error.locked", detail=str(error))) from error

    return run


@definitions
def defs() -> Definitions:
    """The graph as the orchestrator's own programs load it."""
    return build_defs()
