"""Unknowns of a linear system, and the bounds that one row at a time gives them.

Belongs here: the system as data, bounds by propagation. Does not belong here: what rows together
say (extremes.py), what is published and why (attacker.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUNDS = 200


@dataclass(frozen=True)
class UnknownSystem:
    """Unknown deviations from the truth: `down` <= d <= `up`, and rows over them.

    Shapes: `cells` (position in the table), `down`, `up`, `whole`: one per unknown; `row`,
    `column`, `factor`: one per entry of the matrix; `row_low`, `row_high`: one per row. d = 0
    fulfils all.
    """

    cells: np.ndarray
    down: np.ndarray
    up: np.ndarray
    whole: np.ndarray
    row: np.ndarray
    column: np.ndarray
    factor: np.ndarray
    row_low: np.ndarray
    row_high: np.ndarray

    @classmethod
    def of(cls, cells, down, up, whole, rows) -> UnknownSystem:
        """From rows given as (columns, factors, low, high)."""
        return cls(
            cells,
            down,
            up,
            whole,
            row=np.array([r for r, entry in enumerate(rows) for _ in entry[0]], dtype=np.int64),
            column=np.array([c for entry in rows for c in entry[0]], dtype=np.int64),
            factor=np.array([f for entry in rows for f in entry[1]], dtype=float),
            row_low=np.array([entry[2] for entry in rows], dtype=float),
            row_high=np.array([entry[3] for entry in rows], dtype=float),
        )


def propagate(system: UnknownSystem) -> tuple[np.ndarray, np.ndarray, bool]:
    """Bounds of each unknown that follow from one row at a time, again and again.

    Returns them (never wrong, perhaps not sharp) and whether nothing was left to follow.
    """
    low, high = _rounded(system.down, system.up, system.whole)
    row, column, factor = system.row, system.column, system.factor
    rows = len(system.row_low)
    positive = factor > 0
    for _ in range(ROUNDS):
        if not rows:
            break
        least = factor * np.where(positive, low[column], high[column])
        most = factor * np.where(positive, high[column], low[column])
        others_least = _without_own(least, row, rows)
        others_most = _without_own(most, row, rows)
        top = (system.row_high[row] - others_least) / factor
        bottom = (system.row_low[row] - others_most) / factor
        new_low, new_high = low.copy(), high.copy()
        np.minimum.at(new_high, column, np.where(positive, top, bottom))
        np.maximum.at(new_low, column, np.where(positive, bottom, top))
        new_low, new_high = _rounded(
            np.minimum(new_low, 0.0), np.maximum(new_high, 0.0), system.whole
        )
        with np.errstate(invalid="ignore"):
            moved = np.nan_to_num(np.fmax(new_low - low, high - new_high), nan=0.0).max()
        low, high = new_low, new_high
        if moved <= 1e-9:
            return low, high, True
    return low, high, rows == 0


def _without_own(terms: np.ndarray, row: np.ndarray, rows: int) -> np.ndarray:
    """For each entry, the sum of its row without itself; infinities are counted, not added."""
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    sums = np.bincount(row, finite, rows)[row] - finite
    others = np.bincount(row, infinite, rows)[row] - infinite
    sign = terms[infinite][0] if infinite.any() else 0.0
    return np.where(others > 0.5, sign, sums)


def _rounded(low: np.ndarray, high: np.ndarray, whole: np.ndarray):
    """Whole unknowns have whole bounds (the true value is whole, so deviations are)."""
    return (
        np.where(whole, np.minimum(np.ceil(low - 1e-6), 0.0), low),
        np.where(whole, np.maximum(np.floor(high + 1e-6), 0.0), high),
    )
