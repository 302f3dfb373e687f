"""Possible alternatives to the truth: tables that differ from it in hidden cells only, fulfil every
equation and say nothing impossible. Each proves that nobody can rule it out.

Belongs here: one alternative (a move), how far the moves known take each unsafe number, against
whom. Does not belong here: finding a move (search.py), deciding what is hidden (choice.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from exports.protection.system import Joined, System

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Move:
    """A deviation from the truth: `numbers` change by `amounts`. `units`: units that it needs
    hidden. `insiders`: single contributors who know that it is not so.
    """

    numbers: np.ndarray
    amounts: np.ndarray
    units: frozenset[int]
    insiders: frozenset[int]


@dataclass
class Insiders:
    """Single contributors. `knows`: the numbers that are theirs alone, by a name for each."""

    knows: dict[int, tuple[int, ...]]
    of_number: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.of_number = {n: who for who, numbers in self.knows.items() for n in numbers}


def carried_over(moves: Iterable[Move], old: System, new: System, changed: set[int]) -> list[Move]:
    """Moves of one system in the numbers of another one, which gives fewer blocks, but for those of
    the statistics (places) that gave them. Whether they are possible there is for others to say.
    """
    book = old.book
    unseen = {name: number for number, name in enumerate(new.names) if new.unit[number] < 0}
    found = []
    for move in moves:
        amounts: dict[int, float] = {}
        rows = [old.names[n][0] for n in move.numbers.tolist() if old.unit[n] >= 0]
        if any(book.crossings[book.crossing[row]][0] in changed for row in rows):
            continue
        for number, amount in zip(move.numbers.tolist(), move.amounts.tolist(), strict=True):
            name = old.names[number]
            if old.unit[number] >= 0:
                amounts |= {int(new.number[r]): amount for r in name if new.number[r] >= 0}
            elif name in unseen:
                amounts[unseen[name]] = amount
        if not amounts:
            continue
        numbers = np.array(sorted(amounts), dtype=int)
        units = new.unit[numbers]
        found.append(
            Move(
                numbers,
                np.array([amounts[n] for n in numbers.tolist()]),
                frozenset(units[units >= 0].tolist()),
                frozenset(),
            )
        )
    return found


def insiders_of(system: System) -> Insiders:
    """Everybody who is the one contributor of a number. Who is alone in a cell and who is alone in
    a part of it are the same person, and so are those of the measures of one crossing.
    """
    alone = np.flatnonzero(system.contributors == 1)
    people = Joined(len(system.value))
    first: dict[int, int] = {}
    for number in alone.tolist():
        unit = int(system.unit[number])
        if unit >= 0:
            people.join(first.setdefault(unit, number), number)
    is_alone = np.zeros(len(system.value), dtype=bool)
    is_alone[alone] = True
    for top, parts in system.sums:
        if is_alone[top]:
            for part in parts:
                if is_alone[part]:
                    people.join(top, part)
    for one, other in system.alone:
        if is_alone[one] and is_alone[other]:
            people.join(one, other)
    knows: dict[int, list[int]] = {}
    for number in alone.tolist():
        knows.setdefault(people.find(number), []).append(number)
    return Insiders({who: tuple(numbers) for who, numbers in knows.items()})


def _floors(system: System, insiders: Insiders) -> dict[tuple[int, int], float]:
    """How much of a number is an insider's own, by way of the sums above what is theirs alone."""
    above: dict[int, list[int]] = {}
    for top, parts in system.sums:
        if all(system.low[part] >= 0 for part in parts):
            for part in parts:
                above.setdefault(part, []).append(top)
    floors: dict[tuple[int, int], float] = {}
    for own, who in insiders.of_number.items():
        amount, waiting, seen = float(system.value[own]), [own], {own}
        while waiting:
            for top in above.get(waiting.pop(), ()):
                if top not in seen:
                    seen.add(top)
                    waiting.append(top)
                    floors[top, who] = max(floors.get((top, who), amount), amount)
    return floors


class Moves:
    """All moves known, and what they prove of each target."""

    def __init__(self, system: System, insiders: Insiders) -> None:
        self.system = system
        self.insiders = insiders
        self.all: list[Move] = []
        self.targets = np.flatnonzero((system.need_width > 0) | (system.need_reach > 0))
        self.of_target: dict[int, list[tuple[float, int]]] = {int(t): [] for t in self.targets}
        self.floors = _floors(system, insiders)

    def note(self, numbers: np.ndarray, amounts: np.ndarray) -> Move:
        """Remember a move."""
        units = self.system.unit[numbers]
        move = Move(
            numbers,
            amounts,
            frozenset(units[units >= 0].tolist()),
            frozenset(
                self.insiders.of_number[n] for n in numbers.tolist() if n in self.insiders.of_number
            ),
        )
        for number, amount in zip(numbers.tolist(), amounts.tolist(), strict=True):
            if number in self.of_target:
                self.of_target[number].append((amount, len(self.all)))
        self.all.append(move)
        return move

    def range_of(
        self, target: int, insider: int | None = None, published: int | None = None
    ) -> tuple[float, float]:
        """How far down and up a target goes, against an insider, should a unit be published."""
        low = high = 0.0
        for amount, number in self.of_target[target]:
            if low <= amount <= high:
                continue
            move = self.all[number]
            if insider in move.insiders or published in move.units:
                continue
            low, high = min(low, amount), max(high, amount)
        return low, high

    def is_met(self, target: int, low: float, high: float, insider: int | None = None) -> bool:
        """Whether a range is as wide as the target needs; a contributor knows that it is not less
        than what is theirs in it.
        """
        system = self.system
        reach = system.need_reach[target]
        floor = max(system.low[target], self.floors.get((target, insider), -np.inf))
        room = system.value[target] - floor
        return (
            high - low > TOLERANCE
            and high - low >= system.need_width[target] - TOLERANCE
            and high >= reach - TOLERANCE * max(1.0, reach)
            and -low >= min(reach, room) - TOLERANCE * max(1.0, reach)
        )

    def lacking(self, target: int, published: int | None = None) -> list[int | None]:
        """Against whom a target does not have its range yet: None for everybody outside."""
        if not self.is_met(target, *self.range_of(target, None, published)):
            return [None]
        found = []
        own = self.insiders.of_number.get(target)
        for insider in self._watchers(target):
            if insider != own and not self.is_met(
                target, *self.range_of(target, insider, published), insider
            ):
                found.append(insider)
        return found

    def _watchers(self, target: int) -> list[int]:
        """Insiders who can rule out some move of a target."""
        return sorted(
            {who for _, number in self.of_target[target] for who in self.all[number].insiders}
        )

    def forget(self, unit: int) -> None:
        """Drop the moves that need a unit hidden: it is published."""
        gone = {number for number, move in enumerate(self.all) if unit in move.units}
        for target, found in self.of_target.items():
            if any(number in gone for _, number in found):
                self.of_target[target] = [entry for entry in found if entry[1] not in gone]

    @property
    def standing(self) -> list[Move]:
        """The moves that still prove something."""
        kept = {number for found in self.of_target.values() for _, number in found}
        return [self.all[number] for number in sorted(kept)]
