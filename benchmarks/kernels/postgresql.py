"""The same in PostgreSQL (Debian's package), on a server this module starts and stops again.

Times count the load by COPY apart (it is not a kernel): they start when the rows are in tables.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg

from benchmarks.kernels.answer import answer_of

SETTINGS = {
    "max_wal_size": "16GB",
    "shared_buffers": "2GB",
    "work_mem": "1GB",
    "maintenance_work_mem": "1GB",
    "fsync": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "max_parallel_workers_per_gather": "2",
    "jit": "on",
    "listen_addresses": "",
}
IMPUTE = """
create unlogged table pieces as
with points as (
    select
        account_id,
        sum(amount) over (partition by account_id order by due_date, charge_id) as point,
        due_date, charge_id, null::date as value_date, null::text as payment_id
    from charges
    union all
    select
        account_id,
        sum(amount) over (partition by account_id order by value_date, payment_id),
        null, null, value_date, payment_id
    from payments
),
-- No IGNORE NULLS here; dates and numbers grow along the line, so the least that follows is next.
widths as (
    select
        point - coalesce(lag(point) over line, 0) as width,
        min(due_date) over rest as due_date,
        min(charge_id) over rest as charge_id,
        min(value_date) over rest as value_date,
        min(payment_id) over rest as payment_id
    from points
    window
        line as (partition by account_id order by point),
        rest as (partition by account_id order by point desc)
)
select width, due_date, value_date from widths
where width > 0 and due_date is not null and value_date is not null
"""
COHORTS = """
create unlogged table cohorts as
with dated as (
    select
        extract(year from due_date) * 4 + extract(quarter from due_date) as cohort,
        extract(year from value_date) * 4 + extract(quarter from value_date) as quarter,
        width
    from pieces
),
cells as (
    select cohort, greatest(quarter - cohort, 0) as k, sum(width) as amount from dated group by 1, 2
)
select cohort, k, sum(amount) over (partition by cohort order by k) as collected from cells
"""


def run(folder: Path) -> dict:
    """Times the kernels on the input of `folder`, on a server of its own."""
    with _server() as connection:
        for table, columns in {
            "charges": "account_id text, charge_id text, due_date date, amount numeric(14,2)",
            "payments": "account_id text, payment_id text, value_date date,"
            " amount numeric(14,2)",
        }.items():
            connection.execute(f"create unlogged table {table} ({columns})")
            csv = folder / f"{table}.csv"
            duckdb.execute(
                f"copy (select * from '{folder}/{table}.parquet') to '{csv}' (header false)"
            )
            with (
                csv.open("rb") as rows,
                connection.cursor().copy(f"copy {table} from stdin csv") as copy,
            ):
                while block := rows.read(1 << 20):
                    copy.write(block)
            csv.unlink()
            connection.execute(f"analyze {table}")
        start = time.perf_counter()
        connection.execute(IMPUTE)
        imputed = time.perf_counter()
        connection.execute(COHORTS)
        done = time.perf_counter()
        answer = connection.execute(answer_of("pieces", "width")).fetchone()
    return {"impute_s": imputed - start, "cohort_s": done - imputed, "answer": list(answer)}


@contextlib.contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """A server on a Unix socket only. PostgreSQL refuses root, so root becomes `postgres`."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise SystemExit("PostgreSQL is not installed (Debian package: postgresql).")
    bin_folder, user = programs[-1], []
    home = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    data = home / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*user, str(bin_folder / "initdb"), "-A", "trust", "-U", "vigie", str(data)], **quiet
    )
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items()) + f" -k {home}"
    control = [*user, str(bin_folder / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-l", str(home / "log"), "-o", options, "start"], **quiet)
    try:
        address = f"host={home} user=vigie dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(home, ignore_errors=True)
