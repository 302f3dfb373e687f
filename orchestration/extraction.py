"""One extraction of a source, by hand or by the clock, and what is remembered of the last one:
`$VIGIE_HOME/sources/<name>/last.json`.

Belongs here: that every extraction, a failed one too, says when it ended and how. Does not belong
here: reading a source (ingest.source), what is made of it (watch/facts.py reads the file).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import SourceBusy
from ingest.source.declared import source_names, sources_folder
from orchestration.files import write_whole
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingest.source.extract import Extracted

LAST = "last.json"


def extract(
    settings: Settings,
    name: str,
    mode: str | None = None,
    business_date: date | None = None,
    on_rows: Callable[[str, int, int, int], None] | None = None,
) -> Extracted:
    """Take a delivery out of the source `name` into landing, and remember how it ended.

    Raises:
        SettingError: the landing folder is not there.
        ingest.errors.IngestError: it was not extracted; nothing is left in landing.
    """
    # Late: the drivers of databases, which who only looks at the last one need not wait for.
    from ingest.source.extract import extract as write

    with _remembered(settings.home, name):
        settings.require_landing()
        return write(settings.home, name, settings.landing, mode, business_date, on_rows)


def last_file(home: Path, name: str) -> Path:
    """Where the end of the last extraction of a source is remembered."""
    return sources_folder(home) / name / LAST


@contextlib.contextmanager
def _remembered(home: Path, name: str) -> Iterator[None]:
    try:
        yield
    except SourceBusy:
        # The one that runs says how it ends.
        raise
    except BaseException:  # one that somebody stopped has brought nothing either
        _remember(home, name, failed=True)
        raise
    _remember(home, name, failed=False)


def _remember(home: Path, name: str, *, failed: bool) -> None:
    if name not in source_names(home):
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    # A disk that takes no note of it must not hide what happened, nor undo a delivery.
    with contextlib.suppress(OSError):
        write_whole(last_file(home, name), json.dumps({"finished_at": at, "failed": failed}))
