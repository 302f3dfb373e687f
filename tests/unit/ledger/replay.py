"""The imputation ledger by plain replay: slow, obvious Python, sentence by sentence.

Here: the independent computation that the SQL is compared with, account by account. Not here:
anything that shares code or method with the SQL (no cumulative axes: a payment walks along the
charges, a refund walks back).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal("0.00")
CLAIMED_NATURES = {"main": "main", "complementary": "complementary", "pensioner": "after_pension"}


@dataclass
class Charge:
    """One charge with what the replay learns about it."""

    row: dict
    net: Decimal = ZERO
    cancelled: Decimal = ZERO
    relief: Decimal = ZERO
    zeroed: date | None = None
    allocations: list[tuple[str, str, bool, date, Decimal]] = field(default_factory=list)

    @property
    def covered(self) -> Decimal:
        """Everything allocated to it, whatever the date."""
        return sum((a[4] for a in self.allocations), ZERO)


def replay(
    charges: list[dict], payments: list[dict], reliefs: list[dict], as_of: date
) -> dict[str, list[tuple]]:
    """Charges and allocations of a world, as sorted rows of fct_charges and fct_allocations."""
    by_id = {c["charge_id"]: Charge(c) for c in charges}
    credits: dict[str, list[tuple[date, int, str, Decimal, str]]] = defaultdict(list)
    _reduce(by_id, charges, reliefs, credits)
    for row in charges:
        if row["charge_type"] == "regularisation" and row["amount"] < 0:
            credits[row["account_id"]].append(
                (row["issue_date"], 0, row["charge_id"], -row["amount"], "regularisation_credit")
            )
    _designate(by_id, payments, credits)
    lines: dict[str, list[Charge]] = defaultdict(list)
    for charge in by_id.values():
        if charge.net > 0:
            lines[charge.row["account_id"]].append(charge)
    for account, pool in credits.items():
        line = sorted(lines[account], key=lambda c: (c.row["due_date"], c.row["charge_id"]))
        _walk(line, sorted(pool))
    return {
        "fct_allocations": sorted(
            (c.row["charge_id"], credit, kind, designated, when, amount)
            for c in by_id.values()
            for credit, kind, designated, when, amount in c.allocations
        ),
        "fct_charges": sorted(
            (_position(c, by_id, as_of) for c in by_id.values()), key=lambda r: r[0]
        ),
    }


def _reduce(by_id, charges, reliefs, credits):
    """Cancellations and reliefs in the order of ruling A3; what exceeds becomes a credit."""
    reductions = defaultdict(list)
    for row in charges:
        if row["charge_type"] == "cancellation":
            reductions[row["related_charge_id"]].append(
                (row["issue_date"], 0, row["charge_id"], -row["amount"])
            )
    for row in reliefs:
        key = f"{row['request_id']}:{row['charge_id']}"
        reductions[row["charge_id"]].append((row["effective_date"], 1, key, row["amount"]))
    for charge_id, charge in by_id.items():
        left = max(charge.row["amount"], ZERO)
        for when, kind, key, amount in sorted(reductions[charge_id]):
            if kind == 0:
                charge.cancelled += amount
            else:
                charge.relief += amount
            taken = min(left, amount)
            left -= taken
            if taken and left == 0:
                charge.zeroed = when
            if amount > taken:
                credits[charge.row["account_id"]].append(
                    (when, 0, key, amount - taken, "relief_excess")
                )
        charge.net = left


def _designate(by_id, payments, credits):
    """Designated payments first, by date then identifier; the rest joins the pool (A4)."""
    for row in sorted(payments, key=lambda p: (p["value_date"], p["payment_id"])):
        amount = row["amount"]
        target = by_id.get(row["charge_id"]) if row["charge_id"] and amount > 0 else None
        if target and target.row["account_id"] == row["account_id"] and target.net > 0:
            taken = min(amount, target.net - target.covered)
            if taken > 0:
                target.allocations.append(
                    (row["payment_id"], "payment", True, row["value_date"], taken)
                )
            amount -= taken
        if amount:
            is_refund = 1 if amount < 0 else 0
            credits[row["account_id"]].append(
                (row["value_date"], is_refund, row["payment_id"], amount, "payment")
            )


def _walk(line, pool):
    """A credit covers the oldest open charge, a refund reopens the newest covered (A5, A6)."""
    open_left = {id(c): c.net - c.covered for c in line}
    pool_covered = {id(c): ZERO for c in line}
    debt = ZERO  # refunded beyond what was ever received: later credits fill this gap first
    surplus = ZERO  # received beyond what is due
    for when, is_refund, key, amount, kind in pool:
        if is_refund:
            left = -amount
            back = min(surplus, left)
            surplus -= back
            left -= back
            for charge in reversed(line):
                back = min(pool_covered[id(charge)], left)
                if back > 0:
                    pool_covered[id(charge)] -= back
                    open_left[id(charge)] += back
                    left -= back
                    charge.allocations.append((key, kind, False, when, -back))
            debt += left
        else:
            left = amount
            fill = min(debt, left)
            debt -= fill
            left -= fill
            for charge in line:
                taken = min(open_left[id(charge)], left)
                if taken > 0:
                    open_left[id(charge)] -= taken
                    pool_covered[id(charge)] += taken
                    left -= taken
                    charge.allocations.append((key, kind, False, when, taken))
            surplus += left


def _nature(charge, by_id):
    if charge.row["account_id"].startswith("C"):
        return "company"
    seen = set()
    while charge is not None and charge.row["charge_id"] not in seen:
        seen.add(charge.row["charge_id"])
        if charge.row["category"]:
            return CLAIMED_NATURES[charge.row["category"]]
        charge = by_id.get(charge.row["related_charge_id"])
    return "unknown"


def _position(charge, by_id, as_of):
    """One row of fct_charges at the as-of date (A1, A8-A11)."""
    row = charge.row
    if row["amount"] < 0:
        zeros = (ZERO,) * 7
        nothing = (None, None, 0, ZERO, ZERO)
        return (row["charge_id"], _nature(charge, by_id), row["amount"], *zeros, *nothing)
    dated = [a for a in charge.allocations if a[3] <= as_of]
    paid = sum((a[4] for a in dated if a[1] == "payment"), ZERO)
    credited = sum((a[4] for a in dated if a[1] != "payment"), ZERO)
    on_time = sum((a[4] for a in dated if a[1] == "payment" and a[3] <= row["due_date"]), ZERO)
    outstanding = charge.net - paid - credited
    settled = None
    if charge.net == 0:
        settled = charge.zeroed
    elif outstanding == 0:
        # Day by day from the end: the first day from which nothing is outstanding any more.
        days = sorted({a[3] for a in dated})
        for day in days:
            later = [d for d in days if d >= day]
            if all(charge.net == sum((a[4] for a in dated if a[3] <= d), ZERO) for d in later):
                settled = day
                break
    late = max((settled - row["due_date"]).days, 0) if settled else None
    # Royal decree of 19 December 1967, art. 60bis: up to and including 31 December.
    year_end = date(row["issue_date"].year, 12, 31)
    by_year_end = [a for a in dated if a[3] <= year_end]
    paid_by_year_end = sum((a[4] for a in by_year_end if a[1] == "payment"), ZERO)
    left_at_year_end = charge.net - sum((a[4] for a in by_year_end), ZERO)
    arrears = outstanding > 0 and row["due_date"] < as_of
    past_due = (as_of - row["due_date"]) // timedelta(days=1) if arrears else 0
    return (
        row["charge_id"],
        _nature(charge, by_id),
        row["amount"],
        charge.cancelled,
        charge.relief,
        charge.net,
        paid,
        credited,
        outstanding,
        on_time,
        settled,
        late,
        past_due,
        paid_by_year_end,
        left_at_year_end,
    )
