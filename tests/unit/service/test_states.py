"""Indicators and marts that look at a state over time, as the stories tell it (stories.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.service.cases import AS_OF
from tests.unit.service.stories import OFFICE, account

pytestmark = pytest.mark.xdist_group("service")
THIS, LAST = "2024Q2", "2024Q1"


def missed(release, code: str, quarter: str) -> dict[str, int | None]:
    """Accounts that missed, with the days over."""
    rows = release.execute(
        "select account_id, days_over from service.fct_missed_items"
        " where code = ? and quarter = ? and office_code = ?",
        [code, quarter, OFFICE],
    ).fetchall()
    return {str(key): over for key, over in rows}


def figures(release, code: str, quarter: str) -> tuple:
    return release.execute(
        "select numerator, denominator, value, is_met from service.mart_commitments"
        " where code = ? and quarter = ? and office_code = ?",
        [code, quarter, OFFICE],
    ).fetchone()


def numbers(accounts) -> set[int]:
    """Numbers of the stories' accounts."""
    return {int(key[1:]) - 1000 for key in accounts}


def test_statements_of_six_months(release):
    """Account 3 had its statement six months ago to the day: a day too many."""
    # The four accounts of 2014 charges (21-24) never had one.
    old = {21, 22, 23, 24}
    assert numbers(missed(release, "SC29", THIS)) & set(range(1, 9)) == {3, 5, 7}
    # On 31 March account 8 still owed; 2 and 3 had their statements; 4 not yet.
    assert numbers(missed(release, "SC29", LAST)) & (set(range(1, 9)) | old) == {4, 5, 8} | old
    # Before 10 July 2023 no six months of statements lie behind: 2023Q3 is the first.
    quarters = release.execute(
        "select min(quarter) from service.mart_commitments where code = 'SC29'"
    ).fetchone()
    assert quarters == ("2023Q3",)


def test_arrears_count_from_the_oldest_charge_of_the_time(release):
    since = release.execute(
        "select quarter, cast(started_date as varchar) from service.fct_missed_items"
        " where code = 'SC29' and account_id = ? order by quarter desc limit 2",
        [account(9)],
    ).fetchall()
    assert since == [(THIS, "2022-12-31"), (LAST, "2022-12-31")]


def test_judicial_cases_left_still(release):
    assert missed(release, "SC30", LAST) == {account(12): 1}
    assert figures(release, "SC30", LAST)[:2] == (6, 7)
    assert missed(release, "SC30", THIS) == {account(14): 1}
    kinds = release.execute(
        "select breakdown_code, numerator, denominator from service.mart_commitments_detail"
        " where code = 'SC30' and quarter = ? and office_code = ?",
        [LAST, OFFICE],
    ).fetchall()
    assert kinds == [("lawyer", 1, 2)]


def test_prescribed_and_soon_to_be(release):
    assert numbers(missed(release, "SC32", THIS)) == {21}
    assert figures(release, "SC32", THIS) == (Decimal("100.00"), 1, 100.0, False)
    assert numbers(missed(release, "SC32B", THIS)) == {22, 23}
    assert figures(release, "SC32B", THIS) == (Decimal("200.00"), 2, 200.0, None)


def test_career_of_closed_years(release):
    gaps = release.execute(
        "select affiliate_id, period, gap from service.mart_career_gaps where office_code = ?"
        " order by all",
        [OFFICE],
    ).fetchall()
    assert gaps == [
        (account(32), "2022Q3", "missing"),
        (account(32), "2022Q4", "several"),
        (account(32), "2023Q2", "not_accepted"),
        (account(34), "2022Q2", "missing"),
        (account(36), "2023Q4", "missing"),
    ]
    years = release.execute(
        "select career_year, quarters, complete_quarters, missing_quarters"
        " from service.mart_career_completeness where office_code = ? order by career_year",
        [OFFICE],
    ).fetchall()
    assert years == [(2022, 11, 8, 3), (2023, 9, 7, 2)]


def test_transmissions_by_flow(release):
    row = release.execute(
        "select messages, messages_in_time, messages_rejected, first_answered, first_accepted"
        " from service.mart_transmissions where flow = 'career_data' and recipient = 'INASTI'"
    ).fetchall()
    # 8 + 6 + 1 + 1 + 1 + 1 messages, and one of tomorrow that nobody has answered; of two for one
    # quarter only the first counts as first.
    assert row == [(19, 18, 1, 17, 16)]


