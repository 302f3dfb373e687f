"""What of a data folder belongs in a copy.

Everything that lies in the data folder is copied but what is named here:

| what | why it is not copied |
|---|---|
| keys, and the file of a source that holds a password | must not lie beside what they protect |
| deliveries as they came | hold national numbers; the sender has them |
| what a run, the orchestrator or a clock makes again | of the machine and of the minute |
| messages of the outbox | whoever takes them there may have done so since: they would go twice |

So subscriptions, feeds (their names are secrets that the subscriptions know), sources with their
mappings and states come back; lists of runs, metrics and alarms begin anew, and what is wrong on
the new machine is told anew. Belongs here: that list, what a file was when it was written. Does not
belong here: databases (databases.py), copying (make.py).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.raw import RawHistory
from ingest.source.declared import SOURCE, read_source, source_names, sources_folder
from ingest.source.secret import secret_file
from orchestration.backup.databases import DATABASES
from orchestration.settings import Settings
from release.proof import kept_hash

#: Never in a copy.
KEYS, LANDING = "keys", "landing"
#: Made again by a run, or of no use on another machine.
_MADE_AGAIN = ("backup", "dagster", "dbt", "logs", "notices", "out", "run.lock", "warehouse")
#: The same, and what would leave twice; copies that were made first of all have them.
OF_THE_MOMENT = frozenset({"alarms", "metrics", "outbox", "runs"})
LEFT_OUT = frozenset({KEYS, LANDING, *_MADE_AGAIN, *OF_THE_MOMENT})
#: Written at any moment by who uses the pages and the desk: each is copied under its own lock.
ACCESS, DESK = "access", "desk"
LIVE = frozenset({ACCESS, *(one.folder for one in DATABASES)})
_DRAFTS = (".tmp", ".incoming", ".lock", ".wal", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Stat:
    """What tells that a file was not written since: where it lies, its size, when (ns)."""

    file: Path
    size: int
    mtime_ns: int


def still(settings: Settings) -> dict[str, Stat]:
    """The files that only a run writes, by their path in the data folder."""
    names = sorted(one.name for one in settings.home.iterdir()) if settings.home.is_dir() else ()
    found: dict[str, Stat] = {}
    for name in names:
        if name not in LEFT_OUT | LIVE and not _is_passing(name):
            found |= below(settings.home, name)
    # Deliveries may lie anywhere in the data folder: they hold national numbers.
    secrets = _secrets(settings.home)
    return {
        path: one
        for path, one in found.items()
        if not one.file.is_relative_to(settings.landing) and one.file.resolve() not in secrets
    }


def below(home: Path, name: str) -> dict[str, Stat]:
    """The files under one name of the data folder; drafts, locks and databases at work are not."""
    top = home / name
    if top.is_file():
        found = {name: _stat(top)}
        return {path: one for path, one in found.items() if one is not None}
    databases = {one.file for one in DATABASES}
    found = {}
    for folder, folders, files in os.walk(top, onerror=_refuse, followlinks=True):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for one in sorted(files):
            path = Path(folder) / one
            relative = path.relative_to(home).as_posix()
            # One that went away meanwhile is told by the comparison of two looks.
            if relative not in databases and not _is_passing(one) and (stat := _stat(path)):
                found[relative] = stat
    return found


def recorded(settings: Settings) -> dict[str, str]:
    """The hashes that Vigie noted itself when it wrote: stored deliveries, judgements, releases.

    Raises:
        ingest.errors.IngestError: a receipt is damaged.
    """
    found: dict[str, str] = {}
    for receipt in RawHistory(settings.home).receipts():
        name = receipt.delivery_id
        found |= {f"raw/{name}/{file}": one for file, one in receipt.stored.items()}
        if receipt.verdict:
            judged = receipt.verdict.stored
            found |= {f"judgements/{name}/{file}": one for file, one in judged.items()}
    for file in settings.releases.glob("*.duckdb"):
        if known := kept_hash(file):
            found[f"releases/{file.name}"] = known
    return found


@contextlib.contextmanager
def access_at_rest(home: Path) -> Iterator[None]:
    """Keep the servers of pages from writing the record of accesses meanwhile."""
    from dashboards.access import log

    with log.alone(log.folder_of(home)):
        yield


def _secrets(home: Path) -> set[Path]:
    """The files that hold a password of a source. Of one that cannot be understood nobody knows
    which they are: there all but its declaration counts as one.
    """
    found: set[Path] = set()
    for name in source_names(home):
        try:
            named = secret_file(read_source(home, name))
        except (SourceError, OSError):
            folder = sources_folder(home) / name
            found |= {
                one.resolve()
                for one in folder.iterdir()
                if one.is_file() and one.suffix != Path(SOURCE).suffix
            }
            continue
        if named is not None:
            found.add(named.resolve())
    return found


def _is_passing(name: str) -> bool:
    return name.startswith(".") or name == "lock" or name.endswith(_DRAFTS)


def _refuse(error: OSError) -> None:
    """A folder that cannot be looked into is not an empty one: its files would be in no copy. One
    that went away meanwhile is told as a file that did."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _stat(path: Path) -> Stat | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return Stat(path, stat.st_size, stat.st_mtime_ns)
