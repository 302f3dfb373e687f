"""The sources that the data folder declares: can they be read, who can read their secrets.

Does not belong here: whether a database answers (`vigie extract` says it).
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from ingest.errors import SourceError
from ingest.source.declared import read_source, source_names
from ingest.source.secret import secret_file
from orchestration.doctor.finding import Finding
from orchestration.settings import Settings


def declarations(settings: Settings) -> Iterator[Finding]:
    """Each source and its mappings can be understood."""
    for name in source_names(settings.home):
        try:
            read_source(settings.home, name)
        except (SourceError, OSError) as error:
            yield Finding.of(settings, error)


def secrets(settings: Settings) -> Iterator[Finding]:
    """A file with the access to a database is there, and is the account's alone."""
    for name in source_names(settings.home):
        try:
            path = secret_file(read_source(settings.home, name))
        except (SourceError, OSError):  # told by `declarations`
            continue
        if path is None:
            continue
        if not path.is_file():
            yield Finding("secret_lost", is_fault=True, values={"path": path})
        elif stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding("secret_open", is_fault=True, values={"path": path})
