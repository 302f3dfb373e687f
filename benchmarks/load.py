"""`python -m benchmarks.load [--rows N]`: loading a CSV against DuckDB reading the same bytes.

The form step of ingest (hash, own count of lines, every check, sort, compressed Parquet) side by
side in one run with DuckDB's own typed reader without any check, into a table and into Parquet.
Pairs are repeated; the ratio of each pair is taken, and the median printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from ingest.contract import load_contracts
from ingest.delivery import read_manifest
from ingest.verify import verify_file


def main() -> None:
    """Prints seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-load-") as name:
        folder = Path(name)
        delivery = write_delivery(folder, arguments.rows)
        size = (delivery / "charges.csv").stat().st_size
        print(f"{arguments.rows:,} charges, {size / 1e6:.0f} MB of CSV")
        ours, table, parquet = [], [], []
        for _ in range(arguments.pairs):
            ours.append(load(delivery, folder))
            table.append(read(delivery, folder, "create table t as {query}"))
            parquet.append(read(delivery, folder, "copy ({query}) to '{target}' (format parquet)"))
        print(f"ingest: {statistics.median(ours):.2f} s")
        for title, theirs in (("a table", table), ("Parquet", parquet)):
            ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            print(f"DuckDB into {title}: {statistics.median(theirs):.2f} s, ratio {ratio:.2f}")


def write_delivery(folder: Path, rows: int) -> Path:
    """A delta with one file of plausible charges."""
    delivery = folder / "2026-09-30-1"
    delivery.mkdir()
    path = delivery / "charges.csv"
    duckdb.execute(
        f"""copy (
            select
                'U' as _op,
                printf('D%012d', i) as charge_id, printf('A%08d', i // 35) as account_id,
                'provisional' as charge_type, 2018 + i % 8 as contribution_year,
                1 + i % 4 as contribution_quarter, 'main' as category,
                date '2018-01-15' + (i % 2900)::integer as issue_date,
                date '2018-03-31' + (i % 2900)::integer as due_date,
                (100 + hash(i) % 90000 / 100)::decimal(14, 2) as amount,
                (20000 + hash(i, 1) % 3000000 / 100)::decimal(14, 2) as income_basis,
                null as related_charge_id
            from range({rows}) as r (i)
        ) to '{path}' (header)"""
    )
    total = duckdb.execute(
        "select sum(amount::decimal(18, 2))::varchar "
        f"from read_csv('{path}', all_varchar = true, hive_partitioning = false)"
    ).fetchone()[0]
    digest = hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
    entry = {"extract": "charges", "file": path.name, "rows": rows, "sha256": digest}
    manifest = {
        "delivery_id": delivery.name,
        "business_date": str(date(2026, 9, 30)),
        "mode": "delta",
        "produced_at": "2026-10-01T02:10:00+02:00",
        "files": [{**entry, "control_total": total}],
    }
    (delivery / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return delivery


def load(folder: Path, scratch: Path) -> float:
    """Seconds of the form step."""
    contracts = load_contracts()
    delivery = read_manifest(folder, contracts)
    spill, target = scratch / "spill", scratch / "raw"
    spill.mkdir(exist_ok=True)
    target.mkdir(exist_ok=True)
    start = time.perf_counter()
    verify_file(
        delivery, delivery.files[0], contracts["charges"], b"k" * 32, spill, target, lambda n: None
    )
    return time.perf_counter() - start


def read(folder: Path, scratch: Path, command: str) -> float:
    """Seconds of DuckDB's reader, typed by the contract, no check."""
    types = {"_op": "VARCHAR", **{c.name: c.type for c in load_contracts()["charges"].columns}}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    options = f"header = true, columns = {{{columns}}}"
    query = f"from read_csv('{folder}/charges.csv', hive_partitioning = false, {options})"
    con = duckdb.connect(str(scratch / "read.duckdb"))
    start = time.perf_counter()
    con.execute(command.format(query=query, target=scratch / "read.parquet"))
    seconds = time.perf_counter() - start
    con.close()
    (scratch / "read.duckdb").unlink()
    return seconds


if __name__ == "__main__":
    main()
