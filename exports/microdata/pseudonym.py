"""Pseudonyms of microdata: whom a row is about, said to one recipient and to nobody else.

Belongs here: the key, and the function of the engine that applies it. Does not belong here: the
pseudonym of the national number (ingest), of which this one is a pseudonym in turn.

`microdata.key` (0600, 64 hexadecimal digits, made by the first delivery) is the desk's own: who
holds the warehouse's key cannot work these pseudonyms out, and the reverse. From it each recipient
has a key of its own, so that the same person is the same in all deliveries to one recipient
(INASTI can link them), and unknown again in those to another. A key that is lost makes new
pseudonyms: the manifest names the key, so that its recipient sees it.
"""

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from exports.errors import PseudonymKeyError
from exports.signature import write_key
from exports.texts import sentence

_FOLDER, _KEY = "keys", "microdata.key"
_BLOCK = 64  # of SHA-256, RFC 2104
#: Hexadecimal digits of a pseudonym: 128 bits do not meet by chance among millions.
LENGTH = 32


def recipient_key(home: Path, recipient: str, lang: str = "fr") -> bytes:
    """Return the key of one recipient; the first delivery of a data folder makes the desk's.

    Raises PseudonymKeyError when the file is no key, or others may read it.
    """
    return hmac.new(_desk_key(Path(home), lang), recipient.encode(), hashlib.sha256).digest()


def has_key(home: Path) -> bool:
    """Say whether a delivery was ever made here: looking makes no key."""
    return (Path(home) / _FOLDER / _KEY).exists()


def key_id(key: bytes) -> str:
    """Return a name of a key that says nothing of the key itself."""
    return hmac.new(key, b"vigie microdata key id", hashlib.sha256).hexdigest()[:16]


def pseudonym(key: bytes, kind: str, identifier: str) -> str:
    """Return the pseudonym of an identifier: the reference of the function of the engine."""
    told = f"{kind}:{identifier}".encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:LENGTH]


def install(cursor, key: bytes) -> None:
    """Give the session of `cursor` the function `pseudonym(kind, identifier)`; HMAC is written out
    in SHA-256. The key is a variable of the session, never text of a query.
    """
    padded = key.ljust(_BLOCK, b"\0")
    cursor.execute("set variable microdata_inner = $1", [bytes(byte ^ 0x36 for byte in padded)])
    cursor.execute("set variable microdata_outer = $1", [bytes(byte ^ 0x5C for byte in padded)])
    cursor.execute(
        "create or replace temp macro pseudonym(kind, identifier) as left(sha256("
        "getvariable('microdata_outer') || unhex(sha256("
        f"getvariable('microdata_inner') || encode(kind || ':' || identifier)))), {LENGTH})"
    )


def _desk_key(home: Path, lang: str) -> bytes:
    path = home / _FOLDER / _KEY
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_key(path, f"{secrets.token_hex(32)}\n".encode(), replace=False)
    shown = f"{_FOLDER}/{_KEY}"
    if path.stat().st_mode & 0o077:
        raise PseudonymKeyError(sentence("pseudonym_key_open", lang, path=shown))
    written = path.read_bytes().decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{64}", written):
        raise PseudonymKeyError(sentence("pseudonym_key_broken", lang, path=shown))
    return bytes.fromhex(written)
