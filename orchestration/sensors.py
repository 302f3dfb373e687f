"""What starts a run, or a notice, by an event: a delivery that arrives, a run that fails; and the
clock by which the data folder is watched while nothing arrives.

Does not belong here: reading deliveries (ingest), the text of a notice (notices.py).
"""

import json
from pathlib import Path

from dagster import (
    DefaultSensorStatus,
    RunFailureSensorContext,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    run_failure_sensor,
    sensor,
)

from ingest.bounds import told
from orchestration import lock
from orchestration.notices import write_notice
from orchestration.schedules import JOB
from orchestration.settings import Settings
from orchestration.watch.after import watch

INTERVAL_SECONDS = 60
WATCH_SECONDS = 900


def ready_deliveries(landing: Path) -> dict[str, str]:
    """Deliveries with a manifest, by id, with what tells a first manifest from a corrected one
    (size and time).
    """
    ready = {}
    for manifest in landing.glob("*/manifest.json"):
        try:
            about = manifest.stat()
        except FileNotFoundError:
            continue
        ready[told(manifest.parent.name)] = f"{about.st_size}-{about.st_mtime_ns}"
    return ready


def build_sensors(settings: Settings) -> list[SensorDefinition]:
    """The sensors for one set of settings."""

    @sensor(
        name="landing_folder",
        job=JOB,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Starts a run when a delivery is complete (manifest there) or came again.",
    )
    def landing_folder(context: SensorEvaluationContext) -> SensorResult | SkipReason:
        seen = json.loads(context.cursor) if context.cursor else {}
        ready = ready_deliveries(settings.landing)
        new = sorted(name for name, state in ready.items() if seen.get(name) != state)
        if not new:
            return SkipReason(f"No new delivery in {settings.landing}.")
        if not lock.is_free(settings.home):
            # Not marked as seen: asked again at the next tick, with no run that fails meanwhile.
            return SkipReason("Another run is writing; the new deliveries are taken after it.")
        # The same new deliveries ask for the same run once, also after a restart of the daemon.
        key = ",".join(f"{name}:{ready[name]}" for name in new)
        return SensorResult(
            run_requests=[RunRequest(run_key=key, tags={"vigie/deliveries": ",".join(new)[:200]})],
            cursor=json.dumps(ready),
        )

    @run_failure_sensor(
        name="failure_notice",
        default_status=DefaultSensorStatus.RUNNING,
        description="Writes a notice a person can read when a run fails.",
    )
    def failure_notice(context: RunFailureSensorContext) -> None:
        # Failures of steps carry our own sentence; the event of the run only counts the steps.
        sentences = [
            step.step_failure_data.user_failure_data.description
            for step in context.get_step_failure_events()
            if step.step_failure_data.user_failure_data is not None
        ] or [context.failure_event.message or ""]
        write_notice(settings, context.dagster_run.run_id, [text for text in sentences if text])

    @sensor(
        name="watch",
        minimum_interval_seconds=WATCH_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Judges alarms, tries again what could not be sent, writes the metrics.",
    )
    def watching() -> SkipReason:
        # A run that works does so at its end.
        if not lock.is_free(settings.home):
            return SkipReason("A run is writing; it watches at its end.")
        return SkipReason(" ".join(watch(settings)) or "Watched.")

    return [landing_folder, failure_notice, watching]
