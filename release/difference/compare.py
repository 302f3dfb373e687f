"""Two releases compared: both files attached read-only in one database in memory.

Belongs here: which tables and columns both have, what is asked of each, in which order. Does not
belong here: the queries (sql.py), what a key is (keys.py). All work is set-based in DuckDB, within
a bound of memory; what does not fit goes into a folder of the system's for as long as it takes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import duckdb

from release.dictionary import read_dictionary
from release.difference import sql
from release.difference.keys import IDENTITY, STATISTICS, UNSTABLE, key_of
from release.difference.model import (
    Amount,
    Cells,
    Commitment,
    Difference,
    Side,
    TableDifference,
    drivers_of,
)
from release.errors import BrokenReleaseError
from release.reader import Release
from storage import databases

#: Memory of a comparison; the rest spills.
MEMORY = "2GB"
COMMITMENTS = "service.mart_commitments"
_OPTIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def compare(
    before: Release,
    after: Release,
    on_table: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Difference:
    """Everything that differs from `before` to `after`; `on_table` is told of each table.

    Raises:
        BrokenReleaseError: one of them is not a release that can be read.
    """
    with tempfile.TemporaryDirectory(prefix="vigie-diff-") as spill:
        options = _OPTIONS | {"memory_limit": MEMORY, "temp_directory": spill}
        with databases.connect(config=options) as connection:
            for alias, release in (("b", before), ("a", after)):
                _attach(connection, alias, release)
            return _Comparison(connection, before, after).run(on_table)


def _attach(connection: duckdb.DuckDBPyConnection, alias: str, release: Release) -> None:
    release.prove()
    try:
        databases.attach(connection, release.path, alias, read_only=True)
        connection.execute(f"select release_id from {alias}.meta.release")
    except duckdb.Error:
        raise BrokenReleaseError("no_release_file", file=release.path) from None


class _Comparison:
    def __init__(self, connection, before: Release, after: Release) -> None:
        self._connection = connection
        self._tables = {alias: self._columns(alias) for alias in ("b", "a")}
        self._dictionaries = [read_dictionary(one) for one in (after, before)]
        self._cells: list[Cells] = []
        self._commitments: list[Commitment] = []

    def run(self, on_table: Callable[[str, int, int], None]) -> Difference:
        names = sorted({*self._tables["b"], *self._tables["a"]} - IDENTITY)
        found = []
        for place, name in enumerate(names):
            on_table(name, place, len(names))
            if (one := self._table(name)) is not None:
                found.append(one)
        return Difference(
            self._side("b"),
            self._side("a"),
            tuple(self._explained(found)),
            tuple(self._cells),
            tuple(self._commitments),
            len(names) - len(found),
        )

    def _columns(self, alias: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, column, kind in self._all(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
            f" where database_name = '{alias}' and not internal order by all"
        ):
            if column not in UNSTABLE.get(name, ()):
                found.setdefault(name, {})[column] = kind
        return found

    def _side(self, alias: str) -> Side:
        (row,) = self._all(
            "select release_id, business_date::varchar, code_version, deliveries"
            f" from {alias}.meta.release"
        )
        return Side(*row)

    def _table(self, name: str) -> TableDifference | None:
        b, a = self._tables["b"].get(name), self._tables["a"].get(name)
        if b is None or a is None:
            alias, state = ("a", "added") if b is None else ("b", "removed")
            (rows,) = self._one(f"select count(*) from {alias}.{sql.quoted(name)}")
            counts = {"rows_after": rows, "added": rows} if b is None else {
                "rows_before": rows, "removed": rows}  # fmt: skip
            return TableDifference(name, state, **counts)
        shared = {column: kind for column, kind in a.items() if b.get(column) == kind}
        one = TableDifference(
            name,
            "changed",
            columns_added=tuple(column for column in a if column not in b),
            columns_removed=tuple(column for column in b if column not in a),
            columns_retyped={
                column: (b[column], kind)
                for column, kind in a.items()
                if column in b and b[column] != kind
            },
        )
        is_other = bool(one.columns_added or one.columns_removed or one.columns_retyped)
        sides = [f"{alias}.{sql.quoted(name)}" for alias in ("b", "a")]
        before, after = (self._named(sql.summary(side, shared)) for side in sides)
        one = replace(one, rows_before=before["rows"], rows_after=after["rows"])
        if before["print"] == after["print"] and before["rows"] == after["rows"]:
            return one if is_other else None
        sums = {
            column: (before[column], after[column])
            for column, kind in shared.items()
            if sql.is_amount(column, kind)
        }
        one = self._rows(one, sides, shared, sums)
        return one if is_other or one.rows_touched else None

    def _rows(
        self,
        one: TableDifference,
        sides: list[str],
        shared: Mapping[str, str],
        sums: Mapping[str, tuple[Any, Any]],
    ) -> TableDifference:
        key = self._key(one.name, sides, shared)
        if not key:
            added, removed = self._one(sql.bag(*sides, shared))
            amounts = tuple(Amount(column, *both) for column, both in sums.items())
            return replace(one, added=added, removed=removed, amounts=amounts)
        self._connection.execute(
            f"create or replace temp view joined as {sql.joined(*sides, key, shared)}"
        )
        added, removed, changed, *more = self._one(sql.counts(key, shared, "joined"))
        others = [column for column in shared if column not in key]
        by_column = dict(zip(others, more, strict=False))
        moved = dict(
            zip([column for column in others if column in sums], more[len(others) :], strict=True)
        )
        if not added + removed + changed:  # floating points that differ by nothing
            return one
        told: dict[str, tuple[str, ...]] = {}
        for kind, example in self._all(sql.examples(key, shared, "joined")):
            told[kind] = (*told.get(kind, ()), example)
        if one.name.startswith(f"{STATISTICS}.") and "obs_value" in shared:
            self._cells += [
                Cells(one.name, *row) for row in self._all(sql.cells(key, shared, "joined"))
                if any(row[1:4])
            ]  # fmt: skip
        if one.name == COMMITMENTS:
            self._commitments = [Commitment(*row) for row in self._all(sql.commitments("joined"))]
        return replace(
            one,
            key=key,
            added=added,
            removed=removed,
            changed=changed,
            columns_changed={column: n for column, n in by_column.items() if n},
            amounts=tuple(
                Amount(column, *sums[column], moved=moved.get(column))
                for column in sums
                if moved.get(column) or sums[column][0] != sums[column][1]
            ),
            examples=told,
        )

    def _explained(self, tables: list[TableDifference]) -> list[TableDifference]:
        """The tables, with the part in which most lies of what changed most."""
        wanted = {(one.table, one.amount.column) for one in drivers_of(tables)}
        return [
            replace(
                table,
                amounts=tuple(
                    self._part(table, amount) if (table.name, amount.column) in wanted else amount
                    for amount in table.amounts
                ),
            )
            for table in tables
        ]

    def _part(self, table: TableDifference, amount: Amount) -> Amount:
        if not table.key:
            return amount
        b, a = self._tables["b"][table.name], self._tables["a"][table.name]
        shared = {column: kind for column, kind in a.items() if b.get(column) == kind}
        by = [
            column
            for column, kind in shared.items()
            if kind in ("VARCHAR", "BOOLEAN", "INTEGER") and column != amount.column
        ]
        if not by:
            return amount
        sides = [f"{alias}.{sql.quoted(table.name)}" for alias in ("b", "a")]
        self._connection.execute(
            f"create or replace temp view joined as {sql.joined(*sides, table.key, shared)}"
        )
        found = self._all(sql.parts(amount.column, by, "joined"))
        return replace(amount, part=found[0]) if found else amount

    def _key(self, name: str, sides: list[str], shared: Mapping[str, str]) -> tuple[str, ...]:
        """The declared key, where both sides have its columns and each key once."""
        for dictionary in self._dictionaries:
            key = key_of(dictionary, name)
            if key and all(column in shared for column in key):
                if any(self._one(sql.repeated(side, key))[0] for side in sides):
                    return ()
                return key
        return ()

    def _all(self, query: str) -> list[tuple]:
        return self._connection.execute(query).fetchall()

    def _one(self, query: str) -> tuple:
        return self._connection.execute(query).fetchone()

    def _named(self, query: str) -> dict[str, Any]:
        found = self._connection.execute(query)
        names = [column[0] for column in found.description]
        return dict(zip(names, found.fetchone(), strict=True))
