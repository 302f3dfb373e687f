"""The command line as an outsider sees it: exit codes, what goes to which stream, stable keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration import lock
from tests.faults.commands import Command
from tests.unit.ingest.support import edit_manifest, world, write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-gate")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said on which stream."""

    returncode: int
    stdout: str
    stderr: str


def vigie(home, *arguments, lang="fr"):
    """A command in a process that was forked, with the heavy modules there already."""
    with tempfile.TemporaryDirectory() as folder:
        command = Command(home, *arguments, folder=Path(folder), lang=lang)
        return Said(command.wait(), command.out, command.err)


def vigie_anew(home, *arguments, lang="fr"):
    """A command as it is started by hand: Python begins from nothing."""
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        env={**os.environ, "VIGIE_HOME": str(home), "VIGIE_LANG": lang, "VIGIE_STATISTICS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_readable(outcome):
    """One readable sentence first, never a bare traceback."""
    first = outcome.stderr.splitlines()[0]
    assert len(first) > 15
    assert "Traceback" not in outcome.stderr


def test_a_run_publishes_and_status_tells(tmp_path):
    write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", world())
    outcome = vigie_anew(tmp_path / "home", "run", "--landing", str(tmp_path / "landing"))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    pointer = json.loads((tmp_path / "home" / "releases" / "current.json").read_text())
    assert pointer["release_id"] in outcome.stdout
    status = vigie_anew(tmp_path / "home", "status", "--json")
    state = json.loads(status.stdout)
    assert set(state) == {
        "release",
        "release_fault",
        "freshness",
        "quarantine",
        "quarantine_files",
        "checks",
        "refused",
        "held",
        "waiting",
        "deliveries",
        "rollback",
        "runs",
        "sizes",
        "last_backup",
        "extractions",
        "alarms",
    }
    assert set(state["release"]) == {"release_id", "business_date", "built_at"}
    assert state["release"]["release_id"] == pointer["release_id"]
    assert state["release_fault"] is None
    assert set(state["freshness"]) == {"hours", "is_fresh"}
    assert state["quarantine"] == {"open": 0, "by_extract": {}}
    assert state["checks"] == {"failed": [], "warnings": state["checks"]["warnings"]}
    for lang in ("fr", "nl", "en"):
        told = vigie(tmp_path / "home", "status", lang=lang)
        assert pointer["release_id"] in told.stdout
    # Nothing was written beside the data folder.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "landing"]
    dagster = (tmp_path / "home" / "dagster" / "dagster.yaml").read_text()
    assert "telemetry:\n  enabled: false" in dagster


def test_a_refused_delivery_is_said_first_and_exits_1(tmp_path):
    folder = write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", world())
    edit_manifest(folder, "charges", sha256="0" * 64)
    outcome = vigie(tmp_path, "run", lang="nl")
    assert outcome.returncode == 1
    assert_readable(outcome)
    assert "2026-06-30-1/charges.csv is geweigerd" in outcome.stderr.splitlines()[0]
    assert not (tmp_path / "releases" / "current.json").exists()


def test_an_empty_landing_folder_is_no_release(tmp_path):
    outcome = vigie(tmp_path, "run")
    assert outcome.returncode == 1
    assert_readable(outcome)
    assert "vigie sample" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "--landing", "nowhere"], 1, "nowhere"),
        (["run", "--as-of", "30/06/2026"], 2, "AAAA-MM-JJ"),
        (["answer", "T01", "--period", "2025", "--out", "x"], 1, "vigie run"),
        (["nonsense"], 2, "nonsense"),
        (["run", "--lang", "de"], 2, "de"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_code(tmp_path, arguments, code, words):
    outcome = vigie(tmp_path, *arguments)
    assert outcome.returncode == code
    assert_readable(outcome)
    assert words in outcome.stderr.splitlines()[0]
    assert outcome.stdout == ""


def test_status_before_any_release(tmp_path):
    outcome = vigie(tmp_path, "status", "--json")
    assert outcome.returncode == 0
    state = json.loads(outcome.stdout)
    assert state["release"] is None
    assert state["freshness"] is None


def test_two_runs_never_write_at_once(tmp_path):
    write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", world())
    with lock.hold(tmp_path):
        outcome = vigie(tmp_path, "run")
    assert outcome.returncode == 1
    assert_readable(outcome)
    assert str(os.getpid()) in outcome.stderr
    assert not (tmp_path / "raw").exists()


def test_help_is_in_the_language_asked_for(tmp_path):
    # Its words are chosen when the commands are defined.
    assert "Charger ce qui est prêt" in vigie_anew(tmp_path, "--help").stdout
    assert "Laden wat klaar is" in vigie_anew(tmp_path, "--help", lang="nl").stdout
