"""A build reads nothing that is not what was loaded, and never loses a delivery in silence."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.raw import RawHistory
from orchestration import audit
from release.pointer import find_pointer
from release.reader import open_release
from tests.pipeline.world import run_job
from tests.unit.ingest.support import NISS, valid, write_delivery

DELIVERY = "2026-06-30-1"


def forget_release(home: Path) -> None:
    """As if other code had made it, so that a build is due."""
    pointer = find_pointer(home)
    with duckdb.connect(str(home / "releases" / f"{pointer.release_id}.duckdb")) as connection:
        connection.execute("update meta.release set build_fingerprint = 'other'")


def test_a_damaged_file_stops_the_build(home: Path) -> None:
    before = find_pointer(home)
    forget_release(home)
    file = home / "raw" / DELIVERY / "payments.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    outcome = run_job(home)
    assert outcome.exit_code == 1
    assert "payments.parquet" in outcome.sentences[0]
    assert "sha256" in outcome.sentences[0]
    assert find_pointer(home) == before


def test_a_delivery_that_the_raw_history_lost_stops_the_build(home: Path) -> None:
    """Its folder is gone, landing is empty, an earlier delivery would stand alone."""
    before = find_pointer(home)
    shutil.rmtree(home / "landing")
    shutil.copytree(home / "raw" / DELIVERY, home / "kept")
    shutil.rmtree(home / "raw" / DELIVERY)
    outcome = run_job(home)
    assert outcome.exit_code == 1
    assert f"({DELIVERY})" in outcome.sentences[0]
    assert find_pointer(home) == before
    shutil.move(home / "kept", home / "raw" / DELIVERY)
    assert run_job(home).exit_code == 0


def test_a_receipt_that_is_lost_stops_the_run(home: Path) -> None:
    shutil.rmtree(home / "landing")
    (home / "raw" / DELIVERY / "receipt.json").unlink()
    outcome = run_job(home)
    assert outcome.exit_code == 1
    assert f"raw/{DELIVERY}/receipt.json" in outcome.sentences[0]


def test_the_audit_says_that_all_was_proven(home: Path) -> None:
    with duckdb.connect(
        str(home / "releases" / f"{find_pointer(home).release_id}.duckdb"), read_only=True
    ) as connection:
        found = dict(connection.execute("select check_id, status from meta.checks").fetchall())
    assert found["control_totals_are_accounted_for"] == "pass"
    assert found["stored_files_are_proven"] == "pass"
    assert found["municipality_codes_are_current"] == "pass"
    assert found["load_times_follow_business_dates"] == "pass"
    assert found["persons_are_one"] == "pass"
    assert json.loads((home / "raw" / DELIVERY / "receipt.json").read_text())["stored"]


def test_what_the_receipts_tell_is_a_warning(home: Path) -> None:
    """Codes of before a merger, with the rows of each extract, and a clock that is wrong."""
    plan = RawHistory(home).plan()
    (receipt,) = plan.deliveries
    told = {"affiliates": 3, "companies": 2}
    receipt = replace(
        receipt,
        loaded_at=datetime(2026, 6, 29, 21, 59),  # noqa: DTZ001
        entries=tuple(replace(e, merged=told.get(e.extract, 0)) for e in receipt.entries),
        stored={},
    )
    checks = {c.check_id: c for c in audit._from_plan(replace(plan, deliveries=(receipt,)))}
    assert {check.status for check in checks.values()} == {"warn"}
    merged = checks["municipality_codes_are_current"]
    assert merged.failures == 5
    assert "affiliates 3, companies 2" in merged.explanation
    assert DELIVERY in checks["load_times_follow_business_dates"].explanation
    midnight = replace(receipt, loaded_at=datetime(2026, 6, 29, 22, 0))  # noqa: DTZ001
    found = {c.check_id: c for c in audit._from_plan(replace(plan, deliveries=(midnight,)))}
    assert found["load_times_follow_business_dates"].status == "pass"


def test_two_affiliates_of_one_person_who_differ_are_a_warning(home: Path) -> None:
    twin = {"affiliate_id": "A00000099", "niss": NISS[1]}
    rows = [valid("affiliates", **twin, sex="F"), valid("affiliates", birth_date="1980-05-18")]
    write_delivery(home / "landing", "2026-07-01-1", "2026-07-01", "delta", {"affiliates": rows})
    assert run_job(home).exit_code == 0
    found = (
        open_release(home)
        .cursor()
        .execute("select status, failures from meta.checks where check_id = 'persons_are_one'")
    )
    assert found.fetchall() == [("warn", 1)]
