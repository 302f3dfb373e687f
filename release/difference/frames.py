"""Two tables compared that a page was given: what a right may see of each release, in memory.

Belongs here: the same questions as of two files (compare.py), of two data frames. Does not belong
here: the queries (sql.py), who may see what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from release.difference import sql
from release.difference.model import Amount, TableDifference
from storage import databases


def compare_frames(
    name: str, before: Any, after: Any, key: Sequence[str], columns: Mapping[str, str]
) -> TableDifference:
    """What differs between two data frames with these columns (type by name, that of the release;
    money may come as floating point). Without a key, or where a key is there twice, rows are
    compared whole.
    """
    with databases.connect() as connection:
        connection.register("before", before)
        connection.register("after", after)
        one = TableDifference(name, "changed", len(before), len(after))
        sums = {
            column: tuple(
                connection.execute(f"select sum({sql.quoted(column)}) from {side}").fetchone()[0]
                or 0
                for side in ("before", "after")
            )
            for column, kind in columns.items()
            if sql.is_amount(column, kind)
        }
        twice = [
            connection.execute(sql.repeated(side, key)).fetchone()[0] if key else 1
            for side in ("before", "after")
        ]
        if any(twice):
            added, removed = connection.execute(sql.bag("before", "after", columns)).fetchone()
            amounts = tuple(Amount(column, *both) for column, both in sums.items())
            return replace(one, added=int(added), removed=int(removed), amounts=amounts)
        connection.execute(
            f"create temp view joined as {sql.joined('before', 'after', key, columns)}"
        )
        added, removed, changed, *more = connection.execute(
            sql.counts(key, columns, "joined")
        ).fetchone()
        others = [column for column in columns if column not in key]
        moved = [column for column in others if column in sums]
        told: dict[str, tuple[str, ...]] = {}
        for kind, example in connection.execute(sql.examples(key, columns, "joined")).fetchall():
            told[kind] = (*told.get(kind, ()), example)
        return replace(
            one,
            key=tuple(key),
            added=added,
            removed=removed,
            changed=changed,
            columns_changed={column: n for column, n in zip(others, more, strict=False) if n},
            amounts=tuple(
                Amount(column, *sums[column], moved=weight)
                for column, weight in zip(moved, more[len(others) :], strict=True)
            ),
            examples=told,
        )
