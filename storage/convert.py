"""One file from plain to encrypted, or back: written anew beside it, the same rows in their order.

Does not belong here: putting the new file in the place of the old one, hashes of it, whole folders
(orchestration/encrypt.py). Needs the key (key.py) both ways.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from storage.databases import attach_as, connect
from storage.errors import EncryptionError
from storage.parquet import parquet, parquet_form_as


def parquet_file(source: Path, target: Path, *, encrypt: bool) -> None:
    """Write a Parquet file again, encrypted or plain.

    Raises:
        EncryptionError: it cannot be read.
        OSError, duckdb.Error: no room.
    """
    with connect(config={"preserve_insertion_order": True}) as connection:
        _readable(connection, source, f"select count(*) from {parquet([source])}")
        named = "'" + str(target).replace("'", "''") + "'"
        connection.execute(
            f"copy (from {parquet([source])}) to {named} ({parquet_form_as(encrypt)})"
        )
        if _rows(connection, source) != _rows(connection, target):
            raise EncryptionError("unreadable", file=source)
    _flush(target)


def database_file(source: Path, target: Path, *, encrypt: bool) -> None:
    """Write a database again, encrypted or plain: tables, views, functions, comments.

    Raises:
        EncryptionError, OSError, duckdb.Error: as `parquet_file`.
    """
    for one in (target, target.with_name(target.name + ".wal")):
        one.unlink(missing_ok=True)
    with connect() as connection:
        try:
            attach_as(connection, source, "old", is_encrypted=not encrypt)
        except duckdb.Error:
            raise EncryptionError("unreadable", file=source) from None
        attach_as(connection, target, "fresh", is_encrypted=encrypt, is_new=True)
        connection.execute("copy from database old to fresh")
        connection.execute("checkpoint fresh")
        if _contents(connection, "old") != _contents(connection, "fresh"):
            raise EncryptionError("unreadable", file=source)
    _flush(target)


def _readable(connection: duckdb.DuckDBPyConnection, source: Path, query: str) -> None:
    try:
        connection.execute(query)
    except duckdb.Error:
        raise EncryptionError("unreadable", file=source) from None


def _rows(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[int, int]:
    """How many rows, and the sum of their hashes: nothing else keeps what is stored here."""
    query = "select count(*), coalesce(sum(hash(_row)::hugeint), 0) from"
    return connection.execute(f"{query} {parquet([file])} as _row").fetchone()


def _contents(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple]:
    """What a database holds: its tables with their rows and the sums of their hashes, the names of
    its views and functions.
    """
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = $1 and not internal order by all",
        [database],
    ).fetchall()
    named = connection.execute(
        "select schema_name, view_name from duckdb_views() where database_name = $1 "
        "and not internal union all select schema_name, function_name from duckdb_functions() "
        "where database_name = $1 and not internal order by all",
        [database],
    ).fetchall()
    query = "select count(*), coalesce(sum(hash(_row)::hugeint), 0) from"
    found = [
        connection.execute(f'{query} {database}."{schema}"."{table}" as _row').fetchone()
        for schema, table in tables
    ]
    return [*zip(tables, found, strict=True), *named]


def _flush(file: Path) -> None:
    with open(file, "rb") as written:
        os.fsync(written.fileno())
