"""Random worlds of charges, payments and reliefs, small and nasty: ties, refunds, excess.

Here: the drawing of worlds. Not here: what follows from them (replay.py).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

# Over a turn of the year, 31 December and 1 January among the days, and some days after the last.
FIRST_DAY = date(2024, 11, 25)
AS_OF = date(2025, 2, 23)
# Few days and few round amounts: ties on dates and on both axes are the rule, not the exception.
DAYS = sorted({FIRST_DAY + timedelta(days=n) for n in range(0, 120, 6)} | {date(2025, 1, 1)})
AMOUNTS = [Decimal(a) for a in ("10.00", "20.00", "30.00", "50.00", "33.33", "0.01")]


def account_id(number: int) -> str:
    """Mostly affiliates; each seventh account is a company."""
    return f"{'C' if number % 7 == 0 else 'A'}{number:08d}"


def draw_world(seed: int, accounts: int) -> dict[str, list[dict]]:
    """Charges, payments and relief effects of so many accounts, valid by the rules of ingest."""
    rng = random.Random(seed)
    world: dict[str, list[dict]] = {"charges": [], "payments": [], "relief_effects": []}
    for number in range(accounts):
        _draw_account(rng, world, account_id(number), number * 100)
    return world


def _charge(rng, world, account, number, **values):
    category = (
        None
        if account.startswith("C") or rng.random() < 0.2
        else rng.choice(["main", "complementary"])
    )
    own = [c["charge_id"] for c in world["charges"][-6:] if c["account_id"] == account]
    row = {
        "charge_id": f"D{number:012d}",
        "account_id": account,
        "charge_type": rng.choice(
            ["provisional", "provisional", "regularisation", "surcharge_quarterly"]
        ),
        "contribution_year": 2024,
        "contribution_quarter": rng.choice([1, 2, None]),
        "category": category,
        "issue_date": rng.choice(DAYS),
        "due_date": rng.choice(DAYS),
        "amount": rng.choice(AMOUNTS),
        "income_basis": None,
        "related_charge_id": rng.choice(own) if own and rng.random() < 0.3 else None,
    }
    if account.startswith("C") and row["charge_type"] == "provisional":
        row["charge_type"] = "company_contribution"
    row.update(values)
    world["charges"].append(row)
    return row


def _draw_account(rng, world, account, base):
    positives = []
    for i in range(rng.randint(0, 5)):
        positives.append(_charge(rng, world, account, base + i))
    if rng.random() < 0.3:
        _charge(
            rng,
            world,
            account,
            base + 10,
            charge_type="regularisation",
            amount=-rng.choice(AMOUNTS),
        )
    for i in range(rng.choice([0, 0, 1, 2]) if positives else 0):
        target = rng.choice(positives)
        _charge(
            rng,
            world,
            account,
            base + 20 + i,
            charge_type="cancellation",
            amount=-rng.choice(AMOUNTS),
            related_charge_id=target["charge_id"],
        )
    own = [c for c in world["charges"] if c["account_id"] == account]
    for i in range(rng.choice([0, 0, 1, 2]) if own else 0):
        # Free text identifiers on both sides of D… and P… in byte order.
        prefix = rng.choice(["RR", "A", "D", "P", "D0", "P000000000", "é"])
        world["relief_effects"].append(
            {
                "request_id": f"{prefix}{base + i}",
                "charge_id": rng.choice(own)["charge_id"],
                "effective_date": rng.choice(DAYS),
                "amount": rng.choice(AMOUNTS),
            }
        )
    foreign = [c["charge_id"] for c in world["charges"][:3]]
    for i in range(rng.randint(0, 6)):
        sign = -1 if rng.random() < 0.25 else 1
        designated = (
            rng.choice([c["charge_id"] for c in own] + foreign)
            if own and rng.random() < 0.35
            else None
        )
        world["payments"].append(
            {
                "payment_id": f"P{base + i:012d}",
                "account_id": account,
                "value_date": rng.choice(DAYS),
                "amount": sign * rng.choice(AMOUNTS),
                "channel": "transfer",
                "charge_id": designated,
                "structured_communication": None,
            }
        )
