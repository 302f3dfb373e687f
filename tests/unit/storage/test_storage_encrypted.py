"""An encrypted data folder: one is made of a copy of a built world, and everything that opens files
of it is asked, in this process.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from ingest.raw import RawHistory
from ingest.raw import status as raw_status
from orchestration import encrypt, lock
from orchestration.backup import contents, keys, make, proof, restore
from orchestration.backup.store import Copies
from orchestration.counts import count_held
from orchestration.doctor import stored
from orchestration.forget import releases
from orchestration.progress import Progress
from orchestration.settings import Settings
from release import proof as release_proof
from release.difference.compare import compare
from release.errors import DamagedReleaseError
from release.reader import close_all, open_release, standing
from storage import databases, errors, key, mark, parquet
from storage.header import is_encrypted
from tests.worlds import copy_of

NAMES = ("raw", "judgements", "releases", "loads", "keys", "format.json")


def new_key(folder: Path, name: str = "storage.key") -> Path:
    file = folder / name
    file.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    file.chmod(0o600)
    return file


@contextmanager
def using(file: Path | str | None) -> Iterator[None]:
    """The setting, for a while."""
    close_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(key.VARIABLE, raising=False)
        if file is not None:
            patch.setenv(key.VARIABLE, str(file))
        yield
    close_all()


def changed(home: Path, *, encrypt_it: bool) -> int:
    settings = Settings.from_env(opens=False, home=home, lang="en")
    with lock.hold(home):
        return encrypt.change(settings, encrypt=encrypt_it, progress=Progress("en"))


@pytest.fixture(scope="module")
def plain(built_world: Callable[[str], Path], tmp_path_factory) -> Path:
    world, home = built_world("fund"), tmp_path_factory.mktemp("plain")
    for name in NAMES:
        if (world / name).is_dir():
            shutil.copytree(world / name, home / name)
        elif (world / name).exists():
            shutil.copy2(world / name, home / name)
    return home


@pytest.fixture(scope="module")
def key_file(tmp_path_factory) -> Path:
    return new_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def closed(plain: Path, key_file: Path, tmp_path_factory) -> Path:
    home = copy_of(plain, tmp_path_factory.mktemp("closed"))
    with using(key_file):
        assert changed(home, encrypt_it=True) > 10
    return home


def read_all(home: Path) -> dict[str, object]:
    """What is read of a data folder in every way there is."""
    settings, history = Settings.from_env(home=home, lang="en"), RawHistory(home)
    release = open_release(home)
    history.prove(history.plan())
    release_proof.check(release.path)
    after, before, *_ = standing(home)
    difference = compare(before, after)
    return {
        "about": release.about,
        "tables": proof.contents_of(release.path),
        "status": raw_status(home),
        "held": count_held(settings, history.plan().deliveries),
        "difference": [(one.name, one.state) for one in difference.tables],
        "second cursor": release.cursor().execute("select count(*) from core.dim_code").fetchall(),
    }


def test_everything_reads_as_before(plain, closed, key_file):
    with using(None):
        expected = read_all(plain)
    with using(key_file):
        assert read_all(closed) == expected


def test_nothing_is_left_plain_and_the_doctor_would_say_it(plain, closed, key_file, tmp_path):
    home = copy_of(closed, tmp_path / "home")
    with using(key_file):
        settings = Settings.from_env(home=home, lang="en")
        files = list(encrypt.stored_files(settings))
        assert {is_encrypted(file) for file in files} == {True}
        assert list(stored.encrypted(settings)) == []
        one = files[0].relative_to(home)
        shutil.copy2(plain / one, home / one)
        (found,) = stored.encrypted(settings)
        assert found.is_fault
        assert "vigie encrypt" in found.sentence("en")


def test_the_key_is_in_no_file_and_no_sentence(closed, key_file):
    with using(key_file):
        held = key.required()
        said = [repr(held), str(Settings.from_env(home=closed).overrides())]
        with databases.connect() as connection, pytest.raises(duckdb.Error) as failed:
            databases.attach(connection, closed / "releases", "none", options="no_such_option 1")
        said.append(str(failed.value))
    secret = key_file.read_text().strip()
    for text in (secret, held.database, held.parquet):
        assert not any(text in one for one in said)
        assert not any(text.encode() in file.read_bytes() for file in closed.rglob("*.json"))


@pytest.mark.parametrize(
    ("what", "match"),
    [
        ("none", "gives no key"),
        ("other", "another key"),
        ("lost", "cannot be read"),
        ("open", "chmod 600"),
        ("short", "64 hexadecimal"),
        ("inside", "beside what it protects"),
    ],
)
def test_a_wrong_key_is_one_sentence_with_the_remedy(closed, key_file, tmp_path, what, match):
    file = None if what == "none" else new_key(tmp_path)
    home = closed
    if what == "lost":
        file.unlink()
    elif what == "open":
        file.chmod(0o644)
    elif what == "short":
        file.write_text("abc", encoding="ascii")
    elif what == "inside":
        home = tmp_path
    with using(file), pytest.raises(errors.EncryptionError, match=match) as refused:
        Settings.from_env(home=home)
    for lang in ("fr", "nl", "en"):
        assert len(refused.value.sentence(lang).splitlines()) == 1
    assert len({refused.value.sentence(lang) for lang in ("fr", "nl", "en")}) == 3


def test_a_plain_folder_is_refused_with_a_key_and_files_are_told_one_by_one(
    plain, closed, key_file, tmp_path
):
    release = next(closed.glob("releases/*.duckdb"))
    rows = next(closed.glob("raw/*/*.parquet"))
    with using(key_file):
        with pytest.raises(errors.EncryptionError, match="is not encrypted"):
            Settings.from_env(home=plain)
        with pytest.raises(errors.EncryptionError, match="is not encrypted"):
            databases.connect(next(plain.glob("releases/*.duckdb")), read_only=True)
    with using(None):
        with pytest.raises(errors.EncryptionError, match="gives no key"):
            databases.connect(release, read_only=True)
        with pytest.raises(errors.EncryptionError, match="gives no key"):
            parquet.parquet([rows])
    with using(new_key(tmp_path)), pytest.raises(errors.EncryptionError, match="another key"):
        databases.connect(release, read_only=True)


def test_a_new_folder_is_encrypted_from_its_first_file(key_file, tmp_path):
    with using(key_file):
        with lock.hold(tmp_path):
            pass
        assert mark.read(tmp_path) == mark.Mark(mark.CLOSED, key.required().mark)
        file = tmp_path / "new.duckdb"
        with databases.connect(file) as connection:
            connection.execute("create table t as select 'someone' as name")
        assert is_encrypted(file)
        assert b"someone" not in file.read_bytes()
        with databases.connect(file, read_only=True) as connection:
            assert databases.cursor(connection, file).execute("from t").fetchall() == [("someone",)]


def test_a_session_on_a_file_spills_beside_it_with_a_key_and_without(key_file, tmp_path):
    file = tmp_path / "some.duckdb"
    for secret in (None, key_file):
        file.unlink(missing_ok=True)
        with using(secret), databases.connect(file) as connection:
            spill = connection.execute("select current_setting('temp_directory')").fetchone()
        assert spill == (f"{file}.tmp",)


def test_a_release_that_is_rewritten_stays_encrypted(closed, key_file, tmp_path):
    home = copy_of(closed, tmp_path / "home")
    file = next(home.glob("releases/*.duckdb"))
    with using(key_file):
        releases.rewrite(file, {"A99999999": "A99999998"})
        assert is_encrypted(file)
        release_proof.check(file)


def test_a_copy_holds_the_mark_and_the_files_as_they_are(closed, key_file):
    with using(key_file):
        settings = Settings.from_env(home=closed, lang="en")
        copied = contents.still(settings)
        known = contents.recorded(settings)
    assert mark.NAME in copied
    assert not any(path.startswith("keys/") for path in copied)
    for path, sha256 in known.items():
        assert release_proof.measure(copied[path].file).sha256 == sha256


def test_a_copy_comes_back_with_the_key_alone(closed, key_file, tmp_path):
    folder, home = tmp_path / "copies", tmp_path / "elsewhere"
    with using(key_file):
        settings = Settings.from_env(home=closed, lang="en")
        copies = Copies(folder, "en")
        with copies.alone():
            manifest = make.make(settings, copies, Progress("en")).manifest
        target = Settings.from_env(home=home, landing=home / "landing", lang="en")
    given = keys.read("en", sorted((closed / "keys").glob("*.key")), None)
    for file, match in ((None, "gives no key"), (new_key(tmp_path), "another key")):
        with using(file), pytest.raises(errors.EncryptionError, match=match):
            restore.refuse(target, copies, manifest, given)
    with using(key_file):
        restore.refuse(target, copies, manifest, given)
        restore.bring_back(target, copies, manifest, given, Progress("en"))
        Settings.from_env(home=home)
        assert open_release(home).about == open_release(closed).about
    secret = key_file.read_text().strip().encode()
    assert not any(secret in one.read_bytes() for one in folder.rglob("*") if one.is_file())


def test_a_damaged_file_is_not_made_good(plain, key_file, tmp_path):
    home = copy_of(plain, tmp_path / "home")
    release = sorted(home.glob("releases/*.duckdb"))[0]
    release.chmod(0o600)
    with open(release, "ab") as file:
        file.write(b"more")
    with using(key_file), pytest.raises(DamagedReleaseError):
        changed(home, encrypt_it=True)


#: Where a process is killed: the system call, and at which of its calls.
KILLS = {
    "raw": ("rename", 2),
    "release": ("replace", 1, ".duckdb"),
    "proof": ("replace", 1, ".sha256"),
}


@pytest.mark.parametrize("place", sorted(KILLS))
def test_killed_anywhere_the_same_command_ends_well(plain, closed, key_file, tmp_path, place):
    home = copy_of(plain, tmp_path / "home")
    # One release is enough to be killed at.
    with using(None):
        past = standing(home)[-1].path
    release_proof.proof_file(past).unlink()
    past.unlink()
    _die(home, key_file, *KILLS[place])
    with using(key_file):
        with pytest.raises(errors.EncryptionError, match="start it again"):
            Settings.from_env(home=home)
        with pytest.raises(errors.EncryptionError, match="finish that first"):
            changed(home, encrypt_it=False)
        # At the proof of the last file all were rewritten; only its hash was not noted yet.
        assert (changed(home, encrypt_it=True) > 0) == (place != "proof")
        settings = Settings.from_env(home=home, lang="en")
        assert {is_encrypted(file) for file in encrypt.stored_files(settings)} == {True}
        history = RawHistory(home)
        history.prove(history.plan())
        for release in standing(home):
            release_proof.check(release.path)
        assert open_release(home).about == open_release(closed).about
        if place == "proof":
            assert changed(home, encrypt_it=False) > 0
    if place == "proof":
        with using(None):
            release = open_release(home).path
            assert proof.contents_of(release) == proof.contents_of(
                plain / "releases" / release.name
            )
        assert not (home / mark.NAME).exists()


def _die(home: Path, key_file: Path, call: str, number: int, ending: str = "") -> None:
    """Encrypt in a process that ends, as if it were killed, instead of one system call."""
    child = os.fork()
    if not child:
        real, seen = getattr(os, call), []

        def dying(source, target, *more, **others):
            if str(target).endswith(ending) and str(home) in str(target):
                seen.append(target)
                if len(seen) == number:
                    os._exit(9)
            return real(source, target, *more, **others)

        try:
            setattr(os, call, dying)
            os.environ[key.VARIABLE] = str(key_file)
            changed(home, encrypt_it=True)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
