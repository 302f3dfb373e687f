"""Whatever stands where something else should: a sentence, never another kind of error."""

from __future__ import annotations

import pytest

from exports.disclosure import attack
from exports.disclosure.errors import BadTable, DisclosureError

GOOD = {
    "cells": {"a": 2, "b": 9, "c": 7, "t": 18},
    "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
    "rule": [{"kind": "frequency", "threshold": 3}, {"kind": "dominance", "n": 1, "k": 80}],
    "contributions": {"a": [1, 1], "b": [4, 5]},
    "holders": {"a": ["x", "y"]},
    "weights": {"b": [1, 1]},
    "weighting": "total",
    "negatives": "absolute",
    "primary": ["b"],
    "suppressed": ["a"],
    "candidates": ["b", "c", "t"],
    "forced_published": ["t"],
    "previous": [],
    "zeros_published": True,
    "bounds": {"a": [0, 50]},
    "integer": ["a"],
    "required_width": {"b": [1, 2]},
    "group_rule": 3,
    "singletons": True,
    "known": {"w": {"c": 7}},
    "derived": {
        "s": {"numerator": "a", "denominator": "t", "scale": 100, "value": 11.1, "decimals": 1}
    },
    "last_suppressed": ["c"],
    "costs": {"c": 1},
    "time_budget_s": 5,
}
JUNK = [
    *(None, "x", 5, -1, [], {}, True, [1], [None], [[]], float("nan"), 10**400, ""),
    *({"a": 1}, {"a": []}, {"a": None}, {"zz": 1}, {"a": {"b": 1}}, {"s": {}}),
    *([{"total": 1, "parts": 2}], [{"kind": []}], {"a": ["x", "y"]}, {"a": [1, []]}),
]


def test_the_good_one_is_read():
    assert attack(GOOD)["suppressed"] == ["a"]


@pytest.mark.parametrize("key", sorted(GOOD))
def test_junk_is_refused_in_words(key):
    refusals = [refusal for junk in JUNK if (refusal := outcome({**GOOD, key: junk}))]
    assert len(refusals) >= 10
    for refusal in refusals:
        assert isinstance(refusal, BadTable)
        assert all(len(sentence) > 15 for sentence in refusal.sentences)


def outcome(spec) -> DisclosureError | None:
    try:
        attack(spec)
    except DisclosureError as refusal:
        return refusal
    return None
