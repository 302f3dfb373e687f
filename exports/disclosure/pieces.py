"""The suppressor's own model: cells that are or may be hidden, split into independent pieces.

Belongs here: how far a target can move under a pattern, and the cut that a pattern which holds it
too tightly breaks. Does not belong here: the attacker (attacker.py shares none of this code), the
choice of a pattern (repair.py, master.py).

Source of the cuts: Fischetti and Salazar-González, Solving the cell suppression problem on tabular
data with linear constraints (Management Science 47, 2001).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from exports.disclosure.request import Request
from exports.disclosure.solver import Programme, Rows, compressed
from exports.disclosure.table import TOLERANCE


@dataclass(frozen=True)
class Target:
    """An unsafe cell (local number) that must be able to move `up`, `down` and `width` in all,
    while the cells `banned` stay: what an insider knows.
    """

    cell: int
    up: float
    down: float
    width: float
    banned: frozenset[int] = frozenset()

    def lacks(self, high: float, low: float) -> bool:
        """Whether movements up by `high` and down by `low` are not enough."""
        return (
            high < self.up - TOLERANCE
            or low < self.down - TOLERANCE
            or high + low < self.width - TOLERANCE
            or high + low <= TOLERANCE
        )


@dataclass(frozen=True)
class Cut:
    """Any protected pattern has: sum of `factors` over its hidden `cells` >= 1."""

    cells: np.ndarray
    factors: np.ndarray

    def activity(self, pattern: np.ndarray) -> float:
        return float(self.factors @ pattern[self.cells])


def clean(move: np.ndarray) -> np.ndarray:
    """A movement without the dust of the solver."""
    return np.where(np.abs(move) < 1e-7, 0.0, move)


def ranges(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The numbers start[0] .. end[0] - 1, start[1] .. end[1] - 1 and so on, end to end."""
    counts = end - start
    before = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(start - before, counts)


