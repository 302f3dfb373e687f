"""What must hold for any table: more published is never wider, names mean nothing, bytes repeat."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from exports.disclosure import attack, protect
from exports.disclosure.errors import ProtectionImpossible
from exports.disclosure.report import write
from tests.unit.disclosure.random_tables import random_spec

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_published_cell_never_widens_an_interval(seed):
    spec = random_spec(seed)
    rng = random.Random(seed)
    zeros = spec.get("zeros_published")
    names = [n for n in sorted(spec["cells"]) if spec["cells"][n] or not zeros]
    hidden = rng.sample(names, min(6, len(names)))
    asked = {k: spec[k] for k in ("cells", "relations", "zeros_published", "integer") if k in spec}
    before = attack({**asked, "suppressed": hidden})["intervals"]
    after = attack({**asked, "suppressed": hidden[1:]})["intervals"]
    for name, (low, high) in after.items():
        assert low >= before[name][0] - 1e-6
        assert before[name][1] is None or high <= before[name][1] + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_relabelling_changes_nothing_but_the_labels(seed):
    spec = random_spec(seed)
    rng = random.Random(seed)
    # New names in the same order (ties are settled by names), and everything else shuffled.
    new = {name: f"n{i:03d}" for i, name in enumerate(sorted(spec["cells"]))}

    def renamed(value):
        if isinstance(value, dict):
            items = [(new.get(k, k), renamed(v)) for k, v in value.items()]
            rng.shuffle(items)
            return dict(items)
        if isinstance(value, list):
            items = [renamed(v) for v in value]
            rng.shuffle(items)
            return items
        return new.get(value, value) if isinstance(value, str) else value

    try:
        first = protect(spec)
    except ProtectionImpossible:
        with pytest.raises(ProtectionImpossible):
            protect(renamed(spec))
        return
    second = protect(renamed(spec))
    for key in ("secondary", "suppressed", "primary"):
        assert [new[name] for name in first[key]] == second[key]
    assert {new[name]: pair for name, pair in first["intervals"].items()} == second["intervals"]
    assert (first["cost"], first["bound"]) == (second["cost"], second["bound"])


@pytest.mark.parametrize("seed", range(10))
def test_the_same_input_gives_the_same_bytes(seed):
    spec = random_spec(seed)

    def outcome() -> str:
        try:
            return write(protect(spec))
        except ProtectionImpossible as refused:
            return str(refused)

    assert outcome() == outcome()


def test_the_attacker_has_no_code_of_the_suppressor():
    import exports.disclosure.attacker as attacker
    import exports.disclosure.extremes as extremes

    for module in (attacker, extremes):
        source = Path(module.__file__).read_text(encoding="utf-8")
        for other in ("pieces", "repair", "master", "suppress", "bound"):
            assert f"disclosure.{other} " not in source
