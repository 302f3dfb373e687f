"""Each indicator of the service commitment on both sides of its deadline, in one build."""

from __future__ import annotations

import pytest

from tests.unit.service.cases import CASES, MET, MISSED, OPEN, Case
from tests.unit.service.world import key, office

pytestmark = pytest.mark.xdist_group("service")
PAYMENTS = "benefit_payments"


@pytest.mark.parametrize(
    ("number", "case"),
    list(enumerate(CASES, 1)),
    ids=[f"{case.measure}-{case.what}".replace(" ", "_") for case in CASES],
)
def test_each_side_of_the_deadline(release, number: int, case: Case) -> None:
    figures = release.execute(
        "select quarter, numerator, denominator from service.mart_commitments"
        " where code = ? and office_code = ?",
        [case.measure, office(number)],
    ).fetchall()
    listed = release.execute(
        "select quarter, days_over from service.fct_missed_items"
        " where code = ? and office_code = ?",
        [case.measure, office(number)],
    ).fetchall()
    assert (
        figures
        == {
            MET: [(case.quarter, 1, 1)],
            MISSED: [(case.quarter, 0, 1)],
            OPEN: [],
        }[case.outcome]
    )
    assert listed == ([(case.quarter, case.over)] if case.outcome == MISSED else [])


def test_the_fund_is_the_sum_of_its_offices(release) -> None:
    """Numerators and denominators; only what belongs to no account is in ALL alone."""
    different = release.execute(
        """
        with sums as (
            select code, quarter,
                sum(numerator) filter (where office_code = 'ALL')
                    - sum(numerator) filter (where office_code <> 'ALL') as numerator,
                sum(denominator) filter (where office_code = 'ALL')
                    - sum(denominator) filter (where office_code <> 'ALL') as denominator
            from service.mart_commitments where unit <> 'days' group by all
        )
        select * from sums where numerator <> 0 or denominator <> 0"""
    ).fetchall()
    assert different == []


def test_figures_are_of_the_fund_and_of_its_offices(release) -> None:
    """What belongs to no office, or has no detail, has no row of its own."""
    for table in ("mart_commitments", "mart_commitments_detail"):
        strangers = release.execute(
            f"select distinct office_code from service.{table} where office_code <> 'ALL'"
            " and office_code not in (select office_code from core.dim_affiliate"
            " union select office_code from core.dim_company)"
        ).fetchall()
        assert strangers == []
        assert release.execute(
            f"select count(*) from service.{table}"
            " where code is null or code not in (select code from service.dim_commitment)"
        ).fetchone() == (0,)
    assert release.execute(
        "select count(*) from service.mart_commitments_detail where breakdown_code is null"
    ).fetchone() == (0,)


def test_the_payment_that_is_late_is_named(release) -> None:
    """SC12: the one that was made first; while none is, that of the first period."""
    found = {}
    for number, case in enumerate(CASES, 1):
        if case.measure == "SC12" and case.outcome == MISSED:
            found[case.what] = release.execute(
                "select item_key from service.fct_missed_items where code = 'SC12'"
                " and office_code = ?",
                [office(number)],
            ).fetchall()
            rows = [place for place, (name, _) in enumerate(case.rows) if name == PAYMENTS]
            place = rows[-1] if case.what == "the first period is not paid" else rows[0]
            assert found[case.what] == [(key(PAYMENTS, number, place),)]
    assert len(found) == 3


def test_how_many_amounts_of_benefits_are_judged(release) -> None:
    """SC13B: a week and a month of 2018 have no amount that anybody has verified."""
    found = {}
    for number, case in enumerate(CASES, 1):
        if case.measure == "SC13":
            found[case.what] = release.execute(
                "select quarter, numerator, denominator from service.mart_commitments"
                " where code = 'SC13B' and office_code = ?",
                [office(number)],
            ).fetchall()
    assert found == {
        "to the cent": [("2024Q2", 1, 1)],
        "a cent less": [("2024Q2", 1, 1)],
        "a week, whose amount nobody prints": [("2024Q1", 0, 1)],
        "nobody is sure of the amount": [("2018Q2", 0, 1)],
    }


