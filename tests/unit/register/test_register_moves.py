"""Which moves exist: every action in every state, by the table of the specification."""

from __future__ import annotations

import pytest

from exports.register import delivery, production, reception, review
from exports.register.errors import ForbiddenMove, RegisterError
from exports.register.request import Definition
from exports.register.states import MOVES, STATES, after, possible
from tests.unit.register.support import actions, approved, delivered, desk_of, other, reviewed

T02 = Definition(("T02",), "2025", "spf", "fr")
# Written out by hand, action by action: the states in which a person may do it.
ALLOWED = {
    "define": {"received", "defined", "produced"},
    "produce": {"defined", "produced"},
    "review": {"produced"},
    "vote": {"under_review"},
    "refuse": {"under_review"},
    "override": {"under_review"},
    "recall": {"under_review", "approved"},
    "deliver": {"approved"},
    "acknowledge": {"delivered"},
    "restate": {"delivered", "acknowledged"},
    "withdraw": {"received", "defined", "produced", "under_review", "approved"},
}


def in_state(desk, state: str, out) -> str:
    """A request that has just come into a state."""
    bart = other(desk, "Bart")
    if state in ("received", "defined", "produced", "withdrawn"):
        number = reception.receive(desk, arrival_of(state)).id
        if state == "withdrawn":
            reception.withdraw(desk, number, "Plus nécessaire.")
        if state in ("defined", "produced"):
            reception.define(desk, number)
        if state == "produced":
            production.produce(desk, number)
        return number
    if state == "under_review":
        return reviewed(desk)
    if state == "approved":
        return approved(desk)
    number = delivered(desk, out)
    if state == "acknowledged":
        reception.acknowledge(desk, number)
    if state == "restated":
        second = reception.restate(desk, number, "error", "Oubli.").id
        reception.define(desk, second)
        production.produce(desk, second)
        review.ask(desk, second)
        review.approve(bart, second)
        delivery.deliver(desk, second, out.with_name(f"{out.name}-again"))
    return number


def arrival_of(state: str):
    from tests.unit.register.support import arrival

    return arrival(f"Une demande {state}")


def doing(desk, action: str, number: str, out):
    """One action, by somebody who may."""
    bart = other(desk, "Bart")
    return {
        "define": lambda: reception.define(desk, number, T02),
        "produce": lambda: production.produce(desk, number),
        "review": lambda: review.ask(desk, number),
        "vote": lambda: review.approve(bart, number),
        "refuse": lambda: review.refuse(bart, number, "Non."),
        "override": lambda: review.override(desk, number, "Seule au bureau."),
        "recall": lambda: review.recall(bart, number, "Faute de frappe."),
        "deliver": lambda: delivery.deliver(desk, number, out / "more"),
        "acknowledge": lambda: reception.acknowledge(desk, number),
        "restate": lambda: reception.restate(desk, number, "law", "Nouvelle loi."),
        "withdraw": lambda: reception.withdraw(desk, number, "Retirée."),
    }[action]


@pytest.mark.parametrize("state", STATES)
def test_every_action_in_every_state(state, tmp_path):
    for place, action in enumerate(ALLOWED):
        home, out = tmp_path / str(place), tmp_path / f"out{place}"
        desk = desk_of(home)
        number = in_state(desk, state, out)
        assert desk.request(number).state == state
        before = actions(desk)
        act = doing(desk, action, number, out)
        if state in ALLOWED[action]:
            act()
            assert len(actions(desk)) > len(before), action
        elif action == "acknowledge" and state == "acknowledged":
            assert act().state == "acknowledged"
            assert actions(desk) == before
        else:
            with pytest.raises(ForbiddenMove) as told:
                act()
            assert actions(desk) == before, action
            said = str(told.value)
            assert said.endswith(".")
            assert "\n" not in said
            assert number in said


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_names_what_can_be_done(state, tmp_path):
    desk = desk_of(tmp_path / "home")
    number = in_state(desk, state, tmp_path / "out")
    with pytest.raises(RegisterError) as told:
        desk.require(desk.request(number), "receive")
    words = {"define", "produce", "ask for review", "withdraw", "deliver", "acknowledge", "restate"}
    offered = {word for word in words if f" {word}" in str(told.value).partition(": ")[2]}
    names = {"review": "ask for review"}
    expected = {names.get(one, one) for one in possible(state)} & words
    assert offered >= expected
    if not expected:
        assert "new request" in str(told.value)


def test_the_table_has_no_other_move():
    people = {
        "receive": {"none"},
        "approve": {"under_review"},
        "lapse": {"under_review", "approved"},
    }
    people |= {"schedule": {"approved"}}
    for action, sources, _ in MOVES:
        assert set(sources) == {**ALLOWED, **people}[action], action
        for state in STATES:
            assert (after(state, action) is not None) == (state in sources)


def test_what_is_said_wrong_is_refused(tmp_path):
    desk = desk_of(tmp_path)
    number = reception.receive(desk, arrival_of("x")).id
    for act in (
        lambda: reception.withdraw(desk, number, "   "),
        lambda: reception.withdraw(desk, number, "x" * 5000),
        lambda: reception.withdraw(desk, number, "a\x07b"),
        lambda: desk.request("2026-9999"),
        lambda: reception.restate(desk, number, "mood", "…"),
    ):
        with pytest.raises(RegisterError):
            act()
    assert actions(desk) == ["receive"]
