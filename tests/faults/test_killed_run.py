"""A run that is killed at any step leaves nothing a reader can see, and the next one recovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from orchestration import build, dbt_runner
from orchestration.settings import Settings
from orchestration.texts import say
from release.reader import open_release
from tests.faults.commands import Command
from tests.pipeline.world import run_job, settings_of
from tests.unit.ingest.support import valid, write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-gate")


def start(home) -> subprocess.Popen:
    """Start `vigie run` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--lang", "en"],
        env={**os.environ, "VIGIE_HOME": str(home), "VIGIE_STATISTICS": "", "VIGIE_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Tests that run in the background ignore it, and so would what they start.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def test_killed_at_each_step_the_earlier_release_stands_and_the_next_run_recovers(home, tmp_path):
    before = open_release(home)
    collected = "select sum(collected_amount) from contribution.fct_charges"
    (amount,) = before.cursor().execute(collected).fetchone()
    payment = valid("payments", amount="10.00")
    write_delivery(home / "landing", "2026-07-01-1", "2026-07-01", "delta", {"payments": [payment]})
    for step in ("load", "build"):
        child = Command(home, "run", folder=tmp_path / "said")
        child.wait_for(f"{step} …")
        assert child.kill() == -signal.SIGKILL, child.said
        assert open_release(home).id == before.id
        assert open_release(home).cursor().execute(collected).fetchone() == (amount,)
    outcome = run_job(home)
    assert outcome.exit_code == 0
    after = open_release(home)
    assert after.cursor().execute(collected).fetchone() == (10,) != (amount,)
    assert sorted(file.name for file in outcome.settings.releases.glob("*.duckdb")) == sorted(
        [before.path.name, after.path.name]
    )


def test_interrupted_by_a_person_dbt_stops_and_nothing_is_published(home):
    before = open_release(home)
    write_delivery(home / "landing", "2026-07-01-1", "2026-07-01", "delta", {})
    child = start(home)
    for line in child.stdout:
        if line.startswith("build …"):
            break
    time.sleep(2)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=300)
    assert child.returncode == 130, said
    assert say("en", "error.interrupted") in said
    assert "Traceback" not in said
    assert open_release(home).id == before.id


def test_a_build_that_nobody_waits_for_is_stopped(home):
    # What an interrupt between two events leaves: nobody asks for the next node, nobody has closed.
    settings = settings_of(home)
    build.prepare(settings, build.decide(settings))
    nodes = dbt_runner.working(settings)
    next(nodes)
    worker = next(thread for thread in threading.enumerate() if thread.name == "dbt")
    dbt_runner.stop()
    assert not worker.is_alive()
    assert [node for node in nodes if node.kind == "model" and not node.is_done]
    assert not dbt_runner.read_result(settings) or dbt_runner.read_result(settings).broken


@pytest.mark.parametrize(
    "name",
    [
        "candidate.duckdb",
        "candidate.duckdb.wal",
        "work.duckdb",
        "previous.duckdb",
        "candidate.json",
    ],
)
def test_leftovers_of_a_build_are_cleared(tmp_path, name):
    from orchestration.build import discard

    settings = Settings.from_env(home=tmp_path)
    settings.warehouse.mkdir()
    (settings.warehouse / name).write_bytes(b"half written")
    (settings.warehouse / "spill").mkdir()
    discard(settings)
    assert list(settings.warehouse.iterdir()) == []