def test_payments_that_are_alike_are_as_many_as_they_are(release) -> None:
    assert release.execute(
        "select numerator, denominator from service.mart_commitments"
        " where code = 'SC13B' and office_code = 'ALL' and quarter = '2021Q1'"
    ).fetchall() == [(0, 2)]


def test_no_share_without_items(release) -> None:
    """An empty denominator is no row: never 0 %, never 100 %."""
    assert release.execute(
        "select count(*), min(denominator) from service.mart_commitments"
    ).fetchone()[1] > 0  # fmt: skip


def test_missed_items_are_what_lacks_in_the_figures(release) -> None:
    """For every promise with a target: denominator - numerator = items listed."""
    different = release.execute(
        """
        select code, quarter, office_code, denominator - numerator as lacking, items
        from service.mart_commitments
        left join (
            select code, quarter, office_code, count(*) as items from service.fct_missed_items
            group by all
            union all
            select code, quarter, 'ALL', count(*) from service.fct_missed_items group by all
        ) using (code, quarter, office_code)
        where unit = 'share' and target is not null and code <> 'SC38B'
            and denominator - numerator <> coalesce(items, 0)"""
    ).fetchall()
    assert different == []


def test_medians_are_the_mean_of_the_two_middle_values(release) -> None:
    """Working days from request to registration of SC01, over the fund: counted by hand."""
    value = release.execute(
        "select quarter, value, denominator, numerator from service.mart_commitments"
        " where code = 'SC01B' and office_code = 'ALL' and quarter = '2024Q2'"
    ).fetchone()
    # 9, 10, 11 and 10 working days.
    assert value == ("2024Q2", 10.0, 6, None)


def test_offices_have_medians_of_their_own(release) -> None:
    """SC03: what each question took, in the office that has no other."""
    offices = release.execute(
        "select count(*) from service.mart_commitments where unit = 'days' and office_code <> 'ALL'"
    ).fetchone()
    assert offices[0] > 3


def test_a_month_agrees_with_the_accounts_to_the_cent(release) -> None:
    assert release.execute(
        "select numerator, denominator from service.mart_commitments"
        " where code = 'SC38' and quarter = '2010Q1' and office_code = 'ALL'"
    ).fetchall() == [(5, 2)]
    assert release.execute(
        "select item_key from service.fct_missed_items where code = 'SC38' and quarter = '2010Q1'"
    ).fetchall() == [("2010-02|payments_received",)]


def test_databases_loaded_within_a_day(release) -> None:
    rows = release.execute(
        "select code, numerator, denominator, is_met from service.mart_commitments"
        " where code in ('SC38B', 'SC38C') order by code, quarter"
    ).fetchall()
    # The delivery without a row was loaded in time; no row is no share.
    assert rows == [("SC38B", 1, 1, True), ("SC38B", 2, 3, False), ("SC38C", 190, 201, None)]


def test_every_indicator_of_the_commitment_is_declared(release) -> None:
    """SC01 to SC38, with a promise, a title and a definition in both languages; what is not
    measured says why."""
    rows = release.execute(
        "select code, is_measured, not_measured_fr, promise_fr, promise_nl, title_fr, title_nl,"
        " definition_fr, definition_nl, unit, extracts from service.dim_commitment"
    ).fetchall()
    codes = [row[0] for row in rows]
    assert len(codes) == len(set(codes))
    counted = release.execute("select distinct code from service.fct_missed_items").fetchall()
    assert {code for (code,) in counted} <= set(codes)
    assert {row[0][:4] for row in rows} == {f"SC{number:02d}" for number in range(1, 39)}
    assert {row[0] for row in rows if not row[1]} == {"SC36", "SC37", "SC37B", "SC38D"}
    assert all((row[2] is None) == row[1] for row in rows)
    assert all(all(row[3:]) for row in rows)
