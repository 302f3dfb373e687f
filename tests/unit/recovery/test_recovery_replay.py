"""The recovery tables against the plain replay: random worlds, cell by cell, on several dates."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from tests.unit.ledger.test_ledger_replay import differences
from tests.unit.recovery import replay, replay_worklist
from tests.unit.recovery.workbench import build_recovery, read, write_history
from tests.unit.recovery.worlds import change_world, draw_world

TABLES = {
    replay.cohorts: """
        select cohort_quarter, account_type, nature, affiliation_origin, quarters_since_due,
            observation_date, charges, claimed_amount, collected_amount
        from recovery.mart_arrears_cohorts where not is_projection
    """,
    replay.ageing: """
        select reference_date, account_type, nature, age_bucket, stage, debtors, charges,
            outstanding_amount
        from recovery.mart_arrears_ageing
    """,
    replay.roll_rates: """
        select from_date, to_date, account_type, from_state, to_state, debtors, outstanding_amount
        from recovery.mart_roll_rates
    """,
    replay.cases: """
        select case_id, stage, stage_date, first_judicial_date, had_proactive_contact,
            principal_amount, outstanding_amount, last_step_date, agent_id
        from recovery.fct_cases
    """,
    replay.funnel: """
        select opening_quarter, stage, stage_rank, cases_reached, median_days_from_previous,
            collected_amount
        from recovery.mart_funnel
    """,
    replay.plans: """
        select plan_id, start_date, instalments, instalments_kept, broken_date,
            round(kept_pct, 6), status
        from recovery.mart_plans
    """,
    replay.prescriptions: """
        select charge_id, outstanding_amount, prescription_date, interrupted_by, interrupted_on,
            days_left, is_prescribed
        from recovery.mart_prescription
    """,
    replay.agents: """
        select agent_id, cases, open_cases, entrusted_amount, collected_amount, cost_amount,
            successes, median_days_since_step
        from recovery.mart_agents
    """,
}
#: A quarter end, the day after one, and a day in the middle of a quarter.
DATES = [date(2025, 6, 30), date(2025, 7, 1), date(2025, 11, 14)]


def assert_equals_replay(home, rows, as_of: date) -> None:
    world = replay.World(rows, as_of)
    for expected, query in TABLES.items():
        wanted = expected(world)
        assert wanted, f"{expected.__name__}: this world proves nothing"
        assert not differences(wanted, read(home, query)), expected.__name__


@pytest.mark.parametrize(("seed", "as_of"), list(enumerate(DATES, start=1)))
def test_full_build_equals_replay(tmp_path, seed, as_of):
    rows = draw_world(seed, 250)
    write_history(tmp_path, rows, as_of=as_of)
    build_recovery(tmp_path)
    assert_equals_replay(tmp_path, rows, as_of)
    assert_worklist_equals_replay(tmp_path, replay.World(rows, as_of))


def assert_worklist_equals_replay(home, world: replay.World) -> None:
    """Every account that a rule names is on the list with that reason, and no other."""
    wanted = replay_worklist.named(world, replay.plans(world))
    reasons = read(
        home,
        "select account_id, reason, coalesce(case_id, ''), next_action, due_by"
        " from recovery.fct_worklist_reasons",
    )
    assert not differences(wanted, reasons)
    scored = read(
        home, "select account_id, reason, score, due_by from recovery.fct_worklist_reasons"
    )
    first: dict[str, tuple] = {}
    for account, reason, score, due_by in scored:
        key = (-score, due_by, reason)
        first[account] = min(key, first.get(account, key))
    order = sorted(first, key=lambda account: (*first[account][:2], account))
    listed = read(home, "select account_id, reason from recovery.mart_worklist order by priority")
    assert listed == [(account, first[account][2]) for account in order]


def test_the_worlds_reach_every_rule_of_the_worklist():
    """A rule that no world triggers would not be compared at all."""
    reached = set()
    for seed, as_of in enumerate(DATES, start=1):
        world = replay.World(draw_world(seed, 250), as_of)
        reached |= {row[1] for row in replay_worklist.named(world, replay.plans(world))}
    assert len(reached) == 7


@pytest.mark.parametrize(
    ("seed", "first", "then"),
    [
        (11, date(2025, 6, 30), date(2025, 7, 2)),
        (12, date(2025, 6, 29), date(2025, 6, 30)),
        (13, date(2025, 10, 2), date(2025, 11, 20)),
        (14, date(2025, 11, 14), date(2026, 1, 3)),
    ],
    ids=["day after a quarter end", "a quarter ends", "within a quarter", "over a quarter end"],
)
def test_incremental_build_equals_replay(tmp_path, seed, first, then):
    """Carried on from the last release: the same cells as replayed from nothing."""
    rows = draw_world(seed, 250)
    write_history(tmp_path, rows, as_of=first)
    build_recovery(tmp_path)
    start = read(
        tmp_path, "select sum(outstanding_end_amount) from recovery.mart_outstanding_changes"
    )
    later, changes = change_world(seed, rows)
    write_history(tmp_path, later, as_of=then, previous=first, changes=changes)
    build_recovery(tmp_path)
    assert_equals_replay(tmp_path, later, then)
    assert_worklist_equals_replay(tmp_path, replay.World(later, then))
    assert start == read(
        tmp_path, "select sum(outstanding_start_amount) from recovery.mart_outstanding_changes"
    )
    with duckdb.connect(str(tmp_path / "warehouse" / "work.duckdb"), read_only=True) as con:
        (scoped,) = con.execute(
            "select count(*) from intermediate.int_recovery__accounts_scoped"
        ).fetchone()
    assert 0 < scoped < 250


def test_intervals_of_agents_are_those_of_wilson(tmp_path):
    """Each bound is the share from which the rate seen is just 1.959964 deviations away."""
    write_history(tmp_path, draw_world(21, 400), as_of=DATES[2])
    build_recovery(tmp_path)
    rows = read(
        tmp_path,
        "select cases, success_rate, success_low, success_high"
        " from recovery.mart_agents where cases > 0",
    )
    assert len(rows) == 3
    for cases, rate, low, high in rows:
        assert 0 <= low < rate < high <= 1
        for bound in (low, high):
            deviation = (bound * (1 - bound) / cases) ** 0.5
            assert abs(rate - bound) == pytest.approx(1.959964 * deviation, abs=1e-9)
