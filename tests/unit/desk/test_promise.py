"""SC36 and SC37 from the lines of the register: which requests count, in which quarter."""

from datetime import UTC, date, datetime

import pytest

from exports.register.event import Draft, sealed
from exports.register.fold import fold
from exports.register.promise import items, measured


class Story:
    """Lines of a register, one after the other."""

    def __init__(self):
        self.events = []

    def add(self, request_id, on, action, **payload):
        number = len(self.events) + 1
        before = self.events[-1].hash if self.events else "0" * 64
        at = datetime(*map(int, on.split("-")), 12, tzinfo=UTC)
        self.events.append(sealed(Draft(request_id, "x", action, payload), number, at, before))

    def receive(self, request_id, on, due, **more):
        said = {"requester": "r", "contact": "c", "legal_basis": "l", "wording": "w"}
        said |= {"received_on": on, "due_on": due, "key": request_id, "asked": None}
        said |= {"replaces": None, "cause": None, "reason": ""} | more
        self.add(request_id, on, "receive", **said)

    def deliver(self, request_id, on, failed=()):
        meant = {"codes": ["T01"], "period": "2025", "profile": "spf", "lang": "fr", "as_of": None}
        self.add(request_id, on, "define", **meant)
        self.add(
            request_id, on, "produce", version=1, name="n", release_id="r", manifest="m",
            files={}, definition=meant, previous=None, replaces=None, override=None,
            failed=list(failed), passed=9, earlier={},
        )  # fmt: skip
        self.add(request_id, on, "review", version=1, manifest="m", checkers=1, waivers=[])
        self.add(
            request_id, on, "vote", version=1, manifest="m", verdict="approve", comment=""
        )  # fmt: skip
        self.add(request_id, on, "approve", version=1)
        self.add(
            request_id, on, "deliver", version=1, name="n", manifest="m", out="o",
            not_before=None, previous=None,
        )  # fmt: skip

    def judged(self, today):
        found = items(fold(self.events), date.fromisoformat(today))
        return {(one.code, one.request_id): (one.quarter, one.kept) for one in found}


@pytest.fixture
def story():
    return Story()


def test_an_answer_on_its_due_date_is_in_time(story):
    story.receive("A", "2026-01-02", "2026-02-01")
    story.deliver("A", "2026-02-01")
    story.receive("B", "2026-01-02", "2026-03-31")
    story.deliver("B", "2026-04-01")
    found = story.judged("2026-06-30")
    assert found["SC36", "A"] == ("2026Q1", True)
    # Late: in the quarter in which it was due, not in that in which it left.
    assert found["SC36", "B"] == ("2026Q1", False)
    assert found["SC37", "B"] == ("2026Q2", True)


def test_the_day_is_that_of_brussels(story):
    """Half past eleven in the evening in UTC is the next day here."""
    story.receive("A", "2026-01-02", "2026-02-01")
    story.deliver("A", "2026-02-01")
    last = story.events[-1]
    late = datetime(2026, 2, 1, 23, 30, tzinfo=UTC)
    draft = Draft("A", "x", "deliver", last.data)
    story.events[-1] = sealed(draft, last.number, late, last.previous_hash)
    assert story.judged("2026-06-30")["SC36", "A"] == ("2026Q1", False)


def test_what_is_not_due_yet_is_left_out(story):
    story.receive("A", "2026-01-02", "2026-02-01")
    assert story.judged("2026-02-01") == {}
    assert story.judged("2026-02-02") == {("SC36", "A"): ("2026Q1", False)}


def test_nobody_waits_for_what_was_withdrawn_in_time(story):
    story.receive("A", "2026-01-02", "2026-02-01")
    story.add("A", "2026-01-20", "withdraw", reason="x")
    story.receive("B", "2026-01-02", "2026-02-01")
    story.add("B", "2026-02-02", "withdraw", reason="x")
    assert story.judged("2026-06-30") == {("SC36", "B"): ("2026Q1", False)}


@pytest.mark.parametrize(
    ("cause", "kept"),
    [("error", False), ("late_data", True), ("correction", True), ("law", True)],
)
def test_only_an_error_makes_an_answer_wrong(story, cause, kept):
    """And only once the corrected one has left."""
    story.receive("A", "2026-01-02", "2026-02-01")
    story.deliver("A", "2026-01-10")
    story.receive("B", "2026-05-02", "2026-06-01", replaces="A", cause=cause, reason="x")
    assert story.judged("2026-06-30")["SC37", "A"] == ("2026Q1", True)
    story.deliver("B", "2026-05-10")
    story.add("A", "2026-05-10", "restate", by="B")
    found = story.judged("2026-06-30")
    assert found["SC37", "A"] == ("2026Q1", kept)
    # The corrected answer is an answer as well.
    assert found["SC37", "B"] == ("2026Q2", True)
    assert found["SC36", "B"] == ("2026Q2", True)


def test_an_answer_is_complete_when_every_rule_held(story):
    rule = {"rule": "V01", "level": "warning", "code": "T01", "failed": 1}
    story.receive("A", "2026-01-02", "2026-02-01")
    story.deliver("A", "2026-01-10")
    story.receive("B", "2026-01-02", "2026-02-01")
    story.deliver("B", "2026-01-10", failed=[rule])
    found = story.judged("2026-06-30")
    assert found["SC37B", "A"] == ("2026Q1", True)
    assert found["SC37B", "B"] == ("2026Q1", False)


def test_the_figures_are_counts_of_the_items(story):
    for name, on in (("A", "2026-01-10"), ("B", "2026-02-10"), ("C", "2026-02-01")):
        story.receive(name, "2026-01-02", "2026-02-01")
        story.deliver(name, on)
    judged = items(fold(story.events), date(2026, 6, 30))
    found = {(one.code, one.quarter): one for one in measured(judged)}
    in_time = found["SC36", "2026Q1"]
    assert (in_time.numerator, in_time.denominator, in_time.is_met) == (2, 3, False)
    assert found["SC37", "2026Q1"].value == 1.0
    assert found["SC37", "2026Q1"].is_met
    assert measured([]) == []
