"""Marts of invented rows, cut as those of a release are. Does not belong here: the sample fund."""

from __future__ import annotations

import duckdb

from dashboards.access.cells import Cells
from dashboards.access.small_counts import statements

_KINDS = Cells(
    table="main.mart",
    period=("period",),
    dimensions=("cell",),
    persons={"persons": "persons"},
    disjoint={"persons": ["cell"]},
    sums=("persons", "kind"),
    parts={"kind": []},
)


def cut(rows: list[tuple[str, str, int]], threshold: int) -> list[int]:
    """Return how many of a kind are told of each cell (period, cell, of a kind), in their order;
    every cell is large enough."""
    db = duckdb.connect()
    db.execute("attach ':memory:' as whole")
    db.execute("create table whole.mart (period text, cell text, kind bigint, persons bigint)")
    db.executemany("insert into whole.mart values (?, ?, ?, 100)", rows)
    db.execute("create schema own")
    for statement in statements(_KINDS, threshold, "own.made"):
        db.execute(statement)
    return [
        kind for (kind,) in db.execute("select kind from own.made order by period, cell").fetchall()
    ]
