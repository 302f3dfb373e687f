"""Making a copy of a data folder, while a run, the desk and the pages may work in it.

What a run writes (deliveries, judgements, releases, pointers) is looked at, copied, and looked at
again: when nothing was written in between, all of it is of one moment; else what was written is
copied too. What people write at any time (register, notebook, subscriptions, record of accesses) is
copied under its own lock, a moment each. The manifest comes last, and says that the copy is whole.

Belongs here: this order. Does not belong here: where a content goes (store.py), what belongs in a
copy (contents.py).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingest.durable import write_json
from orchestration import home_format
from orchestration.backup import contents, databases, keys
from orchestration.backup.contents import Stat
from orchestration.backup.databases import DATABASES, REGISTER, Database
from orchestration.backup.store import SCRATCH, Copies, Entry, Manifest
from orchestration.errors import BackupError
from orchestration.moments import megabytes
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say
from release.home import CURRENT

LAST = "backup/last.json"
# A run loads for seconds and publishes in one; a person waits no longer than that.
_LOOKS, _PAUSE_SECONDS = 20, 3.0


@dataclass(frozen=True)
class Need:
    """What a copy takes: files and bytes that are not in the folder of copies yet, and the bytes
    free there.
    """

    files: int
    size: int
    free: int


@dataclass
class _Work:
    settings: Settings
    copies: Copies
    known: Mapping[str, Entry]
    progress: Progress
    needed: int = 0
    copied_files: int = 0
    copied_bytes: int = 0
    recorded: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, **values: Any) -> BackupError:
        return BackupError(say(self.settings.lang, f"backup.{key}", **values))


@dataclass(frozen=True)
class Made:
    """A copy that was made, and what was copied anew for it."""

    manifest: Manifest
    copied_files: int
    copied_bytes: int


def need(settings: Settings, copies: Copies) -> Need:
    """What a copy would take now, before anything is written.

    Raises:
        BackupError: the folder is not one of copies, or its newest manifest is damaged.
    """
    known = _known(copies)
    everything = contents.still(settings)
    for name in contents.LIVE:
        everything |= contents.below(settings.home, name)
    sizes = [one.size for path, one in everything.items() if not _same(known.get(path), one)]
    there = next(one for one in (copies.root, *copies.root.parents) if one.exists())
    return Need(len(sizes), sum(sizes), shutil.disk_usage(there).free)


def make(settings: Settings, copies: Copies, progress: Progress) -> Made:
    """Copy a data folder. Hold `copies.alone()`.

    Raises:
        BackupError: there is nothing to copy or no room; the copies are of another data folder; a
            file is not what Vigie wrote; the data folder never came to rest.
        OSError: a file cannot be read or written. The copies before stay as they were.
    """
    _refuse_inside(settings, copies)
    if not (settings.home / "raw").is_dir():
        raise BackupError(say(settings.lang, "backup.nothing", home=settings.home))
    started = datetime.now(UTC)
    copies.begin()
    copies.clear_drafts()
    marks = keys.marks(settings)
    newest = copies.newest()
    if newest and newest.keys.get(keys.PSEUDONYM) != marks.get(keys.PSEUDONYM):
        raise BackupError(say(settings.lang, "backup.other_home", folder=copies.root))
    wanted = need(settings, copies)
    if wanted.size > wanted.free:
        sizes = {"needed": wanted.size, "free": wanted.free}
        values = {name: megabytes(settings.lang, size) for name, size in sizes.items()}
        values["folder"] = copies.root
        raise BackupError(say(settings.lang, "backup.no_room", **values))
    work = _Work(settings, copies, _known(copies), progress, wanted.size)
    with progress.step("backup"):
        for name in sorted(contents.LIVE):
            # Most of it before its lock is asked for.
            _copied(work, contents.below(settings.home, name), proven=False)
        files = _still(work)
        live, lines, elsewhere = _live(work)
    manifest = Manifest(
        backup_id=_new_id(copies, started),
        started_at=started.isoformat(timespec="seconds"),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        vigie=version("vigie"),
        home_format=home_format.found(settings.home),
        release_id=_current(copies, files),
        register_lines=lines,
        elsewhere=elsewhere,
        keys=marks,
        beside_keys=keys.others(settings),
        files=tuple(sorted([*files, *live], key=lambda entry: entry.path)),
    )
    copies.write(manifest)
    _note(settings, copies, manifest)
    return Made(manifest, work.copied_files, work.copied_bytes)


def _known(copies: Copies) -> dict[str, Entry]:
    newest = copies.newest() if copies.exists() else None
    entries = newest.files if newest else ()
    return {entry.path: entry for entry in entries if copies.holds(entry)}


def _same(entry: Entry | None, stat: Stat) -> bool:
    """Whether a file was not written since the newest copy."""
    return entry is not None and (entry.size, entry.mtime_ns) == (stat.size, stat.mtime_ns)


def _still(work: _Work) -> list[Entry]:
    """Copy what a run writes, until two looks at it tell the same."""
    for look in range(_LOOKS):
        if look > 1:
            time.sleep(_PAUSE_SECONDS)
        before = contents.still(work.settings)
        work.recorded = contents.recorded(work.settings)
        try:
            entries = _copied(work, before)
        except FileNotFoundError as gone:
            if gone.filename and Path(gone.filename).is_relative_to(work.copies.root):
                raise
            continue
        # What was copied in this look need not be read again in the next one.
        work.known = {**work.known, **{entry.path: entry for entry in entries}}
        if contents.still(work.settings) == before:
            return entries
    raise work.say("restless", home=work.settings.home)


def _copied(work: _Work, files: Mapping[str, Stat], *, proven: bool = True) -> list[Entry]:
    found = []
    for path, stat in files.items():
        entry = work.known.get(path)
        if not _same(entry, stat):
            entry = _put(work, path, stat)
        noted = work.recorded.get(path) if proven else None
        if noted not in (None, entry.sha256):
            raise work.say("damaged", path=path)
        found.append(entry)
    work.known = {**work.known, **{entry.path: entry for entry in found}}
    return found


def _put(work: _Work, path: str, stat: Stat) -> Entry:
    sha256, size, written = work.copies.put(stat.file)
    work.copied_files += bool(written)
    work.copied_bytes += written
    work.progress.advance(path, work.copied_bytes, work.needed)
    return Entry(path, sha256, size, stat.mtime_ns)


# -- what people write at any time -----------------------------------------------------------------


def _live(work: _Work) -> tuple[list[Entry], int | None, tuple[str, ...]]:
    """Copy register and desk, notebook, subscriptions, record of accesses; the lines of the
    register, and which databases lay elsewhere.
    """
    home, found, elsewhere = work.settings.home, [], []
    work.recorded = {}
    if (home / contents.ACCESS).is_dir():
        with contents.access_at_rest(home):
            found += _copied(work, contents.below(home, contents.ACCESS))
    lines = None
    with _scratch(work) as scratch:
        if os.environ.get(REGISTER.variable) or (home / contents.DESK).is_dir():
            entries, lines = _desk(work, scratch)
            found += entries
        for one in DATABASES:
            is_there = os.environ.get(one.variable) or (home / one.folder).is_dir()
            if one != REGISTER and is_there:
                found += _kept(work, one, scratch)
    for one in DATABASES:
        if os.environ.get(one.variable) and any(entry.path == one.file for entry in found):
            elsewhere.append(one.file)
    return found, lines, tuple(elsewhere)


def _desk(work: _Work, scratch: Path) -> tuple[list[Entry], int | None]:
    """The folder of the desk and its register, of one moment: nobody adds a line meanwhile.

    The folder is looked at first: a slip that lies there has its line; a line whose slip is written
    later finds it again (exports/register/delivery.py).
    """
    # Late, here and below: the libraries of databases.
    from exports.register.head import read_head
    from exports.register.store import Store

    store, _ = _store(work, REGISTER)
    with store.alone():
        entries = _copied(work, contents.below(work.settings.home, contents.DESK))
        lines, found = _snapshot(work, REGISTER, scratch)
        entries += found
        head = read_head(work.settings.home)
    copied = Store(scratch, None, lang=work.settings.lang)
    ends = {end.count for end in head.ends} if head else {0}
    if (lines or 0) not in ends or (lines and len(_read(copied)) != lines):
        raise work.say("register", where=store.where)
    return entries, lines


def _read(store: Any) -> list[Any]:
    """All lines, each of which must fit the one before."""
    import sqlalchemy as sa

    from exports.register.event import GENESIS, hash_of
    from exports.register.store import EVENTS

    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(EVENTS).order_by(EVENTS.c.number)).fetchall()
    previous, found = GENESIS, []
    for number, *said, linked, own in rows:
        if linked != previous or hash_of(number, *said, linked) != own:
            break
        previous = own
        found.append(own)
    return found


def _kept(work: _Work, one: Database, scratch: Path) -> list[Entry]:
    """A database of the pages, and what lies beside it."""
    _, entries = _snapshot(work, one, scratch)
    return [*_copied(work, contents.below(work.settings.home, one.folder)), *entries]


def _store(work: _Work, one: Database) -> tuple[Any, tuple[Any, ...]]:
    url = os.environ.get(one.variable)
    return databases.opened(one, work.settings.home, url, work.settings.lang)


def _snapshot(work: _Work, one: Database, scratch: Path) -> tuple[int | None, list[Entry]]:
    """The lines of a database and its copy; nothing where it was never written."""
    store, tables = _store(work, one)
    target = scratch / one.file
    target.parent.mkdir(parents=True)
    if store.url.get_backend_name() != "sqlite":
        if one != REGISTER:
            # Nobody wrote there yet: it has no tables.
            store.prepare()
        databases.empty(one, scratch, work.settings.lang)
    lines = databases.snapshot(store.url, target, tables)
    return lines, [] if lines is None else [_put(work, one.file, _written(target))]


def _written(file: Path) -> Stat:
    """A database that was just copied; never taken for the one of an earlier copy."""
    stat = file.stat()
    return Stat(file, stat.st_size, stat.st_mtime_ns)


@contextlib.contextmanager
def _scratch(work: _Work) -> Iterator[Path]:
    folder = work.copies.root / f"{SCRATCH}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# -- around it -------------------------------------------------------------------------------------


def _refuse_inside(settings: Settings, copies: Copies) -> None:
    home, root = settings.home, copies.root.resolve()
    if root.is_relative_to(home) or home.is_relative_to(root):
        raise BackupError(say(settings.lang, "backup.inside", folder=root, home=home))


def _new_id(copies: Copies, started: datetime) -> str:
    """The moment, later than every other copy, whatever the clock says."""
    name = f"{started:%Y%m%dT%H%M%SZ}"
    last = max(copies.ids(), default="")
    if name > last:
        return name
    stem, _, count = last.partition("+")
    return f"{stem}+{int(count or 0) + 1:04d}"


def _current(copies: Copies, files: list[Entry]) -> str | None:
    """The release that the copied pointer names, whatever was published meanwhile."""
    for entry in files:
        if entry.path == f"releases/{CURRENT}":
            with contextlib.suppress(ValueError, KeyError, TypeError):
                return str(json.loads(copies.object(entry.sha256).read_bytes())["release_id"])
    return None


def _note(settings: Settings, copies: Copies, manifest: Manifest) -> None:
    """Keep in the data folder when it was last copied, and where."""
    file = settings.home / LAST
    file.parent.mkdir(parents=True, exist_ok=True)
    said = {
        "finished_at": manifest.finished_at,
        "destination": str(copies.root),
        "files": len(manifest.files),
        "bytes": manifest.size,
    }
    write_json(file, said)
