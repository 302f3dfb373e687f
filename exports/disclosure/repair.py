"""The fast way: protect one target after another as cheaply as possible, then take back what turned
out not to be needed. Deterministic, and it always ends protected.

Belongs here: the cheapest movement that gives a target its room, searched near the cell first; the
group rule; taking back. Does not belong here: any proof that nothing cheaper exists (master.py).

Idea: the linear relaxation of protecting one cell is a cheapest flow through the relations; the
cells it runs through are hidden (Kelly, Golden and Assad 1992 for two dimensions).
"""

from __future__ import annotations

import time

import numpy as np

from exports.disclosure.pieces import Piece, Target, clean, ranges
from exports.disclosure.solver import Programme, Rows, compressed
from exports.disclosure.table import TOLERANCE

# Up to this many free cells a search looks at the whole piece at once.
NEAR = 1500
FAR = 6000


class Neighbourhood:
    """Cheapest movements inside some cells and rows of a piece. Each cell has two columns, up and
    down, so that a cost can be put on moving at all.
    """

    def __init__(self, piece: Piece, rows: np.ndarray) -> None:
        self.piece = piece
        entries, number = piece.entries(rows)
        columns, place, counts = np.unique(
            piece.rows.column[entries], return_inverse=True, return_counts=True
        )
        # A cell may move only if every relation that holds it is watched here.
        inside = counts == piece.degree[columns]
        self.cells = columns[inside]
        keep = inside[place]
        column = (np.cumsum(inside) - 1)[place[keep]]
        number, factor = number[keep], piece.rows.factor[entries[keep]]
        self.size = len(self.cells)
        cells = self.cells
        self.top = np.concatenate([piece.up[cells], piece.down[cells]])
        zeros = np.zeros(len(rows))
        self.programme = Programme(
            np.zeros(2 * self.size),
            self.top,
            Rows(
                *compressed(
                    np.concatenate([number, number]),
                    np.concatenate([column, column + self.size]),
                    np.concatenate([factor, -factor]),
                    len(rows),
                ),
                low=zeros,
                high=zeros,
            ),
            changes_bounds=True,
        )

    def cheapest(
        self, target: Target, way: int, need: float, hidden: np.ndarray
    ) -> np.ndarray | None:
        """Movement that takes `target` `need` up (or down), hiding as little more as it can; in
        numbers of the piece. None: not possible here.
        """
        piece, size = self.piece, self.size
        i = self._place(target.cell)
        if i is None:
            return None
        mine = i if way > 0 else i + size
        if self.top[mine] < need - 1e-9:
            return None
        other = i + size if way > 0 else i
        banned = [b for b in map(self._place, sorted(target.banned)) if b is not None]
        shut = np.array([other, *banned, *(b + size for b in banned)], dtype=np.int32)
        weights = piece.weights[self.cells]
        scale = 0.1 / max(float(np.abs(piece.weights).max()), 1e-9)
        price = np.where(hidden[self.cells], 1e-3, 1.0 + scale * np.maximum(weights, 0.0))
        price = np.concatenate([price, price]) / np.minimum(np.maximum(self.top, 1e-6), need)
        self.programme.set_bounds(shut, np.zeros(len(shut)), np.zeros(len(shut)))
        self.programme.set_bounds(np.array([mine]), np.array([need]), np.array([need]))
        self.programme.set_objective(np.arange(2 * size), price)
        answer = self.programme.minimise()
        self.programme.set_bounds(np.array([mine]), np.zeros(1), self.top[[mine]])
        self.programme.set_bounds(shut, np.zeros(len(shut)), self.top[shut])
        if not answer.is_optimal or answer.point is None:
            return None
        move = answer.point[:size] - answer.point[size:]
        found = np.zeros(piece.size)
        found[self.cells] = clean(move)
        return found

    def furthest(self, target: Target, way: int) -> float:
        """How far `target` moves up (or down) at least when all here but `banned` is hidden."""
        i = self._place(target.cell)
        if i is None:
            return 0.0
        size = self.size
        mine, other = (i, i + size) if way > 0 else (i + size, i)
        banned = [b for b in map(self._place, sorted(target.banned)) if b is not None]
        shut = np.array([other, *banned, *(b + size for b in banned)], dtype=np.int32)
        self.programme.set_bounds(shut, np.zeros(len(shut)), np.zeros(len(shut)))
        self.programme.set_objective(np.array([mine]), np.ones(1))
        answer = self.programme.maximise()
        self.programme.set_bounds(shut, np.zeros(len(shut)), self.top[shut])
        return float(answer.value) if answer.is_optimal and answer.point is not None else 0.0

    def _place(self, cell: int) -> int | None:
        i = int(np.searchsorted(self.cells, cell))
        return i if i < self.size and self.cells[i] == cell else None