@dataclass(eq=False)
class Piece:
    """Free cells that hang together. `cells`: positions in the table; all else is local.

    `fixed`: hidden from the start; the others are optional. `relations`: numbers of the relations
    that are the rows. `cuts` grows while the piece is worked on and stays valid.
    """

    request: Request
    cells: np.ndarray
    fixed: np.ndarray
    relations: tuple[int, ...]
    rows: Rows
    targets: list[Target]
    cuts: list[Cut] = field(default_factory=list)
    moved: np.ndarray = field(init=False, repr=False)

    @property
    def size(self) -> int:
        return len(self.cells)

    @cached_property
    def down(self) -> np.ndarray:
        """How far each cell could lie below its value if it were hidden."""
        values = self.request.table.values[self.cells]
        return np.minimum(values - self.request.table.low[self.cells], self._far).clip(0)

    @cached_property
    def up(self) -> np.ndarray:
        """How far each cell could lie above its value if it were hidden."""
        values = self.request.table.values[self.cells]
        return np.minimum(self.request.table.high[self.cells] - values, self._far).clip(0)

    @cached_property
    def _far(self) -> float:
        """In place of infinity: further than any requirement can need."""
        values = np.abs(self.request.table.values[self.cells])
        needs = [max(t.up, t.down, t.width) for t in self.targets]
        return max(1e4, 10 * float(values.max()), 100 * max(needs, default=0.0))

    @cached_property
    def weights(self) -> np.ndarray:
        return self.request.weights[self.cells]

    @cached_property
    def entry_row(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.rows)), np.diff(self.rows.start))

    @cached_property
    def degree(self) -> np.ndarray:
        """How many rows hold each cell."""
        return np.bincount(self.rows.column, minlength=self.size)

    @cached_property
    def row_lists(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows that hold each cell: where each list starts, and all lists end to end."""
        order = np.argsort(self.rows.column, kind="stable")
        return np.concatenate([[0], np.cumsum(self.degree)]), self.entry_row[order]

    @cached_property
    def rows_of(self) -> list[np.ndarray]:
        """Rows that hold each cell."""
        start, held = self.row_lists
        return np.split(held, start[1:-1])

    def entries(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Entries of some rows, and for each its place in `rows`."""
        start, end = self.rows.start[rows], self.rows.start[rows + 1]
        return ranges(start, end), np.repeat(np.arange(len(rows)), end - start)

    @cached_property
    def programme(self) -> Programme:
        return Programme(-self.down, self.up, self.rows, changes_bounds=False)

    def open(self, pattern: np.ndarray, banned: frozenset[int] = frozenset()) -> None:
        """Let each cell move as far as `pattern` (0 to 1 each) hides it."""
        if banned:
            pattern = pattern.copy()
            pattern[sorted(banned)] = 0.0
        self.programme.set_bounds(
            np.arange(self.size, dtype=np.int32), -self.down * pattern, self.up * pattern
        )

    def ceiling(self, target: Target, way: int) -> float:
        """No pattern lets `target` move further than this: what each of its rows alone allows when
        everything but `banned` is hidden.
        """
        cell = target.cell
        up, down = self.up, self.down
        found = float(up[cell] if way > 0 else down[cell])
        for row in self.rows_of[cell]:
            entries = slice(self.rows.start[row], self.rows.start[row + 1])
            column, factor = self.rows.column[entries], self.rows.factor[entries]
            mine = factor[column == cell][0] * way
            # Whatever moves with the target makes the row heavier; the others must make up for it.
            room = np.where(factor * mine > 0, down[column], up[column])
            room[(column == cell) | np.isin(column, list(target.banned))] = 0.0
            found = min(found, float(room.sum()))
        return found

    def extent(self, cell: int, way: int) -> tuple[float, np.ndarray]:
        """How far a cell can move (1: up, -1: down) under the open pattern, and the weights r with
        way * d(cell) = r . d for every d that fulfils the rows: the reason why no further. The
        movement itself stays in `moved`.
        """
        self.programme.set_objective(np.array([cell]), np.array([float(way)]))
        answer = self.programme.maximise()
        self.moved = clean(answer.point) if answer.point is not None else np.zeros(self.size)
        own = np.zeros(self.size)
        own[cell] = way
        if answer.duals is None:
            return (math.inf if answer.value is None else answer.value), own
        pull = self.rows.factor * answer.duals[self.entry_row]
        reason = own - np.bincount(self.rows.column, pull, self.size)
        reason[np.abs(reason) < 1e-9] = 0.0
        return max(float(answer.value), 0.0), reason

    def shortfall(self, target: Target, pattern: np.ndarray) -> list[Cut]:
        """Cuts that `pattern`, open now, breaks because of `target`."""
        high, why_high = self.extent(target.cell, 1)
        low, why_low = self.extent(target.cell, -1)
        up = self._reach(why_high, target)
        down = self._reach(why_low, target)
        found = []
        if target.up > TOLERANCE and high < target.up - TOLERANCE:
            found.append(self._cut(up, target.up))
        if target.down > TOLERANCE and low < target.down - TOLERANCE:
            found.append(self._cut(down, target.down))
        if target.width > TOLERANCE and high + low < target.width - TOLERANCE:
            found.append(self._cut(up + down, target.width))
        cover = self._cover(up + down)
        if cover is not None and cover.activity(pattern) < 1 - 1e-4:
            found.append(cover)
        return [cut for cut in found if cut is not None and cut.activity(pattern) < 1 - 1e-6]

    def _reach(self, reason: np.ndarray, target: Target) -> np.ndarray:
        """What each cell, hidden, would add at most to the movement."""
        reach = np.where(reason > 0, reason * self.up, -reason * self.down)
        reach[sorted(target.banned)] = 0.0
        return reach

    def _cut(self, reach: np.ndarray, need: float) -> Cut | None:
        left = need - float(reach[self.fixed].sum())
        if left <= 1e-7:
            return None
        cells = np.flatnonzero((reach > 1e-9) & ~self.fixed)
        return Cut(cells, np.minimum(reach[cells] / left, 1.0))

    def _cover(self, reach: np.ndarray) -> Cut | None:
        if (reach[self.fixed] > 1e-9).any():
            return None
        cells = np.flatnonzero(reach > 1e-9)
        return Cut(cells, np.ones(len(cells)))

    def broken(self, target: Target, pattern: np.ndarray) -> bool:
        """Whether `pattern` holds `target` too tightly."""
        self.open(pattern, target.banned)
        return target.lacks(self.extent(target.cell, 1)[0], self.extent(target.cell, -1)[0])

    def relations_of(self, cell: int) -> tuple[int, ...]:
        return self.request.table.relations_of[int(self.cells[cell])]

    def target(self, cell: int, banned: Iterable[int] = ()) -> Target:
        """The target of an unsafe cell (position in the table) against somebody who knows `banned`
        (positions in the table).
        """
        need = self.request.unsafe[cell]
        value = float(self.request.table.values[cell])
        up = 0.0 if need.high is None else max(need.high - value, 0.0)
        down = 0.0 if need.low is None else max(value - need.low, 0.0)
        width = need.width
        if self.request.table.whole[cell]:
            up, down = (math.ceil(x - TOLERANCE) for x in (up, down))
            width = max(math.ceil(width - TOLERANCE), 1.0)
        inside = np.flatnonzero(np.isin(self.cells, list(banned)))
        local = int(np.searchsorted(self.cells, cell))
        return Target(local, up, down, width, frozenset(inside.tolist()))


def split(request: Request) -> list[Piece]:
    """Independent pieces that hold at least one unsafe cell, smallest first."""
    table = request.table
    fixed = np.zeros(len(table), dtype=bool)
    fixed[sorted(request.unsafe.keys() | request.suppressed)] = True
    free = fixed.copy()
    free[sorted(request.may_be_secondary)] = True
    lead = np.arange(len(table))

    def leader(cell: int) -> int:
        while lead[cell] != cell:
            lead[cell] = lead[lead[cell]]
            cell = lead[cell]
        return cell

    inside = [[cell for cell in relation.cells if free[cell]] for relation in table.relations]
    for cells in inside:
        for cell in cells[1:]:
            a, b = leader(cells[0]), leader(cell)
            lead[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for cell in np.flatnonzero(free):
        groups.setdefault(leader(int(cell)), []).append(int(cell))
    rows_of: dict[int, list[int]] = {}
    for number, cells in enumerate(inside):
        if cells:
            rows_of.setdefault(leader(cells[0]), []).append(number)
    pieces = []
    for lead_cell, cells in groups.items():
        if not any(cell in request.unsafe for cell in cells):
            continue
        cells = np.array(sorted(cells))
        numbers = rows_of.get(lead_cell, [])
        row, column, factor = [], [], []
        for r, number in enumerate(numbers):
            relation = table.relations[number]
            for cell in inside[number]:
                row.append(r)
                column.append(cell)
                factor.append(-1.0 if cell == relation.total else 1.0)
        local = np.searchsorted(cells, np.array(column, dtype=int))
        zeros = np.zeros(len(numbers))
        rows = Rows(
            *compressed(np.array(row, dtype=int), local, np.array(factor), len(numbers)),
            low=zeros,
            high=zeros,
        )
        piece = Piece(request, cells, fixed[cells], tuple(numbers), rows, [])
        piece.targets = [piece.target(int(cell)) for cell in cells if int(cell) in request.unsafe]
        pieces.append(piece)
    return sorted(pieces, key=lambda piece: (piece.size, piece.cells[0]))
