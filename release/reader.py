"""Reading a release: the file its pointer names, opened read-only, one connection per file, one
cursor per query.

Belongs here: resolving and opening. Does not belong here: queries (pages and exports write theirs),
labels (dictionary.py).
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from release.errors import BrokenReleaseError, NoReleaseError
from release.home import SUFFIX, releases_folder
from release.pointer import find_pointer, named_files, pointed_dates, read_pointer
from release.proof import ensure, kept_hash
from storage import databases

# Releases whose connection is kept open; a cursor handed out earlier keeps its file open by itself.
_KEPT_OPEN = 4
_OPTIONS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_connections: OrderedDict[Path, duckdb.DuckDBPyConnection] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Release:
    """One published release: id, absolute path of its file, business date. Caches are keyed on
    `path` or `id`.
    """

    id: str
    path: Path
    business_date: date
    #: Of the file, as the pointer says it; None where only the proof beside the file does.
    sha256: str | None = field(default=None, compare=False)

    def prove(self) -> None:
        """Read the file wholly, once in a process, before anything is told from it.

        Raises:
            DamagedReleaseError: it is no longer the file that was published.
        """
        ensure(self.path, self.sha256)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor, for one query or one page; safe to use in the thread that asked for it.

        Raises:
            BrokenReleaseError: the file is not a database this version can read, or not the one
                that was published.
        """
        self.prove()
        with _lock:
            connection = _connections.get(self.path)
            if connection is None:
                try:
                    connection = databases.connect(self.path, read_only=True, config=_OPTIONS)
                except duckdb.Error as error:
                    raise BrokenReleaseError("does_not_open", name=self.path.name) from error
                _connections[self.path] = connection
            _connections.move_to_end(self.path)
            while len(_connections) > _KEPT_OPEN:
                _connections.popitem(last=False)
            return databases.cursor(connection, self.path)

    @cached_property
    def about(self) -> dict[str, Any]:
        """The row of `meta.release`: release_id, business_date, built_at (UTC), code_version,
        deliveries, …
        """
        cursor = self.cursor()
        row = cursor.execute("select * from meta.release").fetchone()
        if row is None:
            raise BrokenReleaseError("empty_release", name=self.path.name)
        return dict(zip((column[0] for column in cursor.description), row, strict=True))

    @property
    def built_at(self) -> datetime:
        """When it was built (UTC)."""
        return self.about["built_at"]


def open_release(home: str | os.PathLike[str] | None = None, as_of: date | None = None) -> Release:
    """The current release, or the one as of a business date.

    Of a date without a pointer of its own it is the current release when that is as of that very
    date, else the newest one that still stands. Cheap: only pointers are read; the file is opened
    by the first cursor.

    Raises:
        NoReleaseError: none is published (the message names the dates that are, and the command
            that publishes one).
        BrokenReleaseError: the pointer or the file cannot be used.
    """
    try:
        pointer = read_pointer(home, as_of)
    except NoReleaseError as none:
        if as_of is None:
            raise
        pointer = find_pointer(home)
        if pointer is None or pointer.business_date != as_of:
            there = standing(home)
            found = next((one for one in there if one.business_date == as_of), None)
            if found is None:
                dates = {one.business_date for one in there} | pointed_dates(none.folder)
                raise NoReleaseError(none.folder, as_of, sorted(dates)) from None
            return found
    return Release(pointer.release_id, pointer.path, pointer.business_date, pointer.sha256)


def published(home: str | os.PathLike[str] | None = None) -> list[Path]:
    """Files of all releases that stand, the newest business date and build first. What a killed
    publication left has no proof and no pointer, and does not count.
    """
    folder = releases_folder(home)
    named = named_files(folder)
    files = (
        file
        for file in folder.glob(f"*{SUFFIX}")
        if file.name in named or kept_hash(file) is not None
    )
    return sorted(files, reverse=True)


def standing(home: str | os.PathLike[str] | None = None) -> list[Release]:
    """All releases that stand, as `published` orders them; their names say what they are as of."""
    return [
        Release(path.stem, path, date.fromisoformat(path.stem.partition("_")[0]))
        for path in published(home)
    ]


def close_all() -> None:
    """Forget every cached connection (tests, and a process that is done with reading)."""
    with _lock:
        _connections.clear()
