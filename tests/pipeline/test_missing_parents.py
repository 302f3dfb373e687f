"""A full delivery that leaves rows out which others in force refer to (F4, F6): what it does not
bring is gone, the earlier versions of what it brings wrongly stay, and a release comes out.
"""

from __future__ import annotations

import csv

import pytest

from ingest.contract import load_contracts
from release.reader import open_release
from tests.pipeline.world import SMALL_WORLD, put_small_world, run_job
from tests.unit.ingest.support import write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-parents")


def without_every_third_parent(place: int) -> dict[str, list[dict[str, str]]]:
    """The small world less every third row of each extract that others refer to, from a place."""
    contracts = load_contracts()
    parents = {
        reference.extract
        for contract in contracts.values()
        for column in contract.columns
        for reference in column.references
    }
    world = {}
    for name in contracts:
        with (SMALL_WORLD / "2026-06-30-1" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        world[name] = [row for n, row in enumerate(rows) if name not in parents or n % 3 != place]
    return world


def test_rows_in_force_without_their_parent_stop_no_release(tmp_path, monkeypatch):
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    # The ledger of that world is that of all its rows.
    monkeypatch.setenv("VIGIE_LEDGER_MAX_PCT", "100")
    monkeypatch.setenv("VIGIE_LEDGER_MAX_EUR", "1000000")
    put_small_world(tmp_path / "landing")
    for place in range(2):
        day = f"2026-07-0{place + 1}"
        rows = without_every_third_parent(place)
        write_delivery(tmp_path / "landing", f"{day}-1", day, "full", rows)
    assert run_job(tmp_path).sentences == ()
    query = (
        "select (select sum(rows_rejected) from meta.deliveries),"
        " (select count(*) from meta.quarantine where is_open and rule = 'reference')"
    )
    rejected, open_rows = open_release(tmp_path).cursor().execute(query).fetchone()
    assert 0 < open_rows <= rejected
