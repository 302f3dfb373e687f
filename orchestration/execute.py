"""One run of the graph in this process, with the persistent instance: what `vigie run` does.

Does not belong here: the graph (definitions.py), what is said at the end (summary.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from orchestration import dbt_runner, doctor, home_format, lock, logs, private
from orchestration import instance as instances
from orchestration.errors import StorageError
from orchestration.faults import failure_sentence
from orchestration.forget.act import finish
from orchestration.notices import write_notice
from orchestration.progress import Progress
from orchestration.run import Run
from orchestration.settings import Settings
from orchestration.sweep import sweep
from orchestration.texts import say
from orchestration.watch import runs
from orchestration.watch.after import after_run

log = logging.getLogger("vigie")


@dataclass(frozen=True)
class Outcome:
    """How a run came out, as the orchestrator's events tell it.

    `loaded` is what was said of the deliveries (assets/extracts.py), None when loading failed;
    `failed` names the steps that did; `published` is the new release; `stands` says that the
    release stood already; `sentences` are what went wrong, for a person.
    """

    settings: Settings
    as_of: date | None
    loaded: Mapping[str, Any] | None
    failed: tuple[str, ...]
    published: str | None
    packages: tuple[Path, ...]
    sentences: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a delivery was refused."""
        return bool(self.loaded and self.loaded["refused"])

    @property
    def is_held(self) -> bool:
        """Whether a delivery waits for a person."""
        return bool(self.loaded and self.loaded["held"])

    @property
    def release_stands(self) -> bool:
        """Whether a release stands for the deliveries that were accepted."""
        return self.published is not None or not self.failed

    @property
    def exit_code(self) -> int:
        """0: a release is published and nothing was refused or held; else 1."""
        return 0 if self.release_stands and not self.is_refused and not self.is_held else 1


def execute(settings: Settings, as_of: date | None, progress: Progress) -> Outcome:
    """Run the job; the result says what happened, an error of a step included.

    Raises:
        AnotherRunError: another process is writing in this data folder.
        KeyboardInterrupt: a person stopped it.
    """
    private.set_mask()
    with lock.hold(settings.home) as held:
        logs.log_to_file(settings)
        if closed := private.close(settings):
            log.info("%d files and folders were open to others and are closed", closed)
        for told in home_format.bring_up(settings.home):
            progress.note(say(settings.lang, told))
            log.info("format of the data folder: %s", told)
        if finished := finish(settings):
            progress.note(say(settings.lang, "forget.finished", number=finished.number))
        if private.lies_open(settings.landing):
            progress.note(say(settings.lang, "progress.landing_open", landing=settings.landing))
            log.warning("%s can be read by every account", settings.landing)
        if held.interrupted:
            since = held.interrupted.get("since", "?")
            progress.note(say(settings.lang, "progress.interrupted", since=since))
        for finding in doctor.examine(settings, doctor.QUICK):
            progress.note(finding.sentence(settings.lang))
        # Seconds of imports: only now, when it is sure that there is something to run.
        with progress.step("start"):
            instances.prepare_home(settings)
            from orchestration.assets import RUN
            from orchestration.definitions import build_defs
            from orchestration.schedules import JOB

            job = build_defs(settings.overrides()).resolve_job_def(JOB.name)
            instance = instances.open_instance(settings)
        run_id = str(uuid4())
        held.write_run(run_id)
        with instance:
            instances.close_interrupted(instance, held.interrupted.get("run_id"))
            sweep(settings, instance, run_id)
            try:
                result = job.execute_in_process(
                    instance=instance,
                    run_id=run_id,
                    raise_on_error=False,
                    resources={RUN: Run(settings, as_of, progress)},
                    run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                    tags={"vigie/started_by": "command line"},
                )
            finally:
                dbt_runner.stop()
        if _is_interrupted(result):
            raise KeyboardInterrupt
        outcome = _outcome(settings, as_of, result)
        with progress.step("notify"):
            ended = runs.FAILED if outcome.failed else runs.DONE
            for sentence in after_run(settings, run_id, ended):
                progress.note(sentence)
        return outcome


def _outcome(settings: Settings, as_of: date | None, result: Any) -> Outcome:
    from orchestration.assets import ACCEPTANCE, DELIVERIES, RELEASE, STATISTICS

    acceptance_step = ACCEPTANCE.to_python_identifier()

    said: dict[Any, Mapping[str, Any]] = {}
    failed: list[str] = []
    sentences: list[str] = []
    is_told = False
    for event in result.all_events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            said[materialization.asset_key] = {
                name: value.value for name, value in materialization.metadata.items()
            }
        elif event.is_step_failure and event.step_failure_data.user_failure_data is not None:
            is_told = True
            # What it says, the load has said; nothing that follows rests on it.
            if event.step_key == acceptance_step:
                continue
            failed.append(event.step_key)
            sentences.append(event.step_failure_data.user_failure_data.description)
    loaded = said.get(DELIVERIES)
    if loaded:
        told = [sentence for sentence in (loaded["refused"], loaded["held"]) if sentence]
        sentences = list(dict.fromkeys([*told, *sentences]))
    if not result.success and not is_told:
        # A fault of the graph itself, before or between steps.
        failed.append("start")
        sentences.append(_unexpected(settings, result))
    published = said.get(RELEASE)
    package = said.get(STATISTICS)
    return Outcome(
        settings,
        as_of,
        loaded,
        tuple(failed),
        published and published["release_id"],
        (Path(package["path"]),) if package else (),
        tuple(sentences),
    )


def _is_interrupted(result: Any) -> bool:
    """Whether Ctrl-C ended the run, which the orchestrator tells as an error of its own."""
    from dagster import DagsterExecutionInterruptedError

    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return any(
        error and error.cls_name == DagsterExecutionInterruptedError.__name__ for error in errors
    )


def _unexpected(settings: Settings, result: Any) -> str:
    """The sentence about what stopped the graph; the whole of it goes to the log."""
    reason = _reason(result)
    is_of_storage = "sqlite3." in reason
    error = StorageError(settings.lang, settings.dagster) if is_of_storage else RuntimeError(reason)
    sentence = failure_sentence(settings, settings.lang, "start", error)
    write_notice(settings, result.run_id, [sentence])
    return sentence


def _reason(result: Any) -> str:
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
