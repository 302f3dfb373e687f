"""The input of the comparison: charges and payments of many accounts, by a fixed rule, as Parquet.

Identifiers are texts, as in the extracts. No refunds and no designations: what every engine can do
in its plain form. The full rules are timed by the whole run (benchmarks/job.py); this compares
engines, not rules.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

CHARGES_PER_ACCOUNT = 31
PAYMENTS_PER_ACCOUNT = 46


def write_input(folder: Path, accounts: int) -> tuple[int, int]:
    """Writes charges.parquet and payments.parquet; returns their row counts.

    Columns: account_id, charge_id, due_date, amount (EUR, two decimals); account_id, payment_id,
    value_date, amount.
    """
    con = duckdb.connect()
    con.execute(
        f"""copy (
            select
                printf('A%08d', account) as account_id,
                printf('D%012d', account * 100 + i) as charge_id,
                date '2018-03-31' + (i * 91)::integer as due_date,
                (100 + hash(account, i) % 50000 / 100)::decimal(14, 2) as amount
            from range({accounts}) as a (account), range({CHARGES_PER_ACCOUNT}) as c (i)
        ) to '{folder}/charges.parquet' (compression zstd)"""
    )
    con.execute(
        f"""copy (
            select
                printf('A%08d', account) as account_id,
                printf('P%012d', account * 100 + i) as payment_id,
                date '2018-03-20' + (hash(i, account, 7) % 3100)::integer as value_date,
                (50 + hash(account, i, 5) % 30000 / 100)::decimal(14, 2) as amount
            from range({accounts}) as a (account), range({PAYMENTS_PER_ACCOUNT}) as p (i)
        ) to '{folder}/payments.parquet' (compression zstd)"""
    )
    return accounts * CHARGES_PER_ACCOUNT, accounts * PAYMENTS_PER_ACCOUNT
