"""What somebody can do to register and head together, to the triggers, to the packages and to the
version of the table, and that it is found: an old register with its old head, both gone, a trigger
that refuses nothing, packages that are lost.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from exports.register import production, reception, review, upkeep
from exports.register.anchors import sign_slip
from exports.register.chain import check, resealed
from exports.register.errors import BadRegister, BadRequest, DamagedRegister
from exports.register.event import Draft
from exports.register.folder import hashes, version_folder
from exports.register.head import head_file
from exports.register.store import Store
from exports.signature import rotate
from tests.unit.register.support import arrival, delivered, desk_of, other, reviewed
from tests.unit.register.test_register_chain import put_back, rehashed


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A desk with two deliveries, and beside it what it was after the first."""
    home = tmp_path_factory.mktemp("whole")
    desk = desk_of(home)
    delivered(desk, home / "out", "Une première")
    early = home / "early"
    early.mkdir()
    for name in ("register.sqlite", "head.json"):
        shutil.copy(home / "desk" / name, early / name)
    delivered(desk, home / "out2", "Une deuxième", requester="INASTI")
    return home


@pytest.fixture
def desk(whole, tmp_path):
    """The desk of a copy."""
    shutil.copytree(whole, tmp_path / "home")
    return desk_of(tmp_path / "home")


def kinds(desk) -> set[str]:
    found = check(Store(desk.home, desk.store.url.render_as_string(hide_password=False), lang="en"))
    for fault in found:
        for lang in ("fr", "nl", "en"):
            assert fault.sentence(lang).endswith(".")
            assert "None" not in fault.sentence(lang)
    return {one.kind for one in found}


def again(desk):
    """The same desk, opened anew."""
    return desk_of(desk.home)


def test_a_whole_desk_passes(desk):
    assert kinds(desk) == set()
    assert len(desk.requests()) == 2


def test_register_and_head_that_are_both_gone_are_told_by_the_deliveries(desk):
    (desk.home / "desk" / "register.sqlite").unlink()
    head_file(desk.home).unlink()
    assert kinds(desk) == {"vanished", "loose"}
    with pytest.raises(DamagedRegister):
        again(desk).requests()
    with pytest.raises(DamagedRegister):
        reception.receive(again(desk), arrival("Une nouvelle"))
    assert kinds(desk) == {"vanished", "loose"}


def test_an_old_register_with_its_own_old_head_is_told_by_later_deliveries(desk):
    for name in ("register.sqlite", "head.json"):
        shutil.copy(desk.home / "early" / name, desk.home / "desk" / name)
    found = check(again(desk).store)
    assert [(one.kind, one.detail) for one in found] == [
        ("loose", "desk/requests/2026-0002/v1/delivery.json")
    ]
    with pytest.raises(DamagedRegister):
        again(desk).requests()
    with pytest.raises(DamagedRegister):
        reception.receive(again(desk), arrival("Une nouvelle"))


def test_a_register_written_anew_and_signed_is_told_by_the_deliveries(desk):
    """Somebody with the desk's key, who has not thought of the deliveries."""
    lines = desk.store.events()
    (desk.home / "desk" / "register.sqlite").unlink()
    head_file(desk.home).unlink()
    kept = desk.home / "kept"
    (desk.home / "desk" / "requests").rename(kept)
    drafts = [Draft(one.request_id, "Mallory", one.action, one.data) for one in lines]
    again(desk).store.append(lambda _: drafts)
    kept.rename(desk.home / "desk" / "requests")
    assert kinds(desk) == {"loose"}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"register": {"count": "1", "hash": ""}}'])
def test_a_slip_that_cannot_be_read_is_told(desk, content):
    (version_folder(desk.home, "2026-0001", 1) / "delivery.json").write_bytes(content)
    assert kinds(desk) == {"slip"}


@pytest.mark.parametrize("damage", ["no signature", "foreign", "edited", "broken"])
def test_a_slip_that_the_desk_did_not_sign_is_told(desk, tmp_path, damage):
    folder = version_folder(desk.home, "2026-0001", 1)
    slip, signature = folder / "delivery.json", folder / "delivery.sig.json"
    assert json.loads(signature.read_text())["algorithm"] == "Ed25519"
    if damage == "no signature":
        signature.unlink()
    elif damage == "foreign":
        signature.write_bytes(sign_slip(tmp_path / "somebody", slip.read_bytes(), "fr"))
    elif damage == "edited":
        # What it says of the register is as it was.
        slip.write_text(slip.read_text().replace("Bart", "Mallory"))
    else:
        signature.write_text("{")
    assert kinds(desk) == {"unsigned_slip"}
    with pytest.raises(DamagedRegister):
        again(desk).requests()


