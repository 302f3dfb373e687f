"""Which blocks of a statistic are given, at which frequency: one that would be mostly blank is not.

Belongs here: rows by block, the share of a block that is hidden. Does not belong here: what is
hidden (choice.py), the sentence about it (texts.yaml).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from exports.catalogue import Statistic
from exports.cells import LeftOut
from exports.periods import frequency
from exports.protection.book import Book, crossings_of

# A block at one frequency: (name, year | quarter | month).
Given = tuple[str, str]


class Lost(NamedTuple):
    """How many cells of a block that is left out would be blank, how many of them are unsafe by
    themselves, and the rule that left it out (exports/cells.py).
    """

    hidden: int
    unsafe: int
    rule: str


class Blocks:
    """Rows of every block that are asked for, by name and frequency; `asked`: the reference
    periods of the first statistics of a book. Others are there for what was given before.
    """

    def __init__(self, book: Book, asked: Sequence[Sequence[str]]) -> None:
        self.size = len(book)
        statistics = book.statistics[: len(asked)]
        wanted = [set(periods) for periods in asked]
        self.rows: dict[Given, np.ndarray] = {}
        self.place: dict[Given, int] = {}
        self.detail: dict[Given, int] = {}
        for place, statistic in enumerate(statistics):
            for block in statistic.blocks:
                found: dict[str, list[int]] = {}
                for number in crossings_of(book, place, block):
                    if book.crossings[number][1] not in wanted[place]:
                        continue
                    rows = book.rows_at[number]
                    found.setdefault(frequency(book.crossings[number][1]), []).extend(
                        rows[name] for name in block.measures if name in rows
                    )
                for often, rows in sorted(found.items()):
                    self.rows[block.name, often] = np.array(sorted(rows), dtype=int)
                    self.place[block.name, often] = place
                    self.detail[block.name, often] = len(block.dimension_names)

    def given(self, left_out: set[Given]) -> np.ndarray:
        """Mask of the rows that some block gives now."""
        mask = np.zeros(self.size, dtype=bool)
        for block, rows in self.rows.items():
            if block not in left_out:
                mask[rows] = True
        return mask

    def shares(
        self, hidden: np.ndarray, unsafe: np.ndarray, left_out: set[Given]
    ) -> dict[Given, float]:
        """Percent of each given block that is lost (masks of rows): of its rows by being unsafe, or
        of the others by protecting those, whichever is more.
        """
        found = {}
        for block, rows in self.rows.items():
            if block not in left_out and len(rows):
                safe = rows[~unsafe[rows]]
                secondary = float(hidden[safe].mean()) if len(safe) else 1.0
                found[block] = 100.0 * max(float(unsafe[rows].mean()), secondary)
        return found

    def lost(
        self, block: Given, hidden: np.ndarray, unsafe: np.ndarray, limit: float | None = None
    ) -> Lost:
        """What a block loses (masks of rows), and by which rule; without `limit` it is given up
        because nothing protects what it gives away.
        """
        rows = self.rows[block]
        blank, own = int((hidden | unsafe)[rows].sum()), int(unsafe[rows].sum())
        if limit is None:
            return Lost(blank, own, "exposed")
        return Lost(blank, own, "unsafe" if 100 * own > limit * len(rows) else "besides")

    def holding(self, row: int, left_out: set[Given]) -> list[Given]:
        """Blocks that give a row, the most detailed first."""
        found = [
            block
            for block, rows in self.rows.items()
            if block not in left_out and row in set(rows.tolist())
        ]
        return sorted(found, key=lambda block: (-self.detail[block], block))

    def described(
        self, statistic: Statistic, place: int, lost: dict[Given, Lost]
    ) -> tuple[LeftOut, ...]:
        """The blocks of a statistic that are left out, for the cover: one that is gone at every
        frequency by the same rule is told once.
        """
        found = []
        for block in statistic.blocks:
            there = [key for key in self.rows if key[0] == block.name and self.place[key] == place]
            gone = [key for key in there if key in lost]
            rules = {lost[key].rule for key in gone}
            alike = [gone] if len(gone) == len(there) and len(rules) == 1 else [[k] for k in gone]
            for keys in alike:
                found.append(
                    LeftOut(
                        block.name,
                        sum(len(self.rows[key]) for key in keys),
                        sum(lost[key].hidden for key in keys),
                        "" if keys == there else keys[0][1],
                        sum(lost[key].unsafe for key in keys),
                        lost[keys[0]].rule,
                    )
                )
        return tuple(found)
