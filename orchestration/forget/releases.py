"""A release with identifiers replaced: another file under the same name, every other value as it
was.

Written as a new database, not changed in place: a changed one keeps the old values in blocks that
no table names. Does not belong here: which releases (act.py), how a release is published.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import duckdb

from ingest.durable import write_json
from ingest.forget import exchanged, holds, put_names
from release.home import SUFFIX
from release.pointer import sync_folder
from release.proof import write_proof
from storage import databases

_DRAFT = ".forgetting.incoming"


def holding(folder: Path, names: Mapping[str, str]) -> list[Path]:
    """The releases that hold one of these identifiers."""
    found = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        with _opened(file) as connection:
            put_names(connection, names)
            if any(
                holds(
                    connection,
                    f'old."{schema}"."{table}"',
                    _text_columns(connection, schema, table),
                )
                for schema, table in _tables(connection)
            ):
                found.append(file)
    return found


def rewrite(file: Path, names: Mapping[str, str]) -> None:
    """Replace identifiers in a release. Killed in between, it is the one or the other file; `mend`
    makes proof and pointers fit.

    Raises:
        duckdb.Error: it does not open, or there is no room.
    """
    draft = file.with_suffix(_DRAFT)
    _clear(draft)
    with _opened(file) as connection:
        databases.attach(connection, draft, "fresh", options="storage_version 'v1.4.0'")
        connection.execute("copy from database old to fresh (schema)")
        put_names(connection, names)
        for (schema, table), columns in _tables(connection).items():
            name = f'"{schema}"."{table}"'
            held = [
                one
                for one in _text_columns(connection, schema, table)
                if holds(connection, f"old.{name}", [one])
            ]
            rows = exchanged(f"old.{name}", columns, held)
            connection.execute(f"insert into fresh.{name} {rows}")
        connection.execute("checkpoint fresh")
    draft.chmod(stat.S_IRUSR)
    with open(draft, "rb") as written:
        os.fsync(written.fileno())
    os.replace(draft, file)
    mend(file)


def mend(file: Path) -> None:
    """Make proof and pointers say what the file of a release is now."""
    proof = write_proof(file)
    for pointer in file.parent.glob("*.json"):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            said = json.loads(pointer.read_text(encoding="utf-8"))
            if said.get("path") == file.name and said.get("sha256") not in (None, proof.sha256):
                write_json(pointer, {**said, "sha256": proof.sha256, "size": proof.size})
    sync_folder(file.parent)


def _opened(file: Path) -> contextlib.closing[duckdb.DuckDBPyConnection]:
    connection = databases.connect()
    databases.attach(connection, file, "old", read_only=True)
    return contextlib.closing(connection)


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    rows = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) "
        "from duckdb_columns() where database_name = 'old' and not internal group by all"
    ).fetchall()
    return {(schema, table): columns for schema, table, columns in rows}


def _text_columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> frozenset[str]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'old' "
        "and schema_name = $1 and table_name = $2 and data_type = 'VARCHAR'",
        [schema, table],
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _clear(draft: Path) -> None:
    for one in (draft, draft.with_name(draft.name + ".wal")):
        one.unlink(missing_ok=True)
