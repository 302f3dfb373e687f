"""One writer at a time: a lock on the data folder, held by the process that runs, freed by the
system when it dies.

The lock file also remembers who held it. What is left in it when the lock is free was left by a run
that was killed; the next run says so and closes it in the record of runs.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import AnotherRunError

NAME = "run.lock"
_held: dict[Path, Lock] = {}


@dataclass
class Lock:
    """A lock that is held. `interrupted` is what a killed run left: {pid, since, run_id}, or
    empty.
    """

    file: Path
    handle: int
    interrupted: dict[str, Any] = field(default_factory=dict)
    depth: int = 1

    def write_run(self, run_id: str) -> None:
        """Remember which run of the orchestrator holds the lock."""
        self._write(run_id=run_id)

    def _write(self, **more: str) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        text = json.dumps({"pid": os.getpid(), "since": since, **more})
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, text.encode(), 0)


@contextmanager
def hold(home: Path) -> Iterator[Lock]:
    """Hold the lock of a data folder. Within one process it may be held several times over.

    Raises:
        AnotherRunError: another process holds it; the message says which, and since when.
    """
    file = home / NAME
    lock = _held.get(file)
    if lock is not None:
        lock.depth += 1
    else:
        lock = _held[file] = _acquire(file)
    try:
        yield lock
    finally:
        lock.depth -= 1
        if lock.depth == 0:
            del _held[file]
            os.ftruncate(lock.handle, 0)
            os.close(lock.handle)


def _acquire(file: Path) -> Lock:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read(handle)
        os.close(handle)
        raise AnotherRunError(
            f"{file.parent}: pid {holder.get('pid', '?')}, {holder.get('since', '?')}"
        ) from None
    lock = Lock(file, handle, _read(handle))
    lock._write()
    return lock


def _read(handle: int) -> dict[str, Any]:
    try:
        content = json.loads(os.pread(handle, 10_000, 0) or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
