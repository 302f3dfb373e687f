"""One writer at a time: a lock on the data folder, held by the process that runs, freed by the
system when it dies.

The lock file also remembers who held it. What is left in it when the lock is free was left by a run
that was killed; the next run says so and closes it in the record of runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import AnotherRunError
from storage import mark

NAME = "run.lock"
# Somebody who only looks whether it is free holds it for a moment.
_PROBE_SECONDS = 0.4
_ASK_AGAIN_SECONDS = 2
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
def hold(home: Path, patience: float = 0) -> Iterator[Lock]:
    """Hold the lock of a data folder. Within one process it may be held several times over.

    Args:
        patience: seconds to wait for another process to let go.

    Raises:
        AnotherRunError: another process holds it; the message says which, and since when.
    """
    file = home / NAME
    lock = _held.get(file)
    if lock is not None:
        lock.depth += 1
    else:
        lock = _held[file] = _wait_for(file, max(patience, _PROBE_SECONDS))
        # Before the first file of a new folder is written.
        mark.begin(home)
    try:
        yield lock
    finally:
        lock.depth -= 1
        if lock.depth == 0:
            del _held[file]
            os.ftruncate(lock.handle, 0)
            os.close(lock.handle)


def is_free(home: Path) -> bool:
    """Whether no process holds the lock now."""
    try:
        handle = os.open(home / NAME, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        # Shared, and for a moment: who wants to hold it waits longer than that.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def _wait_for(file: Path, patience: float) -> Lock:
    until = time.monotonic() + patience
    while True:
        try:
            return _acquire(file)
        except AnotherRunError:
            if time.monotonic() >= until:
                raise
            time.sleep(min(_ASK_AGAIN_SECONDS, patience / 4))


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
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    kinds = {"pid": int, "since": str, "run_id": str}
    return {name: content[name] for name in kinds if isinstance(content.get(name), kinds[name])}
