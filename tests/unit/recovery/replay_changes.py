"""What happened between two releases, by plain replay of both.

Here: the independent computation of recovery.mart_outstanding_changes (charge by charge),
mart_new_payments and mart_worklist_changes. Not here: the figures of one release (replay.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.unit.ledger import replay as ledger
from tests.unit.recovery.replay import ZERO, World, plans, prescription, root
from tests.unit.recovery.replay_worklist import named


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
        given_up = ZERO
        for of, is_open, sign in ((before, was, -1), (world, now, 1)):
            if is_open:
                parts = _expected_parts(of, charge)
                given_up += sign * (parts["written_off"] + parts["prescribed"])
                if of is world:
                    cell["end"] += parts["expected"]
                else:
                    cells[was]["start"] += parts["expected"]
                    if now and now != was:
                        cell["moved_in"] += parts["expected"]
                        cells[was]["moved_out"] += parts["expected"]
        # Less of it than before is a movement of its own, whatever it was called before.
        part = "reinstated"
        if given_up > 0:
            part = "written_off" if _expected_parts(world, charge)["written_off"] else "prescribed"
        cell[part] += abs(given_up)
    order = ("start", "moved_in", "moved_out", "claimed", "collected", "relieved", "credited",
             "written_off", "prescribed", "reinstated", "end")  # fmt: skip
    return sorted(
        (before.as_of, *here, *(cell[part] for part in order)) for here, cell in cells.items()
    )


def new_payments(world: World, before: World) -> list[tuple]:
    """Rows of mart_new_payments: payment, its amount, charge, what covers it."""
    known = {
        row["payment_id"] for row in before.rows["payments"] if row["value_date"] <= before.as_of
    }
    covered: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    filled = [
        {"category": None, "related_charge_id": None, **charge} for charge in world.rows["charges"]
    ]
    replayed = ledger.replay(
        filled, world.rows["payments"], world.rows["relief_effects"], world.as_of
    )
    for charge, credit, kind, _, _, amount in replayed["fct_allocations"]:
        if kind == "payment":
            covered[credit][charge] += amount
    found = []
    for row in world.rows["payments"]:
        if row["payment_id"] not in known and row["value_date"] <= world.as_of:
            for charge, amount in covered[row["payment_id"]].items() or [("", ZERO)]:
                found.append((row["payment_id"], row["amount"], charge, amount))
    return found


def worklist_changes(world: World, before: World) -> list[tuple]:
    """Rows of mart_worklist_changes: account, change, why it is gone."""
    was, now = ({row[0] for row in named(of, plans(of))} for of in (before, world))
    found = [(account, "appeared", "") for account in now - was]
    paid: dict[str, dict[str, Decimal]] = defaultdict(dict)
    accounts = {row["payment_id"]: row["account_id"] for row in world.rows["payments"]}
    for payment, amount, *_ in new_payments(world, before):
        paid[accounts[payment]][payment] = amount
    started = {row[0] for row in plans(before) if row[1]}
    granted = {
        row["account_id"]
        for row in world.rows["payment_plans"]
        if row["decision"] == "granted" and row["plan_id"] not in started
    }
    steps_before = {step["step_id"] for steps in before.steps.values() for step in steps}
    for account in was - now:
        cases = [case for case, row in world.cases.items() if row["account_id"] == account]
        if sum(paid[account].values(), ZERO) > 0:
            cause = "paid"
        elif account in granted:
            cause = "plan"
        elif any(s["step_id"] not in steps_before for case in cases for s in world.steps[case]):
            cause = "step"
        elif any(
            world.cases[case]["closed_date"]
            and before.as_of < world.cases[case]["closed_date"] <= world.as_of
            for case in cases
        ):
            cause = "closed"
        else:
            cause = "no_rule"
        found.append((account, "gone", cause))
    return found
