"""Where an explanation is read: one release, and behind it the raw history where there is a right
to it.

Belongs here: asking, one query at a time, filtered by key. Does not belong here: what is asked
(one module and one folder of queries for each kind). The account page asks as its role may see
(dashboards/sections/account_explained.py): it is a source of its own, without raw history.

A query with parameters makes DuckDB import pandas (half a second): values are written into it as
literals, by `literal` alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from release.difference.find import built_before
from release.reader import Release, standing

if TYPE_CHECKING:
    from explain.lineage import Lineage

QUERIES = Path(__file__).resolve().parent / "queries"
_PLACE = re.compile(r"\$(\w+)")


class Source(Protocol):
    """What an explanation is read from."""

    release: Release

    def ask(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query of `queries/`, named `<kind>/<name>`; `$name` stands for a value."""

    def read(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query that is made of names of the release itself."""

    def may_see(self, table: str) -> bool:
        """Whether a table can be asked: it is in the release, and the right holds it."""

    def packages(self, code: str) -> list[dict[str, Any]]:
        """The packages that hold a statistic; none where there is no right to them."""

    @property
    def lineage(self) -> Lineage | None:
        """The raw history; None where there is no right to it."""

    @property
    def before(self) -> Source | None:
        """The release before, as far as it is kept."""


@cache
def sql_of(query: str) -> str:
    """The text of a query."""
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8").strip().rstrip(";")


def literal(value: Any) -> str:
    """A value as SQL writes it: text, date, number, null, or a list of them.

    Raises:
        TypeError: a value of another kind.
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Sequence):
        return f"[{', '.join(map(literal, value))}]::varchar[]"
    raise TypeError(f"no literal of a {type(value).__name__}")


def filled(sql: str, values: dict[str, Any]) -> str:
    """A query with its values in place."""
    return _PLACE.sub(lambda place: literal(values[place[1]]), sql)


def rows_of(cursor: Any) -> list[dict[str, Any]]:
    """Rows of what was executed, by column."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class ReleaseSource:
    """A release as its file holds it, opened read-only."""

    def __init__(self, release: Release, home: Path, out: Path | None = None) -> None:
        self.release, self._home, self._out = release, home, out

    def ask(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query; `$name` stands for a value."""
        return self.read(sql_of(query), **values)

    def read(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query; `$name` stands for a value."""
        return rows_of(self.release.cursor().execute(filled(sql, values)))

    def packages(self, code: str) -> list[dict[str, Any]]:
        """The packages of the desk, and those of runs, that hold a statistic."""
        from explain.packages import holding

        return holding(code, self._home, self._out)

    @cached_property
    def _tables(self) -> frozenset[str]:
        found = self.release.cursor().execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        )
        return frozenset(name for (name,) in found.fetchall())

    def may_see(self, table: str) -> bool:
        """Whether the release has a table: one that was built before may not."""
        return table in self._tables

    @cached_property
    def lineage(self) -> Lineage:
        """The raw history, as the release knew it."""
        from explain.lineage import Lineage

        deliveries = [row["delivery_id"] for row in self.ask("common/deliveries")]
        return Lineage(self._home, deliveries)

    @cached_property
    def before(self) -> ReleaseSource | None:
        """The release that was current when this one was built, else the newest built before it;
        as `vigie diff` means it by `previous`."""
        found = built_before(self.release, standing(self._home))
        return ReleaseSource(found, self._home, self._out) if found else None
