"""A year of deltas after one full delivery: every one is loaded, in force, and told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from release.reader import open_release
from tests.pipeline.world import run_job
from tests.unit.ingest.support import valid, world, write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-deltas")

DELTAS = 250
FIRST = date(2026, 1, 2)


def payment(number: int, amount: str) -> dict[str, str]:
    return valid(
        "payments",
        payment_id=f"P{number:012d}",
        charge_id="",
        value_date="2026-01-02",
        amount=amount,
    )


def test_many_deltas_after_one_full_delivery_make_a_release(tmp_path):
    landing = tmp_path / "landing"
    write_delivery(landing, f"{FIRST}-1", str(FIRST), "full", world())
    for place in range(1, DELTAS + 1):
        day = str(FIRST + timedelta(days=place))
        # A new payment each day, and the one of the day before corrected.
        rows = [
            payment(1000 + place, "1.00"),
            *([payment(999 + place, "2.00")] if place > 1 else []),
        ]
        write_delivery(landing, f"{day}-1", day, "delta", {"payments": rows})
    assert run_job(tmp_path).sentences == ()
    query = (
        "select (select count(*) from meta.deliveries),"
        " (select sum(rows_accepted) from meta.deliveries where mode = 'delta'),"
        " (select sum(allocated_amount) from contribution.fct_allocations"
        "  where credit_id between 'P000000001001' and 'P000000009999'),"
        " (select sum(unallocated_amount) from contribution.fct_account_balances)"
    )
    release = open_release(tmp_path)
    deliveries, rows, allocated, waiting = release.cursor().execute(query).fetchone()
    assert (deliveries, rows) == (DELTAS + 1, 2 * DELTAS - 1)
    # All corrected but the last: what is not allocated waits on the account.
    assert (allocated or 0) + waiting >= 2 * DELTAS - 1
