"""The ledger against the plain replay: thousands of random accounts, full and incremental."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest

from tests.unit.ledger.replay import replay
from tests.unit.ledger.workbench import build_ledger, write_history
from tests.unit.ledger.worlds import AS_OF, change_world, draw_world

ACCOUNTS = 3000

CHARGES = """
    select
        charge_id, nature, gross_amount, cancelled_amount, relief_amount, net_amount,
        collected_amount, credited_amount, outstanding_amount, collected_on_time_amount,
        settled_date, days_late, days_past_due
    from contribution.fct_charges order by charge_id
"""
ALLOCATIONS = """
    select charge_id, credit_id, credit_type, designated, value_date, allocated_amount
    from contribution.fct_allocations order by all
"""
CONSERVATION = """
    select
        count(*) filter (where difference_amount <> 0),
        sum(net_amount) - sum(outstanding_amount) + sum(unallocated_amount) - sum(credits_amount)
    from contribution.fct_account_balances
"""

# Told to settle their charge alone, although another allocation is there; those told so rightly.
SOLE = """
    select
        count(*) filter (where is_sole and allocations > 1),
        count(*) filter (where is_sole) > 0.3 * count(*)
    from (
        select bool_or(is_sole) as is_sole, count(*) as allocations
        from contribution.fct_allocations_ledger group by charge_number
    )
"""


def read(folder, query):
    with duckdb.connect(str(folder / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def differences(expected, actual):
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


def compare(folder, world, as_of: date):
    expected = replay(world["charges"], world["payments"], world["relief_effects"], as_of)
    assert not differences(expected["fct_allocations"], read(folder, ALLOCATIONS))
    assert not differences(expected["fct_charges"], read(folder, CHARGES))
    assert read(folder, CONSERVATION) == [(0, 0)]
    assert read(folder, SOLE) == [(0, True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_full_build_equals_replay(tmp_path, seed):
    world = draw_world(seed, ACCOUNTS)
    write_history(tmp_path, world, as_of=AS_OF)
    build_ledger(tmp_path)
    compare(tmp_path, world, AS_OF)


def test_incremental_build_equals_replay_and_leaves_the_rest_alone(tmp_path):
    world = draw_world(3, ACCOUNTS)
    write_history(tmp_path, world, as_of=AS_OF)
    build_ledger(tmp_path)
    later, changes = change_world(4, world)
    next_day = AS_OF + timedelta(days=8)  # some rows known before fall due in between
    write_history(tmp_path, later, as_of=next_day, previous=AS_OF, changes=changes)
    build_ledger(tmp_path)
    compare(tmp_path, later, next_day)
    with duckdb.connect(str(tmp_path / "warehouse" / "work.duckdb"), read_only=True) as con:
        touched, scoped = con.execute(
            "select"
            " (select count(*) from intermediate.int_contribution__accounts_touched),"
            " count(distinct account_key) from intermediate.int_contribution__charges_scoped"
        ).fetchone()
    assert 0 < scoped <= touched < ACCOUNTS