class Repairer:
    """Protects the targets of one piece, starting from any pattern."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self._near: dict[bytes, Neighbourhood] = {}
        self._whole: Neighbourhood | None = None
        # Searches at the nearest depth, and how many of them found a movement.
        self._asked, self._found = 0, 0

    def protect(self, hidden: np.ndarray, targets: list[Target]) -> list[Target]:
        """Hide more in `hidden` until every target has its room, however long it takes: what is
        hidden does not depend on the speed of the machine. Returns the targets for which no
        pattern gives it.
        """
        lost = []
        reach = Reach(self.piece, targets)
        reach.push(hidden.astype(float), alone=self.piece.size <= NEAR)
        order = sorted(
            range(len(targets)),
            key=lambda t: (-max(targets[t].up, targets[t].down, targets[t].width), t),
        )
        for t in order:
            target = targets[t]
            if not target.lacks(reach.high[t], reach.low[t]):
                continue
            if not self._give_room(target, t, reach, hidden):
                lost.append(target)
        return lost

    def _give_room(self, target: Target, t: int, reach: Reach, hidden: np.ndarray) -> bool:
        if target.lacks(self.piece.ceiling(target, 1), self.piece.ceiling(target, -1)):
            return False
        if target.up > reach.high[t] and not self._move(target, t, 1, target.up, reach, hidden):
            return False
        if target.down > reach.low[t] and not self._move(target, t, -1, target.down, reach, hidden):
            return False
        width = max(target.width, 0.0)
        if width <= 1e-6:
            # Any movement will do; ask for one that is well above the tolerance.
            room = max(self.piece.up[target.cell], self.piece.down[target.cell])
            width = min(1.0, room)
        if reach.high[t] + reach.low[t] >= width - 1e-7 and not target.lacks(
            reach.high[t], reach.low[t]
        ):
            return True
        for way, need in self._ways(target, width):
            if self._move(target, t, way, need, reach, hidden) and not target.lacks(
                reach.high[t], reach.low[t]
            ):
                return True
        # Both directions as far as they go, in smaller and smaller asks.
        for share in (1.0, 0.5, 0.25, 0.1, 0.01):
            for way in (1, -1):
                self._move(target, t, way, width * share, reach, hidden)
                if not target.lacks(reach.high[t], reach.low[t]):
                    return True
        return self._last_resort(target, hidden)

    def _ways(self, target: Target, width: float) -> list[tuple[int, float]]:
        down = min(float(self.piece.down[target.cell]), width)
        up = min(float(self.piece.up[target.cell]), width)
        asks = [(1, width), (-1, width), (-1, down), (1, width - down), (1, up), (-1, width - up)]
        return [(way, need) for way, need in asks if need > 1e-7]

    def _last_resort(self, target: Target, hidden: np.ndarray) -> bool:
        """Everything hidden: then either it holds, or nothing does."""
        high, low = self.furthest(target, 1), self.furthest(target, -1)
        if target.lacks(high, low):
            return False
        for way, need in ((1, min(high, target.width)), (-1, min(low, target.width))):
            if need > 1e-7:
                move = self._everywhere().cheapest(target, way, need * (1 - 1e-9), hidden)
                if move is not None:
                    hidden |= move != 0
        if self.piece.broken(target, hidden.astype(float)):
            hidden[:] = True
        return True

    def furthest(self, target: Target, way: int) -> float:
        """How far `target` moves up (or down) when everything but `banned` is hidden."""
        ceiling = self.piece.ceiling(target, way)
        if ceiling <= 1e-9:
            return 0.0
        for place in self._places(target.cell):
            if place is not self._whole and place.furthest(target, way) >= ceiling - 1e-7:
                return ceiling
        self.piece.open(np.ones(self.piece.size), target.banned)
        return self.piece.extent(target.cell, way)[0]

    def _move(self, target, t: int, way: int, need: float, reach: Reach, hidden) -> bool:
        for number, place in enumerate(self._places(target.cell)):
            move = place.cheapest(target, way, need, hidden)
            if number == 0 and not self._skips_nearest:
                self._asked += 1
                self._found += move is not None
            if move is not None:
                hidden |= move != 0
                reach.note(move)
                return True
        return False

    @property
    def _skips_nearest(self) -> bool:
        return self._asked > 40 and self._found < 0.3 * self._asked

    def _places(self, cell: int):
        """Where to look: near the cell, further, everywhere."""
        if self.piece.size > NEAR:
            rows = self.piece.rows_of[cell]
            # In three dimensions nothing can move that near; after some tries start further out.
            for depth in range(3):
                wider = self._around(rows)
                if len(wider) == len(rows):
                    break
                rows = wider
                if depth == 0 and self._skips_nearest:
                    continue
                key = rows.tobytes()
                if key not in self._near:
                    if len(self._near) > 64:
                        self._near.pop(next(iter(self._near)))
                    self._near[key] = Neighbourhood(self.piece, rows)
                if self._near[key].size > FAR:
                    break
                yield self._near[key]
        yield self._everywhere()

    def _around(self, rows: np.ndarray) -> np.ndarray:
        """Rows that share a cell with `rows`, and these."""
        piece = self.piece
        cells = np.unique(piece.rows.column[piece.entries(rows)[0]])
        start, held = piece.row_lists
        return np.unique(held[ranges(start[cells], start[cells + 1])])

    def _everywhere(self) -> Neighbourhood:
        if self._whole is None:
            self._whole = Neighbourhood(self.piece, np.arange(len(self.piece.rows)))
        return self._whole

    def take_back(self, hidden: np.ndarray, deadline: float, asks: int) -> None:
        """Publish again what no target needs, dearest first. `asks`: at most so many programmes,
        so that the result does not depend on the speed of the machine.
        """
        piece = self.piece
        order = np.flatnonzero(hidden & ~piece.fixed)
        order = order[np.lexsort((order, -piece.weights[order]))]
        if not len(order):
            return
        reach = Reach(piece, piece.targets)
        reach.push(hidden.astype(float), alone=True)
        for cell in order:
            if asks <= 0 or time.monotonic() > deadline:
                return
            hidden[cell] = False
            pattern = hidden.astype(float)
            if any(cut.activity(pattern) < 1 - 1e-6 for cut in piece.cuts) or self.fails_group(
                hidden
            ):
                hidden[cell] = True
                continue
            trial = reach.without(cell)
            asks -= trial.push(pattern, alone=True)
            lacking = trial.lacking()
            if not len(lacking):
                reach = trial
                continue
            hidden[cell] = True
            target = piece.targets[lacking[0]]
            piece.open(pattern, target.banned)
            piece.cuts.extend(piece.shortfall(target, pattern))

    def mask(self, hidden: np.ndarray) -> np.ndarray:
        """A pattern of the piece as one of the table."""
        found = np.zeros(len(self.piece.request.table), dtype=bool)
        found[self.piece.cells[hidden]] = True
        return found

    def fails_group(self, hidden: np.ndarray) -> list[int]:
        """Relations of this piece that break the group rule."""
        if self.piece.request.group is None:
            return []
        mine = set(self.piece.relations)
        return [r for r in self.piece.request.failing_groups(self.mask(hidden)) if r in mine]

    def join_groups(self, hidden: np.ndarray) -> list[int]:
        """Hide more until the group rule holds; returns relations for which it cannot."""
        piece = self.piece
        while failing := self.fails_group(hidden):
            number = failing[0]
            relation = piece.request.table.relations[number]
            inside = np.searchsorted(piece.cells, relation.cells)
            inside = np.minimum(inside, piece.size - 1)
            open_cells = [
                int(i)
                for i, cell in zip(inside, relation.cells, strict=True)
                if piece.cells[i] == cell and not hidden[i]
            ]
            if not open_cells:
                return [number]
            best = None
            for cell in sorted(open_cells, key=lambda i: (piece.weights[i], i)):
                trial = hidden.copy()
                trial[cell] = True
                if number not in self.fails_group(trial):
                    best = cell
                    break
            hidden[max(open_cells, key=lambda i: piece.weights[i]) if best is None else best] = True
        return []


class Reach:
    """How far each target has been seen to move under a pattern, and by which cells."""

    def __init__(self, piece: Piece, targets: list[Target]) -> None:
        self.piece = piece
        self.targets = targets
        self.cell = np.array([target.cell for target in targets], dtype=int)
        self.high = np.zeros(len(targets))
        self.low = np.zeros(len(targets))
        self.moves: list[frozenset[int]] = []
        # Which of `moves` took each target furthest; -1: none.
        self.move_high = np.full(len(targets), -1)
        self.move_low = np.full(len(targets), -1)
        needs = np.array([(t.up, t.down, t.width) for t in targets]).reshape(-1, 3)
        self.needs = needs.T
        self.banned = [t for t, target in enumerate(targets) if target.banned]

    def note(self, move: np.ndarray) -> None:
        """Every target that a possible movement moves is known to move so far."""
        at = move[self.cell]
        for t in self.banned:
            if at[t] and any(move[b] for b in self.targets[t].banned):
                at[t] = 0.0
        higher, lower = at > self.high + 1e-9, -at > self.low + 1e-9
        if higher.any() or lower.any():
            self.moves.append(frozenset(np.flatnonzero(move).tolist()))
            self.high[higher], self.low[lower] = at[higher], -at[lower]
            self.move_high[higher] = self.move_low[lower] = len(self.moves) - 1

    def without(self, cell: int) -> Reach:
        """What is still known when a cell is published again."""
        left = Reach(self.piece, self.targets)
        left.moves = list(self.moves)
        uses = np.array([cell in move for move in self.moves] + [False])
        for mine, theirs, number in (
            (left.high, self.high, "move_high"),
            (left.low, self.low, "move_low"),
        ):
            by = getattr(self, number)
            stays = ~uses[by]
            mine[stays] = theirs[stays]
            setattr(left, number, np.where(stays, by, -1))
        return left

    def push(self, pattern: np.ndarray, *, alone: bool) -> int:
        """Move many targets at once, as long as that settles many; then, with `alone`, the rest one
        by one. Returns how many programmes that took.
        """
        piece, asked = self.piece, 0
        lacking = self.lacking()
        if len(lacking) > 8:
            piece.open(pattern)
            for _ in range(12):
                before = len(lacking)
                for way in (1, -1):
                    cells = np.unique(self.cell[lacking])
                    piece.programme.set_objective(cells, np.full(len(cells), float(way)))
                    answer = piece.programme.maximise()
                    asked += 1
                    if answer.point is not None:
                        self.note(clean(answer.point))
                    lacking = self.lacking()
                    if not len(lacking):
                        return asked
                if len(lacking) > 0.8 * before:
                    break
        if not alone:
            return asked
        opened = None
        for t in lacking:
            target = self.targets[t]
            if not target.lacks(self.high[t], self.low[t]):
                continue
            if opened != target.banned:
                piece.open(pattern, target.banned)
                opened = target.banned
            for way in (1, -1):
                piece.extent(target.cell, way)
                self.note(piece.moved)
                asked += 1
        return asked

    def lacking(self) -> np.ndarray:
        """Targets that have not been seen to have their room."""
        up, down, width = self.needs
        span = self.high + self.low
        return np.flatnonzero(
            (self.high < up - TOLERANCE)
            | (self.low < down - TOLERANCE)
            | (span < width - TOLERANCE)
            | (span <= TOLERANCE)
        )
