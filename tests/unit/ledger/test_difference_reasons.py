"""Why a charge differs from the law: each reason on one hand-made account.

A reason must give the amount back; a charge that is merely near an event stays unexplained.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.unit.workbench import build, read, write_history

START, AS_OF = "2023-01-01", date(2026, 6, 30)


def period(account: str, category: str, start: str = START, **more: str) -> dict:
    return {
        "affiliation_id": f"F{account[1:]}{start[3]}",
        "affiliate_id": account,
        "category": category,
        "capacity": "self_employed",
        "start_date": start,
        "origin": "voluntary",
        "profession_code": "001",
        "first_activity": "false",
        "registered_date": start,
        **more,
    }


def charge(number: int, account: str, amount: str, **more: object) -> dict:
    return {
        "charge_id": f"D{number:012d}",
        "account_id": account,
        "charge_type": "provisional",
        "contribution_year": 2024,
        "contribution_quarter": 3,
        "category": "main",
        "issue_date": "2024-07-15",
        "due_date": "2024-09-30",
        "amount": amount,
        **more,
    }


def income(account: str, year: int, amount: str, received: str) -> dict:
    return {
        "affiliate_id": account,
        "income_year": year,
        "net_income": amount,
        "source": "declared",
        "received_date": received,
    }


YEARLY = {"charge_type": "regularisation", "contribution_quarter": None, "category": "main"}
WORLD = {
    "affiliations": [
        period("A00000001", "main"),
        # Complementary when the notice left; main by the end of the quarter.
        period("A00000002", "complementary", end_date="2024-08-31", end_reason="category_change"),
        period("A00000002", "main", "2024-09-01"),
        period("A00000003", "main", "2018-01-01"),
        period("A00000004", "main", "2018-01-01"),
        period("A00000005", "spouse_mini"),
        period("A00000006", "main", end_date="2024-03-31", end_reason="cessation"),
        period("A00000007", "main", "2018-01-01"),
        # Liable in years of which the lists of law know nothing.
        period("A00000008", "main", "2014-01-01"),
        period("A00000009", "spouse_mini", "2014-01-01"),
        # Never charged, and far from who was.
        period("A07000001", "main", "2026-01-01"),
    ],
    "incomes": [
        income("A00000003", 2021, "40000.00", "2024-11-02"),
        income("A00000004", 2021, "40000.00", "2023-01-02"),
        income("A00000007", 2022, "20000.00", "2024-01-02"),
    ],
    "relief_requests": [
        {
            "request_id": "RR1",
            "account_id": "A00000004",
            "kind": "reduction",
            "submitted_date": "2024-05-01",
            "decision_date": "2024-06-01",
            "decision": "granted",
            "from_quarter": "2024Q3",
            "to_quarter": "2024Q3",
        }
    ],
    "charges": [
        charge(1, "A00000001", "864.15"),
        charge(2, "A00000001", "864.16", contribution_quarter=4),
        charge(3, "A00000001", "900.00", contribution_quarter=2),
        charge(
            4,
            "A00000001",
            "-900.00",
            charge_type="cancellation",
            contribution_quarter=2,
            related_charge_id="D000000000003",
        ),
        charge(5, "A00000002", "95.60", category="complementary"),
        charge(6, "A00000002", "95.61", category="complementary"),
        charge(7, "A00000003", "864.15"),
        charge(8, "A00000004", "1000.00"),
        # Below the floor of the category: no reduction goes that far.
        charge(9, "A00000004", "800.00"),
        charge(10, "A00000004", "1000.00", contribution_quarter=2),
        charge(11, "A00000005", "100.00", category="spouse_mini"),
        charge(12, "A00000006", "864.15"),
        charge(13, "A00000001", "500.00", contribution_year=2016),
        # 2022: 4 x 1025.00 on 20 000, nothing paid provisionally; settled twice.
        charge(14, "A00000007", "4000.00", **YEARLY, contribution_year=2022),
        charge(
            15, "A00000007", "100.00", **YEARLY, contribution_year=2022, issue_date="2024-09-15"
        ),
        charge(16, "A00000007", "10.00", **YEARLY, contribution_year=2023),
        charge(17, "A00000008", "500.00", contribution_year=2016),
        charge(18, "A00000008", "500.00", **YEARLY, contribution_year=2016),
        charge(19, "A00000009", "50.00", category="spouse_mini", contribution_year=2016),
        charge(20, "A00000009", "50.00", **YEARLY, contribution_year=2016),
        charge(21, "A00000001", "50.00", **YEARLY, contribution_year=2016),
        charge(22, "A00000001", "9.00", charge_type="legal_costs"),
        # As of the last day of the second quarter of 2026.
        charge(23, "A00000001", "9.00", contribution_year=2026, contribution_quarter=2),
        charge(24, "A00000001", "9.00", contribution_year=2026, contribution_quarter=3),
        charge(25, "A00000001", "9.00", contribution_year=2027, contribution_quarter=1),
    ],
}
EXPECTED = {
    1: ("864.15", None),
    2: ("864.15", "unexplained"),
    3: ("864.15", "later_correction"),
    5: ("864.15", "category_changed"),
    6: ("864.15", "unexplained"),
    7: (None, "income_missing"),
    8: (None, "reduction_granted"),
    9: (None, "unexplained"),
    10: (None, "unexplained"),
    11: ("none", "helped_income_missing"),
    12: ("none", "not_liable"),
    13: ("none", "not_liable"),
    14: ("4100.00", "later_correction"),
    15: ("100.00", None),
    16: ("none", "income_missing"),
    17: ("none", "no_parameters"),
    18: ("none", "no_parameters"),
    19: ("none", "helped_income_missing"),
    20: ("none", "helped_income_missing"),
    21: ("none", "not_liable"),
    23: (None, "unexplained"),
    24: ("none", "quarter_not_begun"),
    25: ("none", "quarter_not_begun"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("reasons")
    write_history(home, WORLD, as_of=AS_OF)
    build(home, "+fct_charges", "fct_expected_contributions")
    return home


@pytest.fixture(scope="module")
def found(home) -> dict[int, tuple]:
    rows = read(
        home,
        "select cast(substr(charge_id, 2) as integer), expected_amount, difference_reason "
        "from contribution.fct_charges",
    )
    return {number: (amount, reason) for number, amount, reason in rows}


@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_reason(found, number):
    amount, reason = EXPECTED[number]
    assert found[number][1] == reason
    if amount == "none":
        assert found[number][0] is None
    elif amount is not None:
        assert str(found[number][0]) == amount


def test_other_types_have_no_legal_amount(found):
    others = set(found) - set(EXPECTED)
    assert others == {4, 22}
    assert {found[number] for number in others} == {(None, None)}


def test_who_was_never_charged_is_assessed_too(home):
    """Quarters that began by the as-of date, of the four that the year will have."""
    rows = read(
        home,
        "select contribution_year, contribution_quarter, quarters_liable, expected_provisional "
        "from contribution.fct_expected_contributions where affiliate_id = 'A07000001' "
        "order by all",
    )
    assert [(*row[:3], str(row[3])) for row in rows] == [
        (2026, 1, 4, "890.42"),
        (2026, 2, 4, "890.42"),
    ]
