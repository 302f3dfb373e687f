"""The sharpest interval of every unknown of a linear system: the arithmetic of the attacker.

Belongs here: independent blocks, extreme values by linear and whole-number programmes, few of them.
Does not belong here: bounds by propagation (propagation.py), what is published and why
(attacker.py).

How few: a bound that propagation allows and that some possible state of the table reaches is sharp,
whatever state it was. So each programme first pushes all open bounds at once, and every state found
settles all the bounds it reaches. Source: Gleixner et al., Three enhancements for
optimization-based bound tightening (2017).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from exports.disclosure.propagation import UnknownSystem, propagate
from exports.disclosure.rules import Requirement
from exports.disclosure.solver import Programme, Rows, compressed

# A bound is reached when a state comes this close: finer than the tolerance of the interface.
REACHED = 4e-7
SMALL = 1e-7
# States kept of a block: so many numbers at most, and so many states.
KEPT_NUMBERS, KEPT_STATES = 4_000_000, 2_000


class States:
    """Possible states of a block, the latest ones: what somebody knows as it is in one of them does
    not stop the rest of it.
    """

    def __init__(self, size: int) -> None:
        self._most = int(min(max(KEPT_NUMBERS // max(size, 1), 64), KEPT_STATES))
        self._rows = np.empty((0, size))
        self._seen = 0

    def add(self, point: np.ndarray) -> None:
        """Keep a state; the oldest one goes when there are too many."""
        place = self._seen % self._most
        if place >= len(self._rows):
            more = np.empty((min(max(2 * len(self._rows), 16), self._most), self._rows.shape[1]))
            more[: len(self._rows)] = self._rows
            self._rows = more
        self._rows[place] = point
        self._seen += 1

    def reach(self, columns: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far down and up `columns` go in states that leave `known` as they are."""
        rows = self._rows[: min(self._seen, self._most)]
        still = np.flatnonzero((np.abs(rows[:, known]) <= SMALL).all(axis=1))
        mine = rows[np.ix_(still, columns)]
        return mine.min(axis=0, initial=0.0), mine.max(axis=0, initial=0.0)


class Asked:
    """Unknowns of one block that somebody must not know too closely, and how far each was seen to
    move. `unknowns`: numbers in the system, `columns`: in the block; `values`: true values of the
    unknowns of the system.
    """

    def __init__(
        self,
        unknowns: np.ndarray,
        columns: np.ndarray,
        needs: Sequence[Requirement],
        values: np.ndarray,
    ) -> None:
        self.unknowns = unknowns
        self.columns = columns
        self.needs = needs
        self.values = values[unknowns]
        self.low = np.zeros(len(columns))
        self.high = np.zeros(len(columns))
        self.is_open = np.ones(len(columns), dtype=bool)

    def see(self, low: np.ndarray, high: np.ndarray) -> None:
        """A state, or several, in which the unknowns move by `low` (down) and `high` (up)."""
        self.low, self.high = np.minimum(self.low, low), np.maximum(self.high, high)
        for place in np.flatnonzero(self.is_open):
            self.is_open[place] = not self.needs[place].is_met(
                self.values[place] + self.low[place], self.values[place] + self.high[place]
            )


