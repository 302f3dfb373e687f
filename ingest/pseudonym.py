"""The national number: its check, its keyed pseudonym, and the key.

Here belongs everything that touches a national register or bis number in clear. It is checked
and hashed inside the query that reads the file, so that no table, file, log or message holds it.
The key reaches DuckDB as session variables, never as text of a query.

The check is rulings F8 and H1: 11 digits of which either checksum holds (born before 2000, or
since), an order number other than 000 and 999, and not six zeros for the date; a month or a day of
00 may stand.
python-stdnum, the reference, asks besides that the month exists and the century is not to come;
the ruling does not, so neither do we. A test holds both side by side.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

import duckdb

from ingest.engine import has_form
from ingest.errors import IngestError
from ingest.texts import said

KEY_BYTES = 32
_BLOCK = 64  # block size of SHA-256, RFC 2104

MACROS = f"""
CREATE OR REPLACE TEMP MACRO is_niss(x) AS
    {has_form("x", "[0-9]{11}")} AND try_cast(substr(x, 10, 2) AS INTEGER) IN (
        97 - try_cast(substr(x, 1, 9) AS BIGINT) % 97,
        97 - (2000000000 + try_cast(substr(x, 1, 9) AS BIGINT)) % 97)
    AND substr(x, 7, 3) NOT IN ('000', '999') AND substr(x, 1, 6) <> '000000';
CREATE OR REPLACE TEMP MACRO pseudonym(x) AS
    sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode(x))));
"""


def ensure_key(home: Path, may_create: bool) -> bytes:
    """The key in `home/keys/pseudonym.key` (0600, hexadecimal); made on the first run.

    `may_create` is False once rows were hashed: a lost key must not be replaced in silence.
    Errors: IngestError when the file is missing, open to others, or not a key.
    """
    path = home / "keys" / "pseudonym.key"
    if not path.exists():
        if not may_create:
            raise IngestError(said("error.key_missing"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
    if path.stat().st_mode & 0o077:
        raise IngestError(said("error.key_open"))
    text = path.read_bytes().decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise IngestError(said("error.key_form"))
    return bytes.fromhex(text)


def key_id(key: bytes) -> str:
    """A short name of the key, kept with each delivery; says nothing of the key itself."""
    return hmac.new(key, b"vigie key id", hashlib.sha256).hexdigest()[:16]


def pseudonym(key: bytes, niss: str) -> str:
    """HMAC-SHA-256 of the 11 digits, hexadecimal: the reference of the SQL macro."""
    return hmac.new(key, niss.encode(), hashlib.sha256).hexdigest()


def install(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give the session the macros `is_niss` and `pseudonym`; HMAC is written out in SHA-256."""
    padded = key.ljust(_BLOCK, b"\0")
    connection.execute("SET VARIABLE inner_pad = $1", [bytes(byte ^ 0x36 for byte in padded)])
    connection.execute("SET VARIABLE outer_pad = $1", [bytes(byte ^ 0x5C for byte in padded)])
    connection.execute(MACROS)
