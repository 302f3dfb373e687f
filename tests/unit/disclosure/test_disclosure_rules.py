"""Rules, widths, insiders, groups, derived values: one sentence of the interface each."""

from __future__ import annotations

import pytest

from exports.disclosure import attack, protect
from exports.disclosure.errors import BadTable, ProtectionImpossible
from exports.disclosure.rules import Requirement

ROW = {
    "cells": {"a": 2, "b": 9, "c": 7, "t": 18},
    "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
}
FREQUENCY = {"kind": "frequency", "threshold": 3}


def exposed(answer, kind=None):
    return [one["cell"] for one in answer["exposed"] if kind in (None, one["kind"])]


@pytest.mark.parametrize(
    ("value", "zeros_unsafe", "is_unsafe"),
    [(0, False, False), (0, True, True), (1, False, True), (2, False, True), (3, False, False)],
)
def test_frequency_at_its_limit(value, zeros_unsafe, is_unsafe):
    rule = {**FREQUENCY, "zeros_unsafe": zeros_unsafe}
    answer = attack({"cells": {"x": value}, "rule": rule})
    assert answer["primary"] == (["x"] if is_unsafe else [])
    assert exposed(answer, "published") == answer["primary"]


@pytest.mark.parametrize(("largest", "is_unsafe"), [(80, False), (80.1, True)])
def test_dominance_at_its_limit_and_its_width(largest, is_unsafe):
    spec = {
        "cells": {"x": 100},
        "contributions": {"x": [largest, 100 - largest]},
        "rule": {"kind": "dominance", "n": 1, "k": 80},
        "suppressed": ["x"],
    }
    answer = attack(spec)
    assert answer["primary"] == (["x"] if is_unsafe else [])
    if is_unsafe:
        lack = 100 / 80 * largest - 100
        assert answer["required"]["x"] == pytest.approx([100 - lack, 100 + lack])


@pytest.mark.parametrize(
    ("need", "low", "high", "is_met"),
    [
        # More than one value, and as wide, to the tolerance itself.
        (Requirement(), 0.0, 1e-6, False),
        (Requirement(), 0.0, 2e-6, True),
        (Requirement(width=3.0), 0.0, 3.0 - 1e-6, True),
        (Requirement(width=3.0), 0.0, 3.0 - 2e-6, False),
        (Requirement(2.0, 5.0), 2.0 + 1e-6, 5.0 - 1e-6, True),
        (Requirement(2.0, 5.0), 2.0 + 2e-6, 5.0, False),
        (Requirement(2.0, 5.0), 2.0, 5.0 - 2e-6, False),
        (Requirement(2.0, 5.0, 4.0), 2.0, 5.0, False),
        (Requirement(2.0, 5.0, 4.0), 1.0, 5.0, True),
    ],
)
def test_an_interval_holds_what_is_needed_to_the_tolerance(need, low, high, is_met):
    assert need.is_met(low, high) is is_met


@pytest.mark.parametrize(("least", "is_read"), [(1e-6, True), (2e-6, False)])
def test_a_value_may_miss_its_bounds_by_the_tolerance(least, is_read):
    for value, bounds in ((0.0, [least, 5]), (5.0 + least, [0, 5.0])):
        spec = {"cells": {"x": value}, "bounds": {"x": bounds}, "suppressed": ["x"]}
        if is_read:
            assert attack(spec)["suppressed"] == ["x"]
        else:
            with pytest.raises(BadTable, match="x"):
                attack(spec)


@pytest.mark.parametrize(("gap", "is_read"), [(1e-9, True), (2e-9, False)])
def test_a_published_mean_may_miss_its_last_decimal_by_noise(gap, is_read):
    mean = {"numerator": "a", "denominator": "n", "value": 0.5 + gap, "decimals": 0}
    spec = {"cells": {"a": 0, "n": 5}, "derived": {"mean": mean}, "suppressed": ["a"]}
    if is_read:
        assert attack(spec)["suppressed"] == ["a"]
    else:
        with pytest.raises(BadTable, match="mean"):
            attack(spec)


def test_p_percent_width_is_clipped_at_the_bounds():
    spec = {
        "cells": {"x": 10},
        "contributions": {"x": [10]},
        "rule": {"kind": "p_percent", "p": 50},
        "suppressed": ["x"],
        "bounds": {"x": [8, 12]},
    }
    assert attack(spec)["required"]["x"] == [8, 12]
    assert attack(spec)["exposed"] == []
    assert attack({**spec, "bounds": {}})["required"]["x"] == [5, 15]


