"""Each step of the search for a cheap pattern against the attacker, who shares no code with it:
what the fast way hides holds, what is taken back is in vain, no cut forbids a pattern that holds,
no bound lies above the best one. Whole searches are in test_disclosure_enumeration.py.
"""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest

from exports.disclosure import attack, bound, repair
from exports.disclosure.bound import cover_bound
from exports.disclosure.master import Master
from exports.disclosure.pieces import Piece, split
from exports.disclosure.reading import read_request
from exports.disclosure.repair import Reach, Repairer
from tests.unit.disclosure.random_tables import random_spec

SEEDS = range(32)
#: What makes the attacker see more than the suppressor's own model.
BESIDE = ("integer", "singletons", "group_rule", "last_suppressed")


def spec_of(seed: int) -> dict:
    """A random table of which both sides have the same picture."""
    return {key: value for key, value in random_spec(seed).items() if key not in BESIDE}


class Plain:
    """One piece of a table, asked of the attacker."""

    def __init__(self, spec: dict, piece: Piece) -> None:
        self.spec, self.piece = spec, piece
        self.names = [piece.request.table.names[cell] for cell in piece.cells]
        self.optional = np.flatnonzero(~piece.fixed).tolist()

    def attacked(self, hidden: np.ndarray) -> dict:
        shown = [name for name, is_hidden in zip(self.names, hidden, strict=True) if is_hidden]
        return attack({**self.spec, "suppressed": shown})

    def holds(self, hidden: np.ndarray) -> bool:
        """Whether no cell of the piece can be worked out."""
        return not {one["cell"] for one in self.attacked(hidden)["exposed"]} & set(self.names)

    def all_hidden(self) -> np.ndarray:
        return np.ones(self.piece.size, dtype=bool)


def pieces(seed: int, **more) -> list[Plain]:
    """The pieces of a random table that can be protected at all."""
    spec = {**spec_of(seed), **more}
    found = [Plain(spec, piece) for piece in split(read_request(spec))]
    return [one for one in found if one.holds(one.all_hidden())]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_published_again_was_hidden_in_vain_and_nothing_else_is(seed):
    """As somebody would who tries one cell after the other, the dearest first."""
    for one in pieces(seed):
        expected, found = one.all_hidden(), one.all_hidden()
        weights = one.piece.weights
        for cell in sorted(one.optional, key=lambda cell: (-weights[cell], cell)):
            expected[cell] = False
            expected[cell] = not one.holds(expected)
        Repairer(one.piece).take_back(found, math.inf, 10_000)
        assert found.tolist() == expected.tolist()


def test_what_is_taken_back_is_limited_by_asks_and_by_time():
    (one,) = pieces(0)[:1]
    for deadline, asks in ((math.inf, 0), (-math.inf, 10_000)):
        hidden = one.all_hidden()
        Repairer(one.piece).take_back(hidden, deadline, asks)
        assert hidden.all()


