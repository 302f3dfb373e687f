"""What of a data folder belongs in a copy, and the databases in it at rest.

Everything that lies in the data folder is copied but what is named here: keys (they must not lie
beside what they protect), deliveries as they came (they hold national numbers), and what can be
made again. Belongs here: that list, what a file was when it was written, a database as a file that
nobody writes. Does not belong here: copying (make.py).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ingest.raw import RawHistory
from orchestration.settings import Settings
from release.proof import kept_hash

#: Never in a copy.
KEYS, LANDING = "keys", "landing"
#: Made again by a run, or of no use on another machine.
_MADE_AGAIN = ("backup", "dagster", "dbt", "logs", "notices", "out", "run.lock", "warehouse")
LEFT_OUT = frozenset({KEYS, LANDING, *_MADE_AGAIN})
#: Written at any moment by who uses the pages and the desk: each is copied under its own lock.
ACCESS, DESK, NOTEBOOK = "access", "desk", "notebook"
LIVE = frozenset({ACCESS, DESK, NOTEBOOK})
REGISTER_FILE = "desk/register.sqlite"
NOTEBOOK_FILE = "notebook/notebook.sqlite"
_DRAFTS = (".tmp", ".incoming", ".lock", ".wal", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Stat:
    """What tells that a file was not written since: where it lies, its size, when (ns)."""

    file: Path
    size: int
    mtime_ns: int


def still(settings: Settings) -> dict[str, Stat]:
    """The files that only a run writes, by their path in the data folder."""
    names = sorted(one.name for one in settings.home.iterdir()) if settings.home.is_dir() else ()
    found: dict[str, Stat] = {}
    for name in names:
        if name not in LEFT_OUT | LIVE and not _is_passing(name):
            found |= below(settings.home, name)
    # Deliveries may lie anywhere in the data folder: they hold national numbers.
    return {
        path: one for path, one in found.items() if not one.file.is_relative_to(settings.landing)
    }


def below(home: Path, name: str) -> dict[str, Stat]:
    """The files under one name of the data folder; drafts, locks and databases at work are not."""
    top = home / name
    if top.is_file():
        found = {name: _stat(top)}
        return {path: one for path, one in found.items() if one is not None}
    databases = {REGISTER_FILE, NOTEBOOK_FILE}
    found = {}
    for folder, folders, files in os.walk(top, followlinks=True):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for one in sorted(files):
            path = Path(folder) / one
            relative = path.relative_to(home).as_posix()
            # One that went away meanwhile is told by the comparison of two looks.
            if relative not in databases and not _is_passing(one) and (stat := _stat(path)):
                found[relative] = stat
    return found


def recorded(settings: Settings) -> dict[str, str]:
    """The hashes that Vigie noted itself when it wrote: stored deliveries, judgements, releases.

    Raises:
        ingest.errors.IngestError: a receipt is damaged.
    """
    found: dict[str, str] = {}
    for receipt in RawHistory(settings.home).receipts():
        name = receipt.delivery_id
        found |= {f"raw/{name}/{file}": one for file, one in receipt.stored.items()}
        if receipt.verdict:
            judged = receipt.verdict.stored
            found |= {f"judgements/{name}/{file}": one for file, one in judged.items()}
    for file in settings.releases.glob("*.duckdb"):
        if known := kept_hash(file):
            found[f"releases/{file.name}"] = known
    return found


@contextlib.contextmanager
def access_at_rest(home: Path) -> Iterator[None]:
    """Keep the servers of pages from writing the record of accesses meanwhile."""
    from dashboards.access import log

    with log.alone(log.folder_of(home)):
        yield


def snapshot(url: sa.URL, target: Path, table: sa.TableClause) -> int | None:
    """Write a database as it is at one moment into an SQLite file, whoever writes it meanwhile;
    return the lines of its table, None where there is none.

    SQLite by its own online copy. Of PostgreSQL the lines are read in one transaction: `target`
    must then hold the empty table already.

    Raises:
        sqlalchemy.exc.SQLAlchemyError, sqlite3.Error: it does not open.
    """
    if url.get_backend_name() == "sqlite":
        file = Path(url.database)
        if not file.is_file() or not file.stat().st_size:
            return None
        uri = f"{file.absolute().as_uri()}?mode=ro"
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            # One file, whatever way of writing the original has.
            copy.execute("pragma journal_mode = delete")
            names = copy.execute("select name from sqlite_master where type = 'table'").fetchall()
            if (table.name,) not in names:
                return None
            return copy.execute(f'select count(*) from "{table.name}"').fetchone()[0]
    return pour(url, sa.URL.create("sqlite+pysqlite", database=str(target)), table)


def pour(source: sa.URL, target: sa.URL, table: sa.TableClause) -> int:
    """Put all lines of a table into another database that has it, empty; return how many."""
    from exports.register.database import open_engine

    order = table.c.number
    with open_engine(source).connect() as reading:
        rows = [tuple(row) for row in reading.execute(sa.select(table).order_by(order))]
    writer = open_engine(target).connect().execution_options(writes=True)
    with writer as writing, writing.begin():
        names = [column.name for column in table.c]
        if rows:
            said = [dict(zip(names, row, strict=True)) for row in rows]
            writing.execute(sa.insert(table), said)
        if rows and target.get_backend_name() == "postgresql":
            # The server gives the next number itself, and knows nothing of those that came so.
            numbers = "select setval(pg_get_serial_sequence(:name, 'number'), :last)"
            writing.execute(sa.text(numbers), {"name": table.name, "last": rows[-1][0]})
    return len(rows)


def _is_passing(name: str) -> bool:
    return name.startswith(".") or name == "lock" or name.endswith(_DRAFTS)


def _stat(path: Path) -> Stat | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return Stat(path, stat.st_size, stat.st_mtime_ns)
