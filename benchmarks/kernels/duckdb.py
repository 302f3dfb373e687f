"""The same in plain DuckDB: what three windows cost in our engine, without any of our rules.

What `vigie` takes longer is the price of designations, refunds, reliefs, claim codes and of telling
what settles alone. It is the form the other engines have, not the shortest one: see the README.
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
            account_key,
            cast(sum(amount) over (
                partition by account_key
                order by due_date, charge_number
                rows between unbounded preceding and current row
            ) as decimal(18, 2)) as point,
            due_date, charge_number, null::date as value_date, null::bigint as payment_number
        from '{folder}/charges.parquet'
        union all
        select
            account_key,
            cast(sum(amount) over (
                partition by account_key
                order by value_date, payment_number
                rows between unbounded preceding and current row
            ) as decimal(18, 2)),
            null, null, value_date, payment_number
        from '{folder}/payments.parquet'
    ),

    widths as (
        select
            point - lag(point, 1, 0) over line as width,
            first_value(due_date ignore nulls) over rest as due_date,
            first_value(charge_number ignore nulls) over rest as charge_number,
            first_value(value_date ignore nulls) over rest as value_date,
            first_value(payment_number ignore nulls) over rest as payment_number
        from points
        window
            line as (partition by account_key order by point),
            rest as (
                partition by account_key order by point
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
