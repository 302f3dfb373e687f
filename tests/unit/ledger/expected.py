"""The random world that the ledger is compared on, and what must be in it by the plain replay.

Here: worked out once in a process, because it takes as long as the build. Not here: the replay
itself (replay.py, replay_marts.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from tests.unit.ledger import replay_marts
from tests.unit.ledger.replay import replay
from tests.unit.ledger.worlds import AS_OF, draw_world

_ACCOUNTS = 6000
# From the as-of date to the same day of the year before, over a 29 February.
_A_YEAR = timedelta(days=366)


@cache
def random_world() -> tuple[dict[str, list[dict]], dict[str, list[tuple]]]:
    """Its rows by extract, and the rows of each table."""
    world = _with_a_year_before(_with_some_that_never_paid(draw_world(1, _ACCOUNTS)))
    charges = world["charges"]
    expected = replay(charges, world["payments"], world["relief_effects"], AS_OF)
    positions = expected["fct_charges"]
    expected["mart_quarter"] = replay_marts.quarters(charges, positions)
    expected["mart_perception"] = replay_marts.perception(charges, positions, AS_OF)
    told = (charges, positions, expected["fct_allocations"], AS_OF)
    expected["mart_quarter_earlier"] = replay_marts.quarters_earlier(*told)
    expected["mart_perception_parts"] = replay_marts.perception_parts(*told)
    return world, expected


def _with_some_that_never_paid(world: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Without the credits of each fiftieth account: it has charges, and no pool."""
    charges = [
        row for row in world["charges"] if row["amount"] > 0 or not _never_paid(row["account_id"])
    ]
    accounts = {row["charge_id"]: row["account_id"] for row in charges}
    return {
        "charges": charges,
        "payments": [row for row in world["payments"] if not _never_paid(row["account_id"])],
        "relief_effects": [
            row
            for row in world["relief_effects"]
            if not _never_paid(accounts.get(row["charge_id"], "A1"))
        ],
    }


def _never_paid(account: str) -> bool:
    return int(account[1:]) % 50 == 1


def _with_a_year_before(world: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """A world in which all that happens to every third account happens a year before."""
    accounts = {row["charge_id"]: row["account_id"] for row in world["charges"]}
    return {
        extract: [
            {
                name: value - _A_YEAR if isinstance(value, date) else value
                for name, value in row.items()
            }
            if int((row.get("account_id") or accounts[row["charge_id"]])[1:]) % 3 == 0
            else row
            for row in rows
        ]
        for extract, rows in world.items()
    }