@pytest.mark.parametrize("near", [repair.NEAR, 2], ids=["at_once", "near_first"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_fast_way_protects_whatever_can_be_protected(seed, near, monkeypatch):
    monkeypatch.setattr(repair, "NEAR", near)
    spec = spec_of(seed)
    for piece in split(read_request(spec)):
        one, hidden = Plain(spec, piece), piece.fixed.copy()
        lost = Repairer(piece).protect(hidden, piece.targets)
        exposed = {thing["cell"] for thing in one.attacked(one.all_hidden())["exposed"]}
        assert {one.names[target.cell] for target in lost} == exposed & set(one.names)
        if not lost:
            assert one.holds(hidden)


@pytest.mark.parametrize("near", [repair.NEAR, 2], ids=["at_once", "near_first"])
@pytest.mark.parametrize("seed", SEEDS)
def test_how_far_a_cell_goes_when_everything_is_hidden(seed, near, monkeypatch):
    monkeypatch.setattr(repair, "NEAR", near)
    spec = spec_of(seed)
    for piece in split(read_request(spec)):
        one, repairer = Plain(spec, piece), Repairer(piece)
        intervals = one.attacked(one.all_hidden())["intervals"]
        for target in piece.targets:
            value = spec["cells"][one.names[target.cell]]
            low, high = intervals[one.names[target.cell]]
            for way, most in ((-1, value - low), (1, math.inf if high is None else high - value)):
                found = repairer.furthest(target, way)
                assert piece.ceiling(target, way) >= found - 1e-6
                assert found == pytest.approx(most, abs=1e-6) or found >= piece._far - 1e-6


@pytest.mark.parametrize(
    ("seed", "more"),
    [
        *((seed, {}) for seed in SEEDS),
        # Also of a table whose hidden parts together are safe, by their number or by their sum.
        *((seed, {"group_rule": rule}) for rule in (True, 5) for seed in SEEDS[:12]),
    ],
)
def test_the_best_is_found_from_any_pattern_and_no_cut_forbids_one_that_holds(seed, more):
    """Fewest cells, then least value, then the first in the order of names; no bound is above."""
    for one in pieces(seed, **more):
        piece = one.piece
        if len(one.optional) > 7:
            continue
        least = cover_bound(piece, math.inf)
        found = Master(piece, one.all_hidden(), math.inf).optimise()
        best, starts = None, []
        for count in range(len(one.optional) + 1):
            for chosen in map(list, itertools.combinations(one.optional, count)):
                pattern = piece.fixed.copy()
                pattern[chosen] = True
                if one.holds(pattern):
                    cost = (count, math.fsum(piece.weights[chosen]), chosen)
                    best = cost if best is None else min(best, cost)
                    starts.append((cost, pattern))
                    assert all(
                        cut.activity(pattern.astype(float)) >= 1 - 1e-6 for cut in piece.cuts
                    )
        # From everything hidden; from the dearest of those with as few cells as can be; from the
        # last by name of those that are as cheap.
        firsts = [found]
        for same in (1, 2):
            alike = [at for at, (cost, _) in enumerate(starts) if cost[:same] == best[:same]]
            start = starts[max(alike, key=lambda at: starts[at][0])][1]
            firsts.append(Master(piece, start, math.inf).optimise())
        for told in firsts:
            secondary = np.flatnonzero(told.hidden & ~piece.fixed).tolist()
            assert told.is_optimal
            assert secondary == best[2]
            assert least <= told.bound == best[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pattern_is_broken_when_it_holds_a_cell_too_tightly(seed):
    rng = np.random.default_rng(seed)
    for one in pieces(seed):
        for _ in range(5):
            pattern = one.piece.fixed | (rng.random(one.piece.size) < 0.6)
            exposed = {thing["cell"] for thing in one.attacked(pattern)["exposed"]}
            for target in one.piece.targets:
                is_broken = one.piece.broken(target, pattern.astype(float))
                assert is_broken is (one.names[target.cell] in exposed)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_no_cheap_movement_is_found_all_that_is_needed_is_hidden(seed, monkeypatch):
    monkeypatch.setattr(Repairer, "_move", lambda *_: False)
    for one in pieces(seed):
        hidden = one.piece.fixed.copy()
        assert Repairer(one.piece).protect(hidden, one.piece.targets) == []
        assert one.holds(hidden)


def table(rows: int, columns: int, value: int = 9) -> dict:
    """A table with margins in which the first cell alone is unsafe."""
    cells = {f"{r}{c}": value for r in range(rows) for c in range(columns)}
    cells["00"] = 1
    relations = []
    for r in range(rows):
        cells[f"r{r}"] = sum(cells[f"{r}{c}"] for c in range(columns))
        relations.append({"total": f"r{r}", "parts": [f"{r}{c}" for c in range(columns)]})
    for c in range(columns):
        cells[f"c{c}"] = sum(cells[f"{r}{c}"] for r in range(rows))
        relations.append({"total": f"c{c}", "parts": [f"{r}{c}" for r in range(rows)]})
    cells["all"] = sum(cells[f"r{r}"] for r in range(rows))
    relations.append({"total": "all", "parts": [f"r{r}" for r in range(rows)]})
    relations.append({"total": "all", "parts": [f"c{c}" for c in range(columns)]})
    return {"cells": cells, "relations": relations, "primary": ["00"]}


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 3), (4, 5)])
def test_a_cell_of_a_table_needs_three_others(rows, columns):
    """One more in its row, one more in its column, and one where their other lines cross."""
    (piece,) = split(read_request(table(rows, columns)))
    assert cover_bound(piece, math.inf) == 3
    assert cover_bound(piece, -math.inf) == 0


@pytest.mark.parametrize("start", ["b", "c", "d", "e", "t"])
def test_of_patterns_as_cheap_the_first_by_name_is_taken(start):
    cells = {"a": 2, "b": 30, "c": 9, "d": 9, "e": 9, "t": 59}
    row = {"total": "t", "parts": ["a", "b", "c", "d", "e"]}
    (piece,) = split(read_request({"cells": cells, "relations": [row], "primary": ["a"]}))
    hidden = np.array([name in ("a", start) for name in cells])
    found = Master(piece, hidden, math.inf).optimise()
    assert [name for name, one in zip(cells, found.hidden, strict=True) if one] == ["a", "c"]
    assert (found.is_optimal, found.bound) == (True, 1)


def test_room_is_given_in_both_directions_where_one_is_too_narrow():
    """Of three in all two lie above, which b alone can give, and one below, which c alone can."""
    spec = {
        "cells": {"a": 1, "b": 9, "c": 9, "t": 19},
        "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
        "bounds": {"a": [0, 3], "b": [0, 9], "c": [9, 20]},
        "forced_published": ["t"],
        "primary": ["a"],
        "required_width": {"a": 3},
    }
    (piece,) = split(read_request(spec))
    hidden = piece.fixed.copy()
    assert Repairer(piece).protect(hidden, piece.targets) == []
    assert hidden.all()
    assert Plain(spec, piece).holds(hidden)


def test_the_exact_way_begins_without_a_condition():
    """And then has one for each cut of its piece."""
    (piece,) = split(read_request(table(2, 2)))
    master = Master(piece, np.ones(piece.size, dtype=bool), math.inf)
    assert master.programme.highs.getNumRow() == 0
    assert master.optimise().is_optimal
    assert master.programme.highs.getNumRow() >= len(piece.cuts) > 0


