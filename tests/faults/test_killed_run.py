"""A run that is killed at any step leaves nothing a reader can see, and the next one recovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from orchestration.settings import Settings
from release.reader import open_release
from tests.pipeline.world import differences, run_job, same_key
from tests.unit.ingest.support import valid, world, write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-time")


def start_and_kill(home, at: str) -> None:
    """Start `vigie run` and kill it, without warning, when it announces a step."""
    child = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--lang", "en"],
        env={**os.environ, "VIGIE_HOME": str(home), "VIGIE_STATISTICS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in child.stdout:
        said.append(line)
        if line.startswith(f"{at} …"):
            os.kill(child.pid, signal.SIGKILL)
            break
    child.communicate()
    assert child.returncode == -signal.SIGKILL, "".join(said)


def test_killed_at_each_step_the_earlier_release_stands_and_the_next_run_recovers(tmp_path):
    home = tmp_path / "home"
    write_delivery(home / "landing", "2026-06-30-1", "2026-06-30", "full", world())
    assert run_job(home).exit_code == 0
    before = open_release(home)
    collected = "select sum(collected_amount) from contribution.fct_charges"
    amount = before.cursor().execute(collected).fetchone()
    write_delivery(
        home / "landing",
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payments": [valid("payments", amount="10.00")]},
    )
    for step in ("load", "build", "publication"):
        start_and_kill(home, step)
        assert open_release(home).id == before.id
        assert open_release(home).cursor().execute(collected).fetchone() == amount
    run = run_job(home)
    assert run.exit_code == 0
    assert str(run.decision.kind) == "incremental"
    assert sorted(file.name for file in run.settings.releases.glob("*.duckdb")) == sorted(
        [before.path.name, open_release(home).path.name]
    )

    fresh = tmp_path / "fresh"
    same_key(home, fresh)
    assert run_job(fresh, home / "landing").exit_code == 0
    assert differences(open_release(home).path, open_release(fresh).path) == []


@pytest.mark.parametrize("name", ["candidate.duckdb", "candidate.duckdb.wal", "work.duckdb"])
def test_leftovers_of_a_build_are_cleared(tmp_path, name):
    from orchestration.build import discard

    settings = Settings.from_env(home=tmp_path)
    settings.warehouse.mkdir()
    (settings.warehouse / name).write_bytes(b"half written")
    (settings.warehouse / "spill").mkdir()
    discard(settings)
    assert list(settings.warehouse.iterdir()) == []
