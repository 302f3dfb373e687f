"""The attacker: what can be worked out about each hidden cell from everything that is published.

Belongs here: setting up what an attacker knows, and the sharpest interval of each hidden cell
against the outsider and against each insider. Does not belong here: anything of the suppressor; the
two share the input model (table.py, request.py) and the solver, nothing else, so that one can be
believed when it contradicts the other.

The unknowns are the deviations d = x - true value of the hidden cells: relations then have right
side 0, d = 0 is always possible, and values of a thousand million lose no digits.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from exports.disclosure.extremes import Extremes
from exports.disclosure.propagation import UnknownSystem
from exports.disclosure.request import Insider, Request
from exports.disclosure.rules import Requirement
from exports.disclosure.table import Table


@dataclass(frozen=True)
class Exposure:
    """An unsafe cell that somebody can work out: how (`kind`), how closely, who."""

    cell: int
    low: float
    high: float
    kind: str
    who: Insider | None = None
    relations: tuple[int, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Outsider's interval of every hidden cell, and every exposure, in the order of cells.
    `is_complete`: False when time ran out; the intervals are then safe from below (the true ones
    are at least as wide).
    """

    intervals: dict[int, tuple[float, float]]
    exposed: tuple[Exposure, ...]
    is_complete: bool


def attack(
    request: Request,
    hidden: np.ndarray,
    hidden_derived: Iterable[str],
    *,
    deadline: float | None = None,
) -> Findings:
    """Attack the pattern `hidden` (a mask of cells): first as an outsider, then as each insider.

    `deadline`: a time.monotonic() to end by.
    """
    table = request.table
    system = unknowns(table, hidden, frozenset(hidden_derived), request.previous)
    insiders = bool(request.lone_contributors or request.known)
    extremes = Extremes(system, deadline, keeps_witnesses=insiders)
    low, high = extremes.solve()
    intervals = {
        int(cell): (table.values[cell] + low[i], table.values[cell] + high[i])
        for i, cell in enumerate(system.cells)
    }
    exposed = []
    for cell, requirement in request.unsafe.items():
        if not hidden[cell]:
            value = float(table.values[cell])
            exposed.append(Exposure(cell, value, value, "published"))
        elif not requirement.is_met(*intervals[cell]):
            exposed.append(Exposure(cell, *intervals[cell], "interval"))
    safe_from_outside = {
        cell: need
        for cell, need in request.unsafe.items()
        if cell not in {exposure.cell for exposure in exposed}
    }
    exposed += _insiders(request, extremes, safe_from_outside, hidden, deadline)
    exposed += _groups(request, hidden, intervals)
    exposed.sort(key=lambda exposure: (exposure.cell, exposure.kind))
    late = deadline is not None and time.monotonic() > deadline
    return Findings(intervals, tuple(exposed), extremes.is_complete and not late)


def unknowns(
    table: Table, hidden: np.ndarray, hidden_derived: frozenset[str], previous: frozenset[int]
) -> UnknownSystem:
    """Everything published, as conditions on the hidden cells. What was published in an earlier
    delivery (`previous`) is no secret, hidden now or not.
    """
    cells = np.flatnonzero(hidden)
    column = np.full(len(table), -1)
    column[cells] = np.arange(len(cells))
    rows: list[tuple[list[int], list[float], float, float]] = []
    for relation in table.relations:
        inside = [c for c in relation.cells if hidden[c]]
        if inside:
            signs = [-1.0 if c == relation.total else 1.0 for c in inside]
            rows.append(([int(column[c]) for c in inside], signs, 0.0, 0.0))
    for one in table.derived:
        if one.name in hidden_derived:
            continue
        # |scale * n / d - value| <= margin, times d (positive or negative), in deviations.
        side = 1.0 if table.values[one.denominator] > 0 else -1.0
        for edge, way in ((one.value - one.margin, 1.0), (one.value + one.margin, -1.0)):
            factors: dict[int, float] = {}
            for cell, factor in ((one.numerator, one.scale), (one.denominator, -edge)):
                if hidden[cell]:
                    place = int(column[cell])
                    factors[place] = factors.get(place, 0.0) + way * side * factor
            factors = {place: factor for place, factor in factors.items() if factor}
            if not factors:
                continue
            slack = one.scale * table.values[one.numerator] - edge * table.values[one.denominator]
            largest = max(map(abs, factors.values()))
            least = -max(way * side * slack, 0.0) / largest
            scaled = [factor / largest for factor in factors.values()]
            rows.append((list(factors), scaled, least, np.inf))
    values = table.values[cells]
    is_open = ~np.isin(cells, sorted(previous))
    return UnknownSystem.of(
        cells,
        np.where(is_open, np.minimum(table.low[cells] - values, 0.0), 0.0),
        np.where(is_open, np.maximum(table.high[cells] - values, 0.0), 0.0),
        table.whole[cells],
        rows,
    )


def _insiders(
    request: Request,
    extremes: Extremes,
    unsafe: dict[int, Requirement],
    hidden: np.ndarray,
    deadline: float | None,
) -> list[Exposure]:
    """Unsafe cells that hold against the outsider and fall to somebody who knows more."""
    cells = extremes.system.cells
    values = request.table.values[cells]
    place = {int(cell): i for i, cell in enumerate(cells)}
    worst: dict[int, Exposure] = {}
    for insider in (*request.lone_contributors, *request.known):
        known = [place[cell] for cell in sorted(insider.knows) if hidden[cell]]
        needs = {place[cell]: need for cell, need in unsafe.items() if cell not in insider.knows}
        if not known or (deadline is not None and time.monotonic() > deadline):
            continue
        for i, (low, high) in extremes.against(known, needs, values).items():
            cell = int(cells[i])
            found = Exposure(cell, values[i] + low, values[i] + high, "insider", insider)
            last = worst.get(cell)
            if last is None or found.high - found.low < last.high - last.low - 1e-9:
                worst[cell] = found
    return list(worst.values())


def _groups(
    request: Request, hidden: np.ndarray, intervals: dict[int, tuple[float, float]]
) -> list[Exposure]:
    """Hidden unsafe parts of a relation whose hidden parts together are unsafe."""
    failing: dict[int, list[int]] = {}
    for number in request.failing_groups(hidden):
        for part in request.table.relations[number].parts:
            if hidden[part] and part in request.unsafe:
                failing.setdefault(part, []).append(number)
    return [
        Exposure(cell, *intervals[cell], "group", relations=tuple(numbers))
        for cell, numbers in failing.items()
    ]
