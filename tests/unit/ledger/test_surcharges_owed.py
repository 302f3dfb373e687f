"""Surcharges that should have been claimed and were not: one hand-made account for each rule.

Both sides of each: what is owed and what is not. As of 30 June 2026, the quarter in which notices
for the end of March leave is not over, so 31 December 2025 is the last quarter end that counts.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.unit.ledger.hand_made import SEPTEMBER, World
from tests.unit.workbench import build, read, write_history

AS_OF = date(2026, 6, 30)
DECEMBER, MARCH = "2025-12-31", "2026-03-31"


FIRST = {("surcharge_quarterly", SEPTEMBER, "30.00", "not_claimed")}
SECOND = ("surcharge_quarterly", DECEMBER, "30.00", "not_claimed")


def both_ends(reason: str = "not_claimed") -> set[tuple]:
    """What an unpaid quarter of 1 000 euros owes by 31 December."""
    return {
        ("surcharge_quarterly", SEPTEMBER, "30.00", reason),
        ("surcharge_quarterly", DECEMBER, "30.00", reason),
        ("surcharge_annual", DECEMBER, "70.00", reason),
    }


def world() -> tuple[dict, dict[str, set]]:
    """(rows of extracts, what each account owes)."""
    w = World()
    owes: dict[str, set] = {}

    def person(number: int, expected: set, amount: str = "1000.00", **more: object) -> tuple:
        account = f"A{number:08d}"
        w.affiliate(account)
        owes[account] = expected
        return account, w.charge(account, amount, **more)

    person(1, both_ends())
    account, of = person(2, set())
    w.surcharge(of, account, "surcharge_quarterly", "30.00", "2025-10-14")
    w.surcharge(of, account, "surcharge_quarterly", "30.00", "2026-01-14")
    w.surcharge(of, account, "surcharge_annual", "70.00", "2026-01-14")
    # The first was claimed, and one too low: that one is compared, not owed.
    account, of = person(3, both_ends() - FIRST)
    w.surcharge(of, account, "surcharge_quarterly", "29.00", "2025-10-14")
    account, of = person(4, set())
    w.payment(account, "1000.00", SEPTEMBER, of)
    account, of = person(5, FIRST)
    w.payment(account, "1000.00", "2025-10-01", of)
    # Seven per cent of seven cents is nothing.
    account, of = person(6, set())
    w.payment(account, "999.93", SEPTEMBER, of)
    # Paid in part after the first quarter end: each end on what was open then.
    account, of = person(
        7,
        {
            ("surcharge_quarterly", SEPTEMBER, "30.00", "not_claimed"),
            ("surcharge_quarterly", DECEMBER, "12.00", "not_claimed"),
            ("surcharge_annual", DECEMBER, "28.00", "not_claimed"),
        },
    )
    w.payment(account, "600.00", "2025-12-31", of)
    account, of = person(8, FIRST)
    w.writ(account, of, "2025-11-20", "served")
    account, of = person(9, both_ends())
    w.writ(account, of, "2025-11-20", "not_served")
    w.request(person(10, both_ends("waiver_granted"))[0], "surcharge_waiver", "granted", "2025Q3")
    w.request(person(11, both_ends())[0], "surcharge_waiver", "granted", "2025Q2")
    w.request(person(12, both_ends())[0], "surcharge_waiver", "refused", "2025Q3")
    w.request(person(13, both_ends("deferral_granted"))[0], "deferral", "granted", "2025Q3")
    w.request(person(14, both_ends("relief_pending"))[0], "exemption", None, "2025Q3")
    # Affiliated before the start, claimed in the fourth quarter: first end of March, next year.
    account = "A00000015"
    w.affiliate(account, "2025-07-10", "2025-07-01")
    w.charge(account, "1000.00", issue_date="2025-10-15", due_date=DECEMBER)
    owes[account] = set()
    # The same claim of somebody affiliated afterwards.
    account = "A00000016"
    w.affiliate(account, "2025-07-10", "2025-07-11")
    w.charge(account, "1000.00", issue_date="2025-10-15", due_date=DECEMBER)
    owes[account] = both_ends() - FIRST
    # A settlement: first at the end of the quarter after it was sent.
    person(
        17,
        both_ends(),
        charge_type="regularisation",
        contribution_year=2023,
        contribution_quarter=None,
        issue_date="2025-05-10",
        due_date="2025-06-30",
    )
    account, of = person(18, set())
    w.add(
        "relief_effects",
        request_id="RX",
        charge_id=of,
        effective_date="2026-02-01",
        amount="1000.00",
    )
    # Paid on the second quarter end: the first is owed.
    account, of = person(
        19,
        {("surcharge_quarterly", "2025-03-31", "30.00", "not_claimed")},
        contribution_quarter=1,
        issue_date="2025-01-15",
        due_date="2025-03-31",
    )
    w.payment(account, "1000.00", "2025-06-30", of)
    # As many notices as the law asks, both after the second quarter end: none is missing.
    account, of = person(20, both_ends() - FIRST - {SECOND})
    w.surcharge(of, account, "surcharge_quarterly", "30.00", "2026-01-14")
    w.surcharge(of, account, "surcharge_quarterly", "30.00", "2026-02-14")

    def company(number: int, expected: str | None) -> tuple:
        account = f"C{number:08d}"
        w.add(
            "companies",
            company_id=account,
            incorporated_date="2010-01-01",
            legal_form="SRL",
            origin="voluntary",
            affiliated_date="2010-01-01",
            status="active",
        )
        owes[account] = (
            {("company_surcharge", None, expected, "not_claimed")} if expected else set()
        )
        return account, w.charge(
            account,
            "400.00",
            charge_type="company_contribution",
            contribution_year=2024,
            contribution_quarter=None,
            category=None,
            issue_date="2024-10-01",
            due_date="2024-12-31",
        )

    account, of = company(1, "8.00")
    w.payment(account, "400.00", "2025-02-10", of)
    account, of = company(2, None)
    w.payment(account, "400.00", "2025-02-10", of)
    w.surcharge(of, account, "company_surcharge", "8.00", "2025-02-20")
    company(3, None)
    account, of = company(4, "12.00")
    w.writ(account, of, "2025-03-05", "served")
    account, of = company(5, None)
    w.payment(account, "400.00", "2026-01-10", of)
    # The first month was claimed, the second never.
    account, of = company(6, "4.00")
    w.surcharge(of, account, "company_surcharge", "4.00", "2025-01-20")
    w.payment(account, "400.00", "2025-02-10", of)
    account, of = company(7, None)
    w.payment(account, "400.00", "2024-12-31", of)
    return w.rows, owes


ROWS, OWED = world()
QUERY = """
    select account_id, charge_type, cast(fall_date as varchar), cast(expected_amount as varchar),
        difference_reason, difference_amount = -expected_amount and gross_amount = 0
    from contribution.fct_expected_surcharges where charge_id is null order by all
"""


def owed(home, as_of: date) -> list[tuple]:
    write_history(home, ROWS, as_of=as_of)
    build(home, "+fct_expected_surcharges")
    return read(home, QUERY)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[tuple]:
    return owed(tmp_path_factory.mktemp("owed"), AS_OF)


@pytest.mark.parametrize("account", sorted(OWED))
def test_what_an_account_owes(found, account):
    assert {row[1:5] for row in found if row[0] == account} == OWED[account]


def test_nothing_was_claimed_and_all_of_it_is_missing(found):
    assert all(row[5] for row in found)
    assert len(found) == sum(len(expected) for expected in OWED.values())


def test_a_quarter_later_the_next_end_is_owed(found, tmp_path):
    new = set(owed(tmp_path, AS_OF + timedelta(days=1))) - set(found)
    assert ("A00000001", "surcharge_quarterly", MARCH, "30.00", "not_claimed", True) in new
    # The starter's first end, and none of a year: the claim of October counts for the next one.
    assert {row[1:3] for row in new if row[0] == "A00000015"} == {("surcharge_quarterly", MARCH)}
    assert {row[3] for row in new if row[0] == "C00000005"} == {"52.00"}
