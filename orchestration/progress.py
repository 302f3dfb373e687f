"""What a person sees while a run works: bars on a terminal, one plain line per step anywhere else.

On a terminal, bars go to standard error. Elsewhere (a log, a pipe) lines go to standard output, so
that standard error holds errors alone, the readable sentence first. Does not belong here: the
summary at the end (summary.py).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orchestration.moments import number
from orchestration.texts import say

_PLAIN_INTERVAL_SECONDS = 5.0


class Progress:
    """Shows nothing: for runs that the orchestrator starts in the background (its own log has the
    events).
    """

    def __init__(self, lang: str = "fr") -> None:
        self.lang = lang

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of the run: `load`, `build`, `audit`, `publish`, `statistics`."""
        yield

    def advance(self, what: str, done: float, total: float) -> None:
        """Within a step: what was just done, and how far that is. Units are the caller's."""

    def note(self, text: str) -> None:
        """One line that is worth reading."""

    def close(self) -> None:
        """Nothing more will be shown."""


class PlainProgress(Progress):
    """Lines: one when a step begins, one every few seconds within, one when it ends."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        self._step = ""
        self._said = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self._step = say(self.lang, f"progress.{name}")
        start = self._said = time.monotonic()
        self._line(f"{self._step} …")
        yield
        self._line(f"{self._step} : {number(self.lang, time.monotonic() - start)} s")

    def advance(self, what: str, done: float, total: float) -> None:
        now = time.monotonic()
        if now - self._said >= _PLAIN_INTERVAL_SECONDS and total:
            self._said = now
            self._line(f"{self._step} {min(done / total, 1):4.0%} {what}")

    def note(self, text: str) -> None:
        self._line(text)

    def _line(self, text: str) -> None:
        print(text, flush=True)


class BarProgress(Progress):
    """Bars on a terminal, one per step."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            TextColumn("{task.description:<16}"),
            BarColumn(bar_width=32),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[what]}"),
            console=Console(stderr=True),
        )
        self._bars.start()
        self._task: Any = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        task = self._task = self._bars.add_task(
            say(self.lang, f"progress.{name}"), total=None, what=""
        )
        yield
        total = self._bars.tasks[task].total or 1
        self._bars.update(task, total=total, completed=total, what="")

    def advance(self, what: str, done: float, total: float) -> None:
        if self._task is not None and total:
            self._bars.update(self._task, completed=min(done, total), total=total, what=what)

    def note(self, text: str) -> None:
        self._bars.console.print(text)

    def close(self) -> None:
        self._bars.stop()


def choose_progress(lang: str) -> Progress:
    """Bars when standard error is a terminal, lines when it is not."""
    return BarProgress(lang) if sys.stderr.isatty() else PlainProgress(lang)
