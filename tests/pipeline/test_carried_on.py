"""What an untouched account lends to a touched one, and what a day changes without any delivery:
a daily build says it as a build from nothing does.
"""

from __future__ import annotations

import pytest

from release.reader import open_release
from tests.pipeline.world import differences, run_job, same_key
from tests.unit.ingest.support import valid, world, write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-carried-on")

YEARLY = {"contribution_quarter": "", "category": "", "charge_type": "legal_costs"}


def charge(number: int, account: int, **changes: str) -> dict[str, str]:
    return valid("charges", charge_id=f"D{number:012d}", account_id=f"A{account:08d}", **changes)


def first_delivery() -> dict[str, list[dict[str, str]]]:
    """A chain of charges without category over two accounts, and a quarter charged before it
    begins.
    """
    tables = world()
    tables["charges"] += [
        charge(11, 1, related_charge_id="D000000000012", **YEARLY),
        charge(12, 2, related_charge_id="D000000000013", **YEARLY),
        charge(13, 2, category="pensioner"),
        charge(
            14,
            1,
            contribution_year="2026",
            contribution_quarter="3",
            issue_date="2026-06-20",
            due_date="2026-09-30",
        ),
    ]
    return tables


def found(home) -> dict[str, tuple]:
    rows = (
        open_release(home)
        .cursor()
        .execute(
            "select charge_id, nature, expected_amount is not null, difference_reason"
            " from contribution.fct_charges where charge_id in ('D000000000011', 'D000000000014')"
        )
    )
    return {charge_id: tuple(values) for charge_id, *values in rows.fetchall()}


def test_a_day_is_said_as_a_build_from_nothing_says_it(tmp_path):
    home, landing = tmp_path / "daily", tmp_path / "landing"
    write_delivery(landing, "2026-06-29-1", "2026-06-29", "full", first_delivery())
    run_job(home, landing)
    # Only the first account is touched; the chain climbs over the other one.
    payment = valid("payments", payment_id="P000000000002", value_date="2026-06-30")
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "delta", {"payments": [payment]})
    run_job(home, landing)
    assert found(home)["D000000000011"][0] == "after_pension"
    assert found(home)["D000000000014"][1:] == (False, "quarter_not_begun")
    # Nothing comes, but a quarter begins (B5).
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", {})
    run = run_job(home, landing)
    assert run.sentences() == []
    assert str(run.decision.kind) == "incremental"
    assert found(home)["D000000000014"][1:] == (True, "unexplained")

    same_key(home, tmp_path / "anew")
    run_job(tmp_path / "anew", landing)
    assert differences(open_release(home).path, open_release(tmp_path / "anew").path) == []
