"""The exact way: a mixed-integer programme over hidden or not, with the attacker's cuts.

Belongs here: the cheapest pattern of one piece in the order of the interface (number of secondary
cells, their value, changes against the last delivery, names), each stage proven or bounded. Does
not belong here: how a cut is found (pieces.py), a first pattern (repair.py).

Source: Fischetti and Salazar-González (2001). A secondary cell that is alone in some relation is
worked out at once and so protects nobody; that no cheapest pattern has such a cell gives the
first, cheap inequalities.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from exports.disclosure.pieces import Cut, Piece
from exports.disclosure.repair import Reach, Repairer
from exports.disclosure.rules import Frequency
from exports.disclosure.solver import Programme, Rows

# More names than this are not put in order by one programme: their weights would lose digits.
NAMES_AT_ONCE = 12


@dataclass
class Optimum:
    """Best pattern of a piece (a mask of its cells); `bound`: no protected pattern has fewer
    secondary cells; `is_optimal`: proven best in number and value, and in order after that.
    """

    hidden: np.ndarray
    bound: int
    is_optimal: bool


class Master:
    """Optimises one piece from a protected pattern."""

    def __init__(self, piece: Piece, hidden: np.ndarray, deadline: float) -> None:
        self.piece = piece
        self.best = hidden.copy()
        self.deadline = deadline
        self.repairer = Repairer(piece)
        self.optional = np.flatnonzero(~piece.fixed)
        self.column = np.full(piece.size, -1)
        self.column[self.optional] = np.arange(len(self.optional))
        no_rows = Rows(
            np.zeros(1, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0), np.empty(0)
        )
        size = len(self.optional)
        self.programme = Programme(
            np.zeros(size), np.ones(size), no_rows, whole=np.ones(size, dtype=bool)
        )
        self._added = 0
        self._bridged: set[tuple[int, int]] = set()
        self._stage_rows: list[tuple[np.ndarray, np.ndarray, float, float]] = []
        self._group_rows()

    # --- the stages ---------------------------------------------------------------------------

    def optimise(self) -> Optimum:
        """Run the stages as far as time goes."""
        bound = 0
        if not len(self.optional):
            return Optimum(self.best, 0, True)
        ones = np.ones(len(self.optional))
        bound = self._root(ones)
        if bound < self._count():
            bound = self._stage(ones, first=True, bound=bound)
        if bound < self._count():
            return Optimum(self.best, bound, False)
        self._hold(ones, self._count(), self._count())
        weights = self.piece.weights[self.optional]
        if not self._finish(weights):
            return Optimum(self.best, bound, False)
        last = self.piece.request.last_suppressed
        if last is not None:
            stays = np.isin(self.piece.cells[self.optional], sorted(last))
            if not self._finish(np.where(stays, -1.0, 1.0)):
                return Optimum(self.best, bound, False)
        is_ordered = self._by_names()
        return Optimum(self.best, bound, is_ordered)

    def _finish(self, costs: np.ndarray) -> bool:
        """One stage to its proof; then its value is kept in the following ones."""
        scale = max(float(np.abs(costs).max()), 1e-9)
        costs = costs / scale
        found = self._stage(costs, first=False, bound=-np.inf)
        value = float(costs @ self._chosen())
        if found < value - 1e-7:
            return False
        self._hold(costs, -np.inf, value + 1e-7)
        return True

    def _by_names(self) -> bool:
        """Among equally good patterns, the one whose sorted names come first."""
        if self._is_only_one():
            return True
        for start in range(0, len(self.optional), NAMES_AT_ONCE):
            chunk = np.arange(start, min(start + NAMES_AT_ONCE, len(self.optional)))
            costs = np.zeros(len(self.optional))
            costs[chunk] = -(2.0 ** -np.arange(len(chunk)))
            found = self._stage(costs, first=False, bound=-np.inf)
            if found < float(costs @ self._chosen()) - 1e-7:
                return False
            mine = self._chosen()[chunk]
            self.programme.set_bounds(chunk, mine, mine)
            if self._chosen()[: start + len(chunk)].sum() == self._count():
                break
        return True

    def _is_only_one(self) -> bool:
        """Whether no other pattern is as good; a better-named one found on the way is kept."""
        mine = self._chosen()
        place = len(self._stage_rows)
        self._add(np.arange(len(mine)), np.where(mine > 0.5, 1.0, 0.0), -np.inf, mine.sum() - 1)
        only = self._search(np.zeros(len(mine)))
        del self._stage_rows[place]
        self._rebuild()
        return only

    def _search(self, costs: np.ndarray) -> bool:
        """Look for any other protected pattern under the present rows; True: there is none."""
        while time.monotonic() < self.deadline:
            self._pull()
            self.programme.set_objective(np.arange(len(costs)), costs)
            answer = self.programme.minimise(self.deadline - time.monotonic())
            if answer.bound == np.inf:
                return True
            if answer.point is None:
                return False
            pattern = self._pattern(answer.point.round())
            if not self._separate(pattern):
                return False
        return False

    # --- one stage ----------------------------------------------------------------------------

    def _root(self, costs: np.ndarray) -> int:
        """Cuts on the linear relaxation: a bound, and a good start."""
        self.programme.set_integer_columns(False)
        bound, last = 0.0, -1.0
        self.programme.set_objective(np.arange(len(costs)), costs)
        for _ in range(60):
            if time.monotonic() > self.deadline:
                break
            self._pull()
            answer = self.programme.minimise(self.deadline - time.monotonic())
            if not answer.is_optimal:
                break
            bound = answer.value
            pattern = self._pattern(answer.point)
            added = self._bridge(pattern)
            if not added or bound < last + 0.01:
                added += self._separate(pattern, fractional=True)
            if not added or (bound < last + 1e-3 and last > 0):
                break
            last = bound
        self.programme.set_integer_columns(True)
        return int(np.ceil(bound - 1e-6))

    def _stage(self, costs: np.ndarray, *, first: bool, bound: float) -> float:
        """Solve, attack, cut, until a protected pattern is proven best or time is up. Returns the
        bound. `first`: costs count cells, so less than one cell of gap is none.
        """
        while time.monotonic() < self.deadline:
            self._pull()
            self.programme.set_objective(np.arange(len(costs)), costs)
            answer = self.programme.minimise(
                self.deadline - time.monotonic(), self._chosen(), 0.99 if first else 1e-9
            )
            proven = np.ceil(answer.bound - 1e-6) if first else answer.bound
            bound = max(bound, proven)
            best = float(costs @ self._chosen())
            if bound >= best - 1e-7 or answer.point is None:
                return bound
            point = answer.point.round()
            pattern = self._pattern(point)
            broken = self._bridge(pattern) + self._separate(pattern)
            if not broken:
                if float(costs @ point) < best - 1e-9:
                    self.best = pattern > 0.5
                if answer.is_optimal and not first:
                    return max(bound, float(costs @ self._chosen()))
                continue
            if first:
                self._improve(pattern > 0.5, costs)
                if bound >= self._count() - 1e-7:
                    return bound
        return bound

    def _improve(self, start: np.ndarray, costs: np.ndarray) -> None:
        """Repair a pattern that is too thin; keep it when it is better than the best."""
        hidden = start.copy()
        if self.repairer.protect(hidden, self.piece.targets):
            return
        if self.repairer.join_groups(hidden) or self._fails_cuts(hidden):
            return
        if hidden.sum() <= self.best.sum() + 3:
            self.repairer.take_back(hidden, self.deadline, 2000)
        pattern = hidden.astype(float)
        if float(costs @ pattern[self.optional]) < float(
            costs @ self._chosen()
        ) - 1e-9 and not self._separate(pattern):
            self.best = hidden

    def _fails_cuts(self, hidden: np.ndarray) -> bool:
        pattern = hidden.astype(float)
        return any(cut.activity(pattern) < 1 - 1e-6 for cut in self.piece.cuts)

    # --- rows ---------------------------------------------------------------------------------

    def _separate(self, pattern: np.ndarray, fractional: bool = False) -> int:
        """Add the cuts that a pattern breaks; their number."""
        piece = self.piece
        before = len(piece.cuts)
        new: list[Cut] = []
        for is_inside in (False, True):
            group = [target for target in piece.targets if bool(target.banned) == is_inside]
            if not group:
                continue
            reach = Reach(piece, group)
            reach.push(pattern, alone=False)
            lacking = set(reach.lacking().tolist())
            opened = None
            for t, target in enumerate(group):
                # A fractional pattern can leave room and yet break a cover: always look there.
                if t not in lacking and not (fractional and target.width <= 1):
                    continue
                if fractional and len(new) > 400:
                    break
                if opened != target.banned:
                    piece.open(pattern, target.banned)
                    opened = target.banned
                new.extend(piece.shortfall(target, pattern))
            if new:
                break
        seen = set()
        for cut in new:
            key = (cut.cells.tobytes(), cut.factors.round(9).tobytes())
            if key not in seen:
                seen.add(key)
                piece.cuts.append(cut)
        added = len(piece.cuts) - before
        if not added and not fractional:
            added = self._cut_groups(pattern > 0.5)
        return added

    def _pull(self) -> None:
        """Hand the piece's new cuts to the programme."""
        for cut in self.piece.cuts[self._added :]:
            self.programme.add_row(self.column[cut.cells], cut.factors, 1.0, np.inf)
        self._added = len(self.piece.cuts)

    def _bridge(self, pattern: np.ndarray) -> int:
        """A hidden cell is not alone in any relation: z(j) <= sum of the others of its relation."""
        piece = self.piece
        if piece.request.group is not None:
            # There a cell may be hidden for its value alone.
            return 0
        sums = np.bincount(piece.entry_row, pattern[piece.rows.column], len(piece.rows))
        alone = np.flatnonzero(
            (2 * pattern[piece.rows.column] > sums[piece.entry_row] + 1e-4)
            & ~piece.fixed[piece.rows.column]
        )
        added = 0
        for entry in alone:
            row, cell = int(piece.entry_row[entry]), int(piece.rows.column[entry])
            others = piece.rows.column[piece.rows.start[row] : piece.rows.start[row + 1]]
            others = others[others != cell]
            if piece.fixed[others].any() or (row, cell) in self._bridged:
                continue
            self._bridged.add((row, cell))
            columns = np.concatenate([self.column[others], [self.column[cell]]])
            factors = np.concatenate([np.ones(len(others)), [-1.0]])
            self.programme.add_row(columns, factors, 0.0, np.inf)
            added += 1
        return added

    def _group_rows(self) -> None:
        """The group rule, where it asks for a sum, is one row per relation."""
        request = self.piece.request
        rule = request.group
        if rule is None or not rule.is_sum:
            return
        least = rule.least
        by_value = least is not None
        if not by_value:
            least = max((r.threshold for r in rule.rules if isinstance(r, Frequency)), default=None)
        if least is None:
            return
        for number in self.piece.relations:
            relation = request.table.relations[number]
            if not any(part in request.unsafe for part in relation.parts):
                continue
            total = int(np.searchsorted(self.piece.cells, relation.total))
            has_total = total < self.piece.size and self.piece.cells[total] == relation.total
            if has_total and self.piece.fixed[total]:
                continue
            left, cells, factors = float(least), [], []
            for part in relation.parts:
                i = int(np.searchsorted(self.piece.cells, part))
                if i >= self.piece.size or self.piece.cells[i] != part:
                    continue
                amount = float(request.table.values[part]) if by_value else request.count(part)
                if self.piece.fixed[i]:
                    left -= amount
                else:
                    cells.append(i)
                    factors.append(amount)
            if left <= 1e-6:
                continue
            scaled = [min(max(f, 0.0) / left, 1.0) for f in factors]
            if has_total:
                cells.append(total)
                scaled.append(1.0)
            self.piece.cuts.append(Cut(np.array(cells, dtype=int), np.array(scaled)))

    def _cut_groups(self, hidden: np.ndarray) -> int:
        """Where pooled contributions decide, exclude the very group that failed."""
        added = 0
        for number in self.repairer.fails_group(hidden):
            relation = self.piece.request.table.relations[number]
            columns, factors, least = [], [], 1.0
            for cell in relation.cells:
                i = int(np.searchsorted(self.piece.cells, cell))
                if i >= self.piece.size or self.piece.cells[i] != cell or self.piece.fixed[i]:
                    continue
                columns.append(int(self.column[i]))
                factors.append(-1.0 if hidden[i] else 1.0)
                least -= 1.0 if hidden[i] else 0.0
            self._add(np.array(columns, dtype=int), np.array(factors), least, np.inf)
            added += 1
        return added

    def _hold(self, costs: np.ndarray, low: float, high: float) -> None:
        self._add(np.arange(len(costs)), costs, low, high)

    def _add(self, columns, factors, low: float, high: float) -> None:
        self._stage_rows.append((columns, factors, low, high))
        self.programme.add_row(columns, factors, low, high)

    def _rebuild(self) -> None:
        """Set the rows up anew after one was taken back."""
        self.programme.drop_rows_from(0)
        self._added = 0
        self._bridged.clear()
        for row in self._stage_rows:
            self.programme.add_row(*row)
        self._pull()

    def _count(self) -> int:
        return int(self.best.sum() - self.piece.fixed.sum())

    def _chosen(self) -> np.ndarray:
        return self.best[self.optional].astype(float)

    def _pattern(self, point: np.ndarray) -> np.ndarray:
        pattern = self.piece.fixed.astype(float)
        pattern[self.optional] = point.clip(0.0, 1.0)
        return pattern
