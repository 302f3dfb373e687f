"""Our kernel: the very SQL of the dbt models, compiled, on DuckDB."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import duckdb

MODELS = (
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
COHORTS = """
    with dated as (
        select
            date_trunc('quarter', date '0001-01-01' + (charge_code >> 42)::int)::date as cohort,
            date_trunc('quarter', date '0001-01-01' + (credit_code >> 42)::int)::date as quarter,
            allocated_amount
        from work.intermediate.int_contribution__pool_allocations
    ),

    cells as (
        select
            cohort,
            greatest(datediff('quarter', cohort, quarter), 0) as k,
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
        for name in names:  # as in a build: one table, what leads to it are views
            kind = "table" if name == names[-1] else "view"
            con.execute(f"create {kind} work.intermediate.{name} as {compiled[name]}")
        imputed = time.perf_counter()
        con.execute(f"create temp table cohorts as {COHORTS}")
        done = time.perf_counter()
        pieces = "work.intermediate.int_contribution__pool_allocations"
        answer = con.execute(
            f"""select
                (select count(*) from {pieces}),
                (select sum(allocated_amount)::varchar from {pieces}),
                (select count(*) from cohorts), (select sum(collected)::varchar from cohorts)"""
        ).fetchone()
    return {"impute_s": imputed - start, "cohort_s": done - imputed, "answer": list(answer)}


def _history(path: Path) -> None:
    """The one row of the history that is read when the models are compiled."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        con.execute("create table raw._plan (as_of_date date, previous_as_of_date date)")
        con.execute("insert into raw._plan values (current_date, null)")