def test_several_rules_all_hold_and_the_widest_range_is_shown():
    spec = {
        "cells": {"x": 100},
        "contributions": {"x": [90, 6, 4]},
        "rule": [
            {"kind": "dominance", "n": 1, "k": 80},
            {"kind": "p_percent", "p": 20},
            {"kind": "frequency", "threshold": 4},
        ],
        "suppressed": ["x"],
        "bounds": {"x": [80, 120]},
    }
    answer = attack(spec)
    # dominance: 112.5 - 100; p %: 18 - 4.
    assert answer["required"]["x"] == [86, 114]
    assert answer["exposed"] == []


def test_holders_are_added_first():
    spec = {"cells": {"x": 100}, "contributions": {"x": [45, 45, 10]}}
    spec["rule"] = {"kind": "dominance", "n": 1, "k": 80}
    assert attack(spec)["primary"] == []
    assert attack({**spec, "holders": {"x": ["m", "m", "o"]}})["primary"] == ["x"]
    frequency = {**spec, "rule": FREQUENCY}
    assert attack(frequency)["primary"] == []
    assert attack({**frequency, "holders": {"x": ["m", "m", "o"]}})["primary"] == ["x"]


def test_a_holder_of_nothing_counts_with_the_largest_weight():
    """Without an amount no weight keeps the total: the larger one is taken."""
    spec = {
        "cells": {"x": 10},
        "contributions": {"x": [10, 0, 0]},
        "holders": {"x": ["m", "o", "o"]},
        "weights": {"x": [1, 1, 3]},
    }
    assert attack({**spec, "rule": {**FREQUENCY, "threshold": 4}})["primary"] == []
    assert attack({**spec, "rule": {**FREQUENCY, "threshold": 5}})["primary"] == ["x"]


def test_negatives_are_refused_or_taken_by_absolute_value():
    spec = {"cells": {"x": 10}, "contributions": {"x": [90, -80]}}
    spec["rule"] = {"kind": "dominance", "n": 1, "k": 60}
    with pytest.raises(BadTable, match="x"):
        attack(spec)
    assert attack({**spec, "negatives": "absolute"})["primary"] == []
    assert attack(
        {**spec, "negatives": "absolute", "rule": {"kind": "dominance", "n": 1, "k": 50}}
    )["primary"] == ["x"]


def test_a_contribution_of_nothing_is_one():
    spec = {"cells": {"x": 90}, "contributions": {"x": [90, 0]}}
    spec["rule"] = {"kind": "dominance", "n": 1, "k": 60}
    assert attack(spec)["primary"] == ["x"]


@pytest.mark.parametrize(
    ("cells", "suppressed", "said"),
    [
        ({"a": 2, "b": 9, "c": 7, "t": 18}, ["a"], "exactly 2"),
        ({"a": 2, "b": 9, "c": 7, "t": 18}, ["a", "b"], "between 0 and 11"),
    ],
)
def test_what_can_be_worked_out_is_said_as_a_value_or_a_range(cells, suppressed, said):
    spec = {**ROW, "cells": cells, "suppressed": suppressed, "rule": FREQUENCY}
    told = attack(spec, lang="en")["explanations"]["a"]
    assert said in told, told


def test_a_cell_that_protects_another_names_that_one_alone():
    """Not the cells that are hidden for the same reason, and none that is shown."""
    numbers = ((2, 9, 20), (9, 30, 40), (20, 40, 50))
    cells = {f"{row}{column}": numbers[row][column] for row in range(3) for column in range(3)}
    relations = []
    for one in range(3):
        cells[f"row{one}"] = sum(numbers[one])
        cells[f"column{one}"] = sum(line[one] for line in numbers)
        relations.append({"total": f"row{one}", "parts": [f"{one}{n}" for n in range(3)]})
        relations.append({"total": f"column{one}", "parts": [f"{n}{one}" for n in range(3)]})
    cells["all"] = sum(map(sum, numbers))
    for margin in ("row", "column"):
        relations.append({"total": "all", "parts": [f"{margin}{n}" for n in range(3)]})
    told = protect({"cells": cells, "relations": relations, "rule": FREQUENCY}, lang="en")
    assert set(told["suppressed"]) == {"00", "01", "10", "11"}
    for cell in ("01", "10"):
        assert told["explanations"][cell].startswith("Hidden so that 00 cannot be worked out.")


