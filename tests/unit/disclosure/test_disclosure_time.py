"""How `protect` shares out its time, by a clock that the test moves: what each step may use, and
that the whole ends in the budget. What each step does with its time is not looked at here.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from exports.disclosure import suppress
from exports.disclosure.reading import read_request

BUDGET = 100.0
#: What an attack takes by this clock.
ATTACK = 2.0


def three_rows() -> dict:
    """Three tables that have nothing to do with each other, one unsafe cell each."""
    cells, relations = {}, []
    for one in "xyz":
        cells |= {f"{one}1": 2, f"{one}2": 9, f"{one}3": 7, f"{one}4": 8, f"{one}T": 26}
        relations.append({"total": f"{one}T", "parts": [f"{one}{n}" for n in range(1, 5)]})
    rule = {"kind": "frequency", "threshold": 3}
    return {"cells": cells, "relations": relations, "rule": rule, "time_budget_s": BUDGET}


class Clock:
    """The clock of suppress.py, and what was asked of the steps by it: (step, seconds left)."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.end = self.now + BUDGET
        self.asked: list[tuple[str, float]] = []
        #: Seconds that each exact search takes; of how many rounds the attacker finds something.
        self.searches: list[float] = []
        self.objections = 0
        self._attacks = 0
        patch.setattr(suppress, "time", SimpleNamespace(monotonic=lambda: self.now))
        patch.setattr(suppress, "_optimise", self._optimise)
        patch.setattr(suppress, "cover_bound", self._cover)
        patch.setattr(suppress.Repairer, "take_back", self._take_back)
        self._really = suppress._until_attacker_agrees
        patch.setattr(suppress, "_until_attacker_agrees", self._until_attacker_agrees)

    def _optimise(self, state, deadline):
        self.asked.append(("search", deadline - self.now))
        self.now += self.searches.pop(0)
        state.is_optimal = True

    def _cover(self, piece, deadline):
        self.asked.append(("bound", deadline - self.now))
        return 0

    def _take_back(self, hidden, deadline, asks):
        self.asked.append(("take back", deadline - self.now))

    def _until_attacker_agrees(self, request, states, lang):
        found = self._really(request, states, lang)
        self.now += ATTACK
        if 0 < self._attacks <= self.objections:
            states[0].is_optimal = False
        self._attacks += 1
        return found

    def run(self, **changed) -> suppress.Suppression:
        return suppress.suppress(read_request({**three_rows(), **changed}))


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def test_what_is_left_is_shared_by_the_tables_that_are_not_solved_yet(clock):
    """A twentieth is kept for the last attack; each search may use its share, the last one all."""
    clock.searches = [10.0, 20.0, 5.0]
    found = clock.run()
    assert clock.asked == [
        *[("take back", 25.0)] * 3,
        ("search", (95.0 - ATTACK) / 3),
        ("search", (95.0 - ATTACK - 10.0) / 2),
        ("search", 95.0 - ATTACK - 10.0 - 20.0),
    ]
    assert found.is_optimal


def test_a_short_budget_still_takes_back_for_a_second(clock):
    clock.searches = [0.0] * 3
    clock.run(time_budget_s=2)
    assert clock.asked[:3] == [("take back", 1.0)] * 3


def test_after_the_first_round_each_keeps_what_the_last_attack_took(clock):
    clock.searches, clock.objections = [10.0, 20.0, 0.0, 5.0], 1
    clock.run()
    left = 95.0 - (ATTACK + 10.0 + 20.0 + ATTACK) - ATTACK
    assert clock.asked[6:] == [("search", left)]


@pytest.mark.parametrize(
    ("second", "searches"),
    # After the first round 89 or 94 of 95 have gone, and another attack takes 2.
    [(75.0, 5), (80.0, 3)],
)
def test_no_round_begins_that_would_not_end_in_time(clock, second, searches):
    clock.searches, clock.objections = [10.0, second, 0.0, 0.0, 0.0], 2
    found = clock.run()
    assert [step for step, _ in clock.asked].count("search") == searches
    assert clock.now <= clock.end
    assert found.is_optimal is (searches == 5)


def test_a_first_search_is_made_however_little_time_there_is(clock):
    clock.searches = [0.0] * 3
    clock.run(time_budget_s=0)
    assert clock.asked[3:] == [("search", 0.0)] * 3


@pytest.mark.parametrize(("small", "bounds"), [(5, 0), (4, 3)])
def test_a_table_larger_than_small_is_bounded_before(clock, monkeypatch, small, bounds):
    monkeypatch.setattr(suppress, "SMALL_CELLS", small)
    clock.searches = [0.0] * 3
    clock.run()
    assert [one for one in clock.asked if one[0] == "bound"] == [("bound", 15.0)] * bounds


@pytest.mark.parametrize(("exact", "searches"), [(5, 3), (4, 0)])
def test_a_table_too_large_for_the_exact_way_is_left_as_it_is(clock, monkeypatch, exact, searches):
    monkeypatch.setattr(suppress, "EXACT_CELLS", exact)
    clock.searches = [0.0] * searches
    found = clock.run()
    assert [step for step, _ in clock.asked].count("search") == searches
    assert found.is_optimal is bool(searches)
