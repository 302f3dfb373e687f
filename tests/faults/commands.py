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
    """`vigie words` on a data folder; what it says goes to two files in a folder of its own."""

    def __init__(self, home: Path, *words: object, folder: Path, lang: str = "en") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._streams = folder / "out", folder / "err"
        for stream in self._streams:
            stream.write_text("")
        given = (home, *self._streams, lang, [*map(str, words)])
        self.process = _FORKS.Process(target=speak, args=given)
        self.process.start()

    @property
    def out(self) -> str:
        """What it has said so far on standard output."""
        return self._streams[0].read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it has said so far on standard error."""
        return self._streams[1].read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        """Both."""
        return self.out + self.err

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
