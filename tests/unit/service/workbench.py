"""A dbt build of the service, benefit and company marts on rows given by a test: no ingest, no
release. Tables of all extracts are made from the contracts; what a row does not say is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.contract import load_contracts
from orchestration import manifest
from orchestration.dbt_runner import invoke
from orchestration.settings import Settings
from tests.unit.ledger.workbench import insert

STAMPS = "_delivery_id varchar, _business_date date, _line_number bigint"
DELIVERY = {
    "delivery_id": "varchar",
    "business_date": "date",
    "mode": "varchar",
    "loaded_at": "timestamp",
    "files": "integer",
    "rows_delivered": "bigint",
    "rows_accepted": "bigint",
    "rows_rejected": "bigint",
}
World = dict[str, list[dict[str, Any]]]


def write_history(
    home: Path,
    world: World,
    as_of: date,
    deliveries: Sequence[tuple[str, date, datetime, int, int]] = (),
) -> None:
    """Writes history.duckdb. `deliveries`: id, business date, loaded at (UTC), accepted, rejected
    rows."""
    path = home / "warehouse" / "history.duckdb"
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        for name, contract in load_contracts().items():
            types = dict(contract.stored)
            declared = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
            con.execute(f"create table raw.{name} ({declared}, {STAMPS})")
            con.execute(f"create table raw.{name}__changes ({declared}, {STAMPS}, _change varchar)")
            rows = [{column: row.get(column) for column in types} for row in world.get(name, [])]
            unknown = {key for row in world.get(name, []) for key in row} - set(types)
            assert not unknown, (name, unknown)
            insert(con, f"raw.{name}", types, rows)
        con.execute("create table raw._plan (as_of_date date, previous_as_of_date date)")
        con.execute("insert into raw._plan values (?, null)", [as_of])
        declared = ", ".join(f"{column} {kind}" for column, kind in DELIVERY.items())
        con.execute(f"create table raw._deliveries ({declared})")
        for name, day, loaded, accepted, rejected in deliveries:
            con.execute(
                "insert into raw._deliveries values (?, ?, 'full', ?, 26, ?, ?, ?)",
                [name, day, loaded.replace(tzinfo=None), accepted + rejected, accepted, rejected],
            )


def build(home: Path, *selected: str) -> Path:
    """Runs the seeds and the selected models with all that they need; returns the candidate."""
    settings = Settings.from_env(home=home, statistics="")
    outcome = invoke(
        settings,
        [
            "build",
            *("--resource-type", "model", "--resource-type", "seed"),
            "--no-write-json",
            *("--select", *selected),
        ],
        manifest=manifest.runnable(settings),
    )
    broken = [f"{r.node.name}: {r.message}" for r in outcome.result.results if r.status == "error"]
    assert not broken, broken
    return settings.candidate


def build_marts(home: Path) -> Path:
    """The marts of benefits, companies and the service commitment."""
    marts = [f"+path:models/marts/{name}" for name in ("service", "benefit", "company")]
    return build(home, *marts)
