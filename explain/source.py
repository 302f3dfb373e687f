"""What an explanation asks of whatever it is read from.

Belongs here: the questions, one query at a time, filtered by key. Does not belong here: what is
asked (one module and one folder of queries for each kind), a release as its file holds it
(release_source.py), a release as a role may see it, without raw history (dashboards/explained.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from release.reader import Release

if TYPE_CHECKING:  # a page, which has no raw history, need not load what reads it
    from explain.lineage import Lineage


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
