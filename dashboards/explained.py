"""What an explanation is read from by a page: the release, as who looks may see it.

Belongs here: asking through `Reading`. Does not belong here: what is told (explain), how it is
drawn (sections/account_explained.py). A page stays at the gate: there is no raw history here, and
no package.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from dashboards.navigation import declared
from dashboards.source import Reading
from explain.asking import sql_of
from release.difference.find import built_before
from release.reader import Release, standing

_PLACE = re.compile(r"\$(\w+)")


class ReadingSource:
    """A release behind a page (explain.source.Source)."""

    lineage = None

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @property
    def release(self) -> Release:
        """The release that the page reads."""
        return self._reading.release

    def ask(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query of explain; `$name` stands for a value."""
        return self.read(sql_of(query), **values)

    def read(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Rows of a query; a value that it does not name is left out."""
        named = {name: values[name] for name in _PLACE.findall(sql)}
        return self._reading.rows(sql, **named)

    def may_see(self, table: str) -> bool:
        """Whether the release has a table that who looks may see."""
        return self._reading.holds(*table.split("."))

    def packages(self, code: str) -> list[dict[str, Any]]:
        """None: a package is of the desk, which has pages of its own."""
        return []

    @cached_property
    def before(self) -> ReadingSource | None:
        """The release before, by the same right."""
        found = built_before(self.release, standing())
        return ReadingSource(self._reading.of_release(found)) if found else None


def titles(lang: str) -> dict[str, str]:
    """Titles of the pages, by id."""
    _, pages = declared()
    return {page.id: page.title(lang) for page in pages}