@dataclass
class Block:
    """Unknowns that hang together. `columns`: which of the system; the rest is local.

    `low`, `high`: bounds that hold; `reached_low`, `reached_high`: extremes of states found.
    `witness`: per unknown and direction, where a state that reached its bound is not 0.
    """

    columns: np.ndarray
    low: np.ndarray
    high: np.ndarray
    whole: np.ndarray
    rows: Rows
    is_tree: bool
    deadline: float | None
    keeps_witnesses: bool
    reached_low: np.ndarray = field(init=False)
    reached_high: np.ndarray = field(init=False)
    is_complete: bool = True
    witness: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)
    states: States = field(init=False)
    _linear: Programme | None = None
    _mixed: Programme | None = None

    def __post_init__(self) -> None:
        self.reached_low = np.zeros(len(self.columns))
        self.reached_high = np.zeros(len(self.columns))
        self.states = States(len(self.columns))

    @property
    def linear(self) -> Programme:
        """The programme over real numbers."""
        if self._linear is None:
            self._linear = Programme(self.low, self.high, self.rows)
        return self._linear

    @property
    def mixed(self) -> Programme:
        """The programme in which whole unknowns are whole."""
        if self._mixed is None:
            self._mixed = Programme(self.low, self.high, self.rows, whole=self.whole)
        return self._mixed

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def solve(self) -> None:
        """Make every bound sharp."""
        if self.is_tree:
            self.reached_low, self.reached_high = self.low.copy(), self.high.copy()
            return
        unbounded = self._unbounded()
        self.reached_high[unbounded] = np.inf
        if len(self.columns) > 12:
            self._push_all_at_once()
        for way in (1, -1):
            for i in range(len(self.columns)):
                if self._is_open(way)[i]:
                    if self.is_late:
                        self.is_complete = False
                        return
                    value, _ = self.extreme(i, way)
                    self._settle(i, way, value)

    def _settle(self, i: int, way: int, value: float) -> None:
        """Make a bound what was proven of it."""
        if way > 0:
            self.high[i] = self.reached_high[i] = max(value, 0.0)
        else:
            self.low[i] = self.reached_low[i] = min(-value, 0.0)

    def _is_open(self, way: int) -> np.ndarray:
        if way > 0:
            return self.reached_high < self.high - REACHED
        return self.reached_low > self.low + REACHED

    def _push_all_at_once(self) -> None:
        for way in (1, -1):
            for _ in range(60):
                open_now = self._is_open(way) & np.isfinite(self.high if way > 0 else self.low)
                columns = np.flatnonzero(open_now)
                if len(columns) < 4 or self.is_late:
                    break
                self.linear.set_objective(columns, np.full(len(columns), float(way)))
                answer = self.linear.maximise()
                if answer.point is None or not self._note(answer.point):
                    break
                settled = len(columns) - np.count_nonzero(self._is_open(way)[columns])
                if settled < max(2, len(columns) // 50):
                    break

    def _note(self, point: np.ndarray) -> bool:
        """Remember how far a state reaches, if it is one (whole where it must be)."""
        if not self._is_state(point):
            return False
        if self.keeps_witnesses:
            self.states.add(point)
            support = None
            for way, reached, bound in (
                (1, point > self.reached_high + 1e-9, self.high),
                (-1, point < self.reached_low - 1e-9, self.low),
            ):
                for i in np.flatnonzero(reached & np.isfinite(bound)):
                    support = support or frozenset(np.flatnonzero(np.abs(point) > SMALL).tolist())
                    self.witness[int(i), way] = support
        self.reached_high = np.maximum(self.reached_high, np.minimum(point, self.high))
        self.reached_low = np.minimum(self.reached_low, np.maximum(point, self.low))
        return True

    def _is_state(self, point: np.ndarray) -> bool:
        mine = point[self.whole]
        return not len(mine) or bool(np.abs(mine - mine.round()).max() <= 1e-6)

    def extreme(self, i: int, way: int, *, note: bool = True) -> tuple[float, np.ndarray | None]:
        """How far unknown `i` can go up (`way` 1) or down (-1), and the state that does it."""
        self.linear.set_objective(np.array([i]), np.array([float(way)]))
        answer = self.linear.maximise()
        if answer.value == np.inf:
            return np.inf, None
        if answer.point is None or not answer.is_optimal:
            # The solver gave up: nothing is claimed beyond what states found so far reach.
            self.is_complete = False
            return float(self.reached_high[i] if way > 0 else -self.reached_low[i]), None
        if self._is_state(answer.point):
            if note:
                self._note(answer.point)
            value = round(answer.value) if self.whole[i] else answer.value
            return float(value), answer.point
        return self._whole_extreme(i, way, note)

    def _whole_extreme(self, i: int, way: int, note: bool) -> tuple[float, np.ndarray | None]:
        self.mixed.set_objective(np.array([i]), np.array([float(way)]))
        left = None if self.deadline is None else max(self.deadline - time.monotonic(), 0.1)
        answer = self.mixed.maximise(left)
        if answer.value is None or not answer.is_optimal:
            self.is_complete = False
        if answer.point is None:
            return 0.0, None
        point = np.where(self.whole, answer.point.round(), answer.point)
        if note:
            self._note(point)
        return float(answer.value), point

    def _unbounded(self) -> np.ndarray:
        """Which unknowns can grow without end: those some ray of the block moves."""
        free = np.flatnonzero(np.isinf(self.high))
        if not len(free):
            return np.zeros(len(self.columns), dtype=bool)
        # Each free column twice: a first unit of growth, which counts, and the rest.
        size = len(self.columns)
        twin = np.full(size, -1)
        twin[free] = size + np.arange(len(free))
        row = np.repeat(np.arange(len(self.rows)), np.diff(self.rows.start))
        again = twin[self.rows.column] >= 0
        rows = np.concatenate([row, row[again]])
        columns = np.concatenate([self.rows.column, twin[self.rows.column[again]]])
        factors = np.concatenate([self.rows.factor, self.rows.factor[again]])
        homogeneous = Rows(
            *compressed(rows, columns, factors, len(self.rows)),
            low=np.where(np.isfinite(self.rows.low), 0.0, -np.inf),
            high=np.where(np.isfinite(self.rows.high), 0.0, np.inf),
        )
        top = np.zeros(size + len(free))
        top[free] = 1.0
        top[size:] = np.inf
        programme = Programme(np.zeros(size + len(free)), top, homogeneous)
        programme.set_objective(free, np.ones(len(free)))
        point = programme.maximise().point
        found = np.zeros(size, dtype=bool)
        found[free] = point[free] > 0.5
        return found

    def against(self, known: np.ndarray, asked: Asked) -> dict[int, tuple[float, float]]:
        """What of `asked` fails once the columns `known` are known, with its interval. Most of it
        is answered by states found before, against somebody else; then by pushing the rest at once.
        """
        asked.see(*self.states.reach(asked.columns, known))
        if not asked.is_open.any():
            return {}
        _ = self.linear
        if self.whole.any():
            _ = self.mixed
        self.fix(known)
        self._push_asked(asked)
        found = {}
        for place in range(len(asked.columns)):
            if not asked.is_open[place]:
                continue
            column = int(asked.columns[place])
            high, up = self.extreme(column, 1, note=False)
            low, down = self.extreme(column, -1, note=False)
            if asked.needs[place].is_met(asked.values[place] - low, asked.values[place] + high):
                for point in (up, down):
                    if point is not None:
                        self._show(point, asked)
            else:
                found[int(asked.unknowns[place])] = (-low, high)
        self.release(known)
        return found

    def _push_asked(self, asked: Asked) -> None:
        """Move everything that is still open at once, as long as that answers some of it."""
        bounded = np.isfinite(self.high[asked.columns]) & np.isfinite(self.low[asked.columns])
        for _ in range(20):
            before = np.count_nonzero(asked.is_open)
            for way in (1.0, -1.0):
                columns = asked.columns[asked.is_open & bounded]
                if len(columns) < 4:
                    return
                self.linear.set_objective(columns, np.full(len(columns), way))
                point = self.linear.maximise().point
                if point is None or not self._is_state(point):
                    return
                self._show(point, asked)
            if before - np.count_nonzero(asked.is_open) < max(2, before // 20):
                return

    def _show(self, point: np.ndarray, asked: Asked) -> None:
        self.states.add(point)
        mine = point[asked.columns]
        asked.see(np.minimum(mine, 0.0), np.maximum(mine, 0.0))

    def fix(self, columns: np.ndarray) -> None:
        """Let somebody know these unknowns."""
        zeros = np.zeros(len(columns))
        for programme in (self._linear, self._mixed):
            if programme is not None:
                programme.set_bounds(columns, zeros, zeros)

    def release(self, columns: np.ndarray) -> None:
        """Undo `fix`."""
        for programme in (self._linear, self._mixed):
            if programme is not None:
                programme.set_bounds(columns, self.low[columns], self.high[columns])


class Extremes:
    """Intervals of all unknowns of a system, and of some against somebody who knows more.

    `component`: block number per unknown, -1 for one that is worked out to the last digit.
    """

    def __init__(
        self, system: UnknownSystem, deadline: float | None, *, keeps_witnesses: bool = False
    ) -> None:
        self.system = system
        self.low, self.high, converged = propagate(system)
        self.component = np.full(len(system.cells), -1)
        self.place = np.zeros(len(system.cells), dtype=np.int64)
        self.blocks = self._split(converged, deadline, keeps_witnesses)

    @property
    def is_complete(self) -> bool:
        """Whether every interval is sharp."""
        return all(block.is_complete for block in self.blocks)

    def solve(self) -> tuple[np.ndarray, np.ndarray]:
        """Sharpest deviations down and up of every unknown."""
        for block in sorted(self.blocks, key=lambda block: len(block.columns)):
            block.solve()
            self.low[block.columns] = block.reached_low
            self.high[block.columns] = block.reached_high
        return self.low, self.high

    def _split(self, converged: bool, deadline: float | None, keeps: bool) -> list[Block]:
        system = self.system
        free = self.high - self.low > SMALL
        entry = free[system.column]
        row, column, factor = system.row[entry], system.column[entry], system.factor[entry]
        label = _components(len(free), len(system.row_low), row, column)
        numbers = np.unique(label[free])
        self.component[free] = np.searchsorted(numbers, label[free])
        blocks = []
        by_block = np.argsort(self.component[column], kind="stable")
        of_entry = self.component[column][by_block]
        first = np.searchsorted(of_entry, np.arange(len(numbers) + 1))
        of_column = np.argsort(self.component, kind="stable")
        start = np.searchsorted(self.component[of_column], np.arange(len(numbers) + 1))
        for number in range(len(numbers)):
            columns = of_column[start[number] : start[number + 1]]
            self.place[columns] = np.arange(len(columns))
            mine = by_block[first[number] : first[number + 1]]
            used, local = np.unique(row[mine], return_inverse=True)
            unit = np.all(np.abs(np.abs(factor[mine]) - 1) < 1e-12)
            whole = system.whole[columns]
            blocks.append(
                Block(
                    columns,
                    self.low[columns].copy(),
                    self.high[columns].copy(),
                    whole,
                    Rows(
                        *compressed(local, self.place[column[mine]], factor[mine], len(used)),
                        low=system.row_low[used],
                        high=system.row_high[used],
                    ),
                    is_tree=converged
                    and len(mine) == len(columns) + len(used) - 1
                    and bool(unit or not whole.any()),
                    deadline=deadline,
                    keeps_witnesses=keeps,
                )
            )
        return blocks

    def against(
        self, known: list[int], needs: Mapping[int, Requirement], values: np.ndarray
    ) -> dict[int, tuple[float, float]]:
        """Unknowns of `needs` whose requirement fails once the unknowns `known` are known, with
        their intervals (deviations). `values`: true values of the unknowns.
        """
        found = {}
        for number in sorted({int(self.component[i]) for i in known} - {-1}):
            block = self.blocks[number]
            columns = np.array([self.place[i] for i in known if self.component[i] == number])
            inside = columns.tolist()
            targets = [
                i
                for i in np.flatnonzero(self.component == number).tolist()
                if i in needs and (block.is_tree or not self._is_avoided(block, i, inside))
            ]
            if targets:
                asked = Asked(
                    np.array(targets), self.place[targets], [needs[i] for i in targets], values
                )
                found |= block.against(columns, asked)
        return found

    def _is_avoided(self, block: Block, i: int, known: list[int]) -> bool:
        """Whether states that reach both bounds of `i` leave the known unknowns as they are."""
        local = int(self.place[i])
        for way, bound in ((1, block.reached_high[local]), (-1, block.reached_low[local])):
            if abs(bound) <= REACHED:
                continue
            support = block.witness.get((local, way))
            if support is None or not support.isdisjoint(known):
                return False
        return True


def _components(columns: int, rows: int, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Label of each column: columns that share a row, directly or not, have the same one."""
    label = np.arange(columns + rows)
    while True:
        lowest = np.minimum(label[column], label[columns + row])
        new = label.copy()
        np.minimum.at(new, column, lowest)
        np.minimum.at(new, columns + row, lowest)
        new = new[new]
        if np.array_equal(new, label):
            return label[:columns]
        label = new
