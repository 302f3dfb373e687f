"""The table of events in both engines: it only grows, also when two write at once."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from exports.register import production, reception, review
from exports.register.chain import check
from exports.register.desk import open_desk
from exports.register.errors import BadRegister, BadRequest, DamagedRegister, Occupied
from exports.register.event import Draft
from exports.register.people import who_acts
from exports.register.store import EVENTS, Store
from tests.unit.register.support import actions, arrival, delivered, desk_of, other, reviewed


@pytest.mark.parametrize(
    "statement",
    [
        "update events set who = 'Nobody' where number = 2",
        "delete from events where number = 2",
        "delete from events",
        "insert into events select number + 7, request_id, at, who, action, payload,"
        " previous_hash, hash from events where number = 2",
        "insert into events select 2, request_id, at, who, action, payload,"
        " previous_hash, hash from events where number = 3",
    ],
)
def test_the_database_itself_refuses_changes(home, url, statement):
    desk = desk_of(home, url=url)
    reviewed(desk)
    before = desk.store.events()
    with pytest.raises(DatabaseError), desk.store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert desk.store.events() == before


def test_what_replaces_a_row_is_refused_too(home):
    desk = desk_of(home)
    reviewed(desk)
    with pytest.raises(DatabaseError, match="append-only"), desk.store.engine.begin() as writer:
        writer.exec_driver_sql(
            "insert or replace into events select 2, 'x', at, who, action,"
            " payload, previous_hash, hash from events where number = 3"
        )
    assert check(desk.store) == ()


def test_truncate_is_refused(home, postgresql):
    desk = desk_of(home, url=postgresql())
    reviewed(desk)
    with pytest.raises(DatabaseError, match="append-only"), desk.store.engine.begin() as writer:
        writer.exec_driver_sql("truncate events")
    assert check(desk.store) == ()


def test_an_account_that_may_only_read_and_add_is_enough(home, postgresql):
    desk = desk_of(home, url=postgresql())
    number = reviewed(desk)
    schema = desk.store.url.query["options"].rpartition("=")[2]
    with desk.store.engine.begin() as owner:
        for statement in (
            f"create role clerk_{schema} login",
            f"grant usage on schema {schema} to clerk_{schema}",
            f"grant select, insert on events to clerk_{schema}",
            f"grant select on register_version to clerk_{schema}",
        ):
            owner.exec_driver_sql(statement)
    as_clerk = desk.store.url.set(username=f"clerk_{schema}", password=None)
    store = Store(home, as_clerk.render_as_string(hide_password=False), lang="en", now=desk.now)
    bart = other(desk_of(home, store=store, office=desk.office), "Bart")
    assert review.approve(bart, number).state == "approved"
    assert check(store) == ()
    with pytest.raises(DatabaseError, match="must be owner"), store.engine.begin() as clerk:
        clerk.exec_driver_sql("alter table events disable trigger all")
    with pytest.raises(DatabaseError, match="permission denied"), store.engine.begin() as clerk:
        clerk.exec_driver_sql("update events set who = 'Nobody'")


def test_both_engines_hold_the_same_lines(tmp_path, postgresql):
    lines = []
    for place, url in enumerate([None, postgresql()]):
        home = tmp_path / str(place)
        desk = desk_of(home, url=url)
        delivered(desk, tmp_path / "out" / "same", "Même question « été » ?")
        lines.append(desk.store.events())
        for path in (tmp_path / "out" / "same").iterdir():
            path.rename(tmp_path / f"taken{place}")
    assert lines[0] == lines[1]


def test_many_writers_at_once_lose_and_double_nothing(home, url):
    desks = [desk_of(home, who=f"Person {place}", url=url) for place in range(4)]
    start = threading.Barrier(len(desks))

    def work(place: int) -> list[str]:
        start.wait()
        return [reception.receive(desks[place], arrival(f"{place} {turn}")).id for turn in range(6)]

    with ThreadPoolExecutor(len(desks)) as pool:
        given = [number for found in pool.map(work, range(len(desks))) for number in found]
    assert len(set(given)) == len(given) == 24
    assert sorted(given) == [f"2026-{number:04d}" for number in range(1, 25)]
    assert check(desks[0].store) == ()


def test_the_same_request_given_by_many_at_once_is_registered_once(home, url):
    desks = [desk_of(home, who=f"Person {place}", url=url) for place in range(4)]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda desk: reception.receive(desk, arrival()).id, desks))
    assert set(given) == {"2026-0001"}
    assert actions(desks[0]) == ["receive"]


def test_two_who_work_on_one_request_do_not_meet(home):
    desk = desk_of(home)
    number = reception.receive(desk, arrival()).id
    reception.define(desk, number)
    bart = other(desk, "Bart")
    with desk.hold(number), pytest.raises(Occupied) as told:
        production.produce(bart, number)
    assert number in str(told.value)
    read_before = desk.request(number)
    reception.define(bart, number, read_before.definition.__class__(("T02",), "2025", "spf", "fr"))
    with pytest.raises(Occupied):
        desk.record(read_before, "withdraw", {"reason": "Entre-temps."})
    assert desk.request(number).state == "defined"


def test_two_checkers_who_vote_at_once_decide_once(home, url):
    desk = desk_of(home, url=url, checkers=2)
    number = reviewed(desk)
    desk.patience = 20
    voters = [other(desk, who) for who in ("Bart", "Chloé")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: review.approve(one, number), voters))
    assert desk.request(number).state == "approved"
    assert actions(desk)[-3:] == ["vote", "vote", "approve"]


def test_files_of_the_desk_are_for_its_account_alone(home):
    desk = desk_of(home)
    reviewed(desk)
    modes = {
        path.relative_to(home).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in home.rglob("*")
        if path.name
        in ("register.sqlite", "head.json", "register.lock", ".lock", "desk", "desk.key")
    }
    assert {mode for name, mode in modes.items() if name != "desk"} == {0o600}
    assert modes["desk"] == 0o700


def test_nothing_is_written_for_who_only_looks(home):
    desk = desk_of(home)
    assert desk.requests() == {}
    assert check(desk.store) == ()
    assert not (home / "desk" / "register.sqlite").exists()


def test_no_line_enters_a_register_that_is_not_what_was_signed(home, url):
    desk = desk_of(home, url=url)
    reviewed(desk)
    events = desk.store.events()
    draft = Draft(events[-1].request_id, "Mallory", "vote", {"verdict": "approve"})
    from exports.register.event import sealed

    forged = sealed(draft, len(events) + 1, desk.now(), events[-1].hash)
    with desk.store.engine.begin() as connection:
        connection.execute(sa.insert(EVENTS), [forged.values])
    with pytest.raises(DamagedRegister):
        reception.receive(desk, arrival("Une autre"))
    assert [one.kind for one in check(desk.store)] == ["added"]


def test_a_register_of_tomorrow_is_left_alone(home):
    desk = desk_of(home)
    reviewed(desk)
    with desk.store.engine.begin() as connection:
        connection.exec_driver_sql("update register_version set version_num = '9999'")
    with pytest.raises(BadRegister, match="newer version"):
        Store(home, lang="en").events()


@pytest.mark.parametrize(
    "url", ["mysql://x@y/z", "sqlite://", "nonsense", "sqlite:///:memory:", "postgresql:/x y"]
)
def test_an_address_that_is_none(home, url):
    with pytest.raises(BadRegister):
        Store(home, url, lang="en").events()


def test_a_server_that_is_not_there_is_one_sentence_without_password(home):
    store = Store(home, "postgresql://desk:secret@127.0.0.1:1/register", lang="en")
    with pytest.raises(BadRegister) as told:
        store.events()
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
    (found,) = check(store)
    assert found.sentence("en") == str(told.value)


def test_a_file_that_is_no_database(home):
    (home / "desk").mkdir()
    (home / "desk" / "register.sqlite").write_text("no database" * 100)
    store = Store(home, lang="en")
    with pytest.raises(BadRegister, match="does not open"):
        store.events()
    assert [one.kind for one in check(store)] == ["unreadable"]


def test_who_acts(monkeypatch):
    monkeypatch.setenv("VIGIE_USER", "  Chloé   Dubois ")
    assert who_acts() == "Chloé Dubois"
    assert who_acts("Anne") == "Anne"
    for name in ("", "  ", "a\x1bb", "x" * 101):
        with pytest.raises(BadRequest):
            who_acts(name)
    monkeypatch.delenv("VIGIE_USER")
    monkeypatch.setattr("getpass.getuser", lambda: "clerk")
    assert who_acts() == "clerk"


def test_settings_of_the_desk(home, monkeypatch):
    monkeypatch.setenv("VIGIE_REGISTER", f"sqlite:///{home}/elsewhere/desk.sqlite")
    desk = open_desk(home, "Anne")
    reception.receive(desk, arrival(received_on=desk.today, due_on=desk.today))
    assert (home / "elsewhere" / "desk.sqlite").is_file()
    assert not (home / "desk" / "register.sqlite").exists()
