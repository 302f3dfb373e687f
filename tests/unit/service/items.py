"""Rows of extracts, as the cases of the service commitment need them: one line for one item.

Here: what is the same for all items of a kind. Not here: what must become of one (cases.py).
"""

from __future__ import annotations

from typing import Any

Rows = list[tuple[str, dict[str, Any]]]


def affiliation(requested, registered, **more):
    return [("affiliations", {"requested_date": requested, "registered_date": registered,
             "origin": "voluntary", "start_date": registered, "category": "main",
             "capacity": "self_employed", "first_activity": False, **more})]  # fmt: skip


def informed(registered, *sent, origin="ex_officio", first=False):
    brochures = [("notices", {"kind": "obligations_brochure", "latest_date": registered,
                  "sent_date": day}) for day in sent]  # fmt: skip
    return affiliation(None, registered, origin=origin, first_activity=first) + brochures


def contact(kind, received, answered=None, closed=None, **more):
    return [("contacts", {"kind": kind, "topic": "other", "channel": "phone",
             "received_at": f"{received} 16:30",
             "first_answer_at": answered and f"{answered} 09:00",
             "closed_at": closed and f"{closed} 09:00", **more})]  # fmt: skip


def claim(submitted, decided=None, decision=None, **more):
    return [("benefit_claims", {"benefit": "birth_leave", "initiated_by": "application",
             "event_date": submitted, "submitted_date": submitted, "decision_date": decided,
             "decision": decision, "reasons_stated": True, "appeal_stated": True,
             **more})]  # fmt: skip


def paid(due, day=None, amount="100.00", start="2024-01-01", **more):
    return [("benefit_payments", {"period_start": start, "period_end": due, "unit": "day",
             "units": "1.00", "amount": amount, "due_date": due, "paid_date": day,
             **more})]  # fmt: skip


def message(flow, due, sent=None, status="sent", **more):
    return [("transmissions", {"flow": flow, "recipient": "319", "period": "2024Q1",
             "due_date": due, "sent_date": sent, "status": status, **more})]  # fmt: skip


def notice(kind, latest, sent=None, **more):
    return [("notices", {"kind": kind, "latest_date": latest, "sent_date": sent, **more})]


def relief(submitted, complete=None, transmitted=None, **more):
    return [("relief_requests", {"kind": "exemption", "submitted_date": submitted,
             "complete_date": complete, "transmitted_date": transmitted, **more})]  # fmt: skip


def insurance(submitted, transmitted=None, **more):
    return [("insurance_requests", {"kind": "continued_insurance", "submitted_date": submitted,
             "transmitted_date": transmitted, **more})]  # fmt: skip


def plan(requested, **more):
    return [("payment_plans", {"requested_date": requested, **more})]


def overpaid(**more):
    return [("benefit_overpayments", {"established_date": "2024-02-29", "amount": "5.00",
             "cause": "regularisation", "reasons_stated": True, "appeal_stated": True,
             **more})]  # fmt: skip


def recovery(*steps):
    """A case with steps (type, date) or (type, date, outcome)."""
    opened = min(day for _, day, *_ in steps)
    return [("recovery_cases", {"opened_date": opened})] + [
        ("recovery_steps", {"step_type": kind, "step_date": day, "outcome": (*rest, None)[0]})
        for kind, day, *rest in steps
    ]


def insolvency(opened, deadline=None, filed=None, kind="bankruptcy"):
    return [("insolvencies", {"kind": kind, "opened_date": opened, "claim_deadline": deadline,
             "claim_filed_date": filed})]  # fmt: skip


def contribution(amount, issued="2024-01-15", **more):
    """A contribution of the first quarter of 2024; of somebody without a reference year the law
    asks 864.15 in main occupation, 95.60 in complementary occupation."""
    return [("charges", {"charge_type": "provisional", "contribution_year": 2024,
             "contribution_quarter": 1, "category": "main", "issue_date": issued,
             "due_date": "2024-06-30", "amount": amount, **more})]  # fmt: skip


def liable(category="main", start="2023-01-01"):
    return affiliation(None, "2023-02-01", start_date=start, category=category)


def settled(amount):
    """A settlement of 2022 on 20 000: four quarters of 1 025.00, nothing claimed before."""
    income = {"income_year": 2022, "net_income": "20000.00", "received_date": "2024-01-02",
              "source": "tax_administration"}  # fmt: skip
    claimed = contribution(amount, "2024-02-20", charge_type="regularisation",
                           contribution_year=2022, contribution_quarter=None)  # fmt: skip
    return [*liable(start="2018-01-01"), ("incomes", income), *claimed]


def of_company(amount, balance=None, year=2024):
    """A company contribution; 2024: 387.34 up to a balance of 831 990.83 in 2022, else 967.52."""
    balances = [("company_balances", {"fiscal_year": 2022, "balance_sheet_total": balance})]
    return (balances if balance else []) + contribution(
        amount, "2024-04-02", charge_type="company_contribution", contribution_year=year,
        contribution_quarter=None, category=None, due_date="2024-12-31",
    )  # fmt: skip
