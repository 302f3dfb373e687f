"""The key of encrypted data folders: one setting, `VIGIE_ENCRYPTION_KEY`.

It holds the absolute path of a file (0600) of 64 hexadecimal digits, or these digits. What DuckDB
and Parquet are given is derived from it, one for each, so neither tells the other. Belongs here:
reading the key. Does not belong here: whether a data folder is encrypted (mark.py). A key is in no
`repr`, so that no log of an object holds it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import EncryptionError

VARIABLE = "VIGIE_ENCRYPTION_KEY"
_DIGITS = re.compile(r"\s*([0-9a-fA-F]{64})\s*")


@dataclass(frozen=True)
class Key:
    """What is made of a key: texts for DuckDB (`database`) and Parquet (`parquet`, base64), and a
    short one-way `mark` by which a folder tells the right key from another.
    """

    database: str = field(repr=False)
    parquet: str = field(repr=False)
    mark: str
    #: Where it was read; None where the setting holds the digits.
    file: Path | None = None


def current() -> Key | None:
    """The key of this process; None where the setting is off.

    Raises:
        EncryptionError: it is no key, its file cannot be read, or others can read it.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return None
    if found := _DIGITS.fullmatch(text):
        return _derived(found[1], None)
    file = Path(text)
    if not file.is_absolute():
        raise EncryptionError("bad_key", variable=VARIABLE)
    try:
        mode, held = file.stat().st_mode, file.read_bytes()[:1000]
    except OSError:
        raise EncryptionError("unreadable_key", file=file, variable=VARIABLE) from None
    if mode & 0o077:
        raise EncryptionError("open_key", file=file)
    found = _DIGITS.fullmatch(held.decode("ascii", "replace"))
    if found is None:
        raise EncryptionError("bad_key", variable=VARIABLE)
    return _derived(found[1], file)


def required() -> Key:
    """The key. Raises EncryptionError also where there is none."""
    found = current()
    if found is None:
        raise EncryptionError("no_key", variable=VARIABLE)
    return found


def _derived(digits: str, file: Path | None) -> Key:
    master = bytes.fromhex(digits)

    def made(purpose: bytes) -> bytes:
        return hmac.new(master, b"vigie storage " + purpose, hashlib.sha256).digest()

    parquet = base64.b64encode(made(b"parquet")).decode()
    return Key(made(b"duckdb").hex(), parquet, made(b"mark").hex()[:16], file)
