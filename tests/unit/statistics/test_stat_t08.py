"""T08 where amounts are larger than a float holds to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.unit.workbench import build, read, write_history

AMOUNT = Decimal("999999999999.99")


def test_amounts_stay_decimals_to_the_cent(tmp_path):
    charge = {
        "charge_id": "D000000000001",
        "account_id": "A00000001",
        "charge_type": "provisional",
        "contribution_year": 2024,
        "contribution_quarter": 1,
        "category": "main",
        "issue_date": "2024-01-20",
        "due_date": "2024-03-31",
        "amount": AMOUNT,
    }
    payment = {
        "payment_id": "P000000000001",
        "account_id": "A00000001",
        "value_date": "2024-03-01",
        "amount": "333333333333.31",
    }
    write_history(tmp_path, {"charges": [charge], "payments": [payment]}, as_of=date(2025, 6, 30))
    build(tmp_path, "+stat_t08")
    found = read(
        tmp_path,
        "select distinct measure, obs_value, contributors, largest_contribution"
        " from statistics.stat_t08 where collection_year = '_T' order by 1",
    )
    collected = Decimal("333333333333.31")
    assert found == [
        ("claimed_amount", AMOUNT, 1, AMOUNT),
        ("collected_amount", collected, 1, collected),
        ("perception_pct", Decimal("33.333333"), 1, None),
    ]
