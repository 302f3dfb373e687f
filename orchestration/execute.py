"""One run of the graph in this process, with the persistent instance: what `vigie run` does.

Does not belong here: the graph (definitions.py), what is said at the end (summary.py).
"""

from __future__ import annotations

import logging
from datetime import date

from orchestration import instance as instances
from orchestration import lock, logs
from orchestration.notices import write_notice
from orchestration.progress import Progress
from orchestration.run import Run
from orchestration.settings import Settings
from orchestration.texts import say

log = logging.getLogger("vigie")


def execute(settings: Settings, as_of: date | None, progress: Progress) -> Run:
    """Run the job; the result says what happened, an error of a step included (`Run.failure`).

    Raises:
        AnotherRunError: another process is writing in this data folder.
    """
    run = Run(settings, as_of, progress)
    with lock.hold(settings.home) as held:
        logs.log_to_file(settings)
        if held.interrupted:
            since = held.interrupted.get("since", "?")
            progress.note(say(settings.lang, "progress.interrupted", since=since))
        # Seconds of imports: only now, when it is sure that there is something to run.
        with run.step("start"):
            instances.prepare_home(settings)
            from orchestration.assets import RUN
            from orchestration.definitions import build_defs
            from orchestration.schedules import JOB

            job = build_defs(settings.overrides()).resolve_job_def(JOB.name)
            instance = instances.open_instance(settings)
        with instance, instances.quick_events(settings):
            instances.close_interrupted(instance, held.interrupted.get("run_id"))
            result = job.execute_in_process(
                instance=instance,
                raise_on_error=False,
                resources={RUN: run},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                tags={"vigie/started_by": "command line"},
            )
        if not result.success and run.failure is None:
            # A fault of the graph itself, before or between steps.
            run.failure = ("start", RuntimeError(_reason(result)))
        if run.sentences():
            write_notice(settings, result.run_id, run.sentences())
    return run


def _reason(result: object) -> str:
    """What stopped the graph, in a line; the whole of it goes to the log."""
    failures = list(result.filter_events(lambda event: event.is_failure))
    for event in failures:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            log.error("step %s failed: %s", event.step_key, error.to_string())
            while error.cause:
                error = error.cause
            return " ".join(error.message.split())[:300]
    messages = [event.message for event in failures if event.message]
    return " ".join(messages[0].split())[:300] if messages else "the graph stopped"
