"""Finding alternatives to the truth by linear programmes over a part of the system.

Belongs here: the nearest part around a target, the cheapest move in it, in whole numbers where
cells are whole; whether a move is possible. Does not belong here: what is done with a move
(choice.py, audit.py).

Idea: the linear relaxation of protecting one cell is a cheapest flow through the equations; what it
runs through is hidden (Kelly, Golden and Assad 1992; Fischetti and Salazar-González 2001).
"""

from __future__ import annotations

import numpy as np

from exports.disclosure.pieces import ranges
from exports.disclosure.solver import Programme, Rows, compressed
from exports.protection.system import System

DUST = 1e-7
TOLERANCE = 1e-6
FAR = 1e7
# Numbers that a search looks at: near the target, further, everywhere.
SIZES = (900, 4000, 1_000_000)
# A search in whole numbers looks at so many numbers around the target.
WHOLE_AT_ONCE = 150


class Field:
    """The equations of a system as lists by line and by number."""

    def __init__(self, system: System) -> None:
        self.system = system
        lines = system.lines
        lengths = np.array([len(line.numbers) for line in lines], dtype=int)
        self.start = np.concatenate([[0], np.cumsum(lengths)]).astype(int)
        self.member = np.array([n for line in lines for n in line.numbers], dtype=int)
        self.factor = np.array([f for line in lines for f in line.factors], dtype=float)
        self.low = np.array([line.low for line in lines], dtype=float)
        self.high = np.array([line.high for line in lines], dtype=float)
        line_of_entry = np.repeat(np.arange(len(lines)), lengths)
        order = np.argsort(self.member, kind="stable")
        self.line_start = np.searchsorted(self.member[order], np.arange(len(system.value) + 1))
        self.line = line_of_entry[order]
        self.down = np.minimum(system.value - system.low, FAR).clip(0)
        self._line_seen = np.zeros(len(lines), dtype=bool)

    def lines_of(self, numbers: np.ndarray) -> np.ndarray:
        """Every line that holds one of some numbers."""
        held = self.line[ranges(self.line_start[numbers], self.line_start[numbers + 1])]
        self._line_seen[held] = True
        found = np.flatnonzero(self._line_seen)
        self._line_seen[held] = False
        return found

    def entries(self, lines: np.ndarray) -> np.ndarray:
        """Places of the entries of some lines."""
        return ranges(self.start[lines], self.start[lines + 1])

    def around(self, target: int, price: np.ndarray, most: int) -> np.ndarray:
        """About `most` numbers near a target: those that several lines of the last ones meet in,
        cheap ones first. A number of infinite price may not move.
        """
        near = np.array([target])
        times = np.zeros(len(price), dtype=int)
        is_near = np.zeros(len(price), dtype=bool)
        is_near[target] = True
        for _ in range(8):
            held = self.member[self.entries(self.lines_of(near))]
            np.add.at(times, held, 1)
            met = np.flatnonzero((times > 0) & np.isfinite(price) & ~is_near)
            if not len(met):
                break
            # Where two lines meet a corner can be; what is hidden already costs nothing.
            often = times[met]
            times[:] = 0
            rank = np.lexsort((met, price[met] / often, often < (2 if len(near) > 1 else 1)))
            room = max(most // 6, 24) if len(near) == 1 else most - len(near)
            near = np.concatenate([near, met[rank[:room]]])
            is_near[near] = True
            if len(near) >= most:
                break
        return np.sort(near)


def is_possible(field: Field, shown: np.ndarray, numbers: np.ndarray, amounts: np.ndarray) -> bool:
    """Whether nothing that is known rules a move out."""
    system = field.system
    size = np.maximum(1.0, np.abs(system.value[numbers]))
    if shown[numbers].any() or (amounts < -field.down[numbers] - TOLERANCE * size).any():
        return False
    whole = amounts[system.whole[numbers]]
    if len(whole) and np.abs(whole - whole.round()).max() > TOLERANCE:
        return False
    lines = field.lines_of(numbers)
    entries = field.entries(lines)
    deviation = np.zeros(len(system.value))
    deviation[numbers] = amounts
    lengths = field.start[lines + 1] - field.start[lines]
    row = np.repeat(np.arange(len(lines)), lengths)
    sums = np.bincount(row, field.factor[entries] * deviation[field.member[entries]], len(lines))
    slack = TOLERANCE * max(1.0, float(np.abs(amounts).max()))
    return bool(
        (sums >= field.low[lines] - slack).all() and (sums <= field.high[lines] + slack).all()
    )


def cheapest(
    field: Field,
    target: int,
    way: int,
    need: float,
    price: np.ndarray,
    banned: tuple[int, ...] = (),
    sizes: tuple[int, ...] = SIZES,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Numbers and amounts of the cheapest move that takes `target` `need` up (1) or down (-1).

    `price`: of moving a number by what is needed; infinite: it does not move. `banned`: numbers
    that stay as they are. None: there is no such move.
    """
    if way < 0 and field.down[target] < need - 1e-9:
        return None
    cost = price.copy()
    cost[list(banned)] = np.inf
    cost[target] = 0.0
    last = 0
    for most in sizes:
        numbers = field.around(target, cost, most)
        if len(numbers) == last:
            return None
        last = len(numbers)
        found = _solve(field, numbers, target, way, need, cost)
        if found is not None:
            return found
    return None


def _solve(field: Field, numbers, target: int, way: int, need: float, price, whole_too=False):
    """The cheapest move of some numbers; `whole_too`: in whole numbers where cells are whole."""
    size = len(numbers)
    lines = field.lines_of(numbers)
    entries = field.entries(lines)
    row = np.repeat(np.arange(len(lines)), field.start[lines + 1] - field.start[lines])
    place = np.searchsorted(numbers, field.member[entries])
    inside = (place < size) & (numbers[np.minimum(place, size - 1)] == field.member[entries])
    row, column, factor = row[inside], place[inside], field.factor[entries][inside]
    top = np.concatenate([np.full(size, FAR), field.down[numbers]])
    low = np.zeros(2 * size)
    at = int(np.searchsorted(numbers, target))
    mine, other = (at, at + size) if way > 0 else (at + size, at)
    top[other] = 0.0
    low[mine] = top[mine] = need
    rows = Rows(
        *compressed(
            np.concatenate([row, row]),
            np.concatenate([column, column + size]),
            np.concatenate([factor, -factor]),
            len(lines),
        ),
        low=field.low[lines],
        high=field.high[lines],
    )
    cost = np.concatenate([price[numbers], price[numbers]]) / np.minimum(
        np.maximum(top, 1e-6), need
    )
    whole = field.system.whole[numbers]
    if whole_too:
        programme = Programme(low, top, rows, whole=np.concatenate([whole, whole]))
        # One that is good enough: limits in steps, for the speed of the machine decides nothing.
        for option, limit in (("mip_max_nodes", 20), ("mip_max_improving_sols", 1)):
            programme.highs.setOptionValue(option, limit)
    else:
        programme = Programme(low, top, rows, changes_bounds=True)
    programme.set_objective(np.arange(2 * size), cost)
    answer = programme.minimise()
    if answer.point is None or not (answer.is_optimal or whole_too):
        return None
    move = answer.point[:size] - answer.point[size:]
    if len(move[whole]) and np.abs(move[whole] - move[whole].round()).max() > 1e-6:
        return None if whole_too else _whole_move(field, numbers, move, target, way, need, price)
    move = np.where(whole, move.round(), np.where(np.abs(move) < DUST, 0.0, move))
    moved = np.flatnonzero(move)
    return numbers[moved], move[moved]


def _whole_move(field: Field, numbers, move, target: int, way: int, need: float, price):
    """The same in whole numbers, for the few cases in which the relaxation is none: among the
    numbers that it moves and those nearest to the target.
    """
    near = field.around(target, price, WHOLE_AT_ONCE)
    moved = numbers[np.abs(move) > DUST][:WHOLE_AT_ONCE]
    return _solve(
        field, np.union1d(np.union1d(near, moved), [target]), target, way, need, price, True
    )