@pytest.mark.parametrize("damage", ["no head", "broken head", "stolen key", "no signature"])
def test_a_lost_seal_is_made_anew_for_a_reason_and_told_for_ever(desk, damage):
    if damage == "no head":
        head_file(desk.home).unlink()
    elif damage == "broken head":
        head_file(desk.home).write_text("{}")
    elif damage == "stolen key":
        rotate(desk.home)
        shutil.rmtree(desk.home / "keys" / "desk-former")
    else:
        (version_folder(desk.home, "2026-0001", 1) / "delivery.sig.json").unlink()
    before = len(desk.store._lines())
    assert kinds(desk)
    with pytest.raises(BadRequest):
        upkeep.reseal(again(desk), " ", "Bart")
    for nobody in ("", "Ânne"):
        with pytest.raises(BadRequest):
            upkeep.reseal(again(desk), "Disque perdu.", nobody)
    assert resealed(desk.store) == ()
    upkeep.reseal(desk_of(desk.home, "Chloé"), "Disque perdu, copie aussi.", "Bart")
    assert kinds(desk) == set()
    line = again(desk).store.events()[-1]
    assert (line.number, line.action, line.who) == (before + 1, "reseal", "Chloé")
    slips = {"stolen key": 2, "no signature": 1}.get(damage, 0)
    assert len(line.data["slips"]) == slips
    reception.receive(again(desk), arrival("Après"))
    for lang in ("fr", "nl", "en"):
        (told,) = resealed(desk.store)
        for word in (f" {before + 1} ", f" {before}", "Chloé", "Bart", "Disque perdu, copie"):
            assert word in told.sentence(lang)
    assert len(again(desk).requests()) == 3
    assert not told.is_anchored
    delivered(again(desk), desk.home / "out3", "Ensuite")
    assert [one.is_anchored for one in resealed(desk.store)] == [True]


def test_a_lost_seal_is_made_anew_in_postgresql(tmp_path, postgresql):
    desk = desk_of(tmp_path, url=postgresql())
    reception.receive(desk, arrival())
    head_file(tmp_path).unlink()
    assert kinds(desk) == {"unsigned"}
    assert upkeep.reseal(desk, "Copie perdue.", "Bart").number == 2
    assert kinds(desk) == set()
    assert len(resealed(desk.store)) == 1


@pytest.mark.parametrize("damage", ["cut off", "changed", "both gone", "other slip", "sealed"])
def test_what_is_more_than_a_lost_seal_is_not_sealed(desk, damage):
    lines = desk.store.events()
    if damage == "cut off":
        put_back(desk.store, lines[:-1])
    elif damage == "changed":
        put_back(desk.store, [replace(lines[0], who="Mallory"), *lines[1:]])
        head_file(desk.home).unlink()
    elif damage == "both gone":
        put_back(desk.store, rehashed([replace(lines[0], who="Mallory"), *lines[1:]]))
        head_file(desk.home).unlink()
    elif damage == "other slip":
        slip = version_folder(desk.home, "2026-0001", 1) / "delivery.json"
        slip.write_text(slip.read_text().replace("Bart", "Mallory"))
    before = head_file(desk.home).read_bytes() if head_file(desk.home).exists() else None
    with pytest.raises(BadRegister if damage == "sealed" else DamagedRegister):
        upkeep.reseal(again(desk), "Vite.", "Bart")
    after = head_file(desk.home).read_bytes() if head_file(desk.home).exists() else None
    assert after == before


def test_a_delivery_is_never_removed_by_a_new_version(desk):
    """Whatever the register says: here a delivery lies where the next version goes."""
    number = reception.receive(desk, arrival("Une troisième")).id
    reception.define(desk, number)
    there = version_folder(desk.home, number, 1)
    shutil.copytree(version_folder(desk.home, "2026-0001", 1), there)
    before = hashes(there)
    with pytest.raises(DamagedRegister):
        production.produce(desk, number)
    assert hashes(there) == before


def test_a_register_that_was_cut_off_is_not_shown_as_if_it_were_whole(desk):
    lines = desk.store.events()
    put_back(desk.store, lines[:-1])
    with pytest.raises(DamagedRegister):
        again(desk).requests()
    head_file(desk.home).unlink()
    with pytest.raises(DamagedRegister):
        again(desk).look("2026-0001")


def test_a_register_is_read_while_somebody_writes(desk, monkeypatch):
    """Lines and head are two files: read on both sides of a writer, they still are one register."""
    store, lines = desk.store, desk.store.events()
    first = store._lines

    def overtaken():
        found = first()
        monkeypatch.setattr(store, "_lines", first)
        reception.receive(again(desk), arrival("Entre les deux"))
        return found

    monkeypatch.setattr(store, "_lines", overtaken)
    assert len(store.events()) == len(lines) + 1


def test_packages_that_are_lost_are_told(desk):
    version = version_folder(desk.home, "2026-0001", 1)
    (next(version.glob("*/manifest.json"))).unlink()
    assert kinds(desk) == {"lost"}
    shutil.rmtree(version)
    found = check(desk.store)
    assert [one.kind for one in found] == ["lost"]
    assert "2026-0001" in found[0].detail


