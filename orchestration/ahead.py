"""The copy that a daily build starts from, made while deliveries load.

A country's release is larger than a day's deliveries: copying it takes as long as loading them, and
neither needs the other. Only where every new delivery is a delta, for a full one starts from
nothing. A guess about time alone: what is built from what is decided afterwards (build.py), and a
copy that is not taken is removed.
"""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orchestration.settings import Settings


class CopyAhead:
    """A copy of `source` under way; without one, nothing to take."""

    def __init__(self, source: Path | None = None, copy: Path | None = None) -> None:
        self._source, self._copy, self._done = source, copy, None
        if source is not None:
            pool = ThreadPoolExecutor(1)
            self._done = pool.submit(copy_file, source, copy)
            pool.shutdown(wait=False)

    def take(self, source: Path, target: Path) -> bool:
        """Wait for the copy of `source` and make it `target`; False when there is none."""
        if self._done is None or self._source != source or self._done.exception() is not None:
            return False
        os.replace(self._copy, target)
        self._done = None
        return True

    def drop(self) -> None:
        """Remove a copy that nobody took, once it has come to its end."""
        if self._done is not None:
            self._done.exception()
            self._copy.unlink(missing_ok=True)
            self._done = None


def copy_ahead(settings: Settings, source: Path) -> CopyAhead:
    """Begin to copy a release when the landing folder holds new deltas and no other delivery."""
    copy = settings.warehouse / "ahead.duckdb"
    copy.unlink(missing_ok=True)  # of a killed run
    if not _has_new_deltas_only(settings):
        return CopyAhead()
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    return CopyAhead(source, copy)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file inside the kernel; file systems that can share blocks then copy nothing at
    all.
    """
    size = source.stat().st_size
    with source.open("rb") as reading, target.open("wb") as writing:
        done = 0
        while done < size:
            try:
                step = os.copy_file_range(reading.fileno(), writing.fileno(), size - done)
            except OSError:
                step = 0
            if step == 0:
                reading.seek(done)
                writing.seek(done)
                shutil.copyfileobj(reading, writing, 16 << 20)
                break
            done += step


def _has_new_deltas_only(settings: Settings) -> bool:
    """A look at names and modes; whether a manifest holds is found out when it is loaded. What was
    refused before will most likely be again.
    """
    modes = []
    for manifest in settings.landing.glob("*/manifest.json"):
        name = manifest.parent.name
        known = settings.home / "raw" / name, settings.home / "refusals" / f"{name}.json"
        if not any(path.exists() for path in known):
            try:
                modes.append(json.loads(manifest.read_text(encoding="utf-8"))["mode"])
            except (OSError, ValueError, TypeError, KeyError):
                return False
    return bool(modes) and set(modes) == {"delta"}
