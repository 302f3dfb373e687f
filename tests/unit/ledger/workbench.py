"""A dbt build of the ledger alone, on rows given by a test: no ingest and no release."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb

from orchestration import manifest
from orchestration.dbt_runner import invoke
from orchestration.settings import Settings

TYPES = {
    "charges": {
        "charge_id": "varchar",
        "account_id": "varchar",
        "charge_type": "varchar",
        "contribution_year": "integer",
        "contribution_quarter": "integer",
        "category": "varchar",
        "issue_date": "date",
        "due_date": "date",
        "amount": "decimal(14,2)",
        "income_basis": "decimal(14,2)",
        "related_charge_id": "varchar",
    },
    "payments": {
        "payment_id": "varchar",
        "account_id": "varchar",
        "value_date": "date",
        "amount": "decimal(14,2)",
        "channel": "varchar",
        "charge_id": "varchar",
        "structured_communication": "varchar",
    },
    "relief_effects": {
        "request_id": "varchar",
        "charge_id": "varchar",
        "effective_date": "date",
        "amount": "decimal(14,2)",
    },
    # What the law asks follows from these; a world of the ledger alone leaves them empty.
    "affiliations": {
        "affiliation_id": "varchar",
        "affiliate_id": "varchar",
        "category": "varchar",
        "capacity": "varchar",
        "start_date": "date",
        "end_date": "date",
        "end_reason": "varchar",
        "origin": "varchar",
        "profession_code": "varchar",
        "nace_code": "varchar",
        "first_activity": "boolean",
        "requested_date": "date",
        "registered_date": "date",
    },
    "affiliates": {
        "affiliate_id": "varchar",
        "person_key": "varchar",
        "sex": "varchar",
        "birth_date": "date",
        "nationality": "varchar",
        "language": "varchar",
        "municipality_nis": "varchar",
        "office_code": "varchar",
        "deceased_date": "date",
    },
    "incomes": {
        "affiliate_id": "varchar",
        "income_year": "integer",
        "net_income": "decimal(14,2)",
        "source": "varchar",
        "received_date": "date",
    },
    "companies": {
        "company_id": "varchar",
        "enterprise_number": "varchar",
        "legal_form": "varchar",
        "incorporated_date": "date",
        "municipality_nis": "varchar",
        "language": "varchar",
        "office_code": "varchar",
        "origin": "varchar",
        "affiliated_date": "date",
        "status": "varchar",
        "closed_date": "date",
    },
    "company_balances": {
        "company_id": "varchar",
        "fiscal_year": "integer",
        "balance_sheet_total": "decimal(18,2)",
    },
    "relief_requests": {
        "request_id": "varchar",
        "account_id": "varchar",
        "kind": "varchar",
        "submitted_date": "date",
        "complete_date": "date",
        "transmitted_date": "date",
        "decision_date": "date",
        "decision": "varchar",
        "from_quarter": "varchar",
        "to_quarter": "varchar",
    },
    "recovery_cases": {
        "case_id": "varchar",
        "account_id": "varchar",
        "opened_date": "date",
        "closed_date": "date",
        "closing_reason": "varchar",
    },
    "recovery_case_charges": {"case_id": "varchar", "charge_id": "varchar"},
    "recovery_steps": {
        "step_id": "varchar",
        "case_id": "varchar",
        "step_type": "varchar",
        "step_date": "date",
        "agent_id": "varchar",
        "amount_claimed": "decimal(14,2)",
        "costs": "decimal(14,2)",
        "outcome": "varchar",
    },
}


def write_history(
    home: Path, world: dict, *, as_of: date, previous: date | None = None, changes=None
) -> None:
    """Writes history.duckdb for the ledger; `changes` make the next build incremental."""
    path = home / "warehouse" / "history.duckdb"
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        for table, types in TYPES.items():
            declared = ", ".join(f"{name} {kind}" for name, kind in types.items())
            audit = "_delivery_id varchar, _business_date date, _line_number bigint"
            con.execute(f"create table raw.{table} ({declared}, {audit})")
            con.execute(f"create table raw.{table}__changes ({declared}, {audit}, _change varchar)")
            insert(con, f"raw.{table}", types, world.get(table, []))
            insert(
                con,
                f"raw.{table}__changes",
                {**types, "_change": "varchar"},
                (changes or {}).get(table, []),
            )
        con.execute("create table raw._plan (as_of_date date, previous_as_of_date date)")
        con.execute("insert into raw._plan values (?, ?)", [as_of, previous])
        # Rows have no delivery here: all came with the full one.
        con.execute("create table raw._deliveries (business_date date, mode varchar)")
        con.execute("insert into raw._deliveries values (?, 'full')", [previous or as_of])


def insert(con, table: str, types: dict[str, str], rows: list[dict]) -> None:
    """Inserts rows of dictionaries, by column lists (one statement, exact types)."""
    if not rows:
        return
    lists = [[None if r.get(name) is None else str(r[name]) for r in rows] for name in types]
    select = ", ".join(
        f"unnest(cast(? as varchar[]))::{kind} as {name}" for name, kind in types.items()
    )
    con.execute(f"insert into {table} by name select {select}", lists)


def build_ledger(home: Path, *more: str) -> None:
    """Runs dbt on the contribution marts, `more` selected nodes and what they need."""
    settings = Settings.from_env(home=home)
    (settings.warehouse / "work.duckdb").unlink(missing_ok=True)
    # Slices of some hundred accounts: a small world is computed slice by slice, as a country is.
    os.environ["VIGIE_SLICE_ROWS"] = "1500"
    selected = ["--select", "natures", "categories", "claim_types"]
    # Recovery reads the last ledger with the origins of affiliation before it is replaced.
    selected += ["+path:models/marts/contribution", "+recovery_origins", *more]
    outcome = invoke(
        settings,
        [
            "build",
            "--resource-type",
            "model",
            "--resource-type",
            "seed",
            "--no-write-json",
            *selected,
        ],
        manifest=manifest.runnable(settings),
    )
    broken = [f"{r.node.name}: {r.message}" for r in outcome.result.results if r.status == "error"]
    assert not broken, broken
