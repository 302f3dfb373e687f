"""What grows beside raw history and releases has an end."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from exports.package import draft_of
from exports.register import reception
from orchestration import sweep
from orchestration.instance import open_instance
from tests.pipeline.world import run_job, settings_of
from tests.unit.register.support import Clock, desk_of, reviewed

pytestmark = pytest.mark.xdist_group("pipeline-gate")

OLD = time.time() - 100 * 86_400


def size_beside(home) -> int:
    """Bytes in a data folder, but for deliveries, raw history and releases."""
    kept = ("landing", "raw", "judgements", "releases")
    return sum(
        file.stat().st_size
        for file in home.rglob("*")
        if file.is_file() and file.relative_to(home).parts[0] not in kept
    )


def test_runs_past_the_bound_leave_nothing_more(home):
    sizes = []
    for _ in range(8):
        assert run_job(home, history_mb=1).exit_code == 0
        sizes.append(size_beside(home))
    with open_instance(settings_of(home)) as instance:
        runs = instance.get_runs()
    files = list((home / "dagster" / "history" / "runs").glob("*.db"))
    assert {file.stem for file in files} == {"index", *(run.run_id for run in runs)}
    # By size, down to the last ones.
    assert len(runs) <= 4
    assert sizes[-1] - sizes[-3] < 200_000, sizes


def test_packages_of_the_desk_that_never_left_are_bounded(tmp_path):
    settings = replace(settings_of(tmp_path), keep_version_days=30)
    sweep._sweep_versions(settings)
    desk = desk_of(tmp_path, now=Clock(datetime.now(UTC) - timedelta(days=40)))
    numbers = [
        reviewed(desk, wording, received_on=desk.today, due_on=desk.today) for wording in "ab"
    ]
    reception.withdraw(desk, numbers[0], "Sans objet.")
    sweep._sweep_versions(settings)
    left = [path.parent.name for path in (tmp_path / "desk" / "requests").glob("*/v1")]
    assert left == [numbers[1]]


def test_logs_notices_and_refusals_are_bounded_and_drafts_go(tmp_path):
    settings = replace(settings_of(tmp_path), log_mb=1)
    for folder in (settings.logs, settings.notices, tmp_path / "refusals", settings.warehouse):
        folder.mkdir(parents=True)
    (settings.landing / "2026-01-02-1").mkdir(parents=True)
    daemon = settings.logs / "dagster-daemon.log"
    daemon.write_text("".join(f"line {number}\n" for number in range(200_000)))
    for number in range(1, 6):
        (settings.logs / f"dbt.log.{number}").write_bytes(b"x" * 400_000)
    old = [
        settings.notices / "a.txt",
        tmp_path / "refusals" / "2026-01-01-1.json",
        tmp_path / "refusals" / "2026-01-02-1.json",
        settings.warehouse / ".audit.json.77.tmp",
    ]
    for file in old:
        file.write_text("{}")
        os.utime(file, (OLD, OLD))
    (settings.notices / "b.txt").touch()
    with open_instance(settings) as instance:
        sweep.sweep(settings, instance, "this one")
    # The end of the log is what somebody looks for.
    assert daemon.stat().st_size <= 100_000
    assert daemon.read_text().startswith("line ")
    assert daemon.read_text().endswith("line 199999\n")
    assert sum(file.stat().st_size for file in settings.logs.iterdir()) <= 1_000_000
    assert [file.name for file in settings.notices.iterdir()] == ["b.txt"]
    # That delivery still lies there, refused.
    assert [file.stem for file in (tmp_path / "refusals").iterdir()] == ["2026-01-02-1"]
    assert list(settings.warehouse.iterdir()) == []


def test_a_sweep_that_fails_stops_nothing(tmp_path, monkeypatch):
    def broken(_):
        raise OSError("no")

    monkeypatch.setattr(sweep, "_sweep_logs", broken)
    settings = settings_of(tmp_path)
    with open_instance(settings) as instance:
        sweep.sweep(settings, instance, "this one")


def test_the_draft_of_a_killed_answer_goes_with_the_next_one(tmp_path):
    child = os.fork()
    if child == 0:
        with draft_of(tmp_path / "one"):
            os._exit(9)
    os.waitpid(child, 0)
    assert list(tmp_path.glob(".*.draft"))
    with draft_of(tmp_path / "two") as draft:
        assert [left.name for left in tmp_path.glob(".*.draft")] == [draft.name]
    assert [path.name for path in tmp_path.iterdir()] == ["two"]
