"""The keys of a data folder, which are never in a copy of it.

A copy holds marks of the keys it needs: whoever restores brings the keys, and a wrong one is told.
The keys leave the data folder in a file of their own, encrypted under a passphrase, to be kept
elsewhere. Belongs here: marks, that file, putting keys in place. Does not belong here: what a key
is for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from orchestration.errors import BackupError
from orchestration.files import write_whole
from orchestration.settings import Settings
from orchestration.texts import say

PSEUDONYM = "pseudonym.key"
VARIABLE = "VIGIE_KEYS_PASSPHRASE"
_FOLDER, _KEY = "keys", ".key"
_FORMAT, _WHAT = 1, "vigie keys"
_LEAST_CHARACTERS = 12
_COST = {"n": 2**15, "r": 8, "p": 1}
_MOST_BYTES = 10_000_000


def marks(settings: Settings) -> dict[str, str]:
    """A short one-way mark of each key, by its name in `keys/`."""
    return {name: _mark(content) for name, content in _held(settings).items() if _is_key(name)}


def others(settings: Settings) -> tuple[str, ...]:
    """What else lies in `keys/`: login, former public keys."""
    return tuple(name for name in _held(settings) if not _is_key(name))


def passphrase(lang: str, file: Path | None) -> bytes:
    """The passphrase, from a file for its own account alone (0600), else from the environment.

    Raises:
        BackupError: there is none, it is too short, or others can read the file.
    """
    if file is not None:
        if file.stat().st_mode & 0o077:
            raise BackupError(say(lang, "backup.passphrase_open", file=file))
        text = file.read_text(encoding="utf-8").rstrip("\r\n")
    else:
        text = os.environ.get(VARIABLE, "")
    if len(text) < _LEAST_CHARACTERS:
        values = {"variable": VARIABLE, "least": _LEAST_CHARACTERS}
        raise BackupError(say(lang, "backup.passphrase", **values))
    return text.encode("utf-8")


def write(settings: Settings, target: Path, secret: bytes) -> tuple[str, ...]:
    """Write all of `keys/` into one encrypted file (0600); return the names in it.

    scrypt makes the key of the passphrase, AES-256-GCM encrypts and proves.
    """
    held = _held(settings)
    names = {name: base64.b64encode(content).decode() for name, content in held.items()}
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    plain = json.dumps(names).encode()
    content = _cipher(secret, salt, _COST).encrypt(nonce, plain, _WHAT.encode())
    said = {
        "what": _WHAT,
        "format": _FORMAT,
        "scrypt": {**_COST, "salt": base64.b64encode(salt).decode()},
        "nonce": base64.b64encode(nonce).decode(),
        "content": base64.b64encode(content).decode(),
    }
    write_whole(target, json.dumps(said, indent=1) + "\n")
    target.chmod(0o600)
    return tuple(held)


def is_encrypted(file: Path) -> bool:
    """Say whether a file is one that `write` wrote."""
    return _said(file) is not None


def read(lang: str, files: Sequence[Path], secret: bytes | None) -> dict[str, bytes]:
    """The keys that were given, by their name in `keys/`: of encrypted files all that they hold,
    of any other file its content under its own name (one of 64 hexadecimal digits with another name
    is the key of the pseudonyms).

    Raises:
        BackupError: the passphrase is not that of the file, or the file is damaged.
    """
    found: dict[str, bytes] = {}
    for file in files:
        said = _said(file)
        if said is None:
            content = file.read_bytes()[:_MOST_BYTES]
            is_bare = re.fullmatch(rb"\s*[0-9a-f]{64}\s*", content) and not _is_key(file.name)
            found[PSEUDONYM if is_bare else file.name] = content
            continue
        found |= _opened(lang, file, said, secret or b"")
    return found


def require(lang: str, given: Mapping[str, bytes], needed: Mapping[str, str]) -> None:
    """Raise BackupError where a key that a copy needs was not given, or another one was."""
    for name, mark in sorted(needed.items()):
        if name not in given:
            raise BackupError(say(lang, "restore.key_missing", name=name))
        if _mark(given[name]) != mark:
            raise BackupError(say(lang, "restore.key_wrong", name=name))


def put(home: Path, given: Mapping[str, bytes]) -> None:
    """Write keys into a data folder, for its own account alone."""
    for name, content in given.items():
        target = home / _FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())


def _held(settings: Settings) -> dict[str, bytes]:
    folder = settings.home / _FOLDER
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in files
        if not one.name.startswith(".")
    }


def _is_key(name: str) -> bool:
    return name.endswith(_KEY)


def _mark(content: bytes) -> str:
    # A key file ends with a line break or not: it is the same key.
    return hmac.new(content.strip(), b"vigie backup key mark", hashlib.sha256).hexdigest()[:16]


def _said(file: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(file.read_bytes()[:_MOST_BYTES])
        return said if said["what"] == _WHAT else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _opened(lang: str, file: Path, said: Mapping[str, Any], secret: bytes) -> dict[str, bytes]:
    from cryptography.exceptions import InvalidTag

    if said.get("format") != _FORMAT:
        raise BackupError(say(lang, "restore.keys_format", file=file))
    try:
        cost = {name: int(said["scrypt"][name]) for name in _COST}
        salt, nonce, content = (
            base64.b64decode(one, validate=True)
            for one in (said["scrypt"]["salt"], said["nonce"], said["content"])
        )
        if cost != _COST:
            raise ValueError("cost")
        plain = _cipher(secret, salt, cost).decrypt(nonce, content, _WHAT.encode())
        names = json.loads(plain)
        held = {name: base64.b64decode(one) for name, one in names.items()}
    except (InvalidTag, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(say(lang, "restore.keys_closed", file=file)) from None
    for name in held:
        # Encrypted by us, but a path that leads elsewhere is none of ours.
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BackupError(say(lang, "restore.keys_closed", file=file))
    return held


def _cipher(secret: bytes, salt: bytes, cost: Mapping[str, int]) -> Any:
    # Late: only who writes or reads such a file waits for them.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, **cost).derive(secret))
