"""Surcharges of an unjustified reduction (AR 38 art. 11bis), told from the others by what they are
on: a reduced contribution that was never paid late. Amounts by hand.

2024: legal provisional 2 432.90 a quarter (40 000 x 1.18678260), 1 000.00 asked on an estimate,
definitive 1 537.50 (30 000): 537.50 were left out, 16.13 a quarter end and 37.63 once. Settled in
the first quarter of 2026: five quarter ends.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.ledger.hand_made import World
from tests.unit.workbench import build, read, write_history

QUARTERLY, ANNUAL = "surcharge_quarterly", "surcharge_annual"


def world() -> tuple[dict, dict[str, list]]:
    """(rows of extracts, by account (kind, expected, reason) of each surcharge in order)."""
    w = World()
    expected: dict[str, list] = {}

    def person(number: int, claims: list, found: list, *, income="30000.00", reduced=True,
               paid="2024-09-15") -> None:  # fmt: skip
        account = f"A{number:08d}"
        w.affiliate(account, "2018-01-01", "2018-02-01")
        for year, amount, received in (
            (2021, "40000.00", "2023-01-02"),
            (2024, income, "2026-02-01"),
        ):
            w.add("incomes", affiliate_id=account, income_year=year, net_income=amount,
                  source="tax_administration", received_date=received)  # fmt: skip
        year = {"contribution_year": 2024}
        of = w.charge(account, "1000.00", **year, issue_date="2024-07-15", due_date="2024-09-30")
        w.payment(account, "1000.00", paid, of)
        if reduced:
            w.request(account, "reduction", "granted", "2024Q3")
        w.charge(account, "100.00", **year, charge_type="regularisation", contribution_quarter=None,
                 issue_date="2026-03-10", due_date="2026-06-30")  # fmt: skip
        for kind, amount, issued in claims:
            w.surcharge(of, account, kind, amount, issued)
        expected[account] = found

    with_settlement = "2026-03-12"
    person(
        1,
        [(QUARTERLY, "80.65", with_settlement), (ANNUAL, "37.63", with_settlement)],
        [("reduction", "80.65", None), ("reduction", "37.63", None)],
    )
    person(
        2,
        [(QUARTERLY, "16.13", "2025-01-14"), (QUARTERLY, "16.13", "2025-04-14"),
         (QUARTERLY, "48.39", with_settlement)],
        [("reduction", "16.13", None), ("reduction", "16.13", None), ("reduction", "48.39", None)],
    )  # fmt: skip
    # None for the quarter of the settlement, however late the notice.
    person(3, [(QUARTERLY, "80.66", "2026-06-12")], [("reduction", "80.65", "unexplained")])
    person(4, [(QUARTERLY, "16.13", with_settlement)], [("provisional", "0.00", "unexplained")],
           reduced=False)  # fmt: skip
    person(5, [(QUARTERLY, "16.13", with_settlement)], [("provisional", "0.00", "unexplained")],
           paid="2024-11-02")  # fmt: skip
    # The estimate was right after all: 922.50.
    person(6, [(ANNUAL, "37.63", with_settlement)], [("reduction", "0.00", "unexplained")],
           income="18000.00")  # fmt: skip
    # Before the end of the year nothing can be asked for a reduction.
    person(7, [(QUARTERLY, "16.13", "2024-10-14")], [("provisional", "0.00", "unexplained")])
    return w.rows, expected


ROWS, EXPECTED = world()


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, list]:
    home = tmp_path_factory.mktemp("reductions")
    write_history(home, ROWS, as_of=date(2026, 6, 30))
    build(home, "+fct_expected_surcharges")
    rows = read(
        home,
        "select account_id, surcharge_kind, cast(expected_amount as varchar), difference_reason"
        " from contribution.fct_expected_surcharges where charge_id is not null order by charge_id",
    )
    return {account: [row[1:] for row in rows if row[0] == account] for account in EXPECTED}


@pytest.mark.parametrize("account", sorted(EXPECTED))
def test_kind_and_amount(found, account):
    assert found[account] == EXPECTED[account]
