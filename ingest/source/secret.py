"""The address of a source's database with its password, and what may never be told of it.

Belongs here: where a secret may stand (the environment; a file of the account alone) and how the
address is put together. Does not belong here: opening the database. The address lives in memory
only: no error, log or file of ours holds it.
"""

import os
import stat
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ingest.errors import SourceError
from ingest.source.declared import SOURCE, Source

_DRIVERS = {"postgresql": ("postgresql", "postgres")}


def address(source: Source) -> URL:
    """The address, its password in place. Errors: SourceError, without any part of it."""
    where = f"{source.name}/{SOURCE}"
    if source.url:
        url = _parsed(source.url, f"{where}: url")
        if url.password is not None:
            raise SourceError(f"{where}: url holds a password; take it out, put it into the "
                              "environment (password_env) or a file of mode 0600 (password_file), "
                              "and change it, for it has stood in the open.")
    else:
        key = "url_env" if source.url_env else "url_file"
        url = _parsed(_secret(source, key), f"{where}: {key}")
    for key in ("password_env", "password_file"):
        if getattr(source, key):
            url = url.set(password=_secret(source, key))
    if source.engine == "postgresql" and url.drivername not in _DRIVERS["postgresql"]:
        raise SourceError(f"{where}: the address does not begin with postgresql://; for another "
                          "database set engine: sqlalchemy.")
    return url


def secret_file(source: Source) -> Path | None:
    """The file that holds a secret of this source, if one does."""
    named = source.url_file or source.password_file
    return source.folder / Path(named).expanduser() if named else None


def check_mode(path: Path, where: str) -> None:
    """Nobody but the account that runs Vigie reads it. Errors: SourceError."""
    try:
        mode = path.stat().st_mode
    except OSError:
        raise SourceError(f"{where}: the file it names cannot be reached.") from None
    if not stat.S_ISREG(mode):
        raise SourceError(f"{where}: what it names is not an ordinary file.")
    if mode & 0o077:
        raise SourceError(f"{where}: the file it names can be read by others; set its mode to 0600 "
                          "(chmod 600) and change the password.")


def _secret(source: Source, key: str) -> str:
    named, where = getattr(source, key), f"{source.name}/{SOURCE}: {key}"
    if key.endswith("_env"):
        if not (found := os.environ.get(named)):
            raise SourceError(f"{where}: the variable it names is not set in the environment.")
        return found
    path = source.folder / Path(named).expanduser()
    check_mode(path, where)
    try:
        found = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{where}: the file it names cannot be read.") from None
    if not found:
        raise SourceError(f"{where}: the file it names is empty.")
    return found


def _parsed(text: str, where: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise SourceError(f"{where}: it is not the address of a database "
                          "(postgresql://account@server/database).") from None
