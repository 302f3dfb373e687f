"""Choosing what is hidden besides unsafe cells: cheapest moves for one target after another, then
groups, then publishing again what turned out not to be needed. Deterministic.

Belongs here: the order of the work and the price of hiding. Does not belong here: how a move is
found (search.py), the last word (audit.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from exports.protection.groups import failing_groups
from exports.protection.moves import Move, Moves, insiders_of
from exports.protection.proof import prove
from exports.protection.search import Field, is_possible
from exports.protection.system import System

HIDDEN, UNSEEN, ALONE = 1e-3, 1e-4, 2.0
# So many people more make a cell as dear as one cell more.
PEOPLE = 5.0


@dataclass
class Pattern:
    """What is hidden (a mask of units), the moves that prove it, and what could not be protected:
    targets, and totals whose hidden parts give too little together.
    """

    hidden: np.ndarray
    moves: Moves
    lost: list[int]


def choose(
    system: System, known: np.ndarray, blank: np.ndarray, offered: Iterable[Move] = ()
) -> Pattern:
    """Protect every target of a system. `known`: mask of numbers that were published before.
    `blank`: mask of units that no block gives now; they are hidden at no cost. `offered`: moves
    that may be possible.
    """
    return _Choice(system, known, blank, offered).run()


class _Choice:
    def __init__(self, system: System, known, blank, offered: Iterable[Move]) -> None:
        self.system = system
        self.field = Field(system)
        self.insiders = insiders_of(system)
        self.moves = Moves(system, self.insiders)
        self.hidden = system.unsafe_units | blank
        self.blank = blank
        self.known = known
        self.is_fixed = np.zeros(system.units, dtype=bool)
        self.is_fixed[system.unit[known & (system.unit >= 0)]] = True
        # A cell costs what it is worth, and one more for being a cell: a total of thousands is not
        # given up to show a crossing of three.
        weights = 1 + np.nan_to_num(system.contributors) / PEOPLE
        self.weight = np.zeros(system.units)
        np.maximum.at(self.weight, system.unit[system.unit >= 0], weights[system.unit >= 0])
        self.weight *= system.cost
        self.alone = np.zeros(len(system.value), dtype=bool)
        self.alone[list(self.insiders.of_number)] = True
        self.offered: dict[int, list[Move]] = {}
        fixed = known | (
            (system.unit >= 0) & self.is_fixed[system.unit] & ~self.hidden[system.unit]
        )
        for move in offered:
            if is_possible(self.field, fixed, move.numbers, move.amounts):
                for number in move.numbers.tolist():
                    self.offered.setdefault(number, []).append(move)

    def run(self) -> Pattern:
        lost: list[int] = []
        needs = np.maximum(self.system.need_width, self.system.need_reach)
        order = sorted(self.moves.targets.tolist(), key=lambda t: (-needs[t], t))
        for target in order:
            if self.known[target] or prove(
                target, self.field, self.moves, self._price, self._hide, self.offered
            ):
                lost.append(target)
        lost += self._join_groups()
        if not lost:
            self._publish_again()
        return Pattern(self.hidden, self.moves, sorted(set(lost)))

    def _price(self) -> np.ndarray:
        """Price of moving each number: what hiding its unit costs; its single contributor, if any,
        would know that it did not move.
        """
        unit = self.system.unit
        price = np.where(self.hidden[unit], HIDDEN, self.weight[unit])
        price = np.where(unit < 0, UNSEEN, price)
        price = price + np.where(self.alone, ALONE, 0.0)
        price[(unit >= 0) & self.is_fixed[unit] & ~self.hidden[unit]] = np.inf
        price[self.known] = np.inf
        return price

    def _hide(self, move: Move) -> None:
        self.hidden[list(move.units)] = True

    def _join_groups(self) -> list[int]:
        """Hide more where the hidden parts of a published total give too little together; returns
        unsafe parts of those for which nothing more can be hidden.
        """
        system = self.system
        lost = []
        settled: set[int] = set()
        while True:
            failing = [f for f in failing_groups(system, self.hidden) if f not in settled]
            if not failing:
                return lost
            for place in failing:
                if place not in failing_groups(system, self.hidden, [place]):
                    continue
                top, parts = system.sums[place]
                choice = [
                    int(u)
                    for u in dict.fromkeys(system.unit[[*parts, top]].tolist())
                    if u >= 0 and not self.hidden[u] and not self.is_fixed[u]
                ]
                if not choice:
                    settled.add(place)
                    lost += [p for p in parts if p in self.moves.of_target]
                    continue
                choice.sort(key=lambda u: (self.weight[u], u))
                best = next((u for u in choice if self._mends(u, place)), choice[0])
                self.hidden[best] = True

    def _mends(self, unit: int, place: int) -> bool:
        self.hidden[unit] = True
        mended = not failing_groups(self.system, self.hidden, [place])
        self.hidden[unit] = False
        return mended

    def _publish_again(self) -> None:
        """Publish what no target needs, dearest first."""
        secondary = np.flatnonzero(self.hidden & ~self.system.unsafe_units & ~self.blank)
        users: dict[int, set[int]] = {int(u): set() for u in secondary}
        for move in self.moves.all:
            mine = [n for n in move.numbers.tolist() if n in self.moves.of_target]
            for unit in move.units:
                if unit in users:
                    users[unit].update(mine)
        sums_of: dict[int, list[int]] = {}
        for place, (top, parts) in enumerate(self.system.sums):
            for unit in {int(self.system.unit[n]) for n in (top, *parts)}:
                sums_of.setdefault(unit, []).append(place)
        for unit in sorted(users, key=lambda u: (-self.weight[u], u)):
            if any(self.moves.lacking(target, unit) for target in users[unit]):
                continue
            self.hidden[unit] = False
            if failing_groups(self.system, self.hidden, sums_of.get(unit, [])):
                self.hidden[unit] = True
                continue
            self.moves.forget(unit)
