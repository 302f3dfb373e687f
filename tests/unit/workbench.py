"""A dbt build on rows given by a test: no ingest, no audit, no release.

A world is a dictionary of extracts, each a list of rows (dictionaries; what a row leaves out is
null). Belongs here: the history that dbt reads, the build, and reading its tables. Does not belong
here: worlds.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb

from ingest.contract import load_contracts
from orchestration import manifest
from orchestration.build import create_functions
from orchestration.dbt_command import invoke
from orchestration.settings import Settings

STAMPS = {"_delivery_id": "varchar", "_business_date": "date", "_line_number": "bigint"}


def write_history(home: Path, world: dict[str, list[dict]], *, as_of: date) -> None:
    """A fresh warehouse folder: history.duckdb with the rows, a candidate with the functions."""
    settings = Settings.from_env(home=home)
    shutil.rmtree(settings.warehouse, ignore_errors=True)
    settings.warehouse.mkdir(parents=True)
    contracts = load_contracts()
    assert set(world) <= set(contracts), set(world) - set(contracts)
    with duckdb.connect(str(settings.warehouse / "history.duckdb")) as con:
        con.execute("create schema raw")
        for name, contract in contracts.items():
            types = {column.stored_name: column.type for column in contract.columns} | STAMPS
            declared = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
            con.execute(f"create table raw.{name} ({declared})")
            insert(con, f"raw.{name}", types, world.get(name, []))
        con.execute("create table raw._plan as select cast(? as date) as as_of_date", [as_of])
        # Rows have no delivery here: all came with the full one.
        con.execute(
            "create table raw._deliveries as select cast(? as date) as business_date,"
            " 'full' as mode",
            [as_of],
        )
    create_functions(settings, as_of)


def insert(
    con: duckdb.DuckDBPyConnection, table: str, types: dict[str, str], rows: list[dict]
) -> None:
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


def build(home: Path, *selected: str, tests: bool = False) -> None:
    """Builds the selected nodes (dbt's words: `+path:models/marts/recovery`) and, with `tests`,
    runs the data tests selected by name.
    """
    kinds = ("model", "seed", *(("test",) if tests else ()))
    outcome = invoke(
        Settings.from_env(home=home),
        [
            "build",
            *(word for kind in kinds for word in ("--resource-type", kind)),
            *("--indirect-selection", "empty", "--no-write-json"),
            *("--select", *selected),
        ],
        manifest=manifest.runnable(Settings.from_env(home=home)),
    )
    broken = [
        f"{result.node.name}: {result.message}"
        for result in outcome.result.results
        if str(result.status) in ("error", "fail", "skipped")
    ]
    assert not broken, broken


def read(home: Path, query: str, *values: object) -> list[tuple]:
    """Rows of the candidate, with the intermediate tables beside it (`work.intermediate`)."""
    folder = home / "warehouse"
    with duckdb.connect(str(folder / "candidate.duckdb"), read_only=True) as con:
        con.execute(f"attach '{folder / 'work.duckdb'}' as work (read_only)")
        return con.execute(query, list(values)).fetchall()


def found_by(home: Path, test: str) -> list[tuple]:
    """The rows that a data test of dbt finds in the candidate."""
    settings = Settings.from_env(home=home)
    outcome = invoke(
        settings, ["compile", "--select", test, "--no-write-json"], manifest.runnable(settings)
    )
    (query,) = [result.node.compiled_code for result in outcome.result.results]
    return read(home, f"from ({query})")
