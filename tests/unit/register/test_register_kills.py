"""kill -9 at every point where something is written: nothing is lost, nothing is there twice.

A child process does one action and is killed by itself, with the signal that nobody can catch, at
its first write, then at its second, and so on until it comes through: files that are opened for
writing, made, renamed or removed, statements of the database, and its commits. After each the
register must be as the desk writes it, the request where it was or where it should be, and doing
the same again must lead there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exports.register import delivery, production, reception, review, upkeep
from exports.register.chain import check, resealed
from exports.register.desk import Desk
from exports.register.errors import ForbiddenMove
from exports.register.folder import hashes
from exports.register.head import head_file
from exports.register.store import Store
from tests.unit.register.support import (
    START,
    actions,
    approved,
    arrival,
    delivered,
    desk_of,
    other,
    reviewed,
)

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "shutil.copytree")


def killed(desk: Desk, act: Callable[[Desk], object], point: int) -> bool:
    """Do something in a process that is killed at its `point`-th write; whether it was."""
    child = os.fork()
    if child == 0:
        _arm(desk.store, point)
        try:
            act(desk)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _arm(store: Store, point: int) -> None:
    left = point

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple) -> None:
        if event in _CHANGES or (
            event == "open"
            and (arguments[2] or 0) & _WRITES
            # Nothing is written into a lock.
            and not str(arguments[0]).endswith(".lock")
        ):
            count()

    def statement(_connection, _cursor, text: str, *_) -> None:
        if text.split(" ")[0].lower() not in ("select", "begin", "pragma", "lock"):
            count()

    sys.addaudithook(hook)
    sa.event.listen(store.engine, "before_cursor_execute", statement)
    sa.event.listen(store.engine, "commit", lambda _: count())


def _received(desk: Desk, out: Path) -> str:
    return reception.receive(desk, arrival()).id


def _defined(desk: Desk, out: Path) -> str:
    number = _received(desk, out)
    reception.define(desk, number)
    return number


def _produced(desk: Desk, out: Path) -> str:
    number = _defined(desk, out)
    production.produce(desk, number)
    return number


def _delivered(desk: Desk, out: Path) -> str:
    return delivered(desk, out.with_name("before"))


def _correcting(desk: Desk, out: Path) -> str:
    first = _delivered(desk, out)
    second = reception.restate(desk, first, "error", "Oubli.").id
    reception.define(desk, second)
    production.produce(desk, second)
    review.ask(desk, second)
    review.approve(other(desk, "Bart"), second)
    return second


def _waiting(desk: Desk, out: Path) -> str:
    return reviewed(desk)


def _waiting_for_two(desk: Desk, out: Path) -> str:
    upkeep.set_checkers(desk, 2, "Deux regards.")
    return reviewed(desk)


def _half_checked(desk: Desk, out: Path) -> str:
    number = _waiting_for_two(desk, out)
    review.refuse(other(desk, "Bart"), number, "Non.")
    return number


def _approved(desk: Desk, out: Path) -> str:
    return approved(desk)


def _scheduled(desk: Desk, out: Path) -> str:
    number = approved(desk)
    delivery.deliver(desk, number, out, START + timedelta(days=1))
    desk.now.at = START + timedelta(days=1)
    return number


def _changed(desk: Desk, out: Path) -> str:
    number = approved(desk)
    (desk.package(desk.request(number)) / "table.csv").write_text("other")
    return number


# What is done, from where, the state it leads to, the lines it writes.
CASES: dict[str, tuple] = {
    "receive": (lambda d, o: "2026-0001", lambda d, n, o: _received(d, o), "received", ["receive"]),
    "define": (_received, lambda d, n, o: reception.define(d, n), "defined", ["define"]),
    "produce": (_defined, lambda d, n, o: production.produce(d, n), "produced", ["produce"]),
    "review": (_produced, lambda d, n, o: review.ask(d, n), "under_review", ["review"]),
    "approve": (
        _waiting,
        lambda d, n, o: review.approve(other(d, "Bart"), n),
        "approved",
        ["vote", "approve"],
    ),
    "first of two": (
        _waiting_for_two,
        lambda d, n, o: review.refuse(other(d, "Bart"), n, "Non."),
        "under_review",
        ["vote"],
    ),
    "second of two": (
        _half_checked,
        lambda d, n, o: review.approve(other(d, "Chloé"), n),
        "produced",
        ["vote", "refuse"],
    ),
    "refuse": (
        _waiting,
        lambda d, n, o: review.refuse(other(d, "Bart"), n, "Non."),
        "produced",
        ["vote", "refuse"],
    ),
    "override": (
        _waiting,
        lambda d, n, o: review.override(d, n, "Seule."),
        "approved",
        ["override"],
    ),
    "checkers": (
        _received,
        lambda d, n, o: upkeep.set_checkers(d, 2, "Deux regards."),
        "received",
        ["checkers"],
    ),
    "schedule": (
        _approved,
        lambda d, n, o: delivery.deliver(d, n, o, START + timedelta(days=9)),
        "approved",
        ["schedule"],
    ),
    "deliver": (_approved, lambda d, n, o: delivery.deliver(d, n, o), "delivered", ["deliver"]),
    "due": (_scheduled, lambda d, n, o: delivery.deliver_due(d), "delivered", ["deliver"]),
    "correct": (
        _correcting,
        lambda d, n, o: delivery.deliver(d, n, o),
        "delivered",
        ["deliver", "restate"],
    ),
    "recall": (
        _scheduled,
        lambda d, n, o: review.recall(d, n, "Faute de frappe."),
        "produced",
        ["recall"],
    ),
    "lapse": (_changed, lambda d, n, o: d.look(n), "produced", ["lapse"]),
    "acknowledge": (
        _delivered,
        lambda d, n, o: reception.acknowledge(d, n),
        "acknowledged",
        ["acknowledge"],
    ),
    "withdraw": (
        _produced,
        lambda d, n, o: reception.withdraw(d, n, "Retirée."),
        "withdrawn",
        ["withdraw"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_killed_at_every_write(case, tmp_path):
    before, act, state, lines = CASES[case]
    start = tmp_path / "start"
    start.mkdir()
    point, out = 0, tmp_path / "out"
    while True:
        point += 1
        place = tmp_path / str(point)
        desk = desk_of(place / "home")
        number = _prepared(desk, before, start, out)
        known = actions(desk)
        was_killed = killed(desk, lambda one, n=number, o=out: act(one, n, o), point)
        _look_after(desk, known, lines, out, was_killed)
        _do_again(desk, act, number, out, actions(desk) == known)
        _look_when_done(desk, number, state, known + lines, out)
        shutil.rmtree(place)
        shutil.rmtree(out, ignore_errors=True)
        if not was_killed:
            break
    assert point > 4


def _do_again(desk: Desk, act, number: str, out: Path, is_undone: bool) -> None:
    """What a person does who does not know whether it went through."""
    if is_undone:
        act(desk, number, out)
    elif act in (CASES["deliver"][1], CASES["due"][1], CASES["correct"][1]):
        # Killed at the very last write: there is nothing left to do, and it says so.
        with contextlib.suppress(ForbiddenMove):
            act(desk, number, out)


def _prepared(desk: Desk, before, start: Path, out: Path) -> str:
    """The data folder before the action: made once, copied for each point."""
    kept = start / "home"
    if not kept.exists():
        first = desk_of(kept)
        number = before(first, out)
        (start / "number").write_text(number)
        (start / "now").write_text(first.now.at.isoformat())
    if kept.exists():
        shutil.copytree(kept, desk.home)
    desk.now.at = type(START).fromisoformat((start / "now").read_text())
    return (start / "number").read_text()


def _look_after(desk: Desk, known: list, lines: list, out: Path, was_killed: bool) -> None:
    """Whatever the moment: all lines or none, and no folder that the register does not know."""
    assert check(desk.store) == ()
    assert actions(desk) in (known, known + lines)
    if out.exists() and actions(desk) == known:
        assert [one for one in out.iterdir() if not one.name.startswith(".")] == []
    if not was_killed:
        assert actions(desk) == known + lines


def _look_when_done(desk: Desk, number: str, state: str, lines: list, out: Path) -> None:
    assert check(desk.store) == ()
    assert actions(desk) == lines
    found = desk.request(number)
    assert found.state == state
    if found.version is not None and state not in ("withdrawn",):
        assert (desk.changed_files(found) == ()) == (found.version.spent != "changed")
    if state == "delivered":
        folder = out / found.version.name
        assert [one.name for one in out.iterdir()] == [folder.name]
        slip = (folder / "delivery.json").read_bytes()
        assert slip == delivery.slip_of(desk.requests(), found)
        left = {name: one for name, one in hashes(folder).items() if "delivery." not in name}
        assert left == found.version.files
        assert delivery.deliver_due(desk) == ([], [])


def test_killed_while_an_embargo_is_moved_to_now(tmp_path):
    """Two steps: moved, then handed out; said again, both are done, each once."""
    out = tmp_path / "out"
    for point in range(1, 60):
        place = tmp_path / str(point)
        desk = desk_of(place / "home")
        number = approved(desk)
        delivery.deliver(desk, number, out, START + timedelta(days=1))

        def move(one: Desk, name: str = number) -> object:
            return delivery.deliver(one, name, None, START, "Publiée plus tôt.")

        was_killed = killed(desk, move, point)
        assert check(desk.store) == ()
        with contextlib.suppress(ForbiddenMove):
            move(desk)
        _look_when_done(desk, number, "delivered", actions(desk), out)
        assert actions(desk)[-3:] == ["schedule", "schedule", "deliver"]
        shutil.rmtree(place)
        shutil.rmtree(out)
        if not was_killed:
            break
    assert point > 8


@pytest.mark.parametrize("damage", ["head", "slip", "both"])
def test_killed_while_the_register_is_sealed_anew(tmp_path, damage):
    """Sealed with a line that says so, or not sealed; never sealed in silence."""
    out = tmp_path / "out"
    for point in range(1, 60):
        place = tmp_path / str(point)
        desk = desk_of(place / "home")
        delivered(desk, out)
        _unseal(desk, damage)
        was_killed = killed(desk, lambda one: upkeep.reseal(one, "Copie perdue.", "Bart"), point)
        if check(desk.store):
            upkeep.reseal(desk, "Copie perdue.", "Bart")
        assert check(desk.store) == ()
        assert 1 <= actions(desk).count("reseal") <= 2
        assert resealed(desk.store)
        shutil.rmtree(place)
        shutil.rmtree(out)
        if not was_killed:
            break
    assert point > 2


def _unseal(desk: Desk, damage: str) -> None:
    if damage in ("head", "both"):
        head_file(desk.home).unlink()
    if damage in ("slip", "both"):
        next(desk.home.glob("desk/requests/*/v*/delivery.sig.json")).unlink()


@pytest.mark.parametrize("case", ["receive", "approve", "correct"])
def test_killed_in_postgresql(case, tmp_path, postgresql):
    """The same for what writes one line, two of a request, two of two requests."""
    before, act, state, lines = CASES[case]
    for point in range(1, 40, 3):
        place = tmp_path / str(point)
        desk = desk_of(place / "home", url=postgresql())
        number = before(desk, place / "first")
        known, out = actions(desk), place / "out"
        was_killed = killed(desk, lambda one, n=number, o=out: act(one, n, o), point)
        _look_after(desk, known, lines, out, was_killed)
        _do_again(desk, act, number, out, actions(desk) == known)
        _look_when_done(desk, number, state, known + lines, out)
        if not was_killed:
            break
