"""The sources that the data folder declares, as assets with a clock: one asset, one job and, where
the source has a schedule, one schedule each.

Belongs here: making them from the folder. Does not belong here: what a source is (ingest.source),
secrets (they are read by the step alone, and stand in no configuration), the run that judges what
was delivered (the sensor on the landing folder starts it).
"""

import logging
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    DefaultScheduleStatus,
    Failure,
    MaterializeResult,
    ScheduleDefinition,
    asset,
    define_asset_job,
    in_process_executor,
)

from ingest.errors import IngestError
from ingest.source.declared import read_source, source_names
from orchestration.faults import failure_sentence
from orchestration.notices import write_notice
from orchestration.schedules import SOURCES
from orchestration.settings import Settings
from orchestration.texts import say

log = logging.getLogger("vigie")


def build_sources(
    settings: Settings,
) -> tuple[list[AssetsDefinition], list[Any], list[ScheduleDefinition]]:
    """Assets, jobs and schedules of the sources of a data folder. One that is declared wrongly has
    its asset, which fails with the sentence, and no schedule.
    """
    assets, jobs, schedules = [], [], []
    for name in source_names(settings.home):
        assets.append(_asset(settings, name))
        job = define_asset_job(
            f"extract_{name}",
            selection=AssetSelection.assets(AssetKey([SOURCES, name])),
            executor_def=in_process_executor,
            description=f"Take a delivery out of the database of the source {name}.",
        )
        jobs.append(job)
        if (schedule := _schedule(settings, name, job)) is not None:
            schedules.append(schedule)
    return assets, jobs, schedules


def _asset(settings: Settings, name: str) -> AssetsDefinition:
    @asset(
        key=AssetKey([SOURCES, name]),
        group_name=SOURCES,
        description=f"The delivery that was last taken out of the source {name}.",
    )
    def source(context: AssetExecutionContext) -> MaterializeResult:
        from orchestration.extraction import extract

        try:
            written = extract(settings, name)
        except Exception as error:
            # Errors of a source are whole sentences; their traces would show what drivers quote.
            trace = None if isinstance(error, IngestError) else error
            log.error("source %s was not extracted", name, exc_info=trace)
            sentence = failure_sentence(settings, settings.lang, f"extract_{name}", error)
            write_notice(settings, context.run.run_id, [sentence])
            raise Failure(sentence, allow_retries=False) from None
        if written.unsound:
            told = say(settings.lang, "extract.unsound", deliveries=", ".join(written.unsound))
            write_notice(settings, context.run.run_id, [told])
        return MaterializeResult(
            metadata={
                "delivery": written.delivery_id,
                "mode": written.mode,
                "rows": sum(written.rows.values()),
                "why_full": written.why_full,
            }
        )

    return source


def _schedule(settings: Settings, name: str, job: Any) -> ScheduleDefinition | None:
    try:
        cron = read_source(settings.home, name).schedule
    except (IngestError, OSError):
        log.warning("source %s is declared wrongly and has no schedule", name)
        return None
    if cron is None:
        return None
    return ScheduleDefinition(
        name=f"extract_{name}",
        job=job,
        cron_schedule=cron,
        execution_timezone="Europe/Brussels",
        default_status=DefaultScheduleStatus.RUNNING,
        description=f"When the source {name} is read.",
    )
