"""A small synthetic fund, made once for all tests of this folder.

Belongs here: the fund and how tests read it. Does not belong here: what is expected of it.
"""

import csv
import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from sample import generate

FIXTURES = Path(__file__).parents[2] / "fixtures" / "interface"
SMALL = {"affiliates": 400, "companies": 250, "deltas": 3, "seed": 7}


class Fund:
    """Deliveries on disk and the full one as text tables, without the rows to be refused."""

    def __init__(self, out: Path):
        self.out = out
        self.truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
        folders = sorted(path for path in out.iterdir() if path.is_dir())
        self.full, self.deltas = folders[0], folders[1:]
        self.con = duckdb.connect()
        self.con.execute("set threads = 1")
        refused: dict[str, list[str]] = {}
        for entry in self.truth.get("quarantine", []):
            refused.setdefault(entry["extract"], []).append(entry["key"])
        self.refused = refused
        for extract in extracts():
            self.con.execute(
                f"create table {extract}_delivered as select * from read_csv('"
                f"{self.full / extract}.csv', all_varchar = true, header = true)"
            )
            key = " || '|' || ".join(keys(extract))
            values = ",".join(f"('{key}')" for key in refused.get(extract, ["-"]))
            self.con.execute(
                f"create view {extract} as select * from {extract}_delivered "
                f"where {key} not in (select * from (values {values}))"
            )

    def rows(self, sql: str) -> list[tuple]:
        """All rows of a query."""
        return self.con.execute(sql).fetchall()

    def one(self, sql: str):
        """The single value of a query."""
        return self.con.execute(sql).fetchone()[0]

    def planted(self, kind: str) -> set[str]:
        """Keys of the anomalies of a kind."""
        return {entry["key"] for entry in self.truth.get(kind, [])}


def columns() -> list[dict]:
    """The published columns of all extracts."""
    with open(FIXTURES / "extracts.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def extracts() -> list[str]:
    """Names of the extracts, in order."""
    return list(dict.fromkeys(row["extract"] for row in columns()))


def keys(extract: str) -> list[str]:
    """Key columns of an extract."""
    return [row["column"] for row in columns() if row["extract"] == extract and row["key"]]


@pytest.fixture(scope="session")
def fund(tmp_path_factory) -> Fund:
    """The small fund."""
    out = tmp_path_factory.mktemp("sample") / "landing"
    generate(out, end=dt.date(2026, 9, 30), **SMALL)
    return Fund(out)