@pytest.mark.parametrize(
    ("unsafe", "named"), [("abc", "a, b, c "), ("abcd", "a, b, c, … ")], ids=["three", "four"]
)
def test_of_many_cells_that_another_protects_three_are_named(unsafe, named):
    cells = {**dict.fromkeys(unsafe, 1), "e": 9, "f": 30}
    cells["t"] = sum(cells.values())
    row = {"total": "t", "parts": [name for name in cells if name != "t"]}
    spec = {"cells": cells, "relations": [row], "primary": list(unsafe)}
    told = protect({**spec, "required_width": {"a": 9}}, lang="en")
    assert told["secondary"] == ["e"]
    assert f"so that {named}cannot be worked out" in told["explanations"]["e"]


def test_a_cell_named_only_in_primary_needs_more_than_one_value():
    answer = attack({**ROW, "primary": ["a"], "suppressed": ["a", "b"]})
    assert answer["required"] == {"a": 0}
    assert answer["exposed"] == []
    assert exposed(attack({**ROW, "primary": ["a"], "suppressed": ["a"]})) == ["a"]


def test_without_rule_and_primary_every_suppressed_cell_is_attacked():
    assert exposed(attack({**ROW, "suppressed": ["b"]})) == ["b"]
    assert exposed(attack({**ROW, "suppressed": ["b"], "rule": FREQUENCY})) == ["a"]


def test_a_relation_of_one_part_is_an_equality():
    spec = {
        "cells": {**ROW["cells"], "a@new": 2},
        "relations": [*ROW["relations"], {"total": "a@new", "parts": ["a"]}],
    }
    assert exposed(attack({**spec, "primary": ["a"], "suppressed": ["a", "b"]})) == ["a"]


def test_a_chain_of_hidden_totals_without_upper_end_is_followed_to_its_end():
    """T = g and g = a + b, all but a hidden: T cannot be below the 12 that is shown."""
    chain = {
        "cells": {"a": 12, "b": 3, "g": 15, "T": 15},
        "relations": [{"total": "T", "parts": ["g"]}, {"total": "g", "parts": ["a", "b"]}],
        "suppressed": ["T", "b", "g"],
        "primary": ["T"],
        "required_width": {"T": [13, 0]},
    }
    answer = attack(chain)
    assert answer["intervals"]["T"] == [12, None]
    assert exposed(answer) == ["T"]


def test_zeros_published_gives_hidden_cells_a_floor_of_one_when_whole():
    spec = {**ROW, "suppressed": ["a", "b"], "zeros_published": True}
    assert attack({**spec, "integer": True})["intervals"]["a"] == [1, 10]
    assert attack(spec)["intervals"]["a"] == [0, 11]
    assert attack({**spec, "integer": ["a"]})["intervals"] == {"a": [1, 11], "b": [0, 10]}
    zero = {"cells": {"a": 0, "b": 1, "t": 1}, "relations": [{"total": "t", "parts": ["a", "b"]}]}
    for key in ("primary", "suppressed"):
        with pytest.raises(BadTable, match="a"):
            protect({**zero, key: ["a"], "zeros_published": True})


def test_whole_numbers_give_whole_bounds():
    spec = {
        "cells": {"a": 1, "b": 1, "c": 1, "ab": 2, "bc": 2, "ac": 2},
        "relations": [
            {"total": "ab", "parts": ["a", "b"]},
            {"total": "bc", "parts": ["b", "c"]},
            {"total": "ac", "parts": ["a", "c"]},
        ],
        "suppressed": ["a", "b", "c", "ab"],
        "bounds": {"ab": [1, 3]},
    }
    # ab = 2 + a - c ... a = 2 - c, so ab = 4 - 2c: only even whole numbers.
    assert attack(spec)["intervals"]["ab"] == [1, 3]
    assert attack({**spec, "integer": True})["intervals"]["ab"] == [2, 2]


def test_singletons_know_themselves():
    spec = {
        "cells": {"a": 1, "b": 1, "c": 9, "t": 11},
        "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
        "rule": FREQUENCY,
    }
    assert protect(spec)["secondary"] == ["c"]
    assert (
        attack({**spec, "primary": ["a", "b"], "rule": [], "suppressed": ["a", "b"]})["exposed"]
        == []
    )
    thin = attack(
        {**spec, "primary": ["a", "b"], "rule": [], "suppressed": ["a", "b"], "singletons": True}
    )
    assert exposed(thin, "insider") == ["a", "b"]
    assert thin["exposed"][0]["interval"] == [1, 1]
    assert thin["intervals"]["a"] == [0, 2]
    safe = protect({**spec, "rule": [], "primary": ["a", "b"], "singletons": True})
    assert safe["secondary"] == ["c"]


