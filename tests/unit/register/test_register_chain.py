"""What somebody with the database in hands can do to the register, and that it is found: lines
changed, removed, swapped, inserted, cut off, written anew, in both engines; the signed head too.

Somebody who has the desk's key as well is not stopped by this: the deliveries that left hold the
hash of their line.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import astuple, replace

import pytest
import sqlalchemy as sa

from exports.register import production, reception, review
from exports.register.chain import check
from exports.register.errors import DamagedRegister
from exports.register.event import GENESIS, Event, hash_of
from exports.register.head import head_file
from exports.register.store import EVENTS, Store
from exports.signature import rotate
from tests.unit.register.support import arrival, delivered, desk_of, other, reviewed

Lines = list[Event]


def filled(home, url=None):
    """A register of 25 lines and more."""
    desk = desk_of(home, url=url)
    delivered(desk, home / "out", "Une première")
    number = reviewed(desk, "Une deuxième", requester="INASTI")
    review.refuse(other(desk, "Bart"), number, "Un total manque.")
    production.produce(desk, number)
    review.ask(desk, number)
    review.approve(other(desk, "Bart"), number)
    for turn in range(8):
        desk.now.forward(hours=1)
        reception.receive(desk, arrival(f"Question {turn}"))
    return desk


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A register as the desk wrote it, for copying."""
    home = tmp_path_factory.mktemp("whole")
    filled(home)
    return home


def copy(whole, home) -> Store:
    shutil.copytree(whole, home, dirs_exist_ok=True)
    return Store(home, lang="en")


def put_back(store: Store, lines: Lines) -> None:
    """Make a register of these lines, with the triggers in force again afterwards."""
    rows = [one.values for one in lines]
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("alter table events disable trigger all")
            connection.exec_driver_sql("delete from events")
            if rows:
                connection.execute(sa.insert(EVENTS), rows)
            connection.exec_driver_sql("alter table events enable trigger all")
            return
        made = connection.exec_driver_sql(
            "select name, sql from sqlite_master where type = 'trigger'"
        ).fetchall()
        for name, _ in made:
            connection.exec_driver_sql(f"drop trigger {name}")
        connection.exec_driver_sql("delete from events")
        if rows:
            connection.execute(sa.insert(EVENTS), rows)
        for _, sql in made:
            connection.exec_driver_sql(sql)


def rehashed(lines: Lines, start: int = 0) -> Lines:
    """The lines from `start` on with numbers and hashes that fit, by somebody who knows how."""
    done = list(lines[:start])
    for line in lines[start:]:
        previous = done[-1].hash if done else GENESIS
        said = replace(line, number=len(done) + 1, previous_hash=previous)
        done.append(replace(said, hash=hash_of(*astuple(said)[:-1])))
    return done


def renumbered(lines: Lines) -> Lines:
    return [replace(line, number=place) for place, line in enumerate(lines, 1)]


def other_text(line: Event, rng: random.Random) -> Event:
    """A line that says something else."""
    field = rng.choice(["request_id", "at", "who", "action", "payload", "previous_hash", "hash"])
    was = getattr(line, field)
    place = rng.randrange(len(was))
    letter = "7" if was[place] != "7" else "3"
    return replace(line, **{field: was[:place] + letter + was[place + 1 :]})


def change(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines))
    changed = other_text(lines[at], rng)
    return [*lines[:at], changed, *lines[at + 1 :]], {("changed", at + 1)}


def change_and_hash(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines))
    said = replace(lines[at], who=lines[at].who + "a")
    changed = replace(said, hash=hash_of(*astuple(said)[:-1]))
    kind = ("unlinked", at + 2) if at + 1 < len(lines) else ("rewritten", at + 1)
    return [*lines[:at], changed, *lines[at + 1 :]], {kind}


def rewrite(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines))
    changed = [*lines[:at], replace(lines[at], who="Mallory"), *lines[at + 1 :]]
    return rehashed(changed, at), {("rewritten", len(lines))}


def remove(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    first = rng.randrange(len(lines) - 1)
    last = rng.randrange(first, len(lines) - 1)
    return [*lines[:first], *lines[last + 1 :]], {("removed", first + 1)}


def remove_and_close(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines) - 1)
    return renumbered([*lines[:at], *lines[at + 1 :]]), {("moved", at + 1)}


def remove_and_hash(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines) - 1)
    left = rehashed([*lines[:at], *lines[at + 1 :]], at)
    return left, {("cut_off", len(lines) - 1)}


def swap(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    one, two = sorted(rng.sample(range(len(lines)), 2))
    done = list(lines)
    done[one], done[two] = done[two], done[one]
    return renumbered(done), {("moved", one + 1), ("moved", two + 1)}


def insert(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines))
    forged = replace(lines[at], who="Mallory")
    return renumbered([*lines[:at], forged, *lines[at:]]), {("changed", at + 1)}


