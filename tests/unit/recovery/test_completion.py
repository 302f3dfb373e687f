"""Young cohorts completed, and time to payment, against published data: the RAA triangle and the
6-MP series, built as charges and payments and taken through the whole ledger.

RAA: the general liability triangle of Mack (ASTIN Bulletin 23, 1993; Variance 1994). 6-MP: weeks in
remission of Freireich et al. (Blood 21, 1963), as in every textbook on survival.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.unit.recovery.replay import quarter_end
from tests.unit.workbench import build, read, write_history

RAA = [
    [5012, 8269, 10907, 11805, 13539, 16181, 18009, 18608, 18662, 18834],
    [106, 4285, 5396, 10666, 13782, 15599, 15496, 16169, 16704],
    [3410, 8992, 13873, 16141, 18735, 22214, 22863, 23466],
    [5655, 11555, 15766, 21266, 23425, 26083, 27067],
    [1092, 9565, 15836, 22169, 25955, 26180],
    [1513, 6445, 11702, 12935, 15852],
    [557, 4020, 10946, 12314],
    [1351, 6947, 13112],
    [3133, 5395],
    [2063],
]
RAA_FACTORS = [2.9994, 1.6235, 1.2709, 1.1717, 1.1134, 1.0419, 1.0333, 1.0169, 1.0092]
RAA_RESERVE, RAA_ERROR = Decimal("52135.23"), Decimal("26909.01")
AS_OF = date(2025, 6, 30)

ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL_OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
SURVIVAL = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def charge(number: int, account: str, due: date, amount, **more) -> dict:
    """A provisional contribution, noticed on the day it is due."""
    return {
        "charge_id": f"D{number:012d}",
        "account_id": account,
        "charge_type": "provisional",
        "contribution_year": due.year,
        "category": "main",
        "issue_date": due,
        "due_date": due,
        "amount": Decimal(amount),
        **more,
    }


def payment(number: int, account: str, day: date, amount) -> dict:
    """A payment or, below 0, a refund."""
    return {
        "payment_id": f"P{number:012d}",
        "account_id": account,
        "value_date": day,
        "amount": Decimal(amount),
        "channel": "transfer",
    }


#: Small triangles (cumulated, development factors, projected cells: cohort, k, amount, error).
EDGES = {
    "nothing has come in of any cohort: no factor, no projection, no failure": (
        [[0, 0, 0], [0, 0], [0]],
        [None, None],
        [],
    ),
    "nothing of the youngest: the others are projected, it is not": (
        [[10, 20, 30], [10, 20], [0]],
        [2, 1.5],
        [(1, 2, "30.00", None)],
    ),
    "more was refunded than came in: the projection falls, and goes on": (
        [[40, 10, 20], [40, 10], [80]],
        [0.25, 2],
        [(1, 2, "20.00", None), (2, 1, "20.00", "0.00"), (2, 2, "40.00", None)],
    ),
    "one cohort: observed only": ([[10]], [], []),
    "a first quarter without money has no factor; the next has, and is not reached over it": (
        [[0, 20, 30], [0, 20], [0]],
        [None, 1.5],
        [(1, 2, "30.00", None)],
    ),
}
CLAIMED = 1_000_000
CENT = Decimal("0.01")
CENTS = [[CENT] * 3 + [CLAIMED], [CENT] * 2 + [CLAIMED], [CENT, CLAIMED], [CLAIMED]]
#: A segment for each of them: accounts of one origin, charges of one category.
SEGMENTS = [
    (category, origin)
    for category in ("main", "complementary")
    for origin in ("voluntary", "ex_officio", "transfer_in", "resumption")
]


def add_triangle(world, cumulated, first: int, category: str, origin: str | None) -> None:
    """Cohorts of one segment that collect exactly this, one account and charge each."""
    for row, amounts in enumerate(cumulated):
        number = first + row
        account, due = f"A{number:08d}", quarter_end(AS_OF, row + 1 - len(cumulated))
        world["charges"].append(charge(number, account, due, CLAIMED, category=category))
        if origin:
            world["affiliations"].append(
                {
                    "affiliation_id": f"F{number:09d}",
                    "affiliate_id": account,
                    "category": category,
                    "start_date": due,
                    "origin": origin,
                }
            )
        before = 0
        for k, amount in enumerate(amounts):
            if amount != before:
                day = quarter_end(due, k)
                world["payments"].append(payment(number * 100 + k, account, day, amount - before))
            before = amount


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """One build: the RAA triangle as main activity, the 6-MP series after pension, small triangles
    in segments of their own.
    """
    home = tmp_path_factory.mktemp("published")
    world: dict[str, list[dict]] = {"charges": [], "payments": [], "affiliations": []}
    add_triangle(world, RAA, 1, "main", None)
    for n, days in enumerate(ENDED + STILL_OPEN):
        account = f"A{1000 + n:08d}"
        is_open = n >= len(ENDED)
        due = AS_OF - timedelta(days=days if is_open else 400)
        world["charges"].append(charge(1000 + n, account, due, 100, category="pensioner"))
        if not is_open:
            day = due + timedelta(days=days)
            world["payments"].append(payment(100_000 + n, account, day, 100))
    small = [cumulated for cumulated, *_ in EDGES.values()]
    for n, (cumulated, segment) in enumerate(zip([*small, CENTS], SEGMENTS, strict=False)):
        add_triangle(world, cumulated, 2000 + n * 100, *segment)
    write_history(home, world, as_of=AS_OF)
    build(home, "+path:models/marts/recovery")
    return home


def test_raa_is_the_triangle_with_its_refund(published):
    cells = read(
        published,
        "select cohort_quarter, quarters_since_due, collected_amount"
        " from recovery.mart_arrears_cohorts"
        " where nature = 'main' and affiliation_origin = 'unknown' and not is_projection"
        " order by cohort_quarter, quarters_since_due",
    )
    assert [int(amount) for *_, amount in cells] == [amount for row in RAA for amount in row]


def test_raa_factors(published):
    rows = read(
        published,
        "select quarters_since_due, cohorts, development_factor"
        " from recovery.mart_cohort_factors"
        " where nature = 'main' and affiliation_origin = 'unknown' order by quarters_since_due",
    )
    assert [(k, n) for k, n, _ in rows] == [(k, 9 - k) for k in range(9)]
    assert [round(factor, 4) for *_, factor in rows] == RAA_FACTORS


def test_raa_reserve_and_error(published):
    found = read(
        published,
        "select cohorts, cohorts_projected, tail_factor, expected_amount, standard_error_amount"
        " from recovery.mart_cohort_completion"
        " where nature = 'main' and affiliation_origin = 'unknown'",
    )
    assert found == [(10, 9, 1.0, RAA_RESERVE, RAA_ERROR)]


def test_raa_error_of_each_cohort(published):
    """The table of Mack's paper, rounded to thousands there (1982: 206, 1990: 24 566)."""
    rows = read(
        published,
        "select cohort_quarter, round(standard_error_amount) from recovery.mart_arrears_cohorts"
        " where nature = 'main' and affiliation_origin = 'unknown'"
        " and is_projection and quarters_since_due = 9 order by 1",
    )
    errors = [int(error) for _, error in rows]
    assert errors == [206, 623, 747, 1469, 2002, 2209, 5358, 6333, 24566]


