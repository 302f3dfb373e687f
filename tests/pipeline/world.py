"""Runs of the whole job on small worlds, and the comparison of two releases row by row.

Shared by the tests of the pipeline and of faults. Rules of rows are tested elsewhere (unit/ingest,
dbt, golden).
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

from orchestration.execute import execute
from orchestration.progress import Progress
from orchestration.run import Run
from orchestration.settings import Settings

SMALL_WORLD = Path(__file__).resolve().parents[1] / "golden" / "small_world" / "landing"
# What may differ between two releases with the same rows: when and how they were made.
# The carried lists may be longer after a full build (docs/architecture.md); what changed since the
# last release depends on which one that was.
NOT_COMPARED = {
    "meta.release",
    "meta.checks",
    "carried.stat_t08_cells",
    "recovery.mart_outstanding_changes",
}
NOT_COMPARED_COLUMNS = {"meta.deliveries": {"loaded_at"}}


def run_job(
    home: Path, landing: Path | None = None, as_of: date | None = None, **more: object
) -> Run:
    """One run of the graph in this process, without the first statistics."""
    # Slices of a few accounts: a small world is computed slice by slice, as a country is.
    os.environ["VIGIE_SLICE_ROWS"] = "20"
    more = {"statistics": "", "lang": "en", **more}
    settings = Settings.from_env(home=home, landing=landing or home / "landing", **more)
    settings.require_landing()
    return execute(settings, as_of, Progress(settings.lang))


def put_small_world(landing: Path) -> Path:
    """The hand-made world as the one full delivery (business date 2026-06-30)."""
    shutil.copytree(SMALL_WORLD / "2026-06-30-1", landing / "2026-06-30-1")
    return landing


def same_key(source: Path, target: Path) -> None:
    """Give another data folder the same key, so that pseudonyms compare."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / "keys", target / "keys")


def differences(left: Path, right: Path) -> list[str]:
    """Tables and views of two release files that do not hold the same rows; empty when all do."""
    with duckdb.connect() as connection:
        for name, file in (("l", left), ("r", right)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        columns = {
            side: dict(
                connection.execute(
                    "select schema_name || '.' || table_name, "
                    "list(column_name order by column_index) from duckdb_columns() "
                    f"where database_name = '{side}' and not internal group by all"
                ).fetchall()
            )
            for side in ("l", "r")
        }
        found = [f"{name}: only in one" for name in columns["l"].keys() ^ columns["r"].keys()]
        for name in sorted(columns["l"].keys() & columns["r"].keys() - NOT_COMPARED):
            kept = ", ".join(
                f'"{column}"'
                for column in columns["l"][name]
                if column not in NOT_COMPARED_COLUMNS.get(name, set())
            )
            for one, other in (("l", "r"), ("r", "l")):
                query = (
                    f"select {kept} from {one}.{name} except all select {kept} from {other}.{name}"
                )
                rows = connection.execute(query).fetchall()
                if rows:
                    found.append(f"{name}: {len(rows)} rows only in {one}, as {rows[0]}")
    return found
