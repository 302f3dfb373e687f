"""The orchestrator's own memory: it opens, has our settings, and its files are whole.

Does not belong here: opening it for a run (instance.py).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from orchestration.doctor.finding import Finding
from orchestration.errors import StorageError
from orchestration.settings import Settings


def storage(settings: Settings) -> Iterator[Finding]:
    """Each file of it, then all of it as the orchestrator opens it; nothing where there is none."""
    files = sorted(settings.dagster.rglob("*.db"))
    if not files:
        return
    for file in files:
        try:
            with contextlib.closing(
                sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
            ) as opened:
                is_whole = opened.execute("pragma quick_check(1)").fetchone() == ("ok",)
        except sqlite3.Error:
            is_whole = False
        if not is_whole:
            raise StorageError(settings.lang, settings.dagster)
    # Seconds of imports: only where a look at the files found nothing.
    from orchestration.instance import open_instance

    open_instance(settings).dispose()
    yield from ()