def test_projections_begin_after_what_is_observed(published):
    rows = read(
        published,
        "select is_projection, observation_date > ?, count(*) from recovery.mart_arrears_cohorts"
        " where nature = 'main' and affiliation_origin = 'unknown' group by all order by all",
        AS_OF,
    )
    assert rows == [(False, False, 55), (True, True, 45)]


def test_six_mp(published):
    rows = read(
        published,
        "select days_since_due, open_share, paid_share from recovery.mart_time_to_payment"
        " where nature = 'after_pension' and paid_charges > 0 order by days_since_due",
    )
    assert {days: round(share, 4) for days, share, _ in rows} == SURVIVAL
    assert next(days for days, share, _ in rows if share <= 0.5) == 23
    assert all(abs(share + paid - 1) < 1e-12 for _, share, paid in rows)


def test_at_risk_counts_those_that_leave_on_the_day(published):
    rows = read(
        published,
        "select days_since_due, at_risk, paid_charges, open_charges"
        " from recovery.mart_time_to_payment where nature = 'after_pension'"
        " and days_since_due in (6, 9, 10) order by 1",
    )
    assert rows == [(6, 21, 3, 1), (9, 16, 0, 1), (10, 15, 1, 1)]


@pytest.mark.parametrize("n", range(len(EDGES)), ids=list(EDGES))
def test_edges(published, n):
    _, factors, projected = list(EDGES.values())[n]
    found = read(
        published,
        "select development_factor from recovery.mart_cohort_factors"
        " where nature = ? and affiliation_origin = ? order by quarters_since_due",
        *SEGMENTS[n],
    )
    assert [factor for (factor,) in found] == factors
    rows = read(
        published,
        "select dense_rank() over (order by cohort_quarter), quarters_since_due, collected_amount,"
        " standard_error_amount, is_projection from recovery.mart_arrears_cohorts"
        " where nature = ? and affiliation_origin = ? order by 1, 2",
        *SEGMENTS[n],
    )
    assert rows
    shown = [(c - 1, k, a, e) for c, k, a, e, is_projection in rows if is_projection]
    assert shown == [
        (c, k, Decimal(a), None if e is None else Decimal(e)) for c, k, a, e in projected
    ]


def test_no_cohort_brings_in_more_than_it_claims(published):
    """A cent paid first makes factors of a hundred million: their product has no place in money."""
    segment = SEGMENTS[len(EDGES)]
    [(beyond, most, error)] = read(
        published,
        "select count(*) filter (where collected_amount > claimed_amount), max(collected_amount),"
        " max(standard_error_amount) from recovery.mart_arrears_cohorts"
        " where is_projection and nature = ? and affiliation_origin = ?",
        *segment,
    )
    assert (beyond, most) == (0, CLAIMED)
    assert error is None or error <= CLAIMED
    [(expected, error, claims)] = read(
        published,
        "select expected_amount, standard_error_amount, claimed_amount"
        " from recovery.mart_cohort_completion where nature = ? and affiliation_origin = ?",
        *segment,
    )
    assert 0 <= expected <= claims
    assert error is None or error <= claims
