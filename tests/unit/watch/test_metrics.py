"""Metrics in the text exposition format, the record of runs, the state of backup and sources."""

from __future__ import annotations

import json
import os
import stat
import time
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from orchestration.status import read_status, render
from orchestration.watch import facts, metrics, runs
from orchestration.watch.alarms import Raised, declared

KEYS = {
    "release", "release_fault", "freshness", "quarantine", "quarantine_files", "checks", "refused",
    "held", "waiting", "deliveries", "runs", "sizes", "last_backup", "extractions", "alarms",
    "rollback",
}  # fmt: skip


def families(text: bytes) -> dict:
    return {one.name: one for one in text_string_to_metric_families(text.decode())}


def test_an_empty_folder_has_a_state_and_metrics(settings):
    state = read_status(settings)
    assert set(state) == KEYS
    file = metrics.write(settings, state, [])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = families(file.read_bytes())
    assert found["vigie_release_present"].samples[0].value == 0
    assert "vigie_data_age_seconds" not in found
    assert all(one.documentation and one.type == "gauge" for one in found.values())
    assert render(settings, state)


def test_what_is_measured_is_written_in_its_unit(settings):
    begun = time.time() - 12.5
    runs.step_ended(settings, "r1", "load", begun, failed=False)
    runs.step_ended(settings, "r1", "build", begun, failed=True)
    runs.ended(settings, "r1")
    backup = settings.home / "backup" / "last.json"
    backup.parent.mkdir()
    at = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    told = {"finished_at": at, "destination": "/b", "files": 7, "bytes": 900}
    backup.write_text(json.dumps(told), encoding="utf-8")
    state = read_status(settings)
    old = next(alarm for alarm in declared() if alarm.name == "run-failed")
    found = families(metrics.text(state, [Raised(old, 1, 0)]))
    value = {
        (sample.name, *sample.labels.values()): sample.value
        for family in found.values()
        for sample in family.samples
    }
    assert value["vigie_backup_age_seconds",] == pytest.approx(3 * 3600, abs=400)
    assert value["vigie_backup_bytes",] == 900
    assert value["vigie_run_step_duration_seconds", "load"] == pytest.approx(12.5, abs=0.5)
    assert value["vigie_run_duration_seconds",] == pytest.approx(25, abs=1)
    assert value["vigie_run_succeeded",] == 0
    assert value["vigie_alarm_raised", "run-failed", "error"] == 1
    assert value["vigie_alarm_raised", "data-too-old", "error"] == 0
    assert value["vigie_disk_free_bytes",] > 0


def test_the_last_thirty_runs_are_remembered(settings):
    for number in range(runs.KEPT + 3):
        runs.step_ended(settings, f"r{number}", "load", 1000.0 + number, failed=False)
        runs.ended(settings, f"r{number}")
        file = settings.home / "runs" / f"r{number}.json"
        os.utime(file, (1000 + number, 1000 + number))
    found = runs.last_runs(settings)
    assert [one["run_id"] for one in found] == [f"r{n}" for n in range(runs.KEPT + 2, 2, -1)]
    assert {one["outcome"] for one in found} == {"done"}


def test_a_run_that_was_killed_has_no_end(settings):
    runs.step_ended(settings, "r1", "load", time.time(), failed=False)
    (found,) = runs.last_runs(settings)
    assert (found["finished_at"], found["outcome"]) == (None, None)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"finished_at": 3}', '{"finished_at": "x"}'])
def test_a_damaged_note_is_no_backup_no_run_and_no_extraction(settings, text):
    for name in ("backup/last.json", "sources/desk/last.json", "runs/r1.json"):
        file = settings.home / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    assert facts.last_backup(settings) is None
    assert runs.last_runs(settings) == []
    (found,) = facts.extractions(settings)
    assert (found["source"], found["finished_at"], found["failed"]) == ("desk", None, False)


def test_the_last_extraction_of_each_source(settings):
    for name, failed in (("one", False), ("two", True)):
        file = settings.home / "sources" / name / "last.json"
        file.parent.mkdir(parents=True)
        at = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
        file.write_text(json.dumps({"finished_at": at, "failed": failed}), encoding="utf-8")
    found = facts.extractions(settings)
    assert [(one["source"], one["failed"]) for one in found] == [("one", False), ("two", True)]
    assert found[0]["hours"] == pytest.approx(2.0, abs=0.1)