def insert_and_link(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    """A whole line that fits the one before; those after it keep their link, not their number."""
    at = rng.randrange(1, len(lines))
    forged = rehashed([*lines[:at], replace(lines[at], who="Mallory")], at)[-1]
    return renumbered([*lines[:at], forged, *lines[at:]]), {("moved", at + 2)}


def insert_and_hash(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    at = rng.randrange(len(lines))
    more = rehashed([*lines[:at], replace(lines[at], who="Mallory"), *lines[at:]], at)
    return more, {("added", len(lines) + 1)}


def append(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    forged = replace(rng.choice(lines), who="Mallory")
    return rehashed([*lines, forged], len(lines)), {("added", len(lines) + 1)}


def cut_off(lines: Lines, rng: random.Random) -> tuple[Lines, set[tuple]]:
    kept = rng.randrange(len(lines))
    return lines[:kept], {("cut_off", kept)}


TAMPERINGS: list[Callable] = [
    change,
    change_and_hash,
    rewrite,
    remove,
    remove_and_close,
    remove_and_hash,
    swap,
    insert,
    insert_and_link,
    insert_and_hash,
    append,
    cut_off,
]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_random_tamperings_are_all_found_and_named(tamper, whole, tmp_path):
    """Ten of each of the twelve kinds: 120."""
    for seed in range(10):
        store = copy(whole, tmp_path / str(seed))
        before = store.events()
        lines, expected = tamper(before, random.Random(seed))
        assert [astuple(one) for one in lines] != [astuple(one) for one in before]
        put_back(store, lines)
        found = check(store)
        named = {(one.kind, one.line) for one in found}
        assert expected <= named, (seed, named)
        if tamper in (change, remove, swap):
            # Nobody is accused of more than was done: not of the line after it.
            assert named == expected, seed
        for lang in ("fr", "nl", "en"):
            for fault in found:
                said = fault.sentence(lang)
                assert said.endswith(".")
                assert "None" not in said
                # One line is not spoken of as of several: "lines 3 to 3".
                assert fault.line is None or len(re.findall(rf"\b{fault.line}\b", said)) == 1


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_in_postgresql_too(tamper, tmp_path, postgresql):
    desk = filled(tmp_path, postgresql())
    assert check(desk.store) == ()
    lines, expected = tamper(desk.store.events(), random.Random(7))
    put_back(desk.store, lines)
    assert expected <= {(one.kind, one.line) for one in check(desk.store)}


def test_what_the_desk_wrote_passes(whole, tmp_path, postgresql):
    assert check(copy(whole, tmp_path / "copy")) == ()
    assert len(Store(whole).events()) >= 25


@pytest.mark.parametrize("seed", range(20))
def test_a_file_that_was_cut_or_scratched_does_not_pass_with_other_lines(whole, tmp_path, seed):
    """Bytes of the file: either the lines are the same, or it is found."""
    store = copy(whole, tmp_path / "home")
    before = store.events()
    file, rng = tmp_path / "home" / "desk" / "register.sqlite", random.Random(seed)
    content = bytearray(file.read_bytes())
    if seed % 4 == 0:
        content = content[: rng.randrange(len(content))]
    else:
        place = rng.randrange(len(content))
        content[place] ^= 1 << rng.randrange(8)
    file.write_bytes(bytes(content))
    faults = check(Store(tmp_path / "home", lang="en"))
    if not faults:
        assert Store(tmp_path / "home").events() == before


def test_triggers_that_were_taken_away_are_told(whole, tmp_path):
    store = copy(whole, tmp_path / "home")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("drop trigger events_no_update")
    assert [(one.kind, one.detail) for one in check(store)] == [("unguarded", "events_no_update")]


@pytest.mark.parametrize("damage", ["removed", "emptied", "older", "edited", "foreign"])
def test_the_head_cannot_be_replaced(whole, tmp_path, damage):
    home = tmp_path / "home"
    store = copy(whole, home)
    file = head_file(home)
    if damage == "removed":
        file.unlink()
    elif damage == "emptied":
        file.write_text("")
    elif damage == "older":
        kept = file.read_text()
        desk = desk_of(home, store=store)
        reception.receive(desk, arrival("Encore une"))
        file.write_text(kept)
    elif damage == "edited":
        said = json.loads(file.read_text())
        said["end"]["count"] -= 1
        file.write_text(json.dumps(said))
    else:
        shutil.copytree(whole, tmp_path / "foreign")
        (tmp_path / "foreign" / "keys" / "desk.key").unlink()
        (tmp_path / "foreign" / "desk" / "register.sqlite").unlink()
        (tmp_path / "foreign" / "desk" / "head.json").unlink()
        shutil.rmtree(tmp_path / "foreign" / "desk" / "requests")
        reception.receive(desk_of(tmp_path / "foreign"), arrival())
        shutil.copy(head_file(tmp_path / "foreign"), file)
    kinds = {one.kind for one in check(store)}
    assert kinds == {"added"} if damage == "older" else kinds == {"unsigned"}
    with pytest.raises(DamagedRegister):
        reception.receive(desk_of(home, store=store), arrival("Une de plus"))


def test_a_changed_key_leaves_the_register_as_it_is(whole, tmp_path):
    home = tmp_path / "home"
    store = copy(whole, home)
    rotate(home)
    assert check(store) == ()
    reception.receive(desk_of(home, store=store), arrival("Avec la nouvelle clé"))
    assert check(store) == ()


def test_a_move_that_no_state_allows_is_found_even_if_it_was_signed(whole, tmp_path):
    """Somebody who has the key and writes by hand, against the rules."""
    from exports.register.event import Draft

    store = copy(whole, tmp_path / "home")
    store.append(lambda _: [Draft("2026-0001", "Mallory", "approve", {"version": 1})])
    assert [one.kind for one in check(store)] == ["impossible"]
    with pytest.raises(DamagedRegister):
        desk_of(tmp_path / "home", store=store).requests()
