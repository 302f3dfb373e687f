"""A lower bound for pieces that are too large for the exact way.

Belongs here: how many secondary cells any protected pattern has at least. Does not belong here: a
pattern. Only one fact is used: no hidden cell may be alone in a relation (it would be worked out at
once, and if it is secondary it would protect nobody).
"""

from __future__ import annotations

import math
import time

import numpy as np

from exports.disclosure.pieces import Piece
from exports.disclosure.solver import Programme, Rows, compressed


def cover_bound(piece: Piece, deadline: float) -> int:
    """Linear relaxation of that fact, over all relations; 0 when time is up before an answer."""
    optional = np.flatnonzero(~piece.fixed)
    if not len(optional):
        return 0
    column = np.full(piece.size, -1)
    column[optional] = np.arange(len(optional))
    unsafe = np.zeros(piece.size, dtype=bool)
    unsafe[[target.cell for target in piece.targets]] = True
    start = piece.rows.start
    rows = []
    for r in range(len(piece.rows)):
        cells = piece.rows.column[start[r] : start[r + 1]]
        hidden = cells[piece.fixed[cells]]
        if len(hidden) == 1 and unsafe[hidden[0]]:
            rows.append((column[cells[~piece.fixed[cells]]], -1, 1.0))
    if not rows:
        return 0
    bound = 0
    seen: set[tuple[int, int]] = set()
    for _ in range(20):
        if time.monotonic() > deadline:
            break
        answer = _solve(len(optional), rows, deadline)
        if not answer.is_optimal:
            break
        bound = max(bound, math.ceil(answer.value - 1e-6))
        if piece.request.group is not None:
            break
        pattern = piece.fixed.astype(float)
        pattern[optional] = answer.point
        sums = np.bincount(piece.entry_row, pattern[piece.rows.column], len(piece.rows))
        alone = 2 * pattern[piece.rows.column] > sums[piece.entry_row] + 1e-3
        new = []
        for entry in np.flatnonzero(alone & ~piece.fixed[piece.rows.column]):
            r, cell = int(piece.entry_row[entry]), int(piece.rows.column[entry])
            cells = piece.rows.column[start[r] : start[r + 1]]
            if piece.fixed[cells].any() or (r, cell) in seen:
                continue
            seen.add((r, cell))
            new.append((column[cells[cells != cell]], int(column[cell]), 0.0))
        if not new:
            break
        rows += new
    return bound


def _solve(size: int, rows: list, deadline: float):
    row, columns, factors, low = [], [], [], []
    for r, (others, cell, least) in enumerate(rows):
        row.append(np.full(len(others) + (cell >= 0), r))
        columns.append(np.append(others, cell) if cell >= 0 else others)
        factors.append(np.append(np.ones(len(others)), -1.0) if cell >= 0 else np.ones(len(others)))
        low.append(least)
    programme = Programme(
        np.zeros(size),
        np.ones(size),
        Rows(
            *compressed(
                np.concatenate(row), np.concatenate(columns), np.concatenate(factors), len(rows)
            ),
            low=np.array(low),
            high=np.full(len(rows), np.inf),
        ),
        changes_bounds=True,
    )
    programme.set_objective(np.arange(size), np.ones(size))
    return programme.minimise(max(deadline - time.monotonic(), 0.1))
