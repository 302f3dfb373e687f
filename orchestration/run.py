"""One run: what it was asked, and what is said of a step that fails.

Steps of the graph (assets/) read it and change nothing in it; what one leaves for the next lies on
the disk. Does not belong here: the order of the steps (the graph has it), how a run came out
(execute.py), texts (texts.yaml).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.errors import (
    AuditError,
    BuildError,
    CandidateError,
    NothingToBuildError,
    VigieError,
)
from orchestration.notices import write_notice
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say

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

        try:
            with self.progress.step(name):
                yield
        except Exception as error:
            log.error("step %s failed", name, exc_info=error)
            sentence = failure_sentence(self.settings, self.settings.lang, name, error)
            write_notice(self.settings, run_id, [sentence])
            raise Failure(sentence, allow_retries=False) from error


def refusal_sentence(lang: str, refused: Any) -> str:
    """The sentence about a refused delivery (ingest.errors.DeliveryRefused)."""
    where = f"{refused.delivery_id}/{refused.file}" if refused.file else refused.delivery_id
    return say(
        lang, "error.refused", delivery_id=where, reason=f"{refused.reason}; {refused.remedy}."
    )


def held_sentence(lang: str, held: Any) -> str:
    """The sentence about a delivery that waits for a person (ingest.drop.DeliveryHeld)."""
    figures = "; ".join(
        say(lang, "held.extract", **vars(drop))
        + (say(lang, "held.amounts", **vars(drop)) if drop.amount_before is not None else "")
        for drop in held.drops
    )
    return say(lang, "error.held", delivery_id=held.delivery_id, figures=figures)


def failure_sentence(settings: Settings, lang: str, step: str, error: BaseException) -> str:
    """The sentence about an error that stopped a step."""
    # Late: these packages load engines that the start of the command line need not wait for.
    from ingest.errors import IngestError
    from release.errors import NoReleaseError, ReleaseError

    detail = " ".join(str(error).split())
    if isinstance(error, NoReleaseError):
        return detail
    if step == "statistics":
        return say(lang, "error.statistics", detail=detail or type(error).__name__)
    if isinstance(error, NothingToBuildError):
        return say(lang, "error.nothing", where=detail)
    if isinstance(error, CandidateError):
        return say(lang, str(error))
    if isinstance(error, AuditError):
        return say(lang, "error.audit", detail=detail)
    if isinstance(error, (BuildError, ReleaseError)):
        return say(lang, "error.build", detail=detail)
    if isinstance(error, (IngestError, VigieError)):
        return detail
    if isinstance(error, OSError) and error.strerror:
        return file_sentence(lang, error, settings.home)
    return say(
        lang,
        "error.unexpected",
        kind=type(error).__name__,
        detail="" if isinstance(error, KeyError) else _short(detail),
        log=settings.logs / "vigie.log",
    )


def file_sentence(lang: str, error: OSError, otherwise: Path) -> str:
    """The sentence about a file or folder that cannot be used; `otherwise` where none is named."""
    # Of a rename, the name it was to have: the other one is a draft of ours.
    path = error.filename2 or error.filename or otherwise
    return say(lang, "error.file", path=path, reason=error.strerror)


def _short(text: str) -> str:
    """The first sentence of a message that was written for programmers, closed by a full stop."""
    return text[:200].rstrip(".") + "."
