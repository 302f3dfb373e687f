"""The databases of a data folder that people fill, at rest: which there are, each as one SQLite
file, and back into either engine.

Belongs here: that list, a database as it is at one moment, pouring one into another. Does not
belong here: what stands in them, the files that only a run writes (contents.py).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Database:
    """A database of the data folder: its folder there, its file, and the variable that names
    another place for it.
    """

    folder: str
    file: str
    variable: str


REGISTER = Database("desk", "desk/register.sqlite", "VIGIE_REGISTER")
NOTEBOOK = Database("notebook", "notebook/notebook.sqlite", "VIGIE_NOTEBOOK")
SUBSCRIPTIONS = Database(
    "subscriptions", "subscriptions/subscriptions.sqlite", "VIGIE_SUBSCRIPTIONS"
)
DATABASES = (REGISTER, NOTEBOOK, SUBSCRIPTIONS)


def opened(
    one: Database, home: Path, url: str | None, lang: str
) -> tuple[Any, tuple[sa.Table, ...]]:
    """What reads and writes a database (its `url`, `where`, `engine` and `prepare`), and its
    tables, the one that counts first. `url` None: the file in `home`.
    """
    # Late: the libraries of databases, for who has one.
    if one == REGISTER:
        from exports.register.store import EVENTS, Store

        return Store(home, url, lang=lang), (EVENTS,)
    if one == NOTEBOOK:
        from dashboards.notebook.store import ENTRIES, Notebook

        return Notebook(home, url), (ENTRIES,)
    from dashboards.subscriptions.store import PERSONS, SENDINGS, SUBSCRIPTIONS, Subscriptions

    return Subscriptions(home, url), (SUBSCRIPTIONS, PERSONS, SENDINGS)


def empty(one: Database, home: Path, lang: str) -> None:
    """Make the file of a database in a folder, its tables without lines."""
    from exports.register.database import make_file

    store, _ = opened(one, home, None, lang)
    make_file(store.url)
    store.prepare()


def snapshot(url: sa.URL, target: Path, tables: Sequence[sa.Table]) -> int | None:
    """Write a database as it is at one moment into an SQLite file, whoever writes it meanwhile;
    return the lines of its first table, None where there is none.

    SQLite by its own online copy. Of PostgreSQL the lines are read in one transaction: `target`
    must then hold the empty tables already.

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
            if (tables[0].name,) not in names:
                return None
            return copy.execute(f'select count(*) from "{tables[0].name}"').fetchone()[0]
    return pour(url, sa.URL.create("sqlite+pysqlite", database=str(target)), tables)


def pour(source: sa.URL, target: sa.URL, tables: Sequence[sa.Table]) -> int:
    """Put all lines of some tables into another database that has them, empty; return how many the
    first one has.
    """
    from exports.register.database import open_engine

    with _reading(open_engine(source)) as reading:
        rows = {
            table: [
                dict(row._mapping)
                for row in reading.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in tables
        }
    writer = open_engine(target).connect().execution_options(writes=True)
    with writer as writing, writing.begin():
        for table, said in rows.items():
            if not said:
                continue
            writing.execute(sa.insert(table), said)
            if target.get_backend_name() == "postgresql" and _is_numbered(table):
                # The server gives the next number itself, and knows nothing of those that came so.
                numbers = "select setval(pg_get_serial_sequence(:name, 'number'), :last)"
                last = {"name": table.name, "last": said[-1]["number"]}
                writing.execute(sa.text(numbers), last)
    return len(rows[tables[0]])


def _reading(engine: sa.Engine) -> sa.Connection:
    """A connection that sees all tables as of one moment."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def _is_numbered(table: sa.Table) -> bool:
    return [column.name for column in table.primary_key] == ["number"]
