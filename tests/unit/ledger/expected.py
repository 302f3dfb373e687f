"""The random world that the ledger is compared on, and what must be in it by the plain replay.

Here: worked out once in a process, because it takes as long as the build. Not here: the replay
itself (replay.py, replay_marts.py).
"""

from __future__ import annotations

from functools import cache

from tests.unit.ledger import replay_marts
from tests.unit.ledger.replay import replay
from tests.unit.ledger.worlds import AS_OF, draw_world

_ACCOUNTS = 6000


@cache
def random_world() -> tuple[dict[str, list[dict]], dict[str, list[tuple]]]:
    """Its rows by extract, and the rows of each table."""
    world = draw_world(1, _ACCOUNTS)
    charges = world["charges"]
    expected = replay(charges, world["payments"], world["relief_effects"], AS_OF)
    positions = expected["fct_charges"]
    expected["mart_quarter"] = replay_marts.quarters(charges, positions)
    expected["mart_perception"] = replay_marts.perception(charges, positions, AS_OF)
    return world, expected
