"""Our kernel: the very SQL of the dbt models, compiled, on DuckDB."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.kernels.answer import answer_of

KERNEL = ("int_ledger__charge_line", "int_ledger__pool_movements", "fct_allocations")
# What the kernel reads: the input as the models before it give it, nothing designated or reduced.
AS_OF = date(2026, 12, 31)
NEIGHBOURS = """
    create schema staging;
    create schema intermediate;
    create view staging.stg_payments as
    select account_id, payment_id, value_date, amount, null::varchar as charge_id
    from '{folder}/payments.parquet';
    create view intermediate.int_ledger__charges_netted as
    select
        account_id, substr(charge_id, 2)::bigint as charge_no, due_date,
        'provisional' as charge_type, due_date as issue_date, charge_id,
        amount::decimal(18, 2) as gross_amount, amount::decimal(18, 2) as net_amount
    from '{folder}/charges.parquet';
    create table intermediate.int_ledger__designated_allocations (
        account_id varchar, charge_no bigint, payment_id varchar, value_date date,
        amount decimal(14, 2), allocated_amount decimal(18, 2)
    );
    create table intermediate.int_ledger__reductions (
        account_id varchar, reduction_id varchar, reduction_date date,
        amount decimal(18, 2), applied_amount decimal(18, 2)
    );
    create table intermediate.int_ledger__account_slices as
    select min(account_id) as from_account_id, max(account_id) as to_account_id
    from intermediate.int_ledger__charges_netted
    group by substr(charge_id, 2)::bigint // 40000000
"""
COHORTS = """
    create temp table cohorts as
    with dated as (
        select
            quarter_index(charges.due_date) as cohort,
            quarter_index(allocations.value_date) as quarter,
            allocations.allocated_amount
        from contribution.fct_allocations as allocations
        inner join work.intermediate.int_ledger__charges_netted as charges using (charge_id)
    ),

    cells as (
        select cohort, greatest(quarter - cohort, 0) as k, sum(allocated_amount) as amount
        from dated
        group by all
    )

    select cohort, k, sum(amount) over (partition by cohort order by k) as collected from cells
"""


def run(folder: Path) -> dict:
    """Times the kernels on the Parquet input of `folder`."""
    from law import functions

    compiled = _compiled()
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false")
    for name in ("candidate", "work"):  # like the others: nothing on disk
        con.execute(f"attach ':memory:' as {name}")
    con.execute("use candidate")
    functions.load(con, AS_OF)
    con.execute("use work")
    con.execute(NEIGHBOURS.format(folder=folder))
    con.execute("use candidate")
    con.execute("create schema contribution")
    start = time.perf_counter()
    for name in KERNEL[:2]:  # as in a build: one table, what leads to it are views
        con.execute(f"create view work.intermediate.{name} as {compiled[name]}")
    _build_sliced(con, "contribution.fct_allocations", compiled["fct_allocations"])
    imputed = time.perf_counter()
    con.execute(COHORTS)
    done = time.perf_counter()
    answer = con.execute(
        answer_of("contribution.fct_allocations", "allocated_amount")
    ).fetchone()
    return {"impute_s": imputed - start, "cohort_s": done - imputed, "answer": list(answer)}


def _compiled() -> dict[str, str]:
    """The SQL of the models of the kernel, as dbt compiles it."""
    from orchestration import manifest
    from orchestration.build import create_functions
    from orchestration.dbt_command import invoke
    from orchestration.settings import Settings

    with tempfile.TemporaryDirectory(prefix="vigie-kernel-") as home:
        settings = Settings.from_env(home=home)
        settings.warehouse.mkdir(parents=True)
        duckdb.connect(str(settings.warehouse / "history.duckdb")).close()
        create_functions(settings, AS_OF)
        outcome = invoke(
            settings,
            ["compile", "--select", *KERNEL, "--no-write-json"],
            manifest=manifest.runnable(settings),
        )
    return {r.node.name: r.node.compiled_code for r in outcome.result.results}


def _build_sliced(con: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """As the materialization `sliced` does (macros/slices.sql): empty, then slice after slice."""
    slices = con.execute(
        "select * from work.intermediate.int_ledger__account_slices order by 1"
    ).fetchall()
    for number, (low, high) in enumerate((("~", ""), *slices)):
        con.execute(f"set variable slice_from = '{low}'")
        con.execute(f"set variable slice_to = '{high}'")
        con.execute(
            f"create table {table} as {query}"
            if number == 0
            else f"insert into {table} by name {query}"
        )
