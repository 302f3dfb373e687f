"""Random worlds of accounts in recovery, small and nasty: ties of dates, refunds, several cases.

Here: the drawing of worlds. Not here: what follows from them (replay.py).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

AMOUNTS = [Decimal(a) for a in ("10.00", "20.00", "30.00", "50.00", "33.33", "0.01")]
#: Few days: quarter ends and their neighbours, and the edges of the age buckets before them.
DAYS = sorted(
    {
        date(year, month, last) + timedelta(days=shift)
        for year in (2019, 2023, 2024, 2025)
        for month, last in ((3, 31), (6, 30), (9, 30), (12, 31))
        for shift in (-91, -90, -45, -1, 0, 1)
    }
    | {date(2024, 2, 29), date(2020, 2, 29)}
)
STEPS = [
    "reminder", "account_statement", "proactive_contact", "formal_notice", "registered_letter",
    "writ_issued", "writ_served", "opposition", "summons", "judgment", "attachment",
    "insolvency_claim", "solidarity_notice", "payment_plan", "acknowledgement", "write_off",
]  # fmt: skip
OUTCOMES = ["delivered", "reached", "not_reached", "served", "not_served", "withdrawn", None]
ORIGINS = ["voluntary", "ex_officio", "transfer_in", "resumption", "category_change"]
#: Of the charges of an account: what a surcharge belongs to may have the higher number.
NUMBERS = (3, 0, 5, 1, 4, 2)


def draw_world(seed: int, accounts: int) -> dict[str, list[dict]]:
    """Rows of every extract that recovery reads, valid by the rules of ingest."""
    rng = random.Random(seed)
    world: dict[str, list[dict]] = {
        name: []
        for name in (
            "affiliates", "affiliations", "companies", "charges", "payments", "relief_effects",
            "payment_plans", "plan_instalments", "recovery_cases", "recovery_case_charges",
            "recovery_steps", "recovery_agents", "insolvencies", "notices",
        )
    }  # fmt: skip
    for number in range(6):
        kind = ["bailiff", "lawyer", "curator"][number % 3]
        world["recovery_agents"].append(
            {"agent_id": f"AG{number}", "agent_type": kind, "district": "Mons"}
        )
    for number in range(accounts):
        _draw_account(rng, world, number)
    return world


def _draw_account(rng: random.Random, world: dict[str, list[dict]], number: int) -> None:
    # Far apart: a slice is cut between thousands of accounts.
    account = f"{'C' if number % 5 == 0 else 'A'}{number * 20:08d}"
    _draw_identity(rng, world, account, number)
    charges = _draw_charges(rng, world, account, number * 100)
    _draw_money(rng, world, account, number * 100, charges)
    _draw_cases(rng, world, account, number, charges)
    _draw_plans(rng, world, account, number)
    if rng.random() < 0.2:
        opened = rng.choice(DAYS)
        world["insolvencies"].append(
            {
                "insolvency_id": f"IN{number}",
                "account_id": account,
                "kind": "bankruptcy",
                "opened_date": opened,
                "claim_deadline": rng.choice([None, *DAYS[-12:]]),
                "claim_filed_date": rng.choice([None, None, *DAYS[-12:]]),
                "closed_date": rng.choice([None, None, *DAYS[-6:]]),
            }
        )
    if rng.random() < 0.3:
        world["notices"].append(
            {
                "notice_id": f"N{number}",
                "account_id": account,
                "kind": rng.choice(["account_statement", "due_notice"]),
                "latest_date": rng.choice(DAYS),
                "sent_date": rng.choice([None, *DAYS]),
                "channel": "post",
            }
        )


def _draw_identity(rng, world, account, number):
    if account.startswith("C"):
        world["companies"].append({"company_id": account, "origin": rng.choice(ORIGINS[:3])})
        return
    world["affiliates"].append({"affiliate_id": account, "person_key": f"p{number}"})
    for i in range(rng.choice([0, 1, 1, 2, 3])):
        world["affiliations"].append(
            {
                "affiliation_id": f"F{number * 10 + i:09d}",
                "affiliate_id": account,
                "category": "main",
                "start_date": rng.choice(DAYS),
                "end_reason": rng.choice([None, None, None, "annulled"]),
                "origin": rng.choice(ORIGINS),
            }
        )


def _draw_charges(rng, world, account, base):
    """Positive charges; some negative regularisations and cancellations beside them."""
    positives = []
    is_company = account.startswith("C")
    for i in range(rng.randint(0, 6)):
        issue = rng.choice(DAYS)
        related = rng.choice(positives)["charge_id"] if positives and rng.random() < 0.6 else None
        if rng.random() < 0.1:
            related = "D999999999999"  # left out by a full delivery (F4, F6)
        kinds = (
            ["company_contribution", "company_surcharge"]
            if is_company
            else ["provisional", "provisional", "regularisation", "surcharge_annual", "legal_costs"]
        )
        kind = rng.choice(kinds)
        row = {
            "charge_id": f"D{base + NUMBERS[i]:012d}",
            "account_id": account,
            "charge_type": kind,
            "contribution_year": rng.choice([2015, 2017, 2018, 2019, issue.year]),
            "contribution_quarter": None,
            "category": None if is_company else rng.choice(["main", "complementary"]),
            "issue_date": issue,
            "due_date": rng.choice([d for d in DAYS if d >= issue][:8]),
            "amount": rng.choice(AMOUNTS),
            # Contributions may name the one they increase; they are prescribed by themselves.
            "related_charge_id": None if kind == "provisional" else related,
        }
        positives.append(row)
    world["charges"] += positives
    if not is_company and rng.random() < 0.2:
        day = rng.choice(DAYS)
        world["charges"].append(
            {
                "charge_id": f"D{base + 20:012d}",
                "account_id": account,
                "charge_type": "regularisation",
                "contribution_year": 2023,
                "category": "main",
                "issue_date": day,
                "due_date": day,
                "amount": -rng.choice(AMOUNTS),
            }
        )
    if positives and rng.random() < 0.2:
        day = rng.choice(DAYS)
        target = rng.choice(positives)
        world["charges"].append(
            {
                "charge_id": f"D{base + 30:012d}",
                "account_id": account,
                "charge_type": "cancellation",
                "contribution_year": 2023,
                "category": target["category"],
                "issue_date": day,
                "due_date": day,
                "amount": -rng.choice([target["amount"], Decimal("5.00")]),
                "related_charge_id": target["charge_id"],
            }
        )
    return positives


def _draw_money(rng, world, account, base, charges):
    for i in range(rng.choice([0, 0, 0, 1]) if charges else 0):
        world["relief_effects"].append(
            {
                "request_id": f"R{base + i}",
                "charge_id": rng.choice(charges)["charge_id"],
                "effective_date": rng.choice(DAYS),
                "amount": rng.choice(AMOUNTS),
            }
        )
    for i in range(rng.randint(0, 6)):
        designated = rng.choice(charges)["charge_id"] if charges and rng.random() < 0.35 else None
        world["payments"].append(
            {
                "payment_id": f"P{base + i:012d}",
                "account_id": account,
                "value_date": rng.choice(DAYS),
                "amount": (-1 if rng.random() < 0.2 else 1) * rng.choice(AMOUNTS),
                "channel": "transfer",
                "charge_id": designated,
            }
        )


def _draw_cases(rng, world, account, number, charges):
    for i in range(rng.choice([0, 1, 1, 2])):
        case = f"K{number}-{i}"
        opened = rng.choice(DAYS)
        closed = rng.choice([None, None, *[d for d in DAYS if d >= opened]])
        world["recovery_cases"].append(
            {
                "case_id": case,
                "account_id": account,
                "opened_date": opened,
                "closed_date": closed,
                "closing_reason": rng.choice(["paid", "relieved", "irrecoverable"])
                if closed
                else None,
            }
        )
        for charge in charges:
            if rng.random() < 0.6:
                world["recovery_case_charges"].append(
                    {"case_id": case, "charge_id": charge["charge_id"]}
                )
        for j in range(rng.randint(0, 5)):
            world["recovery_steps"].append(
                {
                    "step_id": f"S{number}-{i}-{j}",
                    "case_id": case,
                    "step_type": rng.choice(STEPS),
                    "step_date": rng.choice(DAYS),
                    "agent_id": rng.choice([None, "AG0", "AG1", "AG2"]),
                    "costs": rng.choice([None, Decimal("25.00"), Decimal("0.00")]),
                    "outcome": rng.choice(OUTCOMES),
                }
            )
        if i == 0 and rng.random() < 0.2:
            _draw_payment_after_writ(rng, world, case, account, number)


def _draw_payment_after_writ(rng, world, case, account, number):
    """A writ shortly before the dates that tests look at, and money within a month of it or not."""
    day = rng.choice([date(2025, 6, 12), date(2025, 6, 30), date(2025, 10, 20), date(2025, 11, 14)])
    world["recovery_steps"].append(
        {
            "step_id": f"S{case}-w",
            "case_id": case,
            "step_type": rng.choice(["writ_issued", "writ_served"]),
            "step_date": day,
            "agent_id": None,
            "costs": None,
            "outcome": None,
        }
    )
    world["payments"].append(
        {
            "payment_id": f"P{number * 100 + 50:012d}",
            "account_id": account,
            "value_date": day + timedelta(days=rng.choice([-1, 0, 1, 18, 30, 31])),
            "amount": rng.choice(AMOUNTS),
            "channel": "transfer",
            "charge_id": None,
        }
    )


def _draw_plans(rng, world, account, number):
    if rng.random() < 0.6:
        return
    decision = rng.choice([None, "granted", "granted", "granted", "refused", "withdrawn"])
    plan = f"PL{number}"
    world["payment_plans"].append(
        {
            "plan_id": plan,
            "account_id": account,
            "requested_date": DAYS[0],
            "decision_date": rng.choice(DAYS[24:]) if decision else None,
            "decision": decision,
            "status": "running",
        }
    )
    for n in range(rng.randint(0, 4)):
        world["plan_instalments"].append(
            {
                "plan_id": plan,
                "instalment_no": n + 1,
                "due_date": rng.choice(DAYS[24:]),
                "amount": rng.choice(AMOUNTS),
            }
        )


#: What a delivery may change of a row, without breaking a reference to it.
_CHANGEABLE = {
    "charges": ("amount", AMOUNTS),
    "payments": ("value_date", DAYS),
    "recovery_steps": ("step_type", STEPS),
    "recovery_cases": ("opened_date", DAYS[:24]),
    "affiliations": ("origin", ORIGINS),
    "companies": ("origin", ORIGINS[:3]),
}
_DELETABLE = ("payments", "recovery_steps", "recovery_case_charges", "relief_effects")


def change_world(
    seed: int, world: dict[str, list[dict]], share: float = 0.06
) -> dict[str, list[dict]]:
    """The world at a later delivery: about `share` of the rows changed or gone, some steps new,
    some plans granted."""
    rng = random.Random(seed)
    later: dict[str, list[dict]] = {}
    for table, rows in world.items():
        later[table] = []
        for row in rows:
            is_drawn = rng.random() < share
            if is_drawn and table in _DELETABLE and rng.random() < 0.4:
                continue
            if is_drawn and table in _CHANGEABLE and row.get("amount", 1) > 0:
                column, values = _CHANGEABLE[table]
                row = {**row, column: rng.choice(values)}
            later[table].append(row)
    for case in later["recovery_cases"]:
        if rng.random() < share:
            later["recovery_steps"].append(
                {
                    "step_id": f"S{case['case_id']}-new{seed}",
                    "case_id": case["case_id"],
                    "step_type": rng.choice(STEPS),
                    "step_date": rng.choice(DAYS),
                    "agent_id": "AG1",
                    "costs": None,
                    "outcome": None,
                }
            )
    later["payment_plans"] = [
        {**plan, "decision": "granted", "decision_date": rng.choice(DAYS[24:])}
        if plan["decision"] is None and rng.random() < 0.9
        else plan
        for plan in later["payment_plans"]
    ]
    return later
