"""One run, from start to end: what it was asked, what it found out on the way, and how it came out.

The steps of the graph (assets/) read and fill one `Run`; whoever started it (command line,
schedule, sensor) reads it afterwards. Does not belong here: the order of the steps (the graph has
it), texts (summary.py, notices.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.ahead import CopyAhead
from orchestration.errors import AuditError, BuildError, NothingToBuildError, VigieError
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say

if TYPE_CHECKING:
    from orchestration.audit import Audit
    from orchestration.build import Decision
    from orchestration.dbt_runner import BuildResult
    from release.publish import Published

log = logging.getLogger("vigie")


@dataclass
class Run:
    """The state of one run. What a step did not reach is None."""

    settings: Settings
    as_of: date | None = None
    progress: Progress = field(default_factory=Progress)
    ahead: CopyAhead = field(default_factory=CopyAhead)
    outcome: Any = None
    decision: Decision | None = None
    build: BuildResult | None = None
    audit: Audit | None = None
    published: Published | None = None
    packages: list[Path] = field(default_factory=list)
    failure: tuple[str, BaseException] | None = None

    @property
    def refusal(self) -> Any:
        """The delivery that was refused, if one was (ingest.errors.DeliveryRefused)."""
        return getattr(self.outcome, "refused", None)

    @property
    def release_stands(self) -> bool:
        """Whether a release stands for the deliveries that were accepted."""
        return self.published is not None or (
            self.decision is not None and self.decision.kind == "current" and not self._failed_early
        )

    @property
    def _failed_early(self) -> bool:
        return self.failure is not None and self.failure[0] != "statistics"

    @property
    def exit_code(self) -> int:
        """0: a release is published and nothing was refused; else 1."""
        return 0 if self.release_stands and self.refusal is None else 1

    @contextmanager
    def step(self, name: str, shown: bool = True) -> Iterator[None]:
        """Around each step: shows it, and keeps what stopped it. Details go to the log, once."""
        try:
            with self.progress.step(name) if shown else nullcontext():
                yield
        except Exception as error:
            if self.failure is None:
                self.failure = (name, error)
                log.error("step %s failed", name, exc_info=error)
            raise

    def sentences(self, lang: str | None = None) -> list[str]:
        """What went wrong, as sentences for a person; empty when nothing did."""
        lang = lang or self.settings.lang
        said = []
        if self.refusal is not None:
            said.append(refusal_sentence(lang, self.refusal))
        # Nothing to build is the consequence of the refusal, not a second fault.
        if self.failure is not None and not (
            self.refusal is not None and isinstance(self.failure[1], NothingToBuildError)
        ):
            said.append(failure_sentence(self.settings, lang, *self.failure))
        return said


def refusal_sentence(lang: str, refused: Any) -> str:
    """The sentence about a refused delivery."""
    where = f"{refused.delivery_id}/{refused.file}" if refused.file else refused.delivery_id
    return say(
        lang, "error.refused", delivery_id=where, reason=f"{refused.reason}; {refused.remedy}."
    )


def failure_sentence(settings: Settings, lang: str, step: str, error: BaseException) -> str:
    """The sentence about an error that stopped a step."""
    # Late: these packages load engines that the start of the command line need not wait for.
    from ingest.errors import IngestError
    from release.errors import ReleaseError

    detail = " ".join(str(error).split())
    if step == "statistics":
        return say(lang, "error.statistics", detail=detail or type(error).__name__)
    if isinstance(error, NothingToBuildError):
        return say(lang, "error.nothing", where=detail)
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
    """The sentence about a file or folder that the system refuses; `otherwise` where it names none.
    """
    return say(lang, "error.file", path=error.filename or otherwise, reason=error.strerror)


def _short(text: str) -> str:
    """The first sentence of a message that was written for programmers, closed by a full stop."""
    return text[:200].rstrip(".") + "."
