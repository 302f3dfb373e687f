"""The mark of an encrypted data folder: `$VIGIE_HOME/encryption.json`, absent where it is plain.

It says that the folder is encrypted, or on the way from one form to the other, and by a one-way
mark with which key. Belongs here: that file, and whether a folder may be opened with the key of
this process. Does not belong here: changing files (convert.py, orchestration/encrypt.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from storage import key
from storage.errors import EncryptionError

NAME = "encryption.json"
#: The states: at rest, and on the way there or back.
CLOSED, CLOSING, OPENING = "encrypted", "encrypting", "decrypting"


@dataclass(frozen=True)
class Mark:
    """What a folder says of itself. `expected`: while it is changed, the hash (SHA-256) of each
    release as it will be, noted before the file takes its place.
    """

    state: str
    key: str
    expected: Mapping[str, str] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """The command that closes or opens a folder."""
        return "vigie encrypt --decrypt" if self.state == OPENING else "vigie encrypt"


def read(home: Path) -> Mark | None:
    """The mark of a data folder; None where it is plain.

    Raises:
        EncryptionError: it says something else.
    """
    try:
        return parse((home / NAME).read_bytes(), home / NAME)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        raise EncryptionError("broken_mark", file=home / NAME) from None


def parse(content: bytes, file: Path) -> Mark:
    """What the content of such a file says. Raises EncryptionError."""
    try:
        said: dict[str, Any] = json.loads(content)
        found = Mark(said["state"], said["key"], dict(said.get("expected", {})))
        if found.state not in (CLOSED, CLOSING, OPENING):
            raise ValueError("state")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EncryptionError("broken_mark", file=file) from None
    return found


def put(home: Path, mark: Mark | None) -> None:
    """Write the mark, on the disk before anything that follows; None takes it away."""
    file = home / NAME
    if mark is None:
        file.unlink(missing_ok=True)
    else:
        draft = home / f".{NAME}.tmp"
        with open(draft, "w", encoding="utf-8") as out:
            json.dump(asdict(mark), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o600)
        os.replace(draft, file)
    handle = os.open(home, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse(home: Path) -> None:
    """Stop where the key of this process does not go with a data folder.

    Raises:
        EncryptionError: a key is missing, is another one, lies in the folder, the folder is plain,
            or half of it is.
    """
    held, said = key.current(), read(home)
    if held is not None:
        refuse_inside(held, home)
    if said is None:
        if held is not None and _has_data(home):
            raise EncryptionError("plain", what=home, variable=key.VARIABLE)
        return
    fits(said, held, home)
    if said.state != CLOSED:
        raise EncryptionError("half", home=home, command=said.command)


def fits(said: Mark, held: key.Key | None, what: object) -> None:
    """Stop where a key is not the one of a mark. Raises EncryptionError."""
    if held is None:
        raise EncryptionError("missing", what=what, variable=key.VARIABLE)
    if held.mark != said.key:
        raise EncryptionError("wrong", what=what, variable=key.VARIABLE)


def begin(home: Path) -> None:
    """Mark a new data folder as encrypted where there is a key; nothing where it is marked."""
    held = key.current()
    if held is not None and read(home) is None and not _has_data(home):
        home.mkdir(parents=True, exist_ok=True)
        put(home, Mark(CLOSED, held.mark))


def _has_data(home: Path) -> bool:
    return any(
        next(found, None) is not None
        for found in ((home / "raw").glob("*/receipt.json"), (home / "releases").glob("*.duckdb"))
    )


def refuse_inside(held: key.Key, home: Path) -> None:
    """Stop where the file of the key lies beside what it protects. Raises EncryptionError."""
    if held.file is not None and held.file.resolve().is_relative_to(home.resolve()):
        raise EncryptionError("key_inside", file=held.file, home=home)
