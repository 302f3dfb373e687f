"""Small random tables, and their answers by trying everything.

Belongs here: tables of two and three dimensions, with hierarchies and links, sparse, full of ones
and zeros; every whole-number state of a table; every pattern. Does not belong here: any idea that
the package uses (no programme, no cut).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

KINDS = ("2d", "2d", "hierarchy", "3d", "link")


def random_spec(seed: int) -> dict:
    """A specification for `protect`, the same for the same seed."""
    rng = random.Random(seed)
    kind = rng.choice(KINDS)
    if kind == "3d":
        trees = [_flat("a", 2), _flat("b", 2), _flat("c", 2 + (rng.random() < 0.3))]
    elif kind == "hierarchy":
        trees = [_nested("a", 3), _flat("b", 2)]
    else:
        trees = [_flat("a", rng.choice([2, 3])), _flat("b", rng.choice([2, 3]))]
    emptiness = rng.random() / 2
    leaves = {}
    for codes in itertools.product(*(leaf for leaf, _ in trees)):
        draw = rng.random()
        leaves[codes] = (
            0 if draw < emptiness else 1 if draw < emptiness + 0.2 else rng.randint(1, 12)
        )
    spec = with_margins(leaves, [relations for _, relations in trees])
    cells = spec["cells"]
    if kind == "link":
        inner = ["|".join(codes) for codes in leaves]
        parts = rng.sample(inner, rng.randint(2, len(inner) - 1))
        cells["X"] = sum(cells[name] for name in parts)
        spec["relations"].append({"total": "X", "parts": parts})
    spec["rule"] = {"kind": "frequency", "threshold": rng.choice([2, 3, 4])}
    spec |= {key: True for key in ("zeros_published", "integer") if rng.random() < 0.4}
    spec |= {key: True for key in ("singletons", "group_rule") if rng.random() < 0.2}
    if rng.random() < 0.3:
        spec["last_suppressed"] = rng.sample(sorted(cells), 3)
    if rng.random() < 0.2:
        spec["costs"] = {name: rng.randint(0, 5) for name in cells}
    if rng.random() < 0.2:
        spec.pop("rule")
        spec.pop("group_rule", None)
        spec["primary"] = [name for name, value in cells.items() if 1 <= value <= 2]
    return spec


def with_margins(leaves: dict[tuple[str, ...], int], trees: list) -> dict:
    """Cells and relations of a table from its leaves, one dimension after the other."""
    values = dict(leaves)
    relations = []
    for axis, tree in enumerate(trees):
        for total, parts in tree:
            for codes in [codes for codes in values if codes[axis] == parts[0]]:
                below = [(*codes[:axis], part, *codes[axis + 1 :]) for part in parts]
                values[(*codes[:axis], total, *codes[axis + 1 :])] = sum(values[b] for b in below)
    for axis, tree in enumerate(trees):
        for total, parts in tree:
            for codes in values:
                if codes[axis] == total:
                    below = ["|".join((*codes[:axis], p, *codes[axis + 1 :])) for p in parts]
                    relations.append({"total": "|".join(codes), "parts": below})
    cells = {"|".join(codes): value for codes, value in values.items()}
    return {"cells": cells, "relations": relations}


def _flat(prefix: str, size: int):
    codes = [f"{prefix}{i}" for i in range(size)]
    return codes, [("T", codes)]


def _nested(prefix: str, size: int):
    codes = [f"{prefix}{i}" for i in range(size)]
    return codes, [(f"{prefix}S", codes[:2]), ("T", [f"{prefix}S", *codes[2:]])]


def whole_intervals(spec: dict, hidden: list[str], largest: int = 60) -> dict | None:
    """Interval of each hidden cell over every whole-number state of the table that fits what is
    published, found one state after the other. None when a cell passes `largest`: no end in sight.
    """
    cells, relations = spec["cells"], spec["relations"]
    least = 1 if spec.get("zeros_published") else 0
    order = sorted(hidden)
    seen = {name: [largest + 1, -1] for name in order}
    inside = [r for r in relations if {r["total"], *r["parts"]} & set(order)]

    def fits(state: dict) -> bool:
        """Whether no relation is already broken by the cells that are set."""
        for r in inside:
            known = {**cells, **dict.fromkeys(order), **state}
            parts = [known[p] for p in r["parts"]]
            total = known[r["total"]]
            low = sum(least if p is None else p for p in parts)
            if total is not None and low > total:
                return False
            if total is not None and None not in parts and low != total:
                return False
        return True

    def go(i: int, state: dict) -> None:
        if i == len(order):
            for name, value in state.items():
                seen[name] = [min(seen[name][0], value), max(seen[name][1], value)]
            return
        for value in range(least, largest + 1):
            state[order[i]] = value
            if fits(state):
                go(i + 1, state)
        del state[order[i]]

    go(0, {})
    return None if any(high >= largest for _, high in seen.values()) else seen


def cheapest_pattern(
    unsafe: list[str],
    optional: list[str],
    relations: list[dict],
    holds: Callable[[list[str]], bool],
    cost: Callable[[tuple[str, ...]], tuple],
    limit: int,
) -> tuple | str | None:
    """Try every pattern, fewest secondary cells first. (count, *cost, names) of the best one; None:
    there is none; "limit": none with up to `limit` cells.
    """
    for count in range(len(optional) + 1):
        if count > limit:
            return "limit"
        good = []
        for chosen in itertools.combinations(optional, count):
            hidden = {*unsafe, *chosen}
            # Alone in a relation it is worked out by hand: no need to ask.
            alone = any(
                len(mine := hidden.intersection([r["total"], *r["parts"]])) == 1
                and not mine.isdisjoint(unsafe)
                for r in relations
            )
            if not alone and holds(sorted(hidden)):
                good.append((*cost(chosen), list(chosen)))
        if good:
            return count, *min(good)
    return None
