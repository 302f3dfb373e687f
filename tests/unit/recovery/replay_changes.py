"""What happened to the debts between two releases, by plain replay of both.

Here: the independent computation of recovery.mart_outstanding_changes, charge by charge. Not here:
the figures of one release (replay.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.unit.recovery.replay import ZERO, World, prescription, root


def _expected_parts(world: World, charge: str) -> dict[str, Decimal]:
    """What is outstanding at the as-of date, as what it is: expected, written off or prescribed."""
    parts = {"expected": ZERO, "written_off": ZERO, "prescribed": ZERO}
    holding = [case for case, held in world.held.items() if charge in held]
    is_given_up = any(
        world.case_stage(case, world.as_of) == "write_off"
        or (
            world.cases[case]["closing_reason"] == "irrecoverable"
            and world.cases[case]["closed_date"] <= world.as_of
        )
        for case in holding
    )
    when, *_ = prescription(world, root(world, charge))
    part = "written_off" if is_given_up else "prescribed" if when <= world.as_of else "expected"
    parts[part] = world.outstanding(charge, world.as_of)
    return parts


def _ledger_parts(world: World, charge: str) -> dict[str, Decimal]:
    """What was claimed of a charge, and what became of it, at the as-of date."""
    claimed = max(world.charges[charge]["amount"], ZERO)
    paid = world.paid(charge, date.min, world.as_of)
    credited = sum((a for _, kind, a in world.allocations[charge] if kind != "payment"), ZERO)
    return {
        "claimed": claimed,
        "relieved": claimed - world.net(charge),
        "collected": paid,
        "credited": credited,
    }


def outstanding_changes(world: World, before: World) -> list[tuple]:
    """Rows of mart_outstanding_changes, from one release to the next."""
    cells: dict[tuple, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))

    def place(of: World, charge: str) -> tuple | None:
        if charge not in of.charges or of.outstanding(charge, of.as_of) <= 0:
            return None
        return of.nature(charge), of.charge_stage(charge, of.as_of)

    for charge in {**before.charges, **world.charges}:
        was, now = place(before, charge), place(world, charge)
        here = now or was or ((world if charge in world.charges else before).nature(charge), "none")
        cell = cells[here]
        for of, sign in ((before, -1), (world, 1)):
            if charge in of.charges:
                for part, amount in _ledger_parts(of, charge).items():
                    cell[part] += sign * amount
        for of, is_open, sign in ((before, was, -1), (world, now, 1)):
            if is_open:
                parts = _expected_parts(of, charge)
                cell["written_off"] += sign * parts["written_off"]
                cell["prescribed"] += sign * parts["prescribed"]
                if of is world:
                    cell["end"] += parts["expected"]
                else:
                    cells[was]["start"] += parts["expected"]
                    if now and now != was:
                        cell["moved_in"] += parts["expected"]
                        cells[was]["moved_out"] += parts["expected"]
    order = ("start", "moved_in", "moved_out", "claimed", "collected", "relieved", "credited",
             "written_off", "prescribed", "end")  # fmt: skip
    return sorted(
        (before.as_of, *here, *(cell[part] for part in order)) for here, cell in cells.items()
    )
