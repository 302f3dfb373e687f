"""Opening DuckDB: sessions in memory, the file of a database, one beside others.

Where there is a key (key.py), every session can read and write encrypted files, what it spills is
encrypted too, and a file is attached with the key. A session in memory then stands in the place of
the file, whose name is chosen: `cursor` makes cursors that look there too. Does not belong here:
what is asked of a database.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from storage import key
from storage.errors import EncryptionError
from storage.header import database_is_encrypted

_MEMORY = ":memory:"
#: How views and sessions call the key of Parquet files; the key itself is in no view.
PARQUET_KEY = "vigie"
_OPTIONS = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_proving = threading.Lock()
_is_proven = False


def connect(
    file: Path | None = None, *, read_only: bool = False, config: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """A session on the file of a database, made where it is missing; without one in memory.

    Raises:
        EncryptionError: the file is encrypted and there is no key, or another one; or it is plain
            and there is a key.
        duckdb.Error: it does not open.
    """
    held = key.current()
    if held is None:
        return _plain(file, read_only, dict(config or {}))
    options = {**(config or {}), **extension_options()}
    if file is not None:
        # As a session on a file does; one in memory would spill where the process happens to stand.
        options.setdefault("temp_directory", f"{file}.tmp")
    connection = duckdb.connect(_MEMORY, config=options)
    try:
        prepare(connection, held)
        if file is not None:
            attach(connection, file, file.stem, read_only=read_only)
            use(connection, file.stem)
    except BaseException:
        connection.close()
        raise
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    file: Path | str,
    alias: str,
    *,
    read_only: bool = False,
    options: str = "",
) -> None:
    """Put the file of a database beside those of a session, under a name.

    Args:
        options: more options of `ATTACH`, as SQL.

    Raises:
        EncryptionError, duckdb.Error: as `connect`.
    """
    held = key.current()
    _refuse_form(Path(file), held)
    said = [option for option in ("read_only" if read_only else "", options) if option]
    if held is not None:
        said.append(f"encryption_key '{held.database}'")
    ending = f" ({', '.join(said)})" if said else ""
    _carry_out(connection, file, held, f"attach {_text(file)} as {_name(alias)}{ending}")


def attach_as(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    alias: str,
    *,
    is_encrypted: bool,
    is_new: bool = False,
) -> None:
    """As `attach`, in a form that is said, read-only or a new file: only who changes a file from
    one form into the other.
    """
    held = key.required()
    said = [f"encryption_key '{held.database}'"] if is_encrypted else []
    said.append("storage_version 'v1.4.0'" if is_new else "read_only")
    _carry_out(
        connection, file, held, f"attach {_text(file)} as {_name(alias)} ({', '.join(said)})"
    )


def cursor(connection: duckdb.DuckDBPyConnection, file: Path) -> duckdb.DuckDBPyConnection:
    """Another cursor of a session that `connect` opened on a file."""
    made = connection.cursor()
    if key.current() is not None:
        use(made, file.stem)
    return made


def use(connection: duckdb.DuckDBPyConnection, alias: str) -> None:
    """Make a database that is attached the one where names are sought first."""
    connection.execute(f"use {_name(alias)}")


def extension_options() -> dict[str, Any]:
    """Options with which a session takes the extension that encrypts, out of its wheel.

    DuckDB proves its signature by reading all of it, a tenth of a second each time: the first
    session of a process has that done, the others take the same file.
    """
    global _is_proven
    with _proving:
        if not _is_proven:
            with duckdb.connect(_MEMORY, config=_OPTIONS) as first:
                first.execute(f"load {_text(_extension())}")
            _is_proven = True
    return {**_OPTIONS, "allow_unsigned_extensions": True}


def prepare(connection: duckdb.DuckDBPyConnection, held: key.Key) -> None:
    """Make a session in memory one that encrypts: its extension, the key of Parquet files, what it
    spills.
    """
    connection.execute(f"load {_text(_extension())}")
    connection.execute("set temp_file_encryption = true")
    statement = f"pragma add_parquet_key('{PARQUET_KEY}', '{held.parquet}')"
    _carry_out(connection, "", held, statement)


def _plain(file: Path | None, read_only: bool, config: dict) -> duckdb.DuckDBPyConnection:
    if file is None:
        return duckdb.connect(_MEMORY, config=config)
    _refuse_form(file, None)
    return duckdb.connect(str(file), read_only=read_only, config=config)


def _refuse_form(file: Path, held: key.Key | None) -> None:
    found = database_is_encrypted(file)
    if found and held is None:
        raise EncryptionError("missing", what=file, variable=key.VARIABLE)
    if found is False and held is not None:
        raise EncryptionError("plain", what=file, variable=key.VARIABLE)


def _carry_out(
    connection: duckdb.DuckDBPyConnection, file: object, held: key.Key | None, statement: str
) -> None:
    """Run a statement that may hold a key: what is told of a failure holds none."""
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        told = str(error)
        if held is None:
            raise
        if "Wrong encryption key" in told:
            raise EncryptionError("wrong", what=file, variable=key.VARIABLE) from None
        for secret in (held.database, held.parquet):
            told = told.replace(secret, "…")
        raise type(error)(told) from None


@lru_cache(maxsize=1)
def _extension() -> Path:
    """The file of the extension `httpfs`, which brings OpenSSL, in its wheel."""
    found = importlib.util.find_spec("duckdb_extension_httpfs")
    place = Path(found.origin).parent if found and found.origin else Path()
    file = place / "extensions" / f"v{version('duckdb')}" / "httpfs.duckdb_extension"
    if not file.is_file():
        raise EncryptionError("no_extension")
    return file


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
