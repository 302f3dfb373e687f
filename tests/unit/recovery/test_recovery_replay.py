"""The recovery tables against the plain replay: random worlds, cell by cell, on several dates."""

from __future__ import annotations

import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.unit.ledger.test_ledger_replay import differences
from tests.unit.recovery import replay, replay_changes, replay_worklist
from tests.unit.recovery.worlds import change_world, draw_world
from tests.unit.workbench import build, read, write_history

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
CHANGES = """
    select since_date, nature, stage, outstanding_start_amount, moved_in_amount, moved_out_amount,
        newly_claimed_amount, collected_amount, relieved_amount, credited_amount,
        written_off_amount, prescribed_amount, reinstated_amount, outstanding_end_amount
    from recovery.mart_outstanding_changes
"""
EQUATIONS = (
    "outstanding_changes_balance",
    "open_charges_are_those_of_the_ledger",
    "recovery_adds_up",
    "balances_are_bridged",
)
ACCOUNTS = 250
#: A quarter end, the day after one, and a day in the middle of a quarter.
DATES = [date(2025, 6, 30), date(2025, 7, 1), date(2025, 11, 14)]


def worlds() -> list[replay.World]:
    """A random world, and the same after each of two later deliveries."""
    rows = draw_world(1, ACCOUNTS)
    found = []
    for seed, as_of in enumerate(DATES):
        rows = rows if seed == 0 else change_world(seed, rows)
        found.append(replay.World(rows, as_of))
    return found


@pytest.fixture(scope="module", params=range(len(DATES)), ids=[str(day) for day in DATES])
def built(request, tmp_path_factory) -> tuple[Path, replay.World, replay.World | None]:
    """A build in several slices as of each date, each compared with the one before; its world and
    that one's.
    """
    place = request.param
    world, before = (WORLDS[place], WORLDS[place - 1] if place else None)
    home = HOMES.setdefault(place, tmp_path_factory.mktemp("recovery"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_SLICE_ROWS", "500")
        write_history(home, world.rows, as_of=world.as_of)
        if before is not None:
            put_previous(home, HOMES[place - 1], before.as_of)
        build(home, "+path:models/marts/recovery", *EQUATIONS, tests=True)
    return home, world, before


WORLDS = worlds()
HOMES: dict[int, Path] = {}


def put_previous(home: Path, previous: Path, as_of: date) -> None:
    """The build before as the release that is compared with."""
    copied = shutil.copy(
        previous / "warehouse" / "candidate.duckdb", home / "warehouse" / "previous.duckdb"
    )
    with duckdb.connect(str(copied)) as con:
        con.execute("create schema if not exists meta")
        con.execute(f"create table meta.release as select date '{as_of}' as business_date")


@pytest.mark.parametrize("expected", list(TABLES), ids=lambda expected: expected.__name__)
def test_build_equals_replay(built, expected):
    home, world, _ = built
    wanted = expected(world)
    assert wanted, "this world proves nothing"
    assert not differences(wanted, read(home, TABLES[expected]))


def test_worklist_equals_replay(built):
    """Every account that a rule names is on the list with that reason, and no other."""
    home, world, _ = built
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


def test_changes_since_the_release_before_equal_replay(built):
    home, world, before = built
    found = read(home, CHANGES)
    if before is None:
        assert {since for since, *_ in found} == {None}
        assert sum(row[3] for row in found) == 0
    else:
        wanted = replay_changes.outstanding_changes(world, before)
        assert not differences(wanted, found)


def test_the_worlds_reach_every_movement():
    """A movement that is nowhere would not be compared at all."""
    rows = [
        row for pair in pairwise(WORLDS) for row in replay_changes.outstanding_changes(*pair[::-1])
    ]
    assert all(sum(amounts) for amounts in zip(*(row[3:] for row in rows), strict=True))
    causes = {
        cause
        for pair in pairwise(WORLDS)
        for _, _, cause in replay_changes.worklist_changes(*pair[::-1])
    }
    assert causes == {"", "paid", "plan", "step", "closed", "no_rule"}


def test_the_worklist_since_the_release_before_equals_replay(built):
    home, world, before = built
    found = read(
        home,
        "select account_id, movement, coalesce(cause, '') from recovery.mart_worklist_changes",
    )
    wanted = replay_changes.worklist_changes(world, before) if before else []
    assert not differences(wanted, found)
    assert bool(wanted) == (before is not None)


def test_new_payments_and_what_they_cover_equal_replay(built):
    home, world, before = built
    found = read(
        home,
        """select payment_id, payment_amount, coalesce(charge_id, ''), allocated_amount
        from recovery.mart_new_payments""",
    )
    wanted = replay_changes.new_payments(world, before) if before else []
    assert not differences(wanted, found)
    assert bool(wanted) == (before is not None)


def test_the_worlds_reach_every_rule_of_the_worklist():
    """A rule that no world triggers would not be compared at all."""
    reached = {
        row[1] for world in WORLDS for row in replay_worklist.named(world, replay.plans(world))
    }
    assert len(reached) == 7


def test_the_worlds_are_cut_in_slices(built):
    home, *_ = built
    [(slices,)] = read(home, "select count(*) from work.intermediate.int_ledger__account_slices")
    assert slices > 2


def test_intervals_of_agents_are_those_of_wilson(built):
    """Each bound is the share from which the rate seen is just 1.959964 deviations away."""
    home, *_ = built
    rows = read(
        home,
        "select cases, success_rate, success_low, success_high"
        " from recovery.mart_agents where cases > 0",
    )
    assert len(rows) == 3
    for cases, rate, low, high in rows:
        assert 0 <= low < rate < high <= 1
        for bound in (low, high):
            deviation = (bound * (1 - bound) / cases) ** 0.5
            assert abs(rate - bound) == pytest.approx(1.959964 * deviation, abs=1e-9)
