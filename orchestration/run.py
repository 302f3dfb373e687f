"""One run: what it was asked, and where a step that fails is told.

Steps of the graph (assets/) read it and change nothing in it; what one leaves for the next lies on
the disk. Does not belong here: the order of the steps (the graph has it), how a run came out
(execute.py), what is said of an error (faults.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from orchestration.errors import AuditError
from orchestration.faults import failure_sentence
from orchestration.notices import CHECK_FAILED, RUN_FAILED, write_notice
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.watch import runs

log = logging.getLogger("vigie")


@dataclass(frozen=True)
class Run:
    """What a run was asked: its settings, a date it is as of (None: all that is known), and where
    its progress is shown.
    """

    settings: Settings
    as_of: date | None = None
    progress: Progress = field(default_factory=Progress)

    def warn(self, sentence: str, run_id: str) -> None:
        """Tell a person what does not stop the run."""
        self.progress.note(sentence)
        write_notice(self.settings, run_id, [sentence])

    @contextmanager
    def step(self, name: str, run_id: str) -> Iterator[None]:
        """Around each step: shows it; what stops it goes to the log with all details, and to the
        orchestrator and the notice as one sentence.
        """
        from dagster import Failure

        begun = time.time()
        try:
            with self.progress.step(name):
                yield
        except Exception as error:
            runs.step_ended(self.settings, run_id, name, begun, failed=True)
            log.error("step %s failed", name, exc_info=error)
            sentence = failure_sentence(self.settings, self.settings.lang, name, error)
            page = CHECK_FAILED if isinstance(error, AuditError) else RUN_FAILED
            write_notice(self.settings, run_id, [sentence], page)
            raise Failure(sentence, allow_retries=False) from error
        runs.step_ended(self.settings, run_id, name, begun, failed=False)
