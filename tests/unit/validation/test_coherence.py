"""Every equality between tables is one that a real release has cells for, and holds there."""

from __future__ import annotations

import pytest

from exports.answer import prepare
from exports.validation import validate
from exports.validation.coherence import _compared, _side, _tables, relations
from exports.validation.view import views_of
from release.reader import open_release

#: Every statistic of the interface.
CODES = [f"T{number:02}" for number in range(1, 17)]


@pytest.fixture(scope="module")
def answered(built_world):
    """All statistics of a year of the small sample fund, as INASTI gets them."""
    return prepare(open_release(built_world("fund")), CODES, "2025", profile="inasti")


@pytest.fixture(scope="module")
def views(answered):
    contents, cursor = answered
    return {view.code: view for view in views_of(contents, cursor, ())}


@pytest.mark.parametrize("relation", relations(), ids=lambda relation: relation["id"])
def test_each_equality_has_cells_and_holds(views, relation):
    terms = [*relation["one"], *relation["other"]]
    view = views[next(term["statistic"] for term in terms if "statistic" in term)]
    there = _tables(view)
    sides = [_side(view, relation, side, there) for side in ("one", "other")]
    assert None not in sides, "a table or a column of it is not in the release"
    looked_at, failed, example = view.cursor.execute(_compared(relation, sides)).fetchone()
    assert looked_at > 0
    assert (failed, example) == (0, None)


def test_no_blocking_rule_fails_on_the_sample_fund(answered):
    contents, cursor = answered
    failed = [one for one in validate(contents, cursor) if not one.passed]
    assert [one for one in failed if one.level == "blocking"] == []
    # What a small fund has too few of: months without a benefit, codes that came and went.
    assert {one.rule for one in failed} <= {"V03", "V06", "V30"}


def test_ids_are_used_once():
    ids = [relation["id"] for relation in relations()]
    assert len(ids) == len(set(ids))
