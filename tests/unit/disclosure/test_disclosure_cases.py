"""The acceptance cases of disclosure control, each by its id (fixtures/disclosure/cases.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exports.disclosure import attack, protect
from exports.disclosure.errors import BadTable, ProtectionImpossible

FILE = Path(__file__).parents[2] / "fixtures" / "disclosure" / "cases.json"
CASES = {case["id"]: case for case in json.loads(FILE.read_text(encoding="utf-8"))["cases"]}


def inner(cells):
    return [name for name in cells if "Total" not in name]


def intervals(answer, names):
    return {name: answer["intervals"][name] for name in names}


def test_every_case_has_a_test():
    tested = {word for name in globals() if name.startswith("test_") for word in name.split("_")}
    assert {case.replace("-", "").lower() for case in CASES} <= tested


def test_c01_intervals_from_margins():
    case = CASES["C01"]
    margins = case["input"]["margins"]
    # Any inner values that add up give the same intervals.
    cells = {"1|1": 5, "1|2": 2, "2|1": 1, "2|2": 2, "3|1": 3, "3|2": 3}
    cells |= {f"{i}|T": value for i, value in enumerate(margins["row"], 1)}
    cells |= {f"T|{j}": value for j, value in enumerate(margins["col"], 1)}
    cells["T|T"] = margins["total"]
    relations = [{"total": f"{i}|T", "parts": [f"{i}|1", f"{i}|2"]} for i in (1, 2, 3)]
    relations += [{"total": f"T|{j}", "parts": [f"{i}|{j}" for i in (1, 2, 3)]} for j in (1, 2)]
    relations += [{"total": "T|T", "parts": ["T|1", "T|2"]}]
    answer = attack(
        {"cells": cells, "relations": relations, "suppressed": case["input"]["suppressed"]}
    )
    assert answer["intervals"] == case["computed"]["intervals"]
    assert answer["intervals"]["1|1"] == case["expected"]["1|1"]
    assert answer["exposed"] == []


@pytest.mark.parametrize("case_id", ["C02a", "C02b"])
def test_c02a_c02b_smallest_pattern(case_id):
    case = CASES[case_id]
    spec = {key: case["input"][key] for key in ("cells", "relations", "primary")}
    answer = protect({**spec, "candidates": inner(spec["cells"])})
    computed = case["computed"]
    assert answer["secondary"] == computed["cheapest_by_value"]
    assert answer["cost"] == {
        "count": computed["min_secondary_count"],
        "value": computed["cheapest_value"],
    }
    assert answer["optimal"]
    assert answer["bound"] == computed["min_secondary_count"]
    assert answer["intervals"] == computed["intervals"]


def test_c02a_primary_by_the_rule():
    case = CASES["C02a"]["input"]
    spec = {key: case[key] for key in ("cells", "relations")}
    answer = attack({**spec, "rule": {"kind": "frequency", "threshold": 10}})
    assert answer["primary"] == case["primary"]


@pytest.mark.parametrize(
    ("width", "is_possible"),
    [([0, 3], False), ([0, 2], True), ([3, 0], False), ([2, 0], True), (5, False), (4, True)],
)
def test_c03_impossible_is_refused(width, is_possible):
    case = CASES["C03"]["input"]
    spec = {
        **{key: case[key] for key in ("cells", "relations", "primary")},
        "bounds": {name: [0, 2 * value] for name, value in case["cells"].items()},
        "candidates": ["A", "B"],
        "required_width": {"A": width},
    }
    if is_possible:
        answer = protect(spec)
        assert answer["suppressed"] == ["A", "B"]
        assert answer["intervals"]["A"] == [0, 4]
    else:
        with pytest.raises(ProtectionImpossible, match=r"A.*Total = A \+ B"):
            protect(spec)


def test_c05_linked_tables_are_one_system():
    case = CASES["C05"]
    cells = case["input"]["cells"]
    rule = {"kind": "frequency", "threshold": 4}
    for table in ("table_1", "table_2"):
        relations = case["input"][table]
        mine = {name for r in relations for name in (r["total"], *r["parts"])}
        alone = protect(
            {
                "cells": {name: cells[name] for name in mine},
                "relations": relations,
                "primary": [name for name in case["input"]["primary"] if name in mine],
            }
        )
        assert alone["secondary"] == []
    linked = {"cells": cells, "relations": case["input"]["table_1"] + case["input"]["table_2"]}
    thin = attack(
        {**linked, "suppressed": case["input"]["primary"], "primary": case["input"]["primary"]}
    )
    assert thin["intervals"] == case["computed"]["intervals_joint_without_extra"]
    assert [one["cell"] for one in thin["exposed"]] == ["K"]
    answer = protect({**linked, "rule": rule})
    assert answer["primary"] == sorted(case["input"]["primary"])
    assert answer["secondary"] == [case["expected"]["extra_cell"]]
    assert answer["intervals"] == case["computed"]["intervals_joint_with_N"]


def test_c06_hidden_cells_together_reach_the_threshold():
    case = CASES["C06"]
    spec = {key: case["input"][key] for key in ("cells", "relations", "primary")}
    assert protect(spec)["secondary"] == []
    answer = protect({**spec, "group_rule": 11})
    assert answer["suppressed"] == case["expected"]["suppressed"]
    assert answer["secondary"] == case["computed"]["with_group_rule"]["cheapest_by_value"]
    by_rule = {**spec, "rule": {"kind": "frequency", "threshold": 11}, "group_rule": True}
    assert protect(by_rule)["suppressed"] == case["expected"]["suppressed"]
    thin = attack({**spec, "suppressed": ["B", "C"], "group_rule": 11})
    assert [(one["cell"], one["kind"]) for one in thin["exposed"]] == [
        ("B", "group"),
        ("C", "group"),
    ]


def test_c07a_hidden_zeros_are_worked_out():
    case = CASES["C07a"]
    answer = attack(
        {
            "cells": {"c1": 0, "c2": 0, "c3": 0, "total": 0},
            "relations": [{"total": "total", "parts": ["c1", "c2", "c3"]}],
            "suppressed": case["input"]["suppressed"],
        }
    )
    assert answer["intervals"] == case["computed"]
    assert [one["cell"] for one in answer["exposed"]] == ["c1", "c2"]


def test_c08data1a_singletons_and_zeros():
    case = CASES["C08-data1a"]
    spec = {key: case["input"][key] for key in ("cells", "relations", "primary")}
    spec |= {"zeros_published": True, "integer": True}
    thin = attack({**spec, "suppressed": spec["primary"]})
    assert [one["cell"] for one in thin["exposed"]] == (
        case["computed"]["primaries_exposed_without_secondary"]
    )
    answer = protect(spec)
    assert answer["cost"]["count"] == case["computed"]["min_secondary_count"]
    assert answer["secondary"] == sorted(case["computed"]["cheapest_by_value"])
    assert answer["optimal"]


RULES_C10 = {
    "nk(2,75)": {"kind": "dominance", "n": 2, "k": 75},
    "p%=70": {"kind": "p_percent", "p": 70},
    "pq(60,80)": {"kind": "p_percent", "p": 60, "q": 80},
}


def test_c10_primary_rules():
    case = CASES["C10"]
    given = case["input"]
    spec = {"cells": given["values"], "contributions": given["contributions_by_cell"]}
    for name, rule in RULES_C10.items():
        assert attack({**spec, "rule": rule})["primary"] == case["expected"][name]
    frequencies = {"cells": given["frequencies"], "rule": {"kind": "frequency", "threshold": 3}}
    assert attack(frequencies)["primary"] == case["expected"]["freq<=2"]
    by_contributors = attack({**spec, "rule": frequencies["rule"]})
    assert by_contributors["primary"] == case["expected"]["freq<=2"]
    for wrong in ({"p": 0}, {"p": 100}, {"p": 80, "q": 60}):
        with pytest.raises(BadTable):
            attack({**spec, "rule": {"kind": "p_percent", **wrong}})
    negative = {"cells": {"x": 5}, "contributions": {"x": [6, -1]}}
    with pytest.raises(BadTable, match="x"):
        attack({**negative, "rule": RULES_C10["nk(2,75)"]})


def test_c11_smallest_pattern_with_margins():
    case = CASES["C11"]
    spec = {key: case["input"][key] for key in ("cells", "relations", "primary")}
    answer = protect(spec)
    computed = case["computed"]
    assert answer["secondary"] == sorted(computed["cheapest_by_value"])
    assert answer["cost"] == {"count": 3, "value": computed["cheapest_value"]}
    assert answer["intervals"] == computed["intervals"]
    published = len(spec["cells"]) - len(answer["suppressed"])
    assert published == case["expected"]["publishable"]
    forced = protect({**spec, "forced_published": ["D|male"], "candidates": inner(spec["cells"])})
    assert forced["suppressed"] == sorted(case["expected"]["forced_publish D|male then GAUSS"])


def test_c13_dominance_ties_and_weights():
    case = CASES["C13"]
    contributions = case["input"]["contributions"]
    weights = case["input"]["weights_as_in_test"]
    two = {"kind": "dominance", "n": 2, "k": 90}
    one = {"kind": "dominance", "n": 1, "k": 70}
    plain = {"cells": {name: sum(c) for name, c in contributions.items()}}
    plain |= {"contributions": contributions, "rule": two}

    def flags(answer):
        return [name in answer["primary"] for name in sorted(contributions)]

    assert flags(attack(plain)) == list(case["computed"]["unweighted_(2,90)"].values())
    weighted = {**plain, "weights": weights}
    weighted["cells"] = dict(
        zip(sorted(contributions), case["expected"]["weighted_totals"], strict=True)
    )
    assert flags(attack(weighted)) == case["expected"]["tauargus_weighted_(2,90)"]
    total = {**weighted, "weighting": "total", "rule": [one, two]}
    assert flags(attack(total)) == case["expected"]["default_weighted_(1,70)+(2,90)"]


def test_c19_geographical_differencing():
    case = CASES["C19"]
    cells, relations, primary, published = {}, [], [], []
    for age, first in case["input"]["release_1"].items():
        for j, column in enumerate(case["input"]["columns"]):
            old, new, more = f"old|{age}|{column}", f"new|{age}|{column}", f"more|{age}|{column}"
            later = case["input"]["release_2"][age][j]
            cells |= {old: first[j], new: later, more: later - first[j]}
            relations.append({"total": new, "parts": [old, more]})
            published.append(old)
            assert cells[more] == case["computed"]["difference"][age][j]
            if cells[more]:
                primary.append(more)
    remainders = [name for name in cells if name.startswith("more|")]
    spec = {"cells": cells, "relations": relations, "suppressed": remainders}
    spec |= {"rule": {"kind": "frequency", "threshold": 3}}
    answer = attack(spec)
    assert [one["cell"] for one in answer["exposed"]] == sorted(primary)
    # The old boundary is out: only figures of the new one can still be hidden.
    safe = protect({**spec, "previous": published})
    assert safe["secondary"] == sorted(name.replace("more|", "new|") for name in primary)


def test_c24_a_percentage_gives_the_count_back():
    case = CASES["C24"]["input"]
    share = {"numerator": "part", "denominator": "all", "scale": 100, "value": 25.0, "decimals": 1}
    spec = {
        "cells": {"part": case["hidden_count"], "rest": 9, "all": case["total_published"]},
        "relations": [{"total": "all", "parts": ["part", "rest"]}],
        "integer": True,
        "derived": {"share": share},
        "rule": {"kind": "frequency", "threshold": 5},
    }
    answer = attack({**spec, "suppressed": ["part", "rest"]})
    assert answer["intervals"]["part"] == [CASES["C24"]["expected"]["recomputed"]] * 2
    assert [one["cell"] for one in answer["exposed"]] == ["part"]
    assert attack({**spec, "suppressed": ["part", "rest", "share"]})["exposed"] == []
    protected = protect(spec)
    assert protected["derived_hidden"] == ["share"]
    assert protected["exposed"] == []


def test_c30_a_table_that_does_not_add_up_is_refused():
    cells = CASES["C30"]["input"]["cells"]
    parts = [name for name in cells if name != "Total"]
    spec = {"cells": cells, "relations": [{"total": "Total", "parts": parts}]}
    with pytest.raises(BadTable, match=r"Total.*24.*25"):
        protect(spec)
    two = {
        "cells": {**cells, "Again": 30},
        "relations": [*spec["relations"], {"total": "Again", "parts": ["Nr", "Os"]}],
    }
    with pytest.raises(BadTable) as refused:
        attack(two)
    assert len(refused.value.sentences) == 2