def test_benefits_by_quarter(release):
    rows = release.execute(
        "select quarter, beneficiaries, claims_submitted, claims_granted,"
        " claims_granted_automatically, claims_refused, units, days, half_days, paid_amount,"
        " paid_in_time_rate, median_decision_days from benefit.mart_quarter"
        " where benefit = 'informal_carer' and quarter >= '2024Q1' order by quarter"
    ).fetchall()
    assert rows == [
        ("2024Q1", 1, 3, 1, 0, 0, 15, 15, 0, Decimal("1492.65"), 1.0, 10.0),
        # 100 and 41 days; the reversal takes back money, not days.
        ("2024Q2", 1, 0, 1, 1, 1, 10, 0, 10, Decimal("398.09"), 0.0, 70.5),
    ]
    total = release.execute(
        "select sum(paid_amount) from benefit.mart_quarter"
    ).fetchone()  # fmt: skip
    paid = release.execute(
        "select sum(amount) from benefit.fct_payments where paid_date <= ?", [AS_OF]
    ).fetchone()
    assert total == paid


def test_a_week_of_bridging_right(release):
    assert release.execute(
        "select expected_amount, expected_certainty from benefit.fct_payments"
        " where unit = 'week' and units = 2"
    ).fetchall() == [(Decimal("787.28"), "unsure")]


def test_take_up_counts_each_bankruptcy_once(release):
    rows = release.execute(
        "select quarter, event_kind, persons, persons_claiming, persons_granted"
        " from benefit.mart_take_up where quarter = ? order by all",
        [THIS],
    ).fetchall()
    assert rows == [
        # Known from the end of the affiliation alone; one of them claimed. A third one's insolvency
        # was opened in February: the end of its activity in April is the same bankruptcy.
        ("2024Q2", "bankruptcy", 2, 1, 1),
        ("2024Q2", "collective_debt_settlement", 1, 0, 0),
    ]
    assert figures(release, "SC09", "2024Q1")[:2] == (0, 1)
    assert figures(release, "SC09", "2024Q2") is None


def test_overpayments(release):
    rows = release.execute(
        "select benefit, cause, repaid_amount, waived_amount, outstanding_amount,"
        " prescription_date from benefit.mart_overpayments where affiliate_id = ?"
        " order by prescription_date, benefit",
        [account(41)],
    ).fetchall()
    amounts = (Decimal("30.00"), Decimal("6.00"), Decimal("64.00"))
    assert rows == [
        ("bereavement_leave", "regularisation", *amounts, date(2025, 2, 28)),
        ("birth_leave", "error_fund", *amounts, date(2027, 2, 28)),
        ("birth_leave", "fraud", *amounts, date(2029, 2, 28)),
        ("maternity_help", "error_fund", *amounts, date(2029, 2, 28)),
    ]


def test_companies_of_a_year(release):
    rows = release.execute(
        "select size_class, companies, claimed_amount, collected_amount, outstanding_amount,"
        " exempt_companies, inactive_companies, insolvent_companies, starting_companies"
        " from company.mart_contribution_year where contribution_year = 2022 order by size_class"
    ).fetchall()
    assert rows == [
        ("large", 1, Decimal("347.50"), Decimal("347.50"), Decimal("0.00"), 0, 0, 0, 0),
        ("small", 2, Decimal("695.00"), Decimal("0.00"), Decimal("695.00"), 3, 1, 1, 1),
    ]


def test_companies_join_within_three_months(release):
    rows = release.execute(
        "select quarter, companies, companies_in_time from company.mart_affiliation_quarter"
        " where quarter >= '2020Q1' order by quarter"
    ).fetchall()
    # Created 31 December: last day 31 March. Created 1 January: last day 1 April.
    assert rows == [("2020Q1", 1, 0), ("2020Q2", 2, 1)]


def test_directors_of_the_year_owe_with_the_company(release):
    rows = release.execute(
        "select start_date, is_current, outstanding_amount from company.mart_liable_directors"
        " order by start_date"
    ).fetchall()
    assert rows == [
        (date(2015, 1, 1), False, Decimal("347.50")),
        (date(2022, 12, 31), True, Decimal("347.50")),
    ]
