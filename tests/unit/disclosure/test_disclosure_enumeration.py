"""Random small tables against full enumeration: 0 exposed, intervals sharp, the optimum met.

A seeded part stays here; `prove.py` runs as many as one likes.
"""

from __future__ import annotations

import math
import random

import pytest

from exports.disclosure import attack, protect
from exports.disclosure.errors import ProtectionImpossible
from exports.disclosure.reading import read_request
from tests.unit.disclosure.random_tables import cheapest_pattern, random_spec, whole_intervals

OUTSIDER = ("cells", "relations", "zeros_published", "integer")


def check_attacker(seed: int) -> bool:
    """Intervals against every whole-number state; False when the table is too open to try all."""
    spec = {**random_spec(seed), "integer": True}
    rng = random.Random(seed)
    names = sorted(spec["cells"])
    if spec.get("zeros_published"):
        names = [name for name in names if spec["cells"][name]]
    hidden = sorted(rng.sample(names, min(len(names), rng.randint(1, 6))))
    largest = max(spec["cells"].values()) + 3
    expected = whole_intervals(spec, hidden, largest)
    if expected is None:
        return False
    asked = {key: spec[key] for key in OUTSIDER if key in spec}
    found = attack({**asked, "suppressed": hidden})
    assert found["intervals"] == expected, seed
    assert {one["cell"] for one in found["exposed"]} == {
        name for name, (low, high) in expected.items() if low == high
    }
    return True


def check_optimum(seed: int, limit: int) -> bool:
    """The pattern against every pattern; False when the best has more cells than `limit`."""
    spec = random_spec(seed)
    request = read_request(spec)
    names = request.table.names
    costs = {**spec["cells"], **spec.get("costs", {})}
    last = set(spec["last_suppressed"]) if "last_suppressed" in spec else None
    optional = request.table.named(request.may_be_secondary)

    def holds(hidden):
        return not attack({**spec, "suppressed": hidden})["exposed"]

    def cost(chosen):
        changed = 0 if last is None else sum((n in last) != (n in chosen) for n in optional)
        return math.fsum(costs[name] for name in chosen), changed

    unsafe = [names[cell] for cell in request.unsafe]
    expected = cheapest_pattern(unsafe, optional, spec["relations"], holds, cost, limit)
    try:
        answer = protect(spec)
    except ProtectionImpossible:
        assert expected in (None, "limit"), seed
        return expected is None
    assert answer["exposed"] == []
    assert holds(answer["suppressed"]), seed
    assert answer["optimal"], seed
    if expected == "limit":
        assert answer["cost"]["count"] > limit, seed
        return False
    assert (answer["cost"]["count"], answer["cost"]["value"], answer["secondary"]) == (
        expected[0],
        expected[1],
        expected[3],
    ), seed
    return True


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_intervals_are_those_of_every_possible_table(start):
    assert sum(check_attacker(seed) for seed in range(start, start + 20)) >= 5


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_the_pattern_is_the_best_of_all_patterns(start):
    assert sum(check_optimum(seed, 2) for seed in range(start, start + 20)) >= 3
