"""Each indicator of the service commitment on both sides of its deadline, in one build."""

from __future__ import annotations

import pytest

from tests.unit.service.cases import CASES, MET, MISSED, OPEN, Case
from tests.unit.service.world import office

pytestmark = pytest.mark.xdist_group("service")


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


def test_databases_loaded_within_a_day(release) -> None:
    rows = release.execute(
        "select code, numerator, denominator, is_met from service.mart_commitments"
        " where code in ('SC38B', 'SC38C') order by code"
    ).fetchall()
    assert rows == [("SC38B", 1, 2, False), ("SC38C", 190, 200, None)]


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
