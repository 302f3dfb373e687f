"""A dbt build of the recovery marts alone, on rows given by a test: no ingest and no release.

Here: writing the history of every extract that recovery reads, with the types of its contract, and
building. Not here: what follows from the rows (replay.py).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from ingest.contract import load_contracts
from orchestration import manifest
from orchestration.dbt_runner import invoke
from orchestration.settings import Settings

EXTRACTS = (
    "affiliates",
    "affiliations",
    "companies",
    "charges",
    "payments",
    "relief_effects",
    "payment_plans",
    "plan_instalments",
    "recovery_cases",
    "recovery_case_charges",
    "recovery_steps",
    "recovery_agents",
    "insolvencies",
    "notices",
    # What accounts are compared with the law for: a daily build reads the charges of those once.
    "incomes",
    "relief_requests",
    "company_balances",
)
_AUDIT = "_delivery_id varchar, _business_date date, _line_number bigint"


def write_history(
    home: Path,
    world: dict[str, list[dict]],
    *,
    as_of: date,
    previous: date | None = None,
    changes: dict[str, list[dict]] | None = None,
) -> None:
    """Writes history.duckdb; a column that a row does not name is empty.

    `changes` (rows with `_change`: before or after) make the next build incremental.
    """
    path = home / "warehouse" / "history.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    contracts = load_contracts()
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        for extract in EXTRACTS:
            types = {column.stored_name: column.type for column in contracts[extract].columns}
            declared = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
            con.execute(f"create table raw.{extract} ({declared}, {_AUDIT})")
            con.execute(
                f"create table raw.{extract}__changes ({declared}, {_AUDIT}, _change varchar)"
            )
            _insert(con, f"raw.{extract}", types, world.get(extract, []))
            _insert(
                con,
                f"raw.{extract}__changes",
                {**types, "_change": "varchar"},
                (changes or {}).get(extract, []),
            )
        con.execute("create table raw._plan (as_of_date date, previous_as_of_date date)")
        con.execute("insert into raw._plan values (?, ?)", [as_of, previous])


def _insert(con, table: str, types: dict[str, str], rows: list[dict]) -> None:
    """Inserts rows of dictionaries, by column lists (one statement, exact types)."""
    if not rows:
        return
    unknown = {name for row in rows for name in row} - set(types)
    assert not unknown, f"{table} has no {unknown}"
    lists = [[None if row.get(name) is None else str(row[name]) for row in rows] for name in types]
    select = ", ".join(
        f'unnest(cast(? as varchar[]))::{kind} as "{name}"' for name, kind in types.items()
    )
    con.execute(f"insert into {table} by name select {select}", lists)


def build_recovery(home: Path, *more: str) -> None:
    """Runs dbt on the recovery marts, their equations, `more` selected nodes and what they need."""
    settings = Settings.from_env(home=home)
    (settings.warehouse / "work.duckdb").unlink(missing_ok=True)
    equations = (
        "outstanding_changes_balance",
        "open_charges_are_those_of_the_ledger",
        "recovery_adds_up",
    )
    outcome = invoke(
        settings,
        [
            "build",
            "--exclude-resource-type",
            "unit_test",
            "--indirect-selection",
            "empty",
            "--no-write-json",
            "--select",
            "+path:models/marts/recovery",
            *equations,
            *more,
        ],
        manifest=manifest.runnable(settings),
    )
    broken = [
        f"{r.node.name}: {r.message}"
        for r in outcome.result.results
        if str(r.status) in ("error", "fail", "skipped")
    ]
    assert not broken, broken


def read(home: Path, query: str, *values: object) -> list[tuple]:
    """Rows of the candidate."""
    with duckdb.connect(str(home / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        return con.execute(query, list(values)).fetchall()