def test_somebody_who_knows_cells_is_one_more_attacker():
    spec = {**ROW, "primary": ["a"], "known": {"Neighbour": {"b": 9}}}
    thin = attack({**spec, "suppressed": ["a", "b"]})
    assert exposed(thin, "insider") == ["a"]
    assert "Neighbour" in thin["exposed"][0]["reason"]
    # The total hides no less than c and costs one cell like it, but more.
    assert protect(spec)["secondary"] == ["c"]
    with pytest.raises(BadTable, match=r"Neighbour.*b"):
        protect({**spec, "known": {"Neighbour": {"b": 8}}})


def test_what_an_insider_works_out_is_told_with_both_ends():
    spec = {**ROW, "primary": ["a"], "suppressed": ["a", "b", "c"], "required_width": {"a": 12}}
    assert attack(spec)["exposed"] == []
    thin = attack({**spec, "known": {"Neighbour": {"b": 9}}})
    assert [(one["cell"], one["interval"]) for one in thin["exposed"]] == [("a", [0, 9])]


def test_group_rule_pools_contributions():
    spec = {
        "cells": {"a": 100, "b": 20, "c": 90, "t": 210},
        "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
        "contributions": {"a": [95, 5], "b": [10, 10], "c": [30, 30, 30]},
        "rule": {"kind": "dominance", "n": 1, "k": 75},
        "required_width": {"a": 0},
    }
    assert protect(spec)["secondary"] == ["b"]
    # a and b together: 95 of 120 is 79 %.
    thin = attack({**spec, "suppressed": ["a", "b"], "group_rule": True})
    assert exposed(thin, "group") == ["a"]
    answer = protect({**spec, "group_rule": True})
    assert answer["secondary"] == ["c"]
    assert answer["optimal"]


def test_published_means_of_hidden_cells_are_part_of_the_attack():
    derived = {
        "mean": {"numerator": "amount", "denominator": "count", "value": 33.3, "decimals": 1}
    }
    spec = {"cells": {"amount": 100, "count": 3}, "derived": derived, "suppressed": ["amount"]}
    assert attack(spec)["intervals"]["amount"] == [99.75, 100.05]
    assert attack({**spec, "suppressed": ["amount", "mean"]})["intervals"]["amount"] == [0, None]
    with pytest.raises(BadTable, match="mean"):
        attack({**spec, "derived": {"mean": {**derived["mean"], "value": 33.4}}})


def test_what_was_published_stays_published_and_the_reason_says_so():
    for key, word in (("previous", "antérieure"), ("forced_published", "forced_published")):
        with pytest.raises(ProtectionImpossible, match=word) as refused:
            protect({**ROW, "rule": FREQUENCY, key: ["a"]})
        assert "a" in str(refused.value)
        assert "t = a + b + c" in str(refused.value)
        assert protect({**ROW, "rule": FREQUENCY, key: ["c"]})["secondary"] == ["b"]


def test_candidates_costs_and_the_last_pattern_choose():
    spec = {**ROW, "rule": FREQUENCY}
    assert protect(spec)["secondary"] == ["c"]
    assert protect({**spec, "candidates": ["b", "t"]})["secondary"] == ["b"]
    assert protect({**spec, "costs": {"c": 20, "b": 1}})["secondary"] == ["b"]
    even = {**spec, "costs": {"b": 1, "c": 1}}
    assert protect(even)["secondary"] == ["b"]
    assert protect({**even, "last_suppressed": ["a", "c"]})["secondary"] == ["c"]
    with pytest.raises(ProtectionImpossible, match="a"):
        protect({**spec, "candidates": []})


def test_suppressed_cells_are_hidden_for_nothing():
    answer = protect({**ROW, "rule": FREQUENCY, "suppressed": ["b"]})
    assert answer["secondary"] == []
    assert answer["suppressed"] == ["a", "b"]
    assert answer["cost"] == {"count": 0, "value": 0}


def test_without_relations_nothing_is_secondary():
    answer = protect({"cells": {"a": 1, "b": 9}, "rule": FREQUENCY})
    assert answer["suppressed"] == ["a"]
    assert answer["intervals"] == {"a": [0, None]}


def test_what_left_in_an_earlier_delivery_is_known_although_hidden_now():
    spec = {**ROW, "primary": ["a"], "suppressed": ["a", "b"]}
    assert attack(spec)["exposed"] == []
    assert exposed(attack({**spec, "previous": ["b"]})) == ["a"]
