"""An empty folder becomes the data folder that a copy was made of.

Everything is first written into one hidden folder in it, each file proven by its hash while it is
written; then the names are put in place, releases last. Killed before that, the next restore begins
anew; what was there before is never written over. Belongs here: that. Does not belong here: what
shows that the folder works (proof.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.durable import flush, write_json
from orchestration import home_format
from orchestration.backup import contents, databases, keys
from orchestration.backup.databases import DATABASES, SUBSCRIPTIONS, Database
from orchestration.backup.store import Copies, Entry, Manifest
from orchestration.errors import BackupError
from orchestration.forget.trace import FOLDER, Trace, read
from orchestration.moments import megabytes
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say
from storage import key, mark
from storage.errors import EncryptionError

_INCOMING = ".restoring"
_BLOCK = 1 << 20
# Readers look for a release: it comes when all that it rests on is there.
_LAST = "releases"


def refuse(
    settings: Settings, copies: Copies, manifest: Manifest, given: Mapping[str, bytes]
) -> None:
    """Look at everything that can be wrong before anything is written.

    Raises:
        BackupError: the folder is not empty, the copy is of a newer version, a key is missing or
            another, the copy misses a content, there is no room.
    """
    lang, home = settings.lang, settings.home
    if home.exists() and (not home.is_dir() or {one.name for one in home.iterdir()} - {_INCOMING}):
        raise BackupError(say(lang, "restore.not_empty", home=home))
    if home.is_relative_to(copies.root.resolve()):
        raise BackupError(say(lang, "backup.inside", folder=copies.root, home=home))
    if manifest.home_format > home_format.FORMAT:
        values = {"vigie": manifest.vigie, "found": manifest.home_format}
        raise BackupError(say(lang, "restore.newer", known=home_format.FORMAT, **values))
    keys.require(lang, given, manifest.keys)
    _refuse_other_key(copies, manifest)
    for entry in manifest.files:
        if not _is_inside(entry.path):
            raise BackupError(say(lang, "backup.broken_manifest", folder=copies.root, name=""))
        if not copies.holds(entry):
            values = {"path": entry.path, "sha256": entry.sha256, "folder": copies.root}
            raise BackupError(say(lang, "restore.lost", **values))
    there = next(one for one in (home, *home.parents) if one.exists())
    free = shutil.disk_usage(there).free
    if manifest.size > free:
        values = {"needed": megabytes(lang, manifest.size), "free": megabytes(lang, free)}
        values["folder"] = home
        raise BackupError(say(lang, "backup.no_room", **values))


def _refuse_other_key(copies: Copies, manifest: Manifest) -> None:
    """The copy is encrypted as the data folder was: the key of this process has to be that one.

    Raises:
        EncryptionError: it is missing or another one, or the copy is plain and there is a key.
    """
    what, held = f"{copies.root} ({manifest.backup_id})", key.current()
    entry = next((one for one in manifest.files if one.path == mark.NAME), None)
    if entry is not None:
        file = copies.object(entry.sha256)
        mark.fits(mark.parse(file.read_bytes() if file.is_file() else b"", file), held, what)
    elif held is not None:
        raise EncryptionError("plain", what=what, variable=key.VARIABLE)


def bring_back(
    settings: Settings,
    copies: Copies,
    manifest: Manifest,
    given: Mapping[str, bytes],
    progress: Progress,
) -> None:
    """Write the data folder (`refuse` was asked before).

    Raises:
        BackupError: a content is not what was copied; it names the file.
        OSError: it cannot be written.
    """
    home = settings.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    incoming = home / _INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(mode=0o700)
    done = 0
    with progress.step("restore"):
        for entry in manifest.files:
            if PurePosixPath(entry.path).parts[0] in contents.OF_THE_MOMENT:
                continue
            _write(settings, copies, entry, incoming / entry.path)
            done += entry.size
            progress.advance(entry.path, done, manifest.size)
        keys.put(incoming, given)
        _hold_back(settings, manifest, incoming)
        flush(incoming)
    names = sorted((one.name for one in incoming.iterdir()), key=lambda name: (name == _LAST, name))
    for name in names:
        (incoming / name).rename(home / name)
    incoming.rmdir()
    (home / contents.LANDING).mkdir(exist_ok=True, mode=0o700)
    pour_back(settings, manifest)


def pour_back(settings: Settings, manifest: Manifest) -> None:
    """Put register, notebook and subscriptions into the databases that are named for this data
    folder, where they do not lie in it. Those must be empty.

    Raises:
        BackupError: one holds lines already.
    """
    for one in DATABASES:
        file = settings.home / one.file
        if os.environ.get(one.variable) and file.is_file():
            _pour(settings, one, file)
            # One register, in one place.
            file.unlink()


def missing_traces(settings: Settings, copies: Copies) -> list[Trace]:
    """The forgettings that the newest copy knows and the restored folder does not."""
    newest = copies.newest()
    entries = [one for one in newest.files if one.path.startswith(f"{FOLDER}/")] if newest else []
    found = [
        read(copies.object(entry.sha256), settings.lang)
        for entry in entries
        if not (settings.home / entry.path).exists()
    ]
    return sorted(found, key=lambda trace: trace.number)


def note(settings: Settings, manifest: Manifest, proofs: Sequence[Mapping[str, Any]]) -> None:
    """Keep in the data folder what it was restored from, and what was proven."""
    file = settings.home / "backup" / "restored.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, {"backup_id": manifest.backup_id, "proofs": list(proofs)})


def _write(settings: Settings, copies: Copies, entry: Entry, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with open(copies.object(entry.sha256), "rb") as source, open(target, "wb") as out:
        while block := source.read(_BLOCK):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != entry.sha256:
        values = {"path": entry.path, "sha256": entry.sha256, "folder": copies.root}
        raise BackupError(say(settings.lang, "restore.rotten", **values))
    target.chmod(0o400 if entry.path.endswith(".duckdb") else 0o600)
    # So that the next copy of this folder knows the file again.
    os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))


def _hold_back(settings: Settings, manifest: Manifest, incoming: Path) -> None:
    """What was not said of the current release when the copy was made may have left since: nobody
    is told it by this folder.
    """
    if manifest.release_id is None or not (incoming / SUBSCRIPTIONS.file).is_file():
        return
    store, _ = databases.opened(SUBSCRIPTIONS, incoming, None, settings.lang)
    store.hold_back(manifest.release_id)


def _pour(settings: Settings, one: Database, file: Path) -> None:
    import sqlalchemy as sa

    from exports.register.database import make_file

    source = sa.URL.create("sqlite+pysqlite", database=str(file))
    store, tables = databases.opened(one, settings.home, os.environ[one.variable], settings.lang)
    make_file(store.url)
    store.prepare()
    with store.engine.connect() as connection:
        counts = [sa.select(sa.func.count()).select_from(table) for table in tables]
        if any(connection.execute(count).scalar_one() for count in counts):
            values = {"variable": one.variable, "where": store.where}
            raise BackupError(say(settings.lang, "restore.database_full", **values))
    databases.pour(source, store.url, tables)


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    is_relative = bool(parts) and not PurePosixPath(path).is_absolute() and ".." not in parts
    return is_relative and parts[0] not in contents.LEFT_OUT - contents.OF_THE_MOMENT
