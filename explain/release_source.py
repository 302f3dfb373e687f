"""A release as its file holds it, and behind it the raw history: what `vigie explain` reads.

Does not belong here: what is asked (source.py), the lines of the deliveries (lineage.py).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from explain.asking import filled, rows_of, sql_of
from explain.lineage import Lineage
from release.difference.find import built_before
from release.reader import Release, standing


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
        deliveries = [row["delivery_id"] for row in self.ask("common/deliveries")]
        return Lineage(self._home, deliveries)

    @cached_property
    def before(self) -> ReleaseSource | None:
        """The release that was current when this one was built, else the newest built before it;
        as `vigie diff` means it by `previous`."""
        found = built_before(self.release, standing(self._home))
        return ReleaseSource(found, self._home, self._out) if found else None
