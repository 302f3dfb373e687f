"""`python -m benchmarks.disclosure [SHAPE …]`: time and gap of disclosure control by size of table.

Random negative binomial counts, rule 1 to 4 (threshold 5), zeros published. Each shape prints
cells, unsafe cells, secondary cells, the proven bound and seconds for the whole answer, intervals
of every hidden cell included. Nothing is asserted: goals are compared in README.md.

`--singletons`: small counts become 6, then one in 25 a 1 and one in 25 a 3, and whoever is alone in
a cell attacks too (in sparser tables somebody alone in a cell and in its total cannot be protected
against, so they are refused).
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np

from exports.disclosure import protect

# A dimension is a list of groups per level: (3, 4) is 3 groups of 4, under a total.
SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "11x6": ((11,), (6,)),
    "20x10": ((20,), (10,)),
    "40x12": ((40,), (12,)),
    "11x6x3": ((11,), (6,), (3,)),
    "12x8x5": ((12,), (8,), (5,)),
    "5000": ((3, 4, 10), (3, 3), (2,)),
    "50000": ((3, 4, 48), (4, 6), (2,)),
}


def tree(levels: tuple[int, ...]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Leaves of a dimension and its relations (total, parts), from the leaves up."""
    level, relations = ["T"], []
    for size in levels:
        below = []
        for code in level:
            parts = [f"{code if code != 'T' else ''}{chr(97 + len(code))}{i}" for i in range(size)]
            relations.append((code, parts))
            below += parts
        level = below
    return level, relations[::-1]


def table(
    shape: tuple[tuple[int, ...], ...], seed: int = 1, mean: float = 30.0, lone: bool = False
) -> dict:
    """Cells and relations of a full table of counts. `lone`: few cells are small."""
    rng = np.random.default_rng(seed)
    trees = [tree(levels) for levels in shape]
    codes = [list(leaves) for leaves, _ in trees]
    size = tuple(len(c) for c in codes)
    # A gamma mixture of Poisson counts, with rows and columns of unlike weight.
    rate = np.full(size, mean)
    for axis in range(len(size)):
        weight = rng.gamma(1.5, 1 / 1.5, size[axis])
        rate = rate * weight.reshape([-1 if a == axis else 1 for a in range(len(size))])
    values = rng.poisson(rng.gamma(1.0, 1.0, size) * rate).astype(int)
    if lone:
        draw = rng.random(size)
        values = np.where(values < 5, 6, values)
        values = np.where(draw < 0.04, 1, np.where(draw < 0.08, 3, values))
    for axis, (_, relations) in enumerate(trees):
        for total, parts in relations:
            places = [codes[axis].index(part) for part in parts]
            added = values.take(places, axis=axis).sum(axis=axis, keepdims=True)
            values = np.concatenate([values, added], axis=axis)
            codes[axis].append(total)
    names = np.empty(values.shape, dtype=object)
    for place in np.ndindex(values.shape):
        names[place] = "|".join(codes[axis][i] for axis, i in enumerate(place))
    found = []
    for axis, (_, relations) in enumerate(trees):
        for total, parts in relations:
            places = [codes[axis].index(part) for part in parts]
            totals = names.take([codes[axis].index(total)], axis=axis).ravel()
            inside = np.moveaxis(names.take(places, axis=axis), axis, -1).reshape(-1, len(parts))
            found += [{"total": t, "parts": list(p)} for t, p in zip(totals, inside, strict=True)]
    cells = dict(zip(names.ravel().tolist(), values.ravel().tolist(), strict=True))
    return {"cells": cells, "relations": found}


def main() -> None:
    """Times each shape and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=[], help=", ".join(SHAPES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mean", type=float, default=30.0)
    parser.add_argument("--budget", type=float, default=60.0)
    parser.add_argument("--singletons", action="store_true")
    arguments = parser.parse_args()
    print("shape      cells  unsafe  secondary  bound  optimal  seconds  processor")
    for name, seed in itertools.product(arguments.shapes or SHAPES, [arguments.seed]):
        spec = table(SHAPES[name], seed, arguments.mean, arguments.singletons)
        spec |= {
            "rule": {"kind": "frequency", "threshold": 5},
            "zeros_published": True,
            "time_budget_s": arguments.budget,
            "singletons": arguments.singletons,
        }
        start, worked = time.perf_counter(), time.process_time()
        answer = protect(spec)
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        print(
            f"{name:<9} {len(spec['cells']):>6} {len(answer['primary']):>7}"
            f" {answer['cost']['count']:>10} {answer['bound']:>6} {answer['optimal']!s:>8}"
            f" {seconds:>8.1f} {worked:>10.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
