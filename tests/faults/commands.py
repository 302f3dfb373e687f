"""`vigie` in processes that can be killed, forked from one that has loaded what is heavy: the time
of a test goes into the run and not into imports.

Belongs here: starting, listening to and ending such a process. Does not belong here: when it is
killed, what must hold afterwards (the tests).
"""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

from tests.faults.preloaded import speak

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.preloaded"])
_SECONDS = 300


class Command:
    """`vigie words` on a data folder, messages in English; what it says goes to a file."""

    def __init__(self, home: Path, *words: object, said: Path) -> None:
        self._said = said
        said.write_text("")
        self.process = _FORKS.Process(target=speak, args=(home, said, [*map(str, words)]))
        self.process.start()

    @property
    def said(self) -> str:
        """What it has said so far, on both streams."""
        return self._said.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Return once a line begins with these words, or nothing more will be said."""
        while not any(line.startswith(words) for line in self.said.splitlines()):
            if self.process.exitcode is not None:
                return
            time.sleep(0.005)

    def kill(self) -> int:
        """SIGKILL; the exit code, as `subprocess` would give it."""
        self.process.kill()
        return self.wait()

    def wait(self) -> int:
        """The exit code, once it has ended."""
        self.process.join(timeout=_SECONDS)
        assert self.process.exitcode is not None, self.said
        return self.process.exitcode
