"""Bringing a data folder back: what is refused before anything is written, keys, databases that
lie elsewhere. What is proven after it: tests/pipeline/test_backup_drill.py.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.notebook.entry import Entry
from dashboards.notebook.store import Notebook
from exports.register.chain import check
from exports.register.store import Store
from ingest.raw import RawHistory
from orchestration import home_format
from orchestration.backup import keys, make
from orchestration.backup.restore import bring_back, refuse
from orchestration.backup.store import Copies
from orchestration.errors import BackupError
from orchestration.progress import Progress
from orchestration.settings import Settings
from tests.unit.backup.conftest import SECRET, Folder
from tests.unit.register.support import delivered, desk_of


def copied(folder: Folder, root: Path):
    copies = Copies(root, "en")
    with copies.alone():
        return make.make(folder.settings, copies, Progress("en")).manifest


def new(home: Path) -> Settings:
    return Settings.from_env(home=home, landing=home / "landing", lang="en")


def given(folder: Folder, but: str = "") -> dict[str, bytes]:
    held = folder.home / "keys"
    return {one.name: one.read_bytes() for one in held.iterdir() if one.name != but}


def brought_back(folder: Folder, root: Path, home: Path) -> Settings:
    copies, settings = Copies(root, "en"), new(home)
    refuse(settings, copies, copies.read(), given(folder))
    bring_back(settings, copies, copies.read(), given(folder), Progress("en"))
    return settings


def contents(home: Path) -> dict[str, bytes]:
    left = ("landing", "backup", "warehouse")
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.relative_to(home).parts[0] not in left
    }


def test_what_is_brought_back_is_what_was_copied(folder, tmp_path):
    copied(folder, tmp_path / "copies")
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "new")
    was, found = contents(folder.home), contents(settings.home)
    # Locks and what lies beside a database at work say nothing.
    told = {name for name in was if not name.endswith(("lock", "-wal", "-shm"))}
    assert set(found) == told
    databases = {"desk/register.sqlite", "notebook/notebook.sqlite"}
    assert [name for name in told - databases if was[name] != found[name]] == []
    assert check(Store(settings.home, lang="en")) == ()
    assert Store(settings.home).events() == Store(folder.home).events()
    assert Notebook(settings.home).entries() == Notebook(folder.home).entries()
    history = RawHistory(settings.home)
    history.prove(history.plan())
    modes = {path.stat().st_mode & 0o077 for path in settings.home.rglob("*")}
    assert modes == {0}
    # It is copied again: nothing of it is new but the two databases' files.
    other = Folder(settings.home)
    before = len(list((tmp_path / "copies" / "objects").rglob("*")))
    copied(other, tmp_path / "copies")
    assert len(list((tmp_path / "copies" / "objects").rglob("*"))) - before <= 4


@pytest.mark.parametrize("kind", ["file", "full"])
def test_a_folder_that_is_not_empty_is_left_alone(folder, tmp_path, kind):
    copied(folder, tmp_path / "copies")
    target = tmp_path / "new"
    if kind == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine.txt").write_text("mine")
    with pytest.raises(BackupError, match="not empty"):
        brought_back(folder, tmp_path / "copies", target)
    assert (target if kind == "file" else target / "mine.txt").read_text() == "mine"


def test_a_key_that_is_missing_or_another_is_named(folder, tmp_path):
    copied(folder, tmp_path / "copies")
    copies, settings = Copies(tmp_path / "copies", "en"), new(tmp_path / "new")
    manifest = copies.read()
    with pytest.raises(BackupError, match=r"desk\.key is missing"):
        refuse(settings, copies, manifest, given(folder, but="desk.key"))
    wrong = {**given(folder), "pseudonym.key": b"0" * 64}
    with pytest.raises(BackupError, match=r"pseudonym\.key that is given is not"):
        refuse(settings, copies, manifest, wrong)
    assert not settings.home.exists()


def test_a_newer_format_is_refused(folder, tmp_path, monkeypatch):
    (folder.home / "format.json").write_text('{"format": 1}')
    copied(folder, tmp_path / "copies")
    monkeypatch.setattr(home_format, "FORMAT", 0)
    copies, settings = Copies(tmp_path / "copies", "en"), new(tmp_path / "new")
    with pytest.raises(BackupError, match="newer version"):
        refuse(settings, copies, copies.read(), given(folder))


def test_a_content_that_rotted_is_named_and_the_folder_shows_nothing(folder, tmp_path):
    manifest = copied(folder, tmp_path / "copies")
    copies = Copies(tmp_path / "copies", "en")
    entry = next(one for one in manifest.files if one.path.endswith("/payments.parquet"))
    file = copies.object(entry.sha256)
    content = bytearray(file.read_bytes())
    content[10] ^= 4
    file.chmod(0o600)
    file.write_bytes(content)
    with pytest.raises(BackupError, match=r"payments\.parquet"):
        brought_back(folder, tmp_path / "copies", tmp_path / "new")
    assert [one.name for one in (tmp_path / "new").iterdir()] == [".restoring"]
    file.unlink()
    with pytest.raises(BackupError, match=r"payments\.parquet .* is missing"):
        brought_back(folder, tmp_path / "copies", tmp_path / "new2")


def _killed(folder: Folder, root: Path, home: Path) -> None:
    copies, settings = Copies(root, "en"), new(home)

    class Ends(Progress):
        def advance(self, what: str, done: float, total: float) -> None:
            if done > total / 2:
                os.kill(os.getpid(), signal.SIGKILL)

    bring_back(settings, copies, copies.read(), given(folder), Ends("en"))


def test_killed_in_the_middle_the_next_one_begins_anew(folder, tmp_path):
    copied(folder, tmp_path / "copies")
    arguments = (folder, tmp_path / "copies", tmp_path / "new")
    child = multiprocessing.get_context("fork").Process(target=_killed, args=arguments)
    child.start()
    child.join()
    assert child.exitcode == -9
    assert [one.name for one in (tmp_path / "new").iterdir()] == [".restoring"]
    brought_back(*arguments)
    assert check(Store(tmp_path / "new", lang="en")) == ()
    assert not (tmp_path / "new" / ".restoring").exists()


def test_the_keys_travel_encrypted(folder, tmp_path):
    file = tmp_path / "keys.json"
    names = keys.write(folder.settings, file, SECRET.encode())
    assert set(names) >= {"pseudonym.key", "desk.key"}
    assert keys.read("en", [file], SECRET.encode()) == given(folder)
    with pytest.raises(BackupError, match="does not open"):
        keys.read("en", [file], b"another passphrase")
    said = file.read_text()
    # One character of the content.
    place = said.index('"content": "') + 40
    file.write_text(said[:place] + ("A" if said[place] != "A" else "B") + said[place + 1 :])
    with pytest.raises(BackupError, match="does not open"):
        keys.read("en", [file], SECRET.encode())


def test_the_key_of_the_pseudonyms_may_come_bare(folder, tmp_path):
    copy = tmp_path / "from-the-safe.txt"
    copy.write_bytes((folder.home / "keys" / "pseudonym.key").read_bytes())
    assert set(keys.read("en", [copy], None)) == {"pseudonym.key"}


def test_the_passphrase_comes_from_a_file_that_others_cannot_read(tmp_path, monkeypatch):
    monkeypatch.delenv("VIGIE_KEYS_PASSPHRASE", raising=False)
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    file.chmod(0o644)
    with pytest.raises(BackupError, match="chmod 600"):
        keys.passphrase("en", file)
    file.chmod(0o600)
    assert keys.passphrase("en", file) == SECRET.encode()
    with pytest.raises(BackupError, match="VIGIE_KEYS_PASSPHRASE"):
        keys.passphrase("en", None)


def test_register_and_notebook_of_a_server_are_in_the_copy_and_go_back_into_one(
    folder, tmp_path, monkeypatch, postgresql: Callable[[], str]
):
    register, notebook = postgresql(), postgresql()
    for one in ("desk", "notebook"):
        import shutil

        shutil.rmtree(folder.home / one)
    (folder.home / "keys" / "votes.key").unlink(missing_ok=True)
    delivered(desk_of(folder.home, url=register), tmp_path / "out", "Combien au serveur ?")
    Notebook(folder.home, notebook).add(
        Entry(0, None, "Anne", "A00000001", "note", note="on the server")
    )
    monkeypatch.setenv("VIGIE_REGISTER", register)
    monkeypatch.setenv("VIGIE_NOTEBOOK", notebook)
    manifest = copied(folder, tmp_path / "copies")
    assert set(manifest.elsewhere) == {"desk/register.sqlite", "notebook/notebook.sqlite"}
    events = Store(folder.home, register).events()
    assert manifest.register_lines == len(events) > 0
    # Into files of the data folder.
    monkeypatch.delenv("VIGIE_REGISTER")
    monkeypatch.delenv("VIGIE_NOTEBOOK")
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "files")
    assert check(Store(settings.home, lang="en")) == ()
    assert Store(settings.home).events() == events
    assert [one.note for one in Notebook(settings.home).entries()] == ["on the server"]
    # Into another server's.
    again, book = postgresql(), postgresql()
    monkeypatch.setenv("VIGIE_REGISTER", again)
    monkeypatch.setenv("VIGIE_NOTEBOOK", book)
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "server")
    assert not (settings.home / "desk" / "register.sqlite").exists()
    assert check(Store(settings.home, again, lang="en")) == ()
    assert Store(settings.home, again).events() == events
    # A line more may be added there.
    Notebook(settings.home, book).add(Entry(0, None, "Bart", "A00000001", "note", note="after"))
    assert [one.note for one in Notebook(settings.home, book).entries()] == [
        "on the server",
        "after",
    ]
    # Never into one that holds lines.
    with pytest.raises(BackupError, match="holds lines already"):
        brought_back(folder, tmp_path / "copies", tmp_path / "third")
