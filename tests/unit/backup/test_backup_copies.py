"""Copies of a data folder: what is in them, that only what is new is copied, their wholeness."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from exports.register.chain import check
from exports.register.store import Store
from ingest.errors import IngestError
from orchestration.backup import contents, make
from orchestration.backup.store import Copies
from orchestration.cli import main
from orchestration.errors import BackupError
from tests.unit.backup.conftest import SECRET
from tests.unit.ingest.support import NISS
from tests.worlds import copy_of


def copied(folder, silent, root: Path):
    copies = Copies(root, "en")
    with copies.alone():
        return make.make(folder.settings, copies, silent)


def vigie(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words), "--lang", "en"])
    return int(ended.value.code or 0)


def everything_in(root: Path) -> bytes:
    return b"".join(file.read_bytes() for file in root.rglob("*") if file.is_file())


def test_all_that_cannot_be_made_again_is_in_it_and_no_key_nor_delivery(folder, silent, tmp_path):
    made = copied(folder, silent, tmp_path / "copies")
    paths = {entry.path for entry in made.manifest.files}
    assert {
        "raw/2026-06-30-1/receipt.json",
        "raw/2026-06-30-1/affiliates.parquet",
        "judgements/2026-06-30-1/verdict.json",
        "loads/2026-06-30-1.json",
        "desk/register.sqlite",
        "desk/head.json",
        "notebook/notebook.sqlite",
        "access/head.json",
    } <= paths
    assert not {path for path in paths if Path(path).parts[0] in contents.LEFT_OUT}
    assert any(path.endswith("/delivery.json") for path in paths)
    bytes_of_it = everything_in(tmp_path / "copies")
    keys = [file for file in (folder.home / "keys").rglob("*") if file.is_file()]
    assert {file.name for file in keys} >= {"pseudonym.key", "desk.key"}
    for file in keys:
        assert file.read_bytes().strip() not in bytes_of_it
    assert NISS[1].encode() not in bytes_of_it
    # Each name of a key stands in it, with a mark that a wrong one does not have.
    assert set(made.manifest.keys) == {file.name for file in keys if file.suffix == ".key"}


def test_only_the_change_of_a_day_is_copied_again(folder, silent, tmp_path):
    first = copied(folder, silent, tmp_path / "copies")
    assert first.copied_bytes > 0
    assert copied(folder, silent, tmp_path / "copies").copied_files == 0
    folder.deliver()
    before = {file.name for file in (tmp_path / "copies" / "objects").rglob("*") if file.is_file()}
    third = copied(folder, silent, tmp_path / "copies")
    after = {file.name for file in (tmp_path / "copies" / "objects").rglob("*") if file.is_file()}
    new = {entry.path for entry in third.manifest.files if entry.sha256 in after - before}
    assert new
    assert all("2026-07-01-1" in path for path in new), new


def test_a_copy_made_while_the_desk_writes_ends_where_the_desk_signed(folder, silent, tmp_path):
    stop, failed = threading.Event(), []

    def work():
        try:
            while not stop.is_set():
                folder.hand_out()
                folder.look()
                folder.note("A00000001", "again")
        except Exception as error:  # told below
            failed.append(error)

    at_work = threading.Thread(target=work)
    at_work.start()
    try:
        counts = []
        for number in range(4):
            made = copied(folder, silent, tmp_path / f"copies{number}")
            counts.append(made.manifest.register_lines)
            home = laid_out(tmp_path / f"copies{number}", made.manifest, tmp_path / f"home{number}")
            shutil.copytree(folder.home / "keys", home / "keys")
            faults = check(Store(home, lang="en"))
            assert faults == (), [fault.sentence("en") for fault in faults]
            from dashboards.access import log

            assert log.read(home).fault is None
    finally:
        stop.set()
        at_work.join()
    assert not failed
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def laid_out(root: Path, manifest, home: Path) -> Path:
    copies = Copies(root, "en")
    for entry in manifest.files:
        target = home / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copies.object(entry.sha256), target)
    return home


def test_a_delivery_that_comes_while_a_copy_is_made_is_in_it_whole_or_not(
    folder, silent, tmp_path, monkeypatch
):
    put, came = Copies.put, []

    def put_and_deliver(self, file):
        if not came:
            came.append(file)
            folder.deliver()
        return put(self, file)

    monkeypatch.setattr(Copies, "put", put_and_deliver)
    made = copied(folder, silent, tmp_path / "copies")
    paths = {entry.path for entry in made.manifest.files}
    for name in ("raw/2026-07-01-1/receipt.json", "judgements/2026-07-01-1/verdict.json"):
        assert name in paths
    home = laid_out(tmp_path / "copies", made.manifest, tmp_path / "new")
    from ingest.raw import RawHistory

    history = RawHistory(home)
    history.prove(history.plan())
    assert len(history.plan().deliveries) == 2


def test_a_folder_that_never_comes_to_rest_is_told(folder, silent, tmp_path, monkeypatch):
    monkeypatch.setattr(make, "_LOOKS", 3)
    monkeypatch.setattr(make, "_PAUSE_SECONDS", 0.0)
    put = Copies.put

    def put_and_change(self, file):
        note = folder.home / "accepted" / "x.json"
        note.parent.mkdir(exist_ok=True)
        note.write_text(os.urandom(8).hex())
        return put(self, file)

    monkeypatch.setattr(Copies, "put", put_and_change)
    with pytest.raises(BackupError, match="all the time"):
        copied(folder, silent, tmp_path / "copies")
    assert Copies(tmp_path / "copies", "en").ids() == []


def _killed_after(home: Path, landing: Path, root: Path, writes: int) -> None:
    """In a process of its own: killed at the n-th thing it puts into the folder of copies."""
    import signal

    from orchestration.progress import Progress
    from orchestration.settings import Settings

    done, replace = [0], os.replace

    def counted(source, target):
        if str(target).startswith(str(root)):
            done[0] += 1
            if done[0] > writes:
                os.kill(os.getpid(), signal.SIGKILL)
        return replace(source, target)

    os.replace = counted
    copies = Copies(root, "en")
    with copies.alone():
        make.make(Settings.from_env(home=home, landing=landing), copies, Progress("en"))


def test_killed_at_any_moment_the_copy_before_stays_and_the_next_one_is_whole(
    folder, silent, tmp_path
):
    before = tmp_path / "before"
    first = copied(folder, silent, before).manifest
    folder.deliver()
    forks = multiprocessing.get_context("fork")
    ended, writes = None, 0
    while ended != 0:
        root = copy_of(before, tmp_path / f"copies{writes}")
        child = forks.Process(
            target=_killed_after, args=(folder.home, folder.landing, root, writes)
        )
        child.start()
        child.join()
        ended = child.exitcode
        copies = Copies(root, "en")
        if ended:
            assert ended == -9
            assert copies.ids() == [first.backup_id]
            assert copies.read() == first
        assert copies.rotten()[0] == []
        if ended and writes % 3 == 0:
            again = copied(folder, silent, root).manifest
            assert copies.ids() == [first.backup_id, again.backup_id]
            assert copies.rotten()[0] == []
            assert not [one for one in root.rglob(".*") if one.name != ".lock"]
        writes += 1
    assert writes > 6
    assert len(copies.ids()) == 2


def test_a_flipped_bit_is_named_and_nothing_else(folder, silent, tmp_path, capsys):
    made = copied(folder, silent, tmp_path / "copies")
    entry = next(one for one in made.manifest.files if one.path.endswith("/affiliates.parquet"))
    file = Copies(tmp_path / "copies", "en").object(entry.sha256)
    assert vigie("backup", "--verify", tmp_path / "copies") == 0
    capsys.readouterr()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)
    assert vigie("backup", "--verify", tmp_path / "copies") == 1
    told = capsys.readouterr().err
    assert entry.path in told
    assert entry.sha256 in told
    assert len(told.splitlines()) == 1
    file.unlink()
    assert vigie("backup", "--verify", tmp_path / "copies") == 1
    assert "missing" in capsys.readouterr().err
    # The next copy puts back what the original still has.
    copied(folder, silent, tmp_path / "copies")
    assert vigie("backup", "--verify", tmp_path / "copies") == 0


def test_a_manifest_that_was_changed_is_refused_and_nothing_is_removed(folder, silent, tmp_path):
    root = tmp_path / "copies"
    first = copied(folder, silent, root).manifest
    folder.deliver()
    copied(folder, silent, root)
    file = root / "backups" / f"{first.backup_id}.json"
    said = json.loads(file.read_text())
    said["files"].pop()
    file.write_text(json.dumps(said))
    copies = Copies(root, "en")
    with pytest.raises(BackupError, match="damaged"):
        copies.read(first.backup_id)
    with pytest.raises(BackupError, match="damaged"):
        copies.keep(1)
    assert len(copies.ids()) == 2
    # One without its seal is none of ours either.
    del said["seal"]
    file.write_text(json.dumps(said))
    with pytest.raises(BackupError, match="damaged"):
        copies.read(first.backup_id)


def test_old_copies_go_with_what_they_alone_held(folder, silent, tmp_path):
    root = tmp_path / "copies"
    copied(folder, silent, root)
    old = folder.home / "accepted" / "old.json"
    old.parent.mkdir(exist_ok=True)
    old.write_text("held by the second copy alone")
    second = copied(folder, silent, root).manifest
    gone = next(one for one in second.files if one.path == "accepted/old.json")
    old.unlink()
    third = copied(folder, silent, root).manifest
    copies = Copies(root, "en")
    assert copies.holds(gone)
    removed, freed = copies.keep(1)
    assert len(removed) == 2
    assert freed >= gone.size
    assert not copies.holds(gone)
    assert copies.ids() == [third.backup_id]
    assert copies.rotten()[0] == []


def test_a_file_that_is_not_what_vigie_wrote_is_not_copied(folder, silent, tmp_path):
    file = folder.home / "raw" / "2026-06-30-1" / "affiliates.parquet"
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupError, match=r"raw/2026-06-30-1/affiliates\.parquet"):
        copied(folder, silent, tmp_path / "copies")
    assert Copies(tmp_path / "copies", "en").ids() == []


def test_a_register_that_was_cut_off_is_not_copied(folder, silent, tmp_path):
    file = folder.home / "desk" / "register.sqlite"
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            connection.execute(f'drop trigger "{name}"')
        connection.execute("delete from events where number = (select max(number) from events)")
    with pytest.raises(BackupError, match="does not end where the desk signed"):
        copied(folder, silent, tmp_path / "copies")


def test_places_where_no_copy_belongs_are_refused(folder, silent, tmp_path):
    with pytest.raises(BackupError, match="one in the other"):
        copied(folder, silent, folder.home / "copies")
    with pytest.raises(BackupError, match="one in the other"):
        copied(folder, silent, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "letters.txt").touch()
    with pytest.raises(BackupError, match=r"letters\.txt"):
        copied(folder, silent, other)
    root = tmp_path / "copies"
    copied(folder, silent, root)
    (folder.home / "keys" / "pseudonym.key").write_text("0" * 64)
    with pytest.raises(BackupError, match="another data folder"):
        copied(folder, silent, root)
    (root / "vigie-backup.json").write_text('{"format": 99}')
    with pytest.raises(BackupError, match="newer version"):
        copied(folder, silent, root)


def test_two_copies_at_once_are_refused(folder, silent, tmp_path):
    copies = Copies(tmp_path / "copies", "en")
    with copies.alone(), pytest.raises(BackupError, match="at work"), copies.alone():
        pass


def test_no_room_is_told_before_anything_is_written(folder, silent, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(BackupError, match="Not enough room"):
        copied(folder, silent, tmp_path / "copies")
    assert not list((tmp_path / "copies" / "objects").iterdir())


def test_the_command_tells_what_is_needed_and_notes_it(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VIGIE_HOME", str(folder.home))
    monkeypatch.setenv("VIGIE_KEYS_PASSPHRASE", SECRET)
    root, keys = tmp_path / "copies", tmp_path / "keys.json"
    assert vigie("backup", "--to", root, "--keys-to", keys) == 0
    told = capsys.readouterr().out
    assert "To be copied" in told
    last = json.loads((folder.home / "backup" / "last.json").read_text())
    assert set(last) == {"finished_at", "destination", "files", "bytes"}
    assert last["destination"] == str(root)
    assert keys.stat().st_mode & 0o077 == 0
    plain = (folder.home / "keys" / "pseudonym.key").read_bytes().strip()
    assert plain not in keys.read_bytes()
    assert vigie("backup", "--list", root) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    # Said before anything is copied.
    assert vigie("backup", "--to", root, "--keys-to", root / "keys.json") == 1
    monkeypatch.setenv("VIGIE_KEYS_PASSPHRASE", "short")
    assert vigie("backup", "--to", root, "--keys-to", keys) == 1
    assert vigie("backup", "--to", root, "--list", root) == 2
    assert vigie("backup", "--list", tmp_path / "none") == 1
    assert len(Copies(root, "en").ids()) == 1


def test_a_data_folder_without_deliveries_is_not_copied(tmp_path, silent):
    from orchestration.settings import Settings

    settings = Settings.from_env(home=tmp_path / "home", lang="en")
    with pytest.raises(BackupError, match="nothing to copy"):
        make.make(settings, Copies(tmp_path / "copies", "en"), silent)


def test_a_receipt_that_is_damaged_stops_the_copy(folder, silent, tmp_path):
    (folder.home / "raw" / "2026-06-30-1" / "receipt.json").write_text("{")
    with pytest.raises(IngestError, match="damaged"):
        copied(folder, silent, tmp_path / "copies")
