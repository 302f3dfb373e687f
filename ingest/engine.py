"""DuckDB sessions of this package: bounded memory, spill inside the home, how SQL is quoted.

Here belongs what every query of `ingest` shares. No rule about a delivery stands here.
"""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from ingest.bounds import told
from ingest.errors import IngestError
from ingest.texts import said
from storage import databases

MEMORY_VARIABLE = "VIGIE_MEMORY_LIMIT"
DEFAULT_MEMORY = "5GB"


def connect(spill: Path | None) -> duckdb.DuckDBPyConnection:
    """A private in-memory session. `spill` None: nothing may ever be written to disk."""
    if spill:
        spill.mkdir(parents=True, exist_ok=True)
    limit = os.environ.get(MEMORY_VARIABLE, DEFAULT_MEMORY)
    connection = databases.connect(config={
        "memory_limit": limit,
        # Blocks are kept for the next use: giving each back to the system costs a page fault.
        "block_allocator_memory": limit,
        "temp_directory": str(spill) if spill else "",
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
    })
    connection.execute("SET TimeZone = 'Europe/Brussels'")
    # An IN with five values or more would become a join, and a join does not keep the order of
    # rows in a parallel query: the record number of a row is its place (verify.py).
    connection.execute("SET disabled_optimizers = 'in_clause'")
    return connection


def quote(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: object) -> str:
    """An SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def day(value: date) -> str:
    """An SQL date literal."""
    return f"DATE '{value.isoformat()}'"


def key_text(keys: tuple[str, ...], alias: str = "", prefix: str = "") -> str:
    """SQL of the key as people read it: values joined with `|` (F3)."""
    dot = f"{alias}." if alias else ""
    return " || '|' || ".join(
        f"coalesce(CAST({dot}{quote(prefix + key)} AS VARCHAR), '')" for key in keys)


def no_rows(columns: Iterable[tuple[str, str]]) -> str:
    """SQL of no rows, with these (name, type) columns."""
    fields = ", ".join(f"CAST(NULL AS {kind}) AS {quote(name)}" for name, kind in columns)
    return f"SELECT {fields} WHERE false"


def check_path(path: Path, holds_databases: bool) -> None:
    """Refuse the few paths DuckDB cannot work with. Errors: IngestError, one sentence.

    Measured with 1.5.5: it cannot take text that is not UTF-8, reads a backslash between signs of
    a pattern as the end of a folder, and puts the log of a database before a question mark.
    """
    name = str(path)
    shown = name.encode("utf-8", "backslashreplace").decode()
    if shown != name:
        reason = "error.path_utf8"
    elif "\\" in name and any(sign in name for sign in "[*?"):
        reason = "error.path_backslash"
    elif holds_databases and "?" in name:
        reason = "error.path_question"
    else:
        return
    raise IngestError(said(reason, folder=told(shown)))


def has_form(source: str, pattern: str) -> str:
    """SQL: whether the text `source` as a whole has the form `pattern` (null where it is null)."""
    bare = pattern.removeprefix("^").removesuffix("$")
    return f"regexp_full_match({source}, {text(bare)})"
