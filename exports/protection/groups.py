"""The group rule: hidden parts of a published total, taken together, are safe like a cell.

Belongs here: judging the hidden parts of one sum. Does not belong here: hiding more (choice.py).
Published total less published parts gives what the hidden parts are together; if few persons are
behind that, or one or two make most of it, they are given away as in a cell of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from exports.protection.system import System


def failing_groups(
    system: System, hidden: np.ndarray, among: Iterable[int] | None = None
) -> list[int]:
    """Sums (their places) whose published total gives an unsafe group away."""
    unit = system.unit
    is_hidden = (unit < 0) | hidden[unit]
    needs = (system.need_width > 0) | (system.need_reach > 0)
    failing = []
    for place in range(len(system.sums)) if among is None else among:
        top, parts = system.sums[place]
        if is_hidden[top]:
            continue
        mine = [part for part in parts if is_hidden[part]]
        if any(needs[part] for part in mine) and _fails(system, mine):
            failing.append(place)
    return failing


def _fails(system: System, parts: list[int]) -> bool:
    contributors = system.contributors[parts]
    # What no table shows (a rest) may hold anybody.
    if not np.isnan(contributors).any() and contributors.sum() < system.threshold[parts].max():
        return True
    if not system.is_amount[parts].all():
        return False
    profile = system.profile
    amounts = np.concatenate([system.largest[parts], system.second[parts]])
    amounts = np.sort(np.abs(amounts[~np.isnan(amounts)]))[::-1]
    if not len(amounts):
        return False
    total = float(np.abs(system.value[parts]).sum())
    largest, second = float(amounts[0]), float(amounts[1]) if len(amounts) > 1 else 0.0
    if profile.dominance_pct and largest * 100 > profile.dominance_pct * total + 1e-6:
        return True
    return bool(
        profile.p_percent and total - largest - second < profile.p_percent / 100 * largest - 1e-6
    )
