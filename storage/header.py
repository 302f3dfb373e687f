"""Whether a file is encrypted, by its first bytes: what DuckDB and Parquet say of themselves.

Does not belong here: opening it. Nothing here needs a key.
"""

from __future__ import annotations

from pathlib import Path

_DUCKDB, _PARQUET, _PARQUET_ENCRYPTED = b"DUCK", b"PAR1", b"PARE"
# The header of a database: a checksum (8 bytes), DUCK, the version (8), flags, whose first bit says
# that the rest is encrypted.
_MAGIC, _FLAGS = slice(8, 12), 20


def database_is_encrypted(file: Path) -> bool | None:
    """Whether a database is encrypted; None where there is no file, or it is no database."""
    head = _head(file)
    if head[_MAGIC] != _DUCKDB or len(head) <= _FLAGS:
        return None
    return bool(head[_FLAGS] & 1)


def parquet_is_encrypted(file: Path) -> bool | None:
    """Whether a Parquet file is encrypted; None where there is no file, or it is none."""
    return {_PARQUET: False, _PARQUET_ENCRYPTED: True}.get(_head(file)[:4])


def is_encrypted(file: Path) -> bool | None:
    """Whether a file is encrypted, by the end of its name; None where that cannot be said."""
    of_parquet = file.suffix == ".parquet"
    return parquet_is_encrypted(file) if of_parquet else database_is_encrypted(file)


def _head(file: Path) -> bytes:
    try:
        with open(file, "rb") as content:
            return content.read(32)
    except OSError:
        return b""
