"""What is asked of a database: one snapshot, rows as text in Arrow batches, one value.

Belongs here: the questions, and which of the two ways answers them. Does not belong here: the
answers (`postgres.py`, `other.py`), which rows are asked for (`query.py`).
"""

from collections.abc import Generator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

import pyarrow as pa

from ingest.source.declared import Source
from ingest.source.secret import address
from ingest.source.snapshot import Snapshot


class Session(Protocol):
    """A database that is open, in one snapshot. Errors of all: SourceError."""

    snapshot: Snapshot
    # A text that is not UTF-8 can come from it: it must be looked at.
    may_break_text: bool

    def as_text(self, expression: str) -> str:
        """SQL of the value of an expression as the database itself writes it."""

    def changed(self, column: str, mark: str) -> str:
        """SQL: whether a row changed since a mark."""

    def mark(self, table: str, column: str, overlap: timedelta | int) -> str | None:
        """The mark that the next delta asks from, less the overlap; None: there are no rows."""

    def batches(self, sql: str, names: list[str], where: str) -> Generator[pa.RecordBatch]:
        """Rows of a query as texts, columns named by place; `where` is told in errors."""

    def broken(self, sql: str) -> bool:
        """Whether the database does not take a query; nothing of it is kept."""


def open_session(source: Source) -> AbstractContextManager[Session]:
    """The database of a source, in one snapshot that nobody can write in. Errors: SourceError."""
    url = address(source)
    if source.engine == "postgresql":
        from ingest.source.postgres import PostgresSession

        return PostgresSession.opened(source, url)
    from ingest.source.other import OtherSession

    return OtherSession.opened(source, url)