@pytest.mark.parametrize("change", ["one byte", "more", "a link"])
def test_a_delivered_package_that_was_changed_is_told_by_its_file(desk, change):
    (table,) = version_folder(desk.home, "2026-0002", 1).glob("*/table.csv")
    name = table.name
    if change == "one byte":
        content = bytearray(table.read_bytes())
        content[0] ^= 1
        table.write_bytes(content)
    elif change == "more":
        name = "beside.csv"
        table.with_name(name).write_text("x")
    else:
        kept = table.rename(desk.home / "kept.csv")
        table.symlink_to(kept)
    (found,) = check(desk.store)
    assert (found.kind, kinds(desk)) == ("altered", {"altered"})
    assert "2026-0002" in found.detail
    assert found.detail.endswith(f": {name}")


@pytest.mark.parametrize("left", ["a request", "the key of the votes"])
def test_a_register_that_is_lost_with_its_head_before_any_delivery_does_not_begin_again(home, left):
    desk = desk_of(home, checkers=2)
    number = reviewed(desk)
    review.approve(other(desk, "Bart"), number)
    (home / "desk" / "register.sqlite").unlink()
    head_file(home).unlink()
    if left == "a request":
        (home / "keys" / "votes.key").unlink()
    else:
        shutil.rmtree(home / "desk" / "requests")
    for _ in range(2):
        assert kinds(desk) == {"vanished"}
        with pytest.raises(DamagedRegister):
            again(desk).requests()
        with pytest.raises(DamagedRegister):
            reception.receive(again(desk), arrival("Une nouvelle"))
    assert not head_file(home).exists()


def test_packages_of_versions_that_never_left_may_be_gone(desk):
    number = reception.receive(desk, arrival("Une troisième")).id
    reception.define(desk, number)
    production.produce(desk, number)
    shutil.rmtree(version_folder(desk.home, number, 1))
    assert kinds(desk) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "drop table register_version",
        "delete from register_version",
        "update register_version set version_num = '9999'",
    ],
)
def test_a_version_of_the_table_that_is_not_known_is_told(statement, tmp_path, url):
    desk = desk_of(tmp_path, url=url)
    reception.receive(desk, arrival())
    assert kinds(desk) == set()
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert kinds(desk) == {"unversioned"}


SQLITE = {
    "never": "create trigger {name} before {what} on events when 0 begin select 1; end",
    "nothing": "create trigger {name} before {what} on events begin select 1; end",
    "a column": "create trigger {name} before update of who on events"
    " begin select raise(abort, 'the register is append-only'); end",
}


@pytest.mark.parametrize("kind", SQLITE)
@pytest.mark.parametrize(
    ("name", "what"),
    [("events_no_update", "update"), ("events_no_delete", "delete"), ("events_in_order", "insert")],
)
def test_a_trigger_that_refuses_nothing_is_told(desk, kind, name, what):
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql(f"drop trigger {name}")
        connection.exec_driver_sql(SQLITE[kind].format(name=name, what=what))
    assert [(one.kind, one.detail) for one in check(desk.store)] == [("unguarded", name)]


def test_a_trigger_in_other_letters_is_the_same(desk):
    with desk.store.engine.begin() as connection:
        asked = "select sql from sqlite_master where name = 'events_no_delete'"
        sql = connection.exec_driver_sql(asked).scalar_one()
        connection.exec_driver_sql("drop trigger events_no_delete")
        connection.exec_driver_sql(sql.replace(" before ", "\n  BEFORE "))
    assert kinds(desk) == set()


_NOTHING = "returns trigger language plpgsql as $$ begin return new; end $$"
POSTGRESQL = {
    "another body": (f"create or replace function events_refuse() {_NOTHING}",),
    "no order": (f"create or replace function events_in_order() {_NOTHING}",),
    "on a replica": ("alter table events enable replica trigger events_no_update",),
    "disabled": ("alter table events disable trigger events_no_truncate",),
    "another function": (
        f"create function nothing() {_NOTHING}",
        "drop trigger events_no_update on events",
        "create trigger events_no_update before update on events"
        " for each statement execute function nothing()",
    ),
    "for no row": (
        "drop trigger events_no_update on events",
        "create trigger events_no_update before update on events"
        " for each row execute function events_refuse()",
    ),
    "never": (
        "drop trigger events_no_update on events",
        "create trigger events_no_update before update on events"
        " for each statement when (false) execute function events_refuse()",
    ),
    "a column": (
        "drop trigger events_no_update on events",
        "create trigger events_no_update before update of who on events"
        " for each statement execute function events_refuse()",
    ),
}


@pytest.mark.parametrize("kind", POSTGRESQL)
def test_a_trigger_of_postgresql_that_refuses_nothing_is_told(kind, tmp_path, postgresql):
    desk = desk_of(tmp_path, url=postgresql())
    reception.receive(desk, arrival())
    assert kinds(desk) == set()
    with desk.store.engine.begin() as connection:
        for statement in POSTGRESQL[kind]:
            connection.exec_driver_sql(statement)
    assert kinds(desk) == {"unguarded"}


def test_lines_that_are_signed_and_mean_nothing_are_told(desk):
    desk.store.append(lambda _: [Draft("2026-0009", "Mallory", "receive", {"nothing": 1})])
    assert kinds(desk) == {"unreadable"}
