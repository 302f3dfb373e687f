"""Hand-made accounts for the tests of surcharges: rows of extracts, one account after the other.

Belongs here: rows with their usual content. Does not belong here: what is expected of them.
"""

from __future__ import annotations

SEPTEMBER = "2025-09-30"


class World:
    """Rows of extracts, one account after the other."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict]] = {}
        self.number = 0

    def add(self, extract: str, **row: object) -> None:
        self.rows.setdefault(extract, []).append(row)

    def affiliate(self, account: str, start: str = "2020-01-01", registered: str = "2020-03-01"):
        self.add(
            "affiliations",
            affiliation_id=f"F{account[1:]}0",
            affiliate_id=account,
            category="main",
            capacity="self_employed",
            start_date=start,
            origin="voluntary",
            profession_code="001",
            first_activity="false",
            registered_date=registered,
        )

    def charge(self, account: str, amount: str, **more: object) -> str:
        self.number += 1
        charge_id = f"D{self.number:012d}"
        claim = {
            "charge_type": "provisional",
            "contribution_year": 2025,
            "contribution_quarter": 3,
            "category": "main",
            "issue_date": "2025-07-15",
            "due_date": SEPTEMBER,
        }
        self.add("charges", charge_id=charge_id, account_id=account, amount=amount, **claim | more)
        return charge_id

    def surcharge(self, of: str, account: str, kind: str, amount: str, issued: str) -> None:
        self.charge(
            account,
            amount,
            charge_type=kind,
            issue_date=issued,
            due_date="2026-06-30",
            related_charge_id=of,
        )

    def payment(self, account: str, amount: str, on: str, charge: str) -> None:
        self.number += 1
        self.add(
            "payments",
            payment_id=f"P{self.number:012d}",
            account_id=account,
            value_date=on,
            amount=amount,
            channel="transfer",
            charge_id=charge,
        )

    def writ(self, account: str, charge: str, served: str, outcome: str) -> None:
        case = f"K{account}"
        self.add("recovery_cases", case_id=case, account_id=account, opened_date="2025-10-10")
        self.add("recovery_case_charges", case_id=case, charge_id=charge)
        self.add(
            "recovery_steps",
            step_id=f"S{account}",
            case_id=case,
            step_type="writ_served",
            step_date=served,
            outcome=outcome,
        )

    def request(self, account: str, kind: str, decision: str | None, quarter: str) -> None:
        self.add(
            "relief_requests",
            request_id=f"R{account}",
            account_id=account,
            kind=kind,
            submitted_date="2025-10-01",
            decision_date=None if decision is None else "2025-11-01",
            decision=decision,
            from_quarter=quarter,
            to_quarter=quarter,
        )
