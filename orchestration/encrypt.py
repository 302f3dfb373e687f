"""A data folder from plain to encrypted, or back: every file of the raw history, of the states of
sources and of the releases, one after the other.

Each file, and each folder of a delivery, is written anew beside itself, compared, and renamed into
place with its hash; the mark of the folder (storage/mark.py) says meanwhile that it is on the way.
Killed at any moment, the same command goes on from there. What a build left is taken away: the next
run makes it again. Belongs here: that order, which files there are. Does not belong here: how one
file is changed (storage/convert.py).
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.durable import (
    INCOMING,
    clear_leftovers,
    flush,
    hashes,
    put_in_place,
    seal_holds,
    sealed,
    sha256,
    write_json,
)
from ingest.source.declared import sources_folder
from ingest.source.forget import nobody_extracts
from orchestration import build
from orchestration.errors import VigieError
from orchestration.forget.releases import mend
from orchestration.forget.trace import pending
from orchestration.private import refuse_shut_out
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.texts import say
from release.home import SUFFIX
from release.pointer import named_files
from release.proof import check, kept_hash
from release.reader import close_all
from storage import convert, key, mark
from storage.errors import EncryptionError
from storage.header import is_encrypted

_DRAFT = ".changing.incoming"
#: Folder → the file in each of its folders that knows the hashes of the others.
_NOTES = {"raw": "receipt.json", "judgements": "verdict.json"}


def stored_files(settings: Settings) -> Iterator[Path]:
    """Every database and Parquet file that is encrypted where the setting is on."""
    for name in _NOTES:
        yield from sorted((settings.home / name).rglob("*.parquet"))
    yield from _states(settings)
    yield from sorted(settings.releases.glob(f"*{SUFFIX}"))
    yield from sorted(settings.warehouse.glob(f"*{SUFFIX}"))


def change(settings: Settings, *, encrypt: bool, progress: Progress) -> int:
    """Bring a data folder into the other form; how many files were written anew. Hold the lock of
    the data folder.

    Raises:
        EncryptionError: no key, another key, the opposite was begun and not finished, a file cannot
            be read.
        DamagedReleaseError, VigieError: a file is not the one that was written.
        OSError: a folder is closed to this account.
    """
    refuse_shut_out(settings.home)
    work = _begin(settings, encrypt)
    close_all()
    with nobody_extracts(settings.home), progress.step("encrypt" if encrypt else "decrypt"):
        _drop_build(settings)
        steps = [*work.notes(), *work.states(), *work.releases()]
        for place, (name, step) in enumerate(steps):
            progress.advance(name, place, len(steps))
            step()
    mark.put(settings.home, mark.Mark(mark.CLOSED, work.said.key) if encrypt else None)
    return work.changed


def _begin(settings: Settings, encrypt: bool) -> _Work:
    home, held = settings.home, key.required()
    mark.refuse_inside(held, home)
    said, passing = mark.read(home), mark.CLOSING if encrypt else mark.OPENING
    if said is not None:
        mark.fits(said, held, home)
    if said is not None and said.state not in (mark.CLOSED, passing):
        raise EncryptionError("other_way", home=home, command=said.command)
    if pending(home, settings.lang) is not None:
        raise VigieError(say(settings.lang, "doctor.forgetting"))
    expected = said.expected if said is not None else {}
    now = mark.Mark(passing, held.mark, expected)
    mark.put(home, now)
    return _Work(settings, encrypt, now)


def _drop_build(settings: Settings) -> None:
    """What is of no release yet, and what the next run lays out again."""
    build.discard(settings)
    for file in settings.warehouse.glob("history.*"):
        file.unlink(missing_ok=True)


def _states(settings: Settings) -> list[Path]:
    return sorted(sources_folder(settings.home).glob("*/state/*/*.parquet"))


Step = tuple[str, Callable[[], None]]


@dataclass
class _Work:
    settings: Settings
    encrypt: bool
    said: mark.Mark
    changed: int = 0

    def notes(self) -> Iterator[Step]:
        """The folders of deliveries, and of their judgements."""
        for name, note in _NOTES.items():
            folder = self.settings.home / name
            if folder.is_dir():
                clear_leftovers(folder)
                for file in sorted(folder.glob(f"*/{note}")):
                    yield f"{name}/{file.parent.name}", lambda file=file: self._folder(file)

    def states(self) -> Iterator[Step]:
        """What sources keep of what was extracted."""
        for file in _states(self.settings):
            yield file.name, lambda file=file: self._state(file)

    def releases(self) -> Iterator[Step]:
        """Files of releases, also of what is none yet."""
        folder = self.settings.releases
        for draft in folder.glob(f"*{_DRAFT}*"):
            draft.unlink()
        for file in sorted(folder.glob(f"*{SUFFIX}")):
            yield file.name, lambda file=file: self._release(file)

    def _is_due(self, file: Path) -> bool:
        found = is_encrypted(file)
        if found is None:
            raise EncryptionError("unreadable", file=file)
        return found is not self.encrypt

    def _folder(self, note: Path) -> None:
        """A delivery or a judgement: all its files and their hashes at once."""
        folder = note.parent
        due = [file for file in sorted(folder.rglob("*.parquet")) if self._is_due(file)]
        if not due:
            return
        said = json.loads(note.read_text(encoding="utf-8"))
        if not seal_holds(said):
            raise EncryptionError("unreadable", file=note)
        self._prove(folder, said.get("stored") or {})
        incoming = folder.with_name(f"{INCOMING}{folder.name}")
        shutil.rmtree(incoming, ignore_errors=True)
        shutil.copytree(folder, incoming)
        try:
            for file in due:
                target = incoming / file.relative_to(folder)
                target.unlink()
                convert.parquet_file(file, target, encrypt=self.encrypt)
                target.chmod(0o600)
            # What a version before stored has no hashes, and gets none here.
            if said.get("stored"):
                said["stored"] = hashes(incoming)
            write_json(incoming / note.name, sealed(said))
            flush(incoming)
            put_in_place(incoming, folder)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        self.changed += len(due)

    def _prove(self, folder: Path, stored: Mapping[str, str]) -> None:
        """What is damaged keeps its old hash, by which it is told."""
        for name, right in stored.items():
            file = folder / name
            if not file.is_file() or sha256(file) != right:
                raise EncryptionError("unreadable", file=file)

    def _state(self, file: Path) -> None:
        if not self._is_due(file):
            return
        draft = file.with_name(f".{file.name}.incoming")
        try:
            convert.parquet_file(file, draft, encrypt=self.encrypt)
            draft.chmod(0o600)
            os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
        self.changed += 1

    def _release(self, file: Path) -> None:
        """One release. Its hash as it will be is noted first: killed between the rename and its
        proof, the file is known as ours.
        """
        if not self._is_due(file):
            if file.name in self.said.expected and sha256(file) == self.said.expected[file.name]:
                mend(file)
            return
        is_release = kept_hash(file) is not None or file.name in named_files(file.parent)
        if is_release:
            check(file)
        draft = file.with_suffix(_DRAFT)
        convert.database_file(file, draft, encrypt=self.encrypt)
        draft.chmod(stat.S_IRUSR)
        if is_release:
            expected = {**self.said.expected, file.name: sha256(draft)}
            self.said = replace(self.said, expected=expected)
            mark.put(self.settings.home, self.said)
        os.replace(draft, file)
        if is_release:
            mend(file)
        self.changed += 1
