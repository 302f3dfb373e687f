"""The attacker's last word, on what is about to be written.

Belongs here: what is exposed by the cells as they stand, whoever chose them. Does not belong here:
choosing, or mending. An attacker knows every shown cell, every equation, what is possible at all,
and, each for themselves, what a single contributor knows. A cell holds when an alternative to the
truth is at hand that none of that rules out, far enough away; the alternatives that the choice
offers are believed only once every equation has been checked here, and what they do not prove is
looked for anew.
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


@dataclass(frozen=True)
class Exposed:
    """A number that somebody can know too closely: `how` is shown, outsider, insider or group."""

    number: int
    how: str


def attack(system: System, shown: np.ndarray, offered: Iterable[Move] = ()) -> list[Exposed]:
    """Attack a pattern. `shown`: mask of numbers that stand in the package or in an earlier one."""
    field = Field(system)
    moves = Moves(system, insiders_of(system))
    for move in offered:
        if is_possible(field, shown, move.numbers, move.amounts):
            moves.note(move.numbers, move.amounts)
    price = np.where(shown, np.inf, 1.0 + 4.0 * (system.contributors == 1))
    exposed = []
    for target in moves.targets.tolist():
        if shown[target]:
            exposed.append(Exposed(target, "shown"))
            continue
        failed = prove(target, field, moves, lambda: price)
        if failed is not None:
            exposed.append(Exposed(target, "outsider" if failed[0] is None else "insider"))
    hidden = np.ones(system.units, dtype=bool)
    hidden[system.unit[shown & (system.unit >= 0)]] = False
    for place in failing_groups(system, hidden):
        _, parts = system.sums[place]
        exposed += [Exposed(p, "group") for p in parts if p in moves.of_target]
    return exposed
