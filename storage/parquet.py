"""Parquet files in SQL: how a list of them is read, how one is written.

Where there is a key, what is written is encrypted; a file that is read says itself whether it is,
because deliveries come plain. The SQL names the key and never holds it: a session of `databases`
knows it. Does not belong here: the columns of any file.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from storage import key
from storage.databases import PARQUET_KEY
from storage.errors import EncryptionError
from storage.header import parquet_is_encrypted

# No Bloom filters and small dictionaries: the second version of the format then writes a third
# faster and a fifth smaller on charges (measured).
_FORM = (
    "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, "
    "DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE 122880"
)


def parquet_form() -> str:
    """The options of `COPY … TO` for a Parquet file of a data folder."""
    return _FORM if key.current() is None else _closed()


def parquet_form_as(is_encrypted: bool) -> str:
    """As `parquet_form`, said: only who changes a file from one form into the other."""
    return _closed() if is_encrypted else _FORM


def never_pattern(path: Path) -> str:
    """A path for a reader of DuckDB, which takes any path for a pattern: as itself alone."""
    return glob.escape(str(path))


def parquet(files: Iterable[Path]) -> str:
    """SQL of a reader over an explicit list of files: never a pattern, so nothing slips in, and
    no folder called `a=b` becomes a column.

    Raises:
        EncryptionError: one is encrypted and there is no key; some are and others are not.
    """
    files = list(files)
    names = ", ".join("'" + never_pattern(file).replace("'", "''") + "'" for file in files)
    closed = f", encryption_config = {{footer_key: '{PARQUET_KEY}'}}" if _are_closed(files) else ""
    return f"read_parquet([{names}], hive_partitioning = false{closed})"


def rows_by_file(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> dict[str, int]:
    """Rows of each of these files, by path; of plain ones the footers alone are read. An encrypted
    footer is read by the reader of rows only.
    """
    if not _are_closed(files):
        query, values = (
            "select file_name, num_rows from parquet_file_metadata(?)",
            [[never_pattern(file) for file in files]],
        )
        return dict(connection.execute(query, values).fetchall())
    query = f"select filename, count(*) from {parquet(files)} group by all"
    return dict(connection.execute(query).fetchall())


def _are_closed(files: Sequence[Path]) -> bool:
    is_on = key.current() is not None
    if not is_on:
        # As ever: what is encrypted is told by the first of them.
        if files and parquet_is_encrypted(files[0]):
            raise EncryptionError("missing", what=files[0], variable=key.VARIABLE)
        return False
    found = {file: parquet_is_encrypted(file) for file in files}
    closed = [file for file, one in found.items() if one]
    if closed and (other := next((file for file, one in found.items() if one is False), None)):
        raise EncryptionError("plain", what=other, variable=key.VARIABLE)
    return bool(closed)


def _closed() -> str:
    return f"{_FORM}, ENCRYPTION_CONFIG {{footer_key: '{PARQUET_KEY}'}}"
