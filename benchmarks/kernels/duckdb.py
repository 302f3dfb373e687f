"""The same in plain DuckDB: one sort over both kinds of end points, the form of the other engines.

`vigie` joins the stretches with the movements instead; the difference is what that form is worth,
less our rules (designations, refunds, reliefs).
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from benchmarks.kernels.answer import answer_of

IMPUTE = """
    create table pieces as
    with points as (
        select
            account_id,
            cast(sum(amount) over (
                partition by account_id
                order by due_date, charge_id
                rows between unbounded preceding and current row
            ) as decimal(18, 2)) as point,
            due_date, charge_id, null::date as value_date, null::text as payment_id
        from '{folder}/charges.parquet'
        union all
        select
            account_id,
            cast(sum(amount) over (
                partition by account_id
                order by value_date, payment_id
                rows between unbounded preceding and current row
            ) as decimal(18, 2)),
            null, null, value_date, payment_id
        from '{folder}/payments.parquet'
    ),

    widths as (
        select
            point - lag(point, 1, 0) over line as width,
            first_value(due_date ignore nulls) over rest as due_date,
            first_value(charge_id ignore nulls) over rest as charge_id,
            first_value(value_date ignore nulls) over rest as value_date,
            first_value(payment_id ignore nulls) over rest as payment_id
        from points
        window
            line as (partition by account_id order by point),
            rest as (
                partition by account_id order by point
                rows between current row and unbounded following
            )
    )

    select * from widths where width > 0 and due_date is not null and value_date is not null
"""
COHORTS = """
    create table cohorts as
    with cells as (
        select
            year(due_date) * 4 + quarter(due_date) as cohort,
            greatest(year(value_date) * 4 + quarter(value_date) - cohort, 0) as k,
            sum(width) as amount
        from pieces
        group by all
    )

    select cohort, k, sum(amount) over (partition by cohort order by k) as collected from cells
"""


def run(folder: Path) -> dict:
    """Times the kernels on the Parquet input of `folder`."""
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false")
    start = time.perf_counter()
    con.execute(IMPUTE.format(folder=folder))
    imputed = time.perf_counter()
    con.execute(COHORTS)
    done = time.perf_counter()
    answer = con.execute(answer_of("pieces", "width")).fetchone()
    return {"impute_s": imputed - start, "cohort_s": done - imputed, "answer": list(answer)}
