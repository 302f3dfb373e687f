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
            raise SourceError("open_password", where=where)
    else:
        key = "url_env" if source.url_env else "url_file"
        url = _parsed(_secret(source, key), f"{where}: {key}")
    for key in ("password_env", "password_file"):
        if getattr(source, key):
            url = url.set(password=_secret(source, key))
    if source.engine == "postgresql" and url.drivername not in _DRIVERS["postgresql"]:
        raise SourceError("no_postgresql", where=where)
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
        raise SourceError("file_out_of_reach", where=where) from None
    if not stat.S_ISREG(mode):
        raise SourceError("no_ordinary_file", where=where)
    if mode & 0o077:
        raise SourceError("open_file", where=where)


def _secret(source: Source, key: str) -> str:
    named, where = getattr(source, key), f"{source.name}/{SOURCE}: {key}"
    if key.endswith("_env"):
        if not (found := os.environ.get(named)):
            raise SourceError("no_variable", where=where)
        return found
    path = source.folder / Path(named).expanduser()
    check_mode(path, where)
    try:
        found = path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SourceError("file_unreadable", where=where) from None
    if not found:
        raise SourceError("file_empty", where=where)
    return found


def _parsed(text: str, where: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise SourceError("no_address", where=where) from None
