"""Our kernel: the very SQL of the dbt models, compiled, on DuckDB."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.kernels.answer import answer_of

MODELS = (
    "account_slices",
    *("charge_line", "pool_credits", "accounts_eventful"),
    *("pool_growth", "pool_movements", "pool_allocations"),
)
# Empty neighbours of the kernel: nothing is designated or reduced in this input.
NEIGHBOURS = {
    "designated_allocations": "account_key integer, charge_number ubigint, charge_code ubigint,"
    " claim_code ubigint, payment_number ubigint, credit_code ubigint, value_date date,"
    " amount decimal(14,2), allocated_amount decimal(18,2)",
    "charges_reduced": "charge_number ubigint, applied_amount decimal(18,2)",
    "reductions_applied": "account_key integer, reduction_date date, reduction_number ubigint,"
    " reduction_id varchar, amount decimal(18,2), applied_amount decimal(18,2)",
}
# Quarters as whole numbers, as macros/calendar.sql has them.
COHORTS = """
    with dated as (
        select
            date '0001-01-01' + (charge_code >> 42)::int as due_date,
            date '0001-01-01' + (credit_code >> 42)::int as value_date,
            allocated_amount
        from work.intermediate.int_contribution__pool_allocations
    ),

    cells as (
        select
            year(due_date) * 4 + quarter(due_date) - 1 as cohort,
            greatest(year(value_date) * 4 + quarter(value_date) - 1 - cohort, 0) as k,
            sum(allocated_amount) as amount
        from dated
        group by all
    )

    select
        cohort,
        k,
        sum(amount) over (partition by cohort order by k) as collected
    from cells
"""


def run(folder: Path) -> dict:
    """Times the kernels on the Parquet input of `folder`."""
    from orchestration import manifest
    from orchestration.dbt_runner import invoke
    from orchestration.settings import Settings

    with tempfile.TemporaryDirectory(prefix="vigie-kernel-") as home:
        settings = Settings.from_env(home=home)
        settings.warehouse.mkdir(parents=True)
        _history(settings.warehouse / "history.duckdb")
        names = [f"int_contribution__{name}" for name in MODELS]
        outcome = invoke(
            settings,
            ["compile", "--select", *names, "--no-write-json"],
            manifest=manifest.runnable(settings),
        )
        compiled = {r.node.name: r.node.compiled_code for r in outcome.result.results}
        con = duckdb.connect()
        con.execute("set preserve_insertion_order = false")
        con.execute("attach ':memory:' as work")  # like the others: nothing on disk
        con.execute("create schema work.intermediate")
        for name, columns in NEIGHBOURS.items():
            con.execute(f"create table work.intermediate.int_contribution__{name} ({columns})")
        start = time.perf_counter()
        con.execute(
            f"""create view work.intermediate.int_contribution__charges_classified as
            select
                account_key, charge_number::ubigint as charge_number, 'provisional' as charge_type,
                due_date as issue_date, due_date, amount, 0::ubigint as claim_code
            from '{folder}/charges.parquet'"""
        )
        con.execute(
            "create view work.intermediate.int_contribution__charges_scoped as "
            "from work.intermediate.int_contribution__charges_classified"
        )
        con.execute(
            f"""create view work.intermediate.int_contribution__payments_scoped as
            select
                account_key, payment_number::ubigint as payment_number, value_date, amount,
                null::ubigint as designated_charge_number
            from '{folder}/payments.parquet'"""
        )
        for name in names[:-1]:  # as in a build: one table, what leads to it are views
            con.execute(f"create view work.intermediate.{name} as {compiled[name]}")
        _build_sliced(con, f"work.intermediate.{names[-1]}", compiled[names[-1]])
        imputed = time.perf_counter()
        con.execute(f"create temp table cohorts as {COHORTS}")
        done = time.perf_counter()
        answer = con.execute(
            answer_of("work.intermediate.int_contribution__pool_allocations", "allocated_amount")
        ).fetchone()
    return {"impute_s": imputed - start, "cohort_s": done - imputed, "answer": list(answer)}


def _build_sliced(con: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """As the materialization `sliced` does (macros/slices.sql): empty, then slice after slice."""
    slices = con.execute(
        "select from_key, to_key from work.intermediate.int_contribution__account_slices order by 1"
    ).fetchall()
    for number, (low, high) in enumerate(((1, 0), *slices)):
        con.execute(f"set variable slice_from = {low}")
        con.execute(f"set variable slice_to = {high}")
        con.execute(
            f"create table {table} as {query}"
            if number == 0
            else f"insert into {table} by name {query}"
        )


def _history(path: Path) -> None:
    """The one row of the history that is read when the models are compiled."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        con.execute("create table raw._plan (as_of_date date, previous_as_of_date date)")
        con.execute("insert into raw._plan values (current_date, null)")
