"""What the statistics desk does by the clock: recurrent requests enter the register before they are
due, and what was approved for a moment leaves at that moment.

Belongs here: when that happens, and telling what could not be done. Does not belong here: the steps
themselves (exports.register), which a person takes with `vigie request` in the same way.
"""

from dagster import (
    DefaultScheduleStatus,
    DefaultSensorStatus,
    Failure,
    JobDefinition,
    OpExecutionContext,
    RunRequest,
    ScheduleDefinition,
    SensorDefinition,
    SkipReason,
    in_process_executor,
    job,
    op,
    sensor,
)

from exports.errors import ExportError
from exports.register.calendar import enter, usual_file, write_due_dates
from exports.register.delivery import deliver_due
from exports.register.desk import Desk, open_desk
from exports.register.states import APPROVED
from orchestration.settings import Settings

#: Under this name the register has what nobody did by hand.
WHO = "vigie"
_INTERVAL_SECONDS = 60


def open_clock_desk(settings: Settings) -> Desk:
    """The desk of the data folder, as the clock works at it."""
    return open_desk(settings.home, WHO, lang=settings.lang)


def due_now(desk: Desk) -> list[str]:
    """Numbers of the requests whose approved answer may leave, and was to leave by now."""
    return [
        one.id
        for one in desk.requests().values()
        if one.state == APPROVED and one.schedule and one.schedule.not_before <= desk.now()
    ]


def build_desk(settings: Settings) -> tuple[JobDefinition, ScheduleDefinition, SensorDefinition]:
    """The job of the desk, its daily hour, and the sensor of embargoes, for one set of settings."""

    @op(name="desk_by_the_clock", description="Enter what recurs, hand out what is due.")
    def by_the_clock(context: OpExecutionContext) -> None:
        try:
            desk = open_clock_desk(settings)
            for request in enter(desk):
                context.log.info(f"{request.id}: {request.received.key}")
            left, failed = deliver_due(desk)
            write_due_dates(desk, usual_file(desk.home))
        except (ExportError, OSError) as error:
            raise Failure(str(error), allow_retries=False) from error
        for request in left:
            context.log.info(f"{request.id}: {request.delivery.out}")
        if failed:
            raise Failure(
                " ".join(f"{name}: {error}" for name, error in failed), allow_retries=False
            )

    @job(
        name="statistics_desk",
        executor_def=in_process_executor,
        description="Recurrent requests enter the register; approved answers leave at their hour.",
    )
    def statistics_desk() -> None:
        by_the_clock()

    daily = ScheduleDefinition(
        name="desk_daily",
        job=statistics_desk,
        cron_schedule="0 6 * * *",
        execution_timezone="Europe/Brussels",
        default_status=DefaultScheduleStatus.RUNNING,
        description="Every morning: requests that come back appear before they are due.",
    )

    @sensor(
        name="embargo",
        job=statistics_desk,
        minimum_interval_seconds=_INTERVAL_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Starts a run of the desk when the moment of an approved answer has come.",
    )
    def embargo() -> RunRequest | SkipReason:
        try:
            desk = open_clock_desk(settings)
            due = due_now(desk)
        except ExportError as error:
            return SkipReason(str(error))
        if not due:
            return SkipReason("No approved answer waits for a moment that has come.")
        # What could not leave is tried again every hour.
        return RunRequest(run_key=f"{','.join(due)} {desk.now():%Y-%m-%dT%H}")

    return statistics_desk, daily, embargo