def test_a_bound_ends_after_twenty_rounds_though_each_finds_something(monkeypatch):
    rounds = []

    def one_more_alone(size: int, *_):
        rounds.append(size)
        point = np.zeros(size)
        point[len(rounds) - 1] = 1.0
        return SimpleNamespace(is_optimal=True, value=1.0, point=point)

    monkeypatch.setattr(bound, "_solve", one_more_alone)
    (piece,) = split(read_request(table(8, 8)))
    assert cover_bound(piece, math.inf) == 1
    assert len(rounds) == 20


def test_of_a_cell_without_relation_nothing_else_is_needed():
    (piece,) = split(read_request({"cells": {"x": 1}, "primary": ["x"]}))
    assert cover_bound(piece, math.inf) == 0
    (piece,) = split(read_request({**table(2, 2), "suppressed": ["01", "10", "11"]}))
    assert cover_bound(piece, math.inf) == 0


def test_a_movement_is_remembered_with_the_cells_that_make_it():
    """What was seen of a target is forgotten when a cell of that movement is published again."""
    (piece,) = split(read_request({**table(2, 2), "primary": ["00", "11"]}))
    names = [piece.request.table.names[cell] for cell in piece.cells]
    place = {name: names.index(name) for name in ("00", "01", "10", "11", "r0", "c0")}
    reach = Reach(piece, piece.targets)

    def moved(**steps: float) -> np.ndarray:
        move = np.zeros(piece.size)
        for name, step in steps.items():
            move[place[name.removeprefix("x")]] = step
        return move

    reach.note(moved(x00=2, x01=-2, x10=-2, x11=2))
    reach.note(moved(x00=-1, r0=-1, c0=-1))
    reach.note(moved(x00=1, r0=1, c0=1))
    first = [target.cell for target in piece.targets].index(place["00"])
    assert (reach.high[first], reach.low[first]) == (2, 1)
    assert (reach.high[1 - first], reach.low[1 - first]) == (2, 0)
    after = reach.without(place["01"])
    assert (after.high[first], after.low[first]) == (0, 1)
    assert after.high[1 - first] == 0
    after = reach.without(place["r0"])
    assert (after.high[first], after.low[first]) == (2, 0)
    assert after.without(place["11"]).high.tolist() == [0, 0]


def test_who_needs_most_is_protected_first(monkeypatch):
    """In any direction; of those who need as much, in the order of cells."""
    spec = table(2, 3)
    spec |= {"primary": ["00", "01", "11", "12"]}
    spec["required_width"] = {"00": 3, "01": [1, 8], "11": [7, 0], "12": 8}
    (piece,) = split(read_request(spec))
    asked: list[str] = []

    def give(self, target, *_):
        asked.append(piece.request.table.names[piece.cells[target.cell]])
        return True

    monkeypatch.setattr(Repairer, "_give_room", give)
    assert Repairer(piece).protect(piece.fixed.copy(), piece.targets) == []
    assert asked == ["01", "12", "11", "00"]


def test_where_little_is_found_near_the_search_begins_further_out(monkeypatch):
    """In two dimensions a movement is found near; where fewer than three in ten tries do, the
    nearest is left out, once there were forty.
    """
    monkeypatch.setattr(repair, "NEAR", 2)
    (piece,) = split(read_request(table(4, 5)))
    repairer = Repairer(piece)
    assert repairer.protect(piece.fixed.copy(), piece.targets) == []
    assert (repairer._asked, repairer._found) == (1, 1)
    for asked, found, skips in ((40, 0, False), (41, 0, True), (50, 14, True), (50, 15, False)):
        repairer._asked, repairer._found = asked, found
        assert repairer._skips_nearest is skips


@pytest.mark.parametrize(
    ("high", "low", "lacks"),
    [
        (2 - 1e-6, 1 - 1e-6, False),
        (2 - 2e-6, 2, True),
        (2, 1 - 2e-6, True),
        (2, 1, False),
    ],
)
def test_room_is_enough_to_the_tolerance(high, low, lacks):
    spec = {**table(2, 2), "required_width": {"00": [1, 2]}}
    (piece,) = split(read_request(spec))
    (target,) = piece.targets
    reach = Reach(piece, [target])
    reach.high[:], reach.low[:] = high, low
    assert target.lacks(high, low) is lacks
    assert reach.lacking().tolist() == ([0] if lacks else [])


@pytest.mark.parametrize(
    ("width", "span", "lacks"),
    [(3, 3 - 1e-6, False), (3, 3 - 2e-6, True), (0, 1e-6, True), (0, 2e-6, False)],
)
def test_width_is_enough_to_the_tolerance(width, span, lacks):
    (piece,) = split(read_request({**table(2, 2), "required_width": {"00": width}}))
    (target,) = piece.targets
    reach = Reach(piece, [target])
    for high, low in ((span, 0.0), (0.0, span)):
        reach.high[:], reach.low[:] = high, low
        assert target.lacks(high, low) is lacks
        assert reach.lacking().tolist() == ([0] if lacks else [])
