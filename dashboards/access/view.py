"""The release as one right may see it: a database in memory that holds views of the allowed tables
and nothing else.

Belongs here: making that database, keeping few of them open, and looking at each query before it
runs. Does not belong here: which tables a right has (person.py), how marts are cut
(small_counts.py), caches of results (source.py).

The file is attached read-only; then no other file can be reached and no setting changed. A query is
one select over names of two parts that the right has: the attached file itself, the catalogue and
functions that read something are refused.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from dashboards.access.declared import declaration
from dashboards.access.errors import ForbiddenQuery
from dashboards.access.person import Right
from dashboards.access.small_counts import statements
from release.errors import BrokenReleaseError
from release.pointer import find_pointer
from release.reader import Release
from storage import databases

#: Views kept open: the current release for as many rights, or fewer for a past one beside it.
_KEPT_OPEN = 8
_OPTIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
#: Functions in the place of a table that make rows of what the query gives them.
_FUNCTIONS = {"unnest", "range", "generate_series"}
_views: OrderedDict[tuple[Path, str, bool], View] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Told:
    """What was done to small counts of a mart: cells merged with others, cells left out."""

    merged: int
    left_out: int


def view_of(release: Release, right: Right) -> View:
    """Return the release as a right sees it. Raises BrokenReleaseError."""
    is_coarse = coarse(release, right)
    place = (release.path, right.key, is_coarse)
    with _lock:
        view = _views.get(place)
        if view is None:
            view = _views[place] = View(release, right, is_coarse=is_coarse)
        _views.move_to_end(place)
        while len(_views) > _KEPT_OPEN:
            # A cursor handed out earlier keeps its database by itself.
            _views.popitem(last=False)
    return view


def coarse(release: Release, right: Right) -> bool:
    """Whether a right sees amounts of a release in thousands of euros alone: where its counts are
    cut, in every release but the current one (decision 017)."""
    if not right.cut:
        return False
    pointer = find_pointer(release.path.parent.parent)
    return pointer is None or pointer.release_id != release.id


def close_all() -> None:
    """Forget every open view (tests, and a process that is done with reading)."""
    with _lock:
        _views.clear()


class View:
    """One release for one right; `is_coarse`: amounts of marts that are cut are thousands."""

    def __init__(self, release: Release, right: Right, *, is_coarse: bool = False) -> None:
        self._right = right
        self.is_coarse = is_coarse
        self._making = threading.Lock()
        self._told: dict[str, Told] = {}
        # What does not fit in memory goes beside the release, as for whoever opens it directly.
        options = _OPTIONS | {"temp_directory": f"{release.path}.tmp"}
        release.prove()
        try:
            self._connection = databases.connect(config=options)
            databases.attach(self._connection, release.path, "whole", read_only=True)
            self.tables = self._make()
        except duckdb.Error as error:
            raise BrokenReleaseError("does_not_open", name=release.path.name) from error
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def _make(self) -> frozenset[str]:
        """Make the views; returns the tables that can be asked for. Marts that are cut are made
        when they are asked for the first time."""
        run = self._connection.execute
        held = run(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'whole'"
        ).fetchall()
        found = sorted(name for (name,) in held if self._right.may_see(name))
        for schema in sorted({name.partition(".")[0] for name in found} | {"own"}):
            run(f'create schema if not exists "{schema}"')
        if any(self._right.office_column(name) for name in found):
            run("create table own.offices as select unnest($offices::varchar[]) as office_code",
                {"offices": list(self._right.offices)})  # fmt: skip
            run("""create table own.accounts as
                select affiliate_id as account_id from whole.core.dim_affiliate
                where office_code in (from own.offices)
                union all
                select company_id from whole.core.dim_company
                where office_code in (from own.offices)""")
        for name in found:
            if not self._right.threshold(name):
                run(f"create view {_quoted(name)} as {self._select(name)}")
        return frozenset(found)

    def _select(self, name: str) -> str:
        rows = f"select * from whole.{_quoted(name)}"
        column = self._right.office_column(name)
        if column is None:
            return rows
        among = "offices" if column == "office_code" else "accounts"
        return f"{rows} where {column} in (from own.{among})"

    def read(self, sql: str) -> frozenset[str]:
        """Return the tables that a query reads.

        Raises:
            ForbiddenQuery: it is no select of tables that this right has.
        """
        tables = tables_of(sql)
        if beyond := tables - self.tables:
            raise ForbiddenQuery(f"this right does not hold {', '.join(sorted(beyond))}")
        return tables

    def query(self, sql: str, values: dict[str, object]) -> pd.DataFrame:
        """Run a query. Raises ForbiddenQuery."""
        for table in self.read(sql):
            self._cut(table)
        return self._connection.cursor().execute(sql, values).df()

    def rows(self, sql: str, values: dict[str, object]) -> list[dict[str, object]]:
        """Run a query; its rows by column, each value as the release has it (money is decimal).
        Raises ForbiddenQuery."""
        for table in self.read(sql):
            self._cut(table)
        found = self._connection.cursor().execute(sql, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def told(self, table: str) -> Told | None:
        """Return what was done to small counts of a table; None where they are as they are."""
        if table not in self.tables or not self._right.threshold(table):
            return None
        self._cut(table)
        return self._told[table]

    def _cut(self, table: str) -> None:
        """Make a mart whose small counts are merged, once."""
        threshold = self._right.threshold(table)
        if not threshold or table in self._told:
            return
        with self._making:
            if table in self._told:
                return
            cursor = self._connection.cursor()
            made = f"own.{table.replace('.', '__')}"
            cells = declaration().cells[table]
            for statement in statements(cells, threshold, made, is_coarse=self.is_coarse):
                cursor.execute(statement)
            cursor.execute(f"create or replace view {_quoted(table)} as select * from {made}")
            row = cursor.execute(f"select merged, left_out from {made}_told").fetchone()
            self._told[table] = Told(*row)


def _quoted(table: str) -> str:
    return ".".join(f'"{part}"' for part in table.split("."))


@lru_cache(maxsize=1000)
def tables_of(sql: str) -> frozenset[str]:
    """Return the tables (`schema.table`) that a select reads.

    Raises:
        ForbiddenQuery: it is not one select, names a table in another way, or calls a function
            that reads something.
    """
    (told,) = _parser().cursor().execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    parsed = json.loads(told)
    if parsed.get("error") or len(parsed.get("statements", ())) != 1:
        raise ForbiddenQuery(parsed.get("error_message") or "one select at a time")
    tables: set[str] = set()
    _walk(parsed, frozenset(), tables)
    return frozenset(tables)


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    return databases.connect(config=_OPTIONS)


def _walk(node: object, named: frozenset[str], tables: set[str]) -> None:
    """Gather tables; `named`: what the query itself calls a table, where this part stands."""
    if isinstance(node, list):
        for one in node:
            _walk(one, named, tables)
        return
    if not isinstance(node, dict):
        return
    if "cte_map" in node:
        named = named | {entry["key"].lower() for entry in node["cte_map"]["map"]}
    kind = node.get("type")
    if kind == "BASE_TABLE":
        catalogue, schema, table = node["catalog_name"], node["schema_name"], node["table_name"]
        if catalogue or (not schema and table.lower() not in named):
            raise ForbiddenQuery(f"{catalogue}.{schema}.{table} is no table of a schema")
        if schema:
            tables.add(f"{schema}.{table}".lower())
    elif kind == "TABLE_FUNCTION":
        function = node["function"]["function_name"].lower()
        if function not in _FUNCTIONS:
            raise ForbiddenQuery(f"{function} reads something")
    elif kind in ("SHOW_REF", "COLUMN_DATA", "DELIM_GET", "BOUND_TABLE_REF"):
        raise ForbiddenQuery(f"{kind} is no select")
    for one in node.values():
        _walk(one, named, tables)
