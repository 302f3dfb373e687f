"""The ledger against the plain replay: thousands of random accounts, charge by charge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit import workbench
from tests.unit.ledger.expected import random_world
from tests.unit.ledger.worlds import AS_OF, DAYS

CHARGES = """
    select
        charge_id, nature, gross_amount, cancelled_amount, relief_amount, net_amount,
        collected_amount, credited_amount, outstanding_amount, collected_on_time_amount,
        settled_date, days_late, days_past_due,
        collected_in_issue_year_amount, outstanding_at_issue_year_end_amount
    from contribution.fct_charges order by charge_id
"""
ALLOCATIONS = """
    select charge_id, credit_id, credit_type, designated, value_date, allocated_amount
    from contribution.fct_allocations order by all
"""
QUARTERS = """
    select
        contribution_year, contribution_quarter, category, nature, charges, affiliates,
        claimed_amount, relief_amount, collected_amount, collected_on_time_amount,
        outstanding_amount, round(collection_rate, 9)
    from contribution.mart_quarter
"""
PERCEPTION = """
    select
        claim_year, account_type, claimed_amount, collected_by_year_end_amount,
        round(perception_pct, 9), round(year_end_outstanding_ratio, 9)
    from contribution.mart_perception
"""
QUARTERS_EARLIER = """
    select
        contribution_year, contribution_quarter, category, nature, charges,
        claimed_amount, collected_amount, outstanding_amount, round(collection_rate, 9)
    from contribution.mart_quarter_earlier
"""
PERCEPTION_PARTS = """
    select
        claim_year, account_type, gross_amount, cancelled_amount, relief_amount, claimed_amount,
        collected_amount, outstanding_amount, round(perception_pct, 9), same_day_date,
        round(same_day_pct, 9)
    from contribution.mart_perception_parts
"""
CONSERVATION = """
    select
        count(*) filter (where difference_amount <> 0),
        sum(net_amount) - sum(outstanding_amount) + sum(unallocated_amount) - sum(credits_amount)
    from contribution.fct_account_balances
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A warehouse with the ledger of a random world, in several slices, and what must be in it."""
    home = tmp_path_factory.mktemp("ledger")
    world, expected = random_world()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SLICE_ROWS", "6000")
        workbench.write_history(home, world, as_of=AS_OF)
        marts = ("quarter", "quarter_earlier", "perception", "perception_parts")
        workbench.build(home, "+fct_account_balances", *(f"+mart_{one}" for one in marts))
    return home, expected


def differences(expected: list[tuple], actual: list[tuple]) -> dict[str, list[tuple]]:
    """Rows of each side that the other lacks, a few: enough to see which account to look at."""
    missing, extra = (
        sorted(set(expected) - set(actual), key=str),
        sorted(set(actual) - set(expected), key=str),
    )
    return (
        {"expected": missing[:3], "actual": extra[:3]}
        if missing or extra or len(expected) != len(actual)
        else {}
    )


def test_allocations_equal_the_replay(built):
    home, expected = built
    assert not differences(expected["fct_allocations"], workbench.read(home, ALLOCATIONS))


def test_charges_equal_the_replay(built):
    home, expected = built
    assert not differences(expected["fct_charges"], workbench.read(home, CHARGES))


def test_quarters_equal_the_replay(built):
    home, expected = built
    assert not differences(expected["mart_quarter"], workbench.read(home, QUARTERS))


def test_perception_equals_the_replay(built):
    home, expected = built
    assert {kind for _, kind, *_ in expected["mart_perception"]} == {"affiliate", "company"}
    assert not differences(expected["mart_perception"], workbench.read(home, PERCEPTION))


def test_quarters_of_a_year_before_equal_the_replay(built):
    home, expected = built
    assert len(expected["mart_quarter_earlier"]) > 10
    assert not differences(expected["mart_quarter_earlier"], workbench.read(home, QUARTERS_EARLIER))


def test_parts_of_the_perception_equal_the_replay(built):
    """The running year among them, up to the as-of date."""
    home, expected = built
    assert AS_OF.year in {year for year, *_ in expected["mart_perception_parts"]}
    assert not differences(
        expected["mart_perception_parts"], workbench.read(home, PERCEPTION_PARTS)
    )


def test_every_account_is_conserved(built):
    home, _ = built
    assert workbench.read(home, CONSERVATION) == [(0, 0)]


def test_the_world_was_nasty_enough(built):
    """What the replay proves, it proves on rows that are there."""
    home, _ = built
    slices, refunds, year_ends, gone = workbench.read(
        home,
        """
        select
            (select count(*) from work.intermediate.int_ledger__account_slices),
            count(*) filter (where allocated_amount < 0),
            count(*) filter (where value_date = date '2024-12-31'),
            count(*) filter (where credit_type = 'relief_excess')
        from contribution.fct_allocations
        """,
    )[0]
    assert slices > 2
    assert min(refunds, year_ends, gone) > 100
    assert max(DAYS) > AS_OF
