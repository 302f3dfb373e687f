"""dbt inside this process: one interpreter, one DuckDB connection, dbt's own results.

dbt works in `$VIGIE_HOME/warehouse`, because the paths of its profile are relative, and sends
nothing anywhere. Does not belong here: which command (manifest.py: parse; dbt_runner.py: build).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from orchestration.errors import BuildError
from orchestration.previous import previous_file, put_nothing
from orchestration.settings import DBT_PROJECT, Settings

INDICATORS = DBT_PROJECT / "models" / "intermediate" / "service" / "commitments"
STATISTICS = DBT_PROJECT / "models" / "marts" / "statistics"
_LOG_BYTES = 2_000_000


def invoke(
    settings: Settings,
    command: Sequence[str],
    manifest: Any = None,
    callbacks: list[Callable[[Any], None]] | None = None,
) -> Any:
    """One dbt command; returns dbt's own result object.

    Raises:
        BuildError: dbt raised (a project that does not parse, a database that does not open).
    """
    # Imported late: a second that `vigie status` need not pay.
    from dbt.cli.main import dbtRunner

    settings.logs.mkdir(parents=True, exist_ok=True)
    if not previous_file(settings).exists():  # the profile names it
        put_nothing(settings)
    arguments = [
        *("--log-level", "none", "--log-level-file", "info", "--log-path", str(settings.logs)),
        *("--log-file-max-bytes", str(_LOG_BYTES)),
        *("--no-send-anonymous-usage-stats", "--no-version-check", "--no-print"),
        *command,
        *("--vars", json.dumps(variables())),
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(settings.dbt / "target")),
    ]
    with _working_in(settings.warehouse):
        try:
            outcome = dbtRunner(manifest=manifest, callbacks=callbacks).invoke(arguments)
        finally:
            _close_connections()
    if outcome.exception is not None:
        raise BuildError(f"dbt: {first_lines(str(outcome.exception))}") from outcome.exception
    return outcome


def variables() -> dict[str, Any]:
    """What dbt cannot find out while it parses a model: which indicators of the service commitment
    there are, and which statistics. The same whenever dbt is called, so that the parsed project
    holds.
    """
    return {
        name: sorted(file.stem for file in folder.glob("*.sql"))
        for name, folder in (("commitments", INDICATORS), ("statistics", STATISTICS))
    }


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _close_connections() -> None:
    """Let go of the databases: the candidate is renamed next, and an open file would pin its old
    name.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    reset_adapters()
    with contextlib.suppress(Exception):  # dbt opened none
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()


def first_lines(text: str, limit: int = 300) -> str:
    """The beginning of a message, on one line."""
    return " ".join(text.split())[:limit]
