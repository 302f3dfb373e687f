"""A run or an answer that is killed at any moment: what the reader sees, and that the next run ends
as if nothing had happened. 40 kills in all, ten times as many by `make soak` (VIGIE_KILLS).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from exports.package import files_of
from release.reader import open_release, published
from tests.pipeline.world import SINCE_THE_LAST, differences, run_job, same_key
from tests.unit.ingest.support import valid, write_delivery
from tests.worlds import copy_of

KILLS = int(os.environ.get("VIGIE_KILLS", "40"))
#: Step, and about how many seconds it takes: the moment lies anywhere in it.
STEPS = (("load", 1.0), ("build", 5.0), ("build", 5.0), ("audit", 0.2), ("publication", 0.3))
FIRST_DAY = date(2026, 7, 1)


def vigie(home: Path, *words: object) -> subprocess.Popen:
    """A command in a process of its own, messages in English."""
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", *map(str, words)],
        env={
            **os.environ,
            "VIGIE_HOME": str(home),
            "VIGIE_STATISTICS": "",
            "VIGIE_LANG": "en",
            "VIGIE_SLICE_ROWS": "20",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def deliver(landing: Path, number: int) -> None:
    """One payment, a day later each time."""
    day = FIRST_DAY + timedelta(days=number)
    payment = valid("payments", payment_id=f"P{900_000_000_000 + number}", amount="1.00")
    write_delivery(landing, f"{day}-1", str(day), "delta", {"payments": [payment]})


@pytest.mark.parametrize(
    "part",
    [pytest.param(n, marks=pytest.mark.xdist_group(f"kills-{n}")) for n in range(2)],
)
def test_a_run_killed_at_random_is_as_if_it_had_not_been(part, built_world, tmp_path):
    home, undisturbed = copy_of(built_world("published"), tmp_path / "home"), tmp_path / "calm"
    moments = random.Random(part)
    standing = open_release(home).id
    for number in range(KILLS * 3 // 8):
        deliver(home / "landing", number)
        step, seconds = STEPS[number % len(STEPS)]
        child = vigie(home, "run")
        for line in child.stdout:
            if line.startswith(f"{step} …"):
                break
        time.sleep(moments.random() * seconds)
        child.send_signal(signal.SIGKILL)
        said, _ = child.communicate(timeout=60)
        assert child.returncode in (-signal.SIGKILL, 0), said
        # The reader sees the release before, or the new one, whole.
        release = open_release(home)
        assert release.path in published(home)
        assert release.id >= standing
        standing = release.id
        counted = release.cursor().execute("select count(*) from contribution.fct_charges")
        assert counted.fetchone()[0] > 0
    same_key(home, undisturbed)
    outcomes = [run_job(folder, landing=home / "landing") for folder in (home, undisturbed)]
    assert [outcome.exit_code for outcome in outcomes] == [0, 0]
    left, right = (open_release(folder).path for folder in (home, undisturbed))
    assert differences(left, right, but=SINCE_THE_LAST) == []


def test_an_answer_killed_at_random_is_whole_or_not_there(built_world, tmp_path):
    # A copy: the first answer makes the key that signs.
    home, out = copy_of(built_world("published"), tmp_path / "home"), tmp_path / "out"
    words = ("answer", "T01", "T08", "--period", "2025", "--profile", "inasti", "--out", out)
    start = time.monotonic()
    child = vigie(home, *words)
    said, _ = child.communicate(timeout=120)
    assert child.returncode == 0, said
    seconds = time.monotonic() - start
    (whole,) = out.iterdir()
    files = {name: (whole / name).read_bytes() for name in files_of(whole)}
    moments = random.Random(7)
    for number in range(KILLS // 4):
        folder = tmp_path / str(number)
        child = vigie(home, *words[:-1], folder)
        # Files are written in the last third.
        time.sleep(seconds * (0.6 + 0.45 * moments.random()))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        for package in folder.iterdir() if folder.exists() else ():
            if package.name.startswith("."):
                continue
            assert {name: (package / name).read_bytes() for name in files_of(package)} == files
    listed = json.loads(files["manifest.json"])["files"]
    for entry in listed:
        assert hashlib.sha256(files[entry["name"]]).hexdigest() == entry["sha256"]
