"""Giving one target its range: the moves that prove that it cannot be known too closely.

Belongs here: what is asked of a target, up or down, against whom. Does not belong here: what moving
costs: for the choice, hiding more; for the attacker, what is shown does not move at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from exports.protection.moves import Move, Moves
from exports.protection.search import Field, cheapest

# Against one contributor after another: more rounds than any cell has needed.
ROUNDS = 200


def prove(
    target: int,
    field: Field,
    moves: Moves,
    price: Callable[[], np.ndarray],
    moved: Callable[[Move], None] = lambda move: None,
    offered: Mapping[int, Sequence[Move]] = MappingProxyType({}),
) -> tuple[int | None] | None:
    """Find moves until a target has its range against everybody. Returns None when it has, else
    (whoever can know it too closely,): None in it is everybody. `offered`: possible moves of each
    target, to be tried first.
    """
    for _ in range(ROUNDS):
        lacking = moves.lacking(target)
        if not lacking:
            return None
        if _take_offered(lacking[0], offered.get(target, ()), target, moves, moved):
            continue
        if not _give_room(target, lacking[0], field, moves, price, moved):
            return (lacking[0],)
    return (moves.lacking(target)[0],)


def _take_offered(insider, offered, target: int, moves: Moves, moved) -> bool:
    """Take the first of the moves on offer that takes a target further than it was."""
    low, high = moves.range_of(target, insider)
    known = set() if insider is None else set(moves.insiders.knows[insider])
    for move in offered:
        amount = float(move.amounts[np.searchsorted(move.numbers, target)])
        if not low <= amount <= high and known.isdisjoint(move.numbers.tolist()):
            moved(moves.note(move.numbers, move.amounts))
            return True
    return False


def _give_room(target, insider, field, moves, price, moved) -> bool:
    """One or two moves more, until the target has its range against somebody."""
    banned = moves.insiders.knows[insider] if insider is not None else ()
    for way, need in _asks(target, insider, field, moves):
        low, high = moves.range_of(target, insider)
        if (high if way > 0 else -low) >= need - 1e-9:
            continue
        found = cheapest(field, target, way, need, price(), banned)
        if found is not None:
            moved(moves.note(*found))
        if moves.is_met(target, *moves.range_of(target, insider), insider):
            return True
    return False


def _asks(target: int, insider: int | None, field: Field, moves: Moves) -> list:
    """Movements that would do, in the order in which they are tried."""
    system = moves.system
    low, _ = moves.range_of(target, insider)
    floor = moves.floors.get((target, insider), -np.inf)
    room = max(min(float(field.down[target]), float(system.value[target] - floor)), 0.0)
    reach, width = float(system.need_reach[target]), float(system.need_width[target])
    if system.whole[target]:
        reach, width = float(np.ceil(reach - 1e-9)), float(np.ceil(width - 1e-9))
    asks = [(1, max(reach, width + low)), (-1, min(reach, room))]
    # Upwards is not possible: as far down as it goes, the rest up; then step by step.
    asks += [(-1, min(room, width)), (1, width - min(room, width)), (1, width)]
    asks += [(way, width * share) for share in (0.6, 0.4, 0.2) for way in (1, -1)]
    if system.whole[target]:
        asks = [(way, float(np.ceil(need - 1e-9))) for way, need in asks]
    return [(way, need) for way, need in asks if need > 1e-7]
