"""The folder of copies: contents by their hash, one manifest for each copy.

| what | |
|---|---|
| `vigie-backup.json` | says that this is a folder of copies, and its format |
| `objects/<ab>/<sha256>` | one content, whatever it was called; never changed |
| `backups/<id>.json` | one copy: each file with its hash; sealed, and written last |

A content that two copies hold is there once. A process that is killed leaves objects that no
manifest names, and the copies before as they were. Belongs here: this folder. Does not belong here:
which files of a data folder are copied (contents.py), and when (make.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.durable import seal_holds, sealed, write_json
from orchestration.errors import BackupError
from orchestration.texts import say
from release.pointer import sync_folder

FORMAT = 1
#: Beginning of the name of a folder that a process at work has here.
SCRATCH = ".scratch-"
_MARK, _LOCK, _DRAFT = "vigie-backup.json", ".lock", ".incoming-"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One file of a copy: its path in the data folder, its content, when it was written (ns)."""

    path: str
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """One copy.

    Attributes:
        backup_id: the moment (UTC) it was begun, which sorts.
        home_format: the format of the data folder (home_format.py).
        keys: marks of the keys it needs, by their name in `keys/`; a mark tells nothing of the key.
        beside_keys: what else lies in `keys/`, and is not in the copy either.
        release_id: the current release; None where none stood.
        register_lines: lines of the desk's register; None where there is none.
        elsewhere: databases that lay outside the data folder, and are in the copy as files.
    """

    backup_id: str
    started_at: str
    finished_at: str
    vigie: str
    home_format: int
    release_id: str | None
    register_lines: int | None
    elsewhere: tuple[str, ...]
    keys: dict[str, str]
    beside_keys: tuple[str, ...]
    files: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all its files."""
        return sum(entry.size for entry in self.files)


@dataclass(frozen=True)
class Rotten:
    """A content that is not what it was: `missing`, or another one; the files that need it."""

    sha256: str
    missing: bool
    paths: tuple[str, ...]


class Copies:
    """The folder of copies `root`; `lang` is the language of its errors."""

    def __init__(self, root: Path, lang: str) -> None:
        self.root = Path(root).absolute()
        self.lang = lang

    # -- the folder ------------------------------------------------------------------------------

    def exists(self) -> bool:
        """Say whether the folder is one of copies.

        Raises:
            BackupError: it is, of a newer format.
        """
        try:
            said = json.loads((self.root / _MARK).read_text(encoding="utf-8"))
            found = int(said["format"])
        except FileNotFoundError:
            return False
        except (OSError, ValueError, KeyError, TypeError):
            raise self._error("not_copies", folder=self.root) from None
        if found > FORMAT:
            raise self._error("newer", folder=self.root, found=found, known=FORMAT)
        return True

    def require(self) -> None:
        """Raise BackupError where the folder is not one of copies."""
        if not self.exists():
            raise self._error("not_copies", folder=self.root)

    def begin(self) -> None:
        """Make the folder where there is none yet.

        Raises:
            BackupError: something else lies there.
        """
        if self.exists():
            return
        self.root.mkdir(parents=True, exist_ok=True)
        others = {one.name for one in self.root.iterdir()} - {"objects", "backups"}
        # What a killed process left begins with a dot.
        others = {name for name in others if not name.startswith(".")}
        if others:
            raise self._error("other_folder", folder=self.root, name=min(others))
        for name in ("objects", "backups"):
            (self.root / name).mkdir(exist_ok=True)
        write_json(self.root / _MARK, {"what": "vigie backup", "format": FORMAT})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process out that would write here.

        Raises:
            BackupError: one is at work.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise self._error("busy", folder=self.root) from None
        try:
            yield
        finally:
            os.close(handle)

    # -- contents --------------------------------------------------------------------------------

    def object(self, sha256: str) -> Path:
        """Return where a content lies."""
        return self.root / "objects" / sha256[:2] / sha256

    def holds(self, entry: Entry) -> bool:
        """Say whether a content is there, of its size (`rotten` reads it)."""
        try:
            return self.object(entry.sha256).stat().st_size == entry.size
        except FileNotFoundError:
            return False

    def put(self, file: Path) -> tuple[str, int, int]:
        """Copy a content unless it is there; return its hash, its size, and the bytes written.

        Raises:
            OSError: it cannot be read, or the copy cannot be written.
        """
        draft = self.root / "objects" / f"{_DRAFT}{os.getpid()}"
        try:
            with open(file, "rb") as source, open(draft, "wb") as out:
                digest = hashlib.sha256()
                while block := source.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
                size = out.tell()
            sha256 = digest.hexdigest()
            target = self.object(sha256)
            if target.is_file() and target.stat().st_size == size:
                return sha256, size, 0
            target.parent.mkdir(exist_ok=True)
            draft.chmod(0o400)
            os.replace(draft, target)
            sync_folder(target.parent)
            return sha256, size, size
        finally:
            draft.unlink(missing_ok=True)

    def clear_drafts(self) -> None:
        """Remove what killed processes left; call it `alone`."""
        for draft in (self.root / "objects").glob(f"{_DRAFT}*"):
            draft.unlink()
        # A list that was written and not put in place (ingest/durable.py names it so).
        for draft in (self.root / "backups").glob(".*.incoming"):
            draft.unlink()
        for folder in self.root.glob(f"{SCRATCH}*"):
            shutil.rmtree(folder)

    # -- manifests -------------------------------------------------------------------------------

    def ids(self) -> list[str]:
        """Return the names of all copies, the oldest first."""
        return sorted(file.stem for file in (self.root / "backups").glob("[!.]*.json"))

    def read(self, backup_id: str | None = None) -> Manifest:
        """Return a copy, the newest without a name.

        Raises:
            BackupError: it is not there, damaged, or of a newer format.
        """
        self.require()
        ids = self.ids()
        if not ids or (backup_id is not None and backup_id not in ids):
            there = ", ".join(ids[-5:]) or "—"
            raise self._error("no_copy", folder=self.root, name=backup_id or "", there=there)
        name = backup_id or ids[-1]
        try:
            data = json.loads((self.root / "backups" / f"{name}.json").read_bytes())
            found = int(data.pop("format"))
            if not seal_holds({**data, "format": found, "seal": data["seal"]}):
                raise ValueError("seal")
            del data["seal"]
            if found > FORMAT:
                raise self._error("newer", folder=self.root, found=found, known=FORMAT)
            files = tuple(Entry(**one) for one in data.pop("files"))
            for key in ("elsewhere", "beside_keys"):
                data[key] = tuple(data[key])
            return Manifest(**data, files=files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._error("broken_manifest", folder=self.root, name=name) from None

    def newest(self) -> Manifest | None:
        """Return the newest copy; None where there is none."""
        return self.read() if self.ids() else None

    def write(self, manifest: Manifest) -> None:
        """Make a copy count: the last thing that is written of it."""
        said: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
        # As JSON reads it again: the seal is of what is read.
        said = json.loads(json.dumps(said))
        folder = self.root / "backups"
        sync_folder(self.root / "objects")
        write_json(folder / f"{manifest.backup_id}.json", sealed(said))
        sync_folder(folder)

    # -- looking, and retention ------------------------------------------------------------------

    def rotten(self) -> tuple[list[Rotten], int, int]:
        """Read every content of every copy; return those that are not what they were, and how many
        contents and bytes were read.
        """
        needed: dict[str, list[str]] = {}
        for name in self.ids():
            for entry in self.read(name).files:
                paths = needed.setdefault(entry.sha256, [])
                if entry.path not in paths:
                    paths.append(entry.path)
        found, read = [], 0
        for sha256, paths in sorted(needed.items()):
            file = self.object(sha256)
            try:
                with open(file, "rb") as content:
                    is_whole = hashlib.file_digest(content, "sha256").hexdigest() == sha256
                    read += os.fstat(content.fileno()).st_size
            except FileNotFoundError:
                found.append(Rotten(sha256, True, tuple(paths)))
                continue
            except OSError:  # a block that the disk does not give any more
                is_whole = False
            if not is_whole:
                found.append(Rotten(sha256, False, tuple(paths)))
        return found, len(needed), read

    def keep(self, newest: int) -> tuple[list[str], int]:
        """Remove all copies but the newest ones, and contents that no copy names any more; return
        the copies that went and the bytes that came free. Call it `alone`.

        Raises:
            BackupError: a manifest is damaged: then nothing goes, who knows what it needs.
        """
        manifests = {name: self.read(name) for name in self.ids()}
        gone = list(manifests)[:-newest]
        needed = {
            entry.sha256
            for name, manifest in manifests.items()
            if name not in gone
            for entry in manifest.files
        }
        for name in gone:
            (self.root / "backups" / f"{name}.json").unlink()
        sync_folder(self.root / "backups")
        freed = 0
        for file in (self.root / "objects").glob("??/*"):
            if file.name not in needed:
                freed += file.stat().st_size
                file.unlink()
        return gone, freed

    def _error(self, key: str, **values: Any) -> BackupError:
        return BackupError(say(self.lang, f"backup.{key}", **values))
