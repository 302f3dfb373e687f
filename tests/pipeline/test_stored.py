"""A build reads nothing that is not what was loaded, and never loses a delivery in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb

from release.pointer import find_pointer
from tests.pipeline.world import run_job

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
    assert json.loads((home / "raw" / DELIVERY / "receipt.json").read_text())["stored"]
