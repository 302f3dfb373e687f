"""Runs of the whole job on small worlds, of a part of the graph as the interface starts it, and the
comparison of two releases row by row.

Shared by the tests of the pipeline and of faults. Rules of rows are tested elsewhere (unit/ingest,
dbt, golden).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.execute import Outcome, execute
from orchestration.progress import Progress
from orchestration.settings import Settings
from tests.unit.ingest.support import valid, write_delivery

SMALL_WORLD = Path(__file__).resolve().parents[1] / "golden" / "small_world" / "landing"
FIRST_DAY = date(2026, 7, 1)
# What may differ between two releases with the same rows: when and how they were made.
NOT_COMPARED = {"meta.release", "meta.checks"}
NOT_COMPARED_COLUMNS = {"meta.deliveries": {"loaded_at"}}
# What changed since the release before depends on which one that was.
SINCE_THE_LAST = (
    "recovery.mart_outstanding_changes",
    "recovery.mart_new_payments",
    "recovery.mart_worklist_changes",
)


def settings_of(home: Path, landing: Path | None = None, **more: object) -> Settings:
    """Settings of a small world: without the first statistics, messages in English."""
    # Slices of a few accounts: a small world is computed slice by slice, as a country is.
    os.environ["VIGIE_SLICE_ROWS"] = "20"
    more = {"statistics": "", "lang": "en", **more}
    return Settings.from_env(home=home, landing=landing or home / "landing", **more)


def run_job(
    home: Path, landing: Path | None = None, as_of: date | None = None, **more: object
) -> Outcome:
    """One run of the graph in this process."""
    settings = settings_of(home, landing, **more)
    settings.require_landing()
    return execute(settings, as_of, Progress(settings.lang))


def notices_of_runs(settings: Settings) -> list[str]:
    """The texts of the notices that runs left; those of alarms are beside them."""
    files = sorted(settings.notices.glob("*.txt"))
    return [file.read_text(encoding="utf-8") for file in files if "_alarm-" not in file.name]


def materialize(settings: Settings, step: str) -> tuple[Any, list[str]]:
    """Materialise a step alone (`load`, `tables`, `release`, `statistics`), as the interface does;
    the orchestrator's result, and the sentences of what failed.
    """
    from dagster import AssetSelection

    from orchestration.assets import RELEASE, STATISTICS
    from orchestration.definitions import build_defs
    from orchestration.instance import open_instance

    selected = {
        "load": AssetSelection.groups("raw"),
        "tables": AssetSelection.all() - AssetSelection.groups("raw", "release"),
        "release": AssetSelection.assets(RELEASE),
        "statistics": AssetSelection.assets(STATISTICS),
    }
    definitions = build_defs(settings.overrides())
    graph = definitions.get_repository_def().asset_graph
    with open_instance(settings) as instance:
        result = definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            raise_on_error=False,
            asset_selection=sorted(selected[step].resolve(graph)),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        failures = [event for event in result.all_events if event.is_step_failure]
        return result, [event.step_failure_data.user_failure_data.description for event in failures]


def put_small_world(landing: Path) -> Path:
    """The hand-made world as the one full delivery (business date 2026-06-30)."""
    shutil.copytree(SMALL_WORLD / "2026-06-30-1", landing / "2026-06-30-1")
    return landing


def deliver(landing: Path, number: int) -> None:
    """One payment after the full delivery of `tests/worlds.py`, a day later for each number."""
    day = FIRST_DAY + timedelta(days=number)
    payment = valid("payments", payment_id=f"P{900_000_000_000 + number}", amount="1.00")
    write_delivery(landing, f"{day}-1", str(day), "delta", {"payments": [payment]})


def same_key(source: Path, target: Path) -> None:
    """Give another data folder the same key, so that pseudonyms compare."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / "keys", target / "keys")


def differences(left: Path, right: Path, but: Sequence[str] = ()) -> list[str]:
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
        for name in sorted(columns["l"].keys() & columns["r"].keys() - NOT_COMPARED - set(but)):
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
