"""Random walks of two and three people through the register, in both engines, beside a model that
is kept by hand: what the model allows happens, what it does not is refused and changes nothing.

The office is the fake one of support.py (packages of two small files); everything else is real. The
model knows nothing of the code: it is a dictionary of facts and the rules as a person would say
them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from exports.register import delivery, production, reception, review
from exports.register.chain import check
from exports.register.errors import RegisterError
from exports.register.states import STATES
from tests.unit.register.support import T01, arrival, desk_of, other

#: How many walks of each kind; a soak asks for more.
WALKS = int(os.environ.get("VIGIE_WALKS", "20"))
PEOPLE = ("Anne", "Bart", "Chloé")
REQUESTERS = ("SPF Sécurité sociale", "INAMI")
GIVEN = ("delivered", "acknowledged", "restated")
_NEXT = {
    "received": "define",
    "defined": "produce",
    "produced": "ask",
    "approved": "deliver",
}
which = st.integers(0, 3)
person = st.integers(0, 2)


@dataclass
class Facts:
    """What the model knows of a request."""

    requester: str
    state: str = "received"
    version: int = 0
    producer: str = ""
    is_spent: bool = False
    is_changed: bool = False
    known: set = field(default_factory=set)
    votes: dict = field(default_factory=dict)
    replaces: str | None = None


class Walk(RuleBasedStateMachine):
    """`people`, `checkers` and `url` are set by the test."""

    people = 2
    checkers = 1
    url = staticmethod(lambda: None)
    reached: ClassVar[set[str]] = set()

    @initialize(ahead=st.sampled_from((0, 4, 7, 13)))
    def open(self, ahead: int) -> None:
        """Begin with nothing, or some way along: a request that goes well, then its correction."""
        self.folder = Path(tempfile.mkdtemp(prefix="walk-"))
        self.desk = desk_of(self.folder / "home", url=type(self).url(), checkers=self.checkers)
        self.facts: dict[str, Facts] = {}
        self.lines = len(self.desk.store.events())
        self.turn = 0
        if ahead:
            self.receive(0, 0)
        for turn in range(ahead):
            self._step(0 if turn < 7 else 1, 0)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            assert check(self.desk.store) == ()
            shutil.rmtree(self.folder)

    def at(self, place: int):
        return other(self.desk, PEOPLE[place % self.people])

    def pick(self, place: int) -> tuple[str, Facts]:
        number = list(self.facts)[place % len(self.facts)]
        return number, self.facts[number]

    def given(self) -> set:
        """What left by these rules of protection is known, whoever asked for it."""
        return {number for number, one in self.facts.items() if one.state in GIVEN}

    def attempt(self, act, allowed: bool, lines: int = 1, lapses: bool = False) -> None:
        """Do it, and compare with what the model says: the lines that are written, or none."""
        refused = None
        try:
            act()
        except RegisterError as error:
            refused = str(error)
            lines = 1 if lapses else 0
        assert (refused is None) == allowed, refused
        assert refused is None or refused.endswith(".")
        self.lines += lines

    def lapse(self, facts: Facts) -> None:
        facts.state, facts.is_spent, facts.votes = "produced", True, {}

    @rule(requester=st.integers(0, 1), who=person)
    @precondition(lambda self: len(self.facts) < 4)
    def receive(self, requester: int, who: int) -> None:
        self.turn += 1
        said = arrival(f"Question {self.turn}", requester=REQUESTERS[requester])
        number = f"2026-{len(self.facts) + 1:04d}"
        self.attempt(lambda: reception.receive(self.at(who), said), True)
        self.facts[number] = Facts(REQUESTERS[requester])
        assert reception.receive(self.at(who + 1), said).id == number

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def define(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state in ("received", "defined", "produced")
        again = facts.state == "defined" and facts.version == 0
        act = lambda: reception.define(self.at(who), number, T01)  # noqa: E731
        self.attempt(act, allowed, 0 if again else 1)
        if allowed:
            facts.state = "defined"

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def produce(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state in ("defined", "produced")
        self.attempt(lambda: production.produce(self.at(who), number), allowed)
        if allowed:
            facts.state, facts.version = "produced", facts.version + 1
            facts.producer = self.at(who).who
            facts.is_spent, facts.is_changed = False, False
            facts.known = self.given()

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def ask(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state == "produced" and not facts.is_spent and not facts.is_changed
        self.attempt(lambda: review.ask(self.at(who), number), allowed)
        if allowed:
            facts.state, facts.votes = "under_review", {}

    @rule(place=which, who=person, is_for=st.booleans())
    @precondition(lambda self: self.facts)
    def vote(self, place: int, who: int, is_for: bool) -> None:
        number, facts = self.pick(place)
        desk = self.at(who)
        may = facts.state == "under_review" and desk.who not in (facts.producer, *facts.votes)
        is_new = is_for and self.given() != facts.known
        lapses = may and (facts.is_changed or is_new)
        act = review.approve if is_for else (lambda d, n: review.refuse(d, n, "Non."))
        closes = len(facts.votes) + 1 == self.checkers
        self.attempt(lambda: act(desk, number), may and not lapses, 1 + closes, lapses)
        if lapses:
            self.lapse(facts)
        elif may:
            facts.votes[desk.who] = is_for
            if closes:
                facts.state = "approved" if all(facts.votes.values()) else "produced"
                facts.is_spent = facts.state == "produced"

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def override(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        desk = self.at(who)
        may = facts.state == "under_review" and desk.who == facts.producer and not facts.votes
        lapses = may and (facts.is_changed or self.given() != facts.known)
        act = lambda: review.override(desk, number, "Personne d'autre.")  # noqa: E731
        self.attempt(act, may and not lapses, 1, lapses)
        if lapses:
            self.lapse(facts)
        elif may:
            facts.state, facts.version = "approved", facts.version + 1

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def deliver(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        may = facts.state == "approved"
        lapses = may and (facts.is_changed or self.given() != facts.known)
        lines = 2 if facts.replaces else 1
        act = lambda: delivery.deliver(self.at(who), number, self.folder / number)  # noqa: E731
        self.attempt(act, may and not lapses, lines, lapses)
        if lapses:
            self.lapse(facts)
        elif may:
            facts.state = "delivered"
            if facts.replaces:
                self.facts[facts.replaces].state = "restated"

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def recall(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state in ("under_review", "approved")
        self.attempt(lambda: review.recall(self.at(who), number, "Faute."), allowed)
        if allowed:
            self.lapse(facts)

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def acknowledge(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        again = facts.state == "acknowledged"
        if facts.state == "restated":
            return  # what was acknowledged before may be said again, what was not may not
        allowed = facts.state == "delivered" or again
        self.attempt(
            lambda: reception.acknowledge(self.at(who), number), allowed, 0 if again else 1
        )
        if allowed:
            facts.state = "acknowledged"

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def restate(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state in ("delivered", "acknowledged")
        standing = [
            one
            for one, other_ in self.facts.items()
            if other_.replaces == number and other_.state != "withdrawn"
        ]
        act = lambda: reception.restate(self.at(who), number, "error", "Oubli.")  # noqa: E731
        self.attempt(act, allowed, 0 if standing else 1)
        if allowed and not standing:
            new = f"2026-{len(self.facts) + 1:04d}"
            self.facts[new] = Facts(facts.requester, replaces=number)

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def withdraw(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        allowed = facts.state in ("received", "defined", "produced", "under_review", "approved")
        self.attempt(lambda: reception.withdraw(self.at(who), number, "Retirée."), allowed)
        if allowed:
            facts.state = "withdrawn"

    @rule(place=which, who=person, steps=st.integers(1, 6))
    @precondition(lambda self: self.facts)
    def go_on(self, place: int, who: int, steps: int) -> None:
        """What good clerks would do next; without it few walks would come to an end."""
        for _ in range(steps):
            self._step(place, who)

    def _step(self, place: int, who: int) -> None:
        _, facts = self.pick(place)
        if facts.state == "under_review":
            who = next((w for w in range(self.people) if self._may_vote(facts, w)), who)
            self.vote(place, who, True)
        elif facts.state == "produced" and (facts.is_spent or facts.is_changed):
            self.produce(place, who)
        elif facts.state == "delivered":
            (self.restate, self.acknowledge)[who % 2](place, who)
        elif facts.state in _NEXT:
            getattr(self, _NEXT[facts.state])(place, who)

    def _may_vote(self, facts: Facts, who: int) -> bool:
        return PEOPLE[who] not in (facts.producer, *facts.votes)

    @rule(place=which)
    @precondition(lambda self: self.facts)
    def change_a_file(self, place: int) -> None:
        number, facts = self.pick(place)
        if facts.version and facts.state in ("produced", "under_review", "approved"):
            file = self.desk.package(self.desk.request(number)) / "table.csv"
            file.write_text(file.read_text() + "x")
            facts.is_changed = True

    @rule(place=which, who=person)
    @precondition(lambda self: self.facts)
    def look(self, place: int, who: int) -> None:
        number, facts = self.pick(place)
        lapses = facts.is_changed and facts.state in ("under_review", "approved")
        self.attempt(lambda: self.at(who).look(number), True, 1 if lapses else 0)
        if lapses:
            self.lapse(facts)

    @invariant()
    def the_register_says_the_same(self) -> None:
        if not hasattr(self, "facts"):
            return
        events = self.desk.store.events()
        assert len(events) == self.lines
        found = self.desk.folded(events)
        assert self.desk.house().checkers == self.checkers
        self.nobody_sees_a_verdict_too_early(found)
        self.reached.update(one.state for one in found.values())
        assert {n: r.state for n, r in found.items()} == {n: f.state for n, f in self.facts.items()}
        for number, request in found.items():
            facts = self.facts[number]
            assert len(request.versions) == facts.version
            if request.state in ("approved", *GIVEN):
                self._look_who_checked(request)
            if request.is_given:
                assert (self.folder / number).is_dir()
            else:
                assert not (self.folder / number).exists()

    def _look_who_checked(self, request) -> None:
        version = request.version
        if version.override:
            assert version.override.by == version.by
            return
        votes = request.round.votes
        assert len({one.by for one in votes}) == self.checkers
        assert version.by not in {one.by for one in votes}
        assert {one.verdict for one in votes} == {"approve"}
        assert {one.manifest for one in votes} == {version.manifest}

    def nobody_sees_a_verdict_too_early(self, found: dict) -> None:
        for request in found.values():
            if request.state != "under_review":
                continue
            asked = [e.number for e in request.history if e.action == "review"][-1]
            assert {vote.verdict for vote in request.round.votes} <= {""}
            votes = [e for e in request.history if e.action == "vote" and e.number > asked]
            assert not any({"verdict", "comment"} & set(e.data) for e in votes)


def walk(people: int, checkers: int, url, examples: int, steps: int) -> set[str]:
    given = {"people": people, "checkers": checkers, "url": url, "reached": set()}
    kind = type("Walking", (Walk,), given)
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    return kind.reached


@pytest.mark.parametrize(("people", "checkers"), [(2, 1), (3, 1), (3, 2)])
def test_a_walk_in_sqlite(people, checkers):
    reached = walk(people, checkers, staticmethod(lambda: None), WALKS, 20)
    # Few walks withdraw anything; `test_register_moves.py` does, from every state.
    assert reached >= set(STATES) - {"withdrawn"}


@pytest.mark.parametrize(("people", "checkers"), [(2, 1), (3, 2)])
def test_a_walk_in_postgresql(people, checkers, postgresql):
    walk(people, checkers, staticmethod(postgresql), WALKS // 4, 20)
