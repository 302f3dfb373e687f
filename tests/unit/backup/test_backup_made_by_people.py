"""What people made comes back from a copy in either engine, and nothing is sent twice:
subscriptions, feeds, sources with their mappings and states; secrets and waiting messages do not
lie in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.access import log
from dashboards.subscriptions.feed import path_of
from dashboards.subscriptions.store import (
    DUE,
    OVERTAKEN,
    SENDING,
    SENT,
    UNSURE,
    Subscriptions,
)
from orchestration.backup import make, restore
from orchestration.backup.restore import bring_back, refuse
from orchestration.backup.store import Copies
from orchestration.errors import BackupError
from orchestration.progress import Progress
from orchestration.settings import Settings
from tests.unit.backup.conftest import Folder
from tests.worlds import PROJECT_SOURCE

RELEASE = "2026-06-30_20260701T050000Z"
PASSWORD = "a-password-of-nobody"


def copied(folder: Folder, root: Path):
    copies = Copies(root, "en")
    with copies.alone():
        return make.make(folder.settings, copies, Progress("en")).manifest


def brought_back(folder: Folder, root: Path, home: Path) -> Settings:
    copies = Copies(root, "en")
    settings = Settings.from_env(home=home, landing=home / "landing", lang="en")
    held = {one.name: one.read_bytes() for one in (folder.home / "keys").iterdir()}
    refuse(settings, copies, copies.read(), held)
    bring_back(settings, copies, copies.read(), held, Progress("en"))
    return settings


def publish(home: Path) -> None:
    """A pointer to a release: what is copied of it is no matter here."""
    (home / "releases").mkdir(exist_ok=True)
    (home / "releases" / "current.json").write_text(f'{{"release_id": "{RELEASE}"}}')


def states(store: Subscriptions) -> dict[int, str]:
    return {one.number: one.state for one in store.sendings()}


@pytest.fixture
def told(folder: Folder) -> Folder:
    """Of the current release one was sent, one waits, one was refused once, one is on its way, and
    one is not planned yet."""
    publish(folder.home)
    sent, waits, refused, going = (
        folder.subscribe(about=f"figure_{place}").number for place in range(4)
    )
    store = Subscriptions(folder.home)
    store.plan(RELEASE, [sent, waits, refused, going], again=False)
    for number, path in (
        (sent, (SENDING, SENT)),
        (refused, (SENDING, DUE)),
        (going, (SENDING,)),
    ):
        for state in path:
            (now,) = [one for one in store.sendings([number]) if one.release_id == RELEASE]
            assert store.move(now, state, title="Something", value="1")
    folder.subscribe(about="figure_4")
    return folder


def test_subscriptions_and_their_feeds_come_back(folder, tmp_path):
    made = folder.subscribe()
    store = Subscriptions(folder.home)
    feed = path_of(folder.home, store.persons()["anne"])
    feed.parent.mkdir()
    feed.write_text("<feed/>")
    manifest = copied(folder, tmp_path / "copies")
    assert "subscriptions/subscriptions.sqlite" in {one.path for one in manifest.files}
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "new")
    again = Subscriptions(settings.home)
    assert again.all() == store.all() == [made]
    assert again.persons() == store.persons()
    assert path_of(settings.home, again.persons()["anne"]).read_text() == "<feed/>"


def test_nothing_that_may_have_left_since_leaves_again(told, tmp_path):
    outbox = told.home / "outbox"
    outbox.mkdir()
    (outbox / f"{RELEASE}_1.eml").write_text("A message that waits to be taken")
    manifest = copied(told, tmp_path / "copies")
    assert not [one.path for one in manifest.files if one.path.startswith("outbox")]
    assert states(Subscriptions(told.home)) == {1: SENT, 2: DUE, 3: DUE, 4: SENDING}
    settings = brought_back(told, tmp_path / "copies", tmp_path / "new")
    assert not (settings.home / "outbox").exists()
    store = Subscriptions(settings.home)
    held = {1: SENT, 2: OVERTAKEN, 3: UNSURE, 4: UNSURE, 5: OVERTAKEN}
    assert states(store) == held
    # The next round on the same release, with or without a mail server, finds nothing due.
    store.plan(RELEASE, [1, 2, 3, 4, 5], again=True)
    assert states(store) == held
    # Of the next one everybody is told.
    store.plan("2026-07-01_20260702T050000Z", [1, 2, 3, 4, 5], again=False)
    assert [one.state for one in store.sendings() if one.release_id > RELEASE] == [DUE] * 5


def test_subscriptions_of_a_server_are_in_the_copy_and_go_back_into_one(
    told, tmp_path, monkeypatch, postgresql
):
    # From the file of the folder into a server, from there into a file, and never over lines.
    before = Subscriptions(told.home)
    copied(told, tmp_path / "copies")
    address = postgresql()
    monkeypatch.setenv("VIGIE_SUBSCRIPTIONS", address)
    settings = brought_back(told, tmp_path / "copies", tmp_path / "server")
    assert not (settings.home / "subscriptions" / "subscriptions.sqlite").exists()
    server = Subscriptions(settings.home, address)
    assert server.all() == before.all()
    assert server.persons() == before.persons()
    assert states(server)[2] == OVERTAKEN
    # A number more may be given there.
    more = Folder(settings.home).subscribe(address, about="figure_5")
    assert more.number == 6
    with pytest.raises(BackupError, match="holds lines already"):
        brought_back(told, tmp_path / "copies", tmp_path / "third")

    manifest = copied(Folder(settings.home), tmp_path / "of-server")
    assert "subscriptions/subscriptions.sqlite" in manifest.elsewhere
    monkeypatch.delenv("VIGIE_SUBSCRIPTIONS")
    back = brought_back(Folder(settings.home), tmp_path / "of-server", tmp_path / "file")
    assert Subscriptions(back.home).all() == server.all()
    assert Subscriptions(back.home).persons() == server.persons()


def test_a_source_comes_back_with_its_mappings_and_states_and_no_secret(folder, tmp_path):
    import shutil

    source = folder.home / "sources" / "fund"
    shutil.copytree(PROJECT_SOURCE, source)
    text = (source / "source.yaml").read_text()
    text = "\n".join(line for line in text.splitlines() if not line.startswith("url"))
    (source / "source.yaml").write_text(f"{text}\nurl_file: address.txt\n")
    (source / "address.txt").write_text(PASSWORD)
    state = source / "state" / "2026-06-30-01"
    state.mkdir(parents=True)
    (state / "state.json").write_text('{"delivery_id": "2026-06-30-01"}')
    (state / "affiliates.parquet").write_bytes(b"hashes")
    (source / "last.json").write_text('{"failed": false}')
    copied(folder, tmp_path / "copies")
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "new")
    was = {one.relative_to(source) for one in source.rglob("*") if one.is_file()}
    back = settings.home / "sources" / "fund"
    found = {one.relative_to(back) for one in back.rglob("*") if one.is_file()}
    assert was - found == {Path("address.txt")}
    assert found <= was
    # One that cannot be understood gives away no file of which nobody knows what it is.
    (source / "source.yaml").write_text("engine: [")
    copied(folder, tmp_path / "copies")
    for file in (tmp_path / "copies").rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes()
    again = brought_back(folder, tmp_path / "copies", tmp_path / "again").home / "sources" / "fund"
    assert (again / "source.yaml").read_text() == "engine: ["
    assert (again / "state" / "2026-06-30-01" / "state.json").is_file()


def test_lists_of_the_machine_begin_anew_also_from_a_copy_that_has_them(
    folder, tmp_path, monkeypatch
):
    for name in ("runs/r.json", "alarms/alarms.json", "metrics/vigie.prom", "outbox/m.eml"):
        (folder.home / name).parent.mkdir()
        (folder.home / name).write_text("{}")
    names = {"runs", "alarms", "metrics", "outbox"}
    assert not names & {Path(one.path).parts[0] for one in copied(folder, tmp_path / "c").files}
    contents = make.contents
    with monkeypatch.context() as earlier:
        earlier.setattr(contents, "LEFT_OUT", contents.LEFT_OUT - contents.OF_THE_MOMENT)
        manifest = copied(folder, tmp_path / "earlier")
        assert names <= {Path(one.path).parts[0] for one in manifest.files}
    assert names <= restore.contents.LEFT_OUT
    settings = brought_back(folder, tmp_path / "earlier", tmp_path / "new")
    assert not names & {one.name for one in settings.home.iterdir()}


def test_the_record_of_accesses_goes_on_where_the_copy_ends(folder, tmp_path):
    kept = len(log.read(folder.home).lines)
    copied(folder, tmp_path / "copies")
    settings = brought_back(folder, tmp_path / "copies", tmp_path / "new")
    notice = log.Access(log.NOTICE, "anne", "Anne", page="worklist", release=RELEASE)
    log.write(notice, settings.home)
    found = log.read(settings.home)
    assert found.fault is None
    assert len(found.lines) == kept + 1
