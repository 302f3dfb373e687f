"""A run or an answer that is killed at any moment: what the reader sees, and that the next run ends
as if nothing had happened. 40 kills in all, ten times as many by `make soak` (VIGIE_KILLS).
"""

from __future__ import annotations

import hashlib
import json
import random
import signal
import time

import pytest

from exports.package import files_of
from release.reader import open_release, published
from tests.faults.commands import Command
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences, run_job
from tests.worlds import KILLED_RUNS, KILLS, copy_of

#: Step, and about how many seconds it takes: the moment lies anywhere in it.
STEPS = (("load", 1.0), ("build", 5.0), ("build", 5.0), ("audit", 0.2), ("publication", 0.3))


@pytest.mark.parametrize(
    "part",
    [pytest.param(n, marks=pytest.mark.xdist_group(f"kills-{n}")) for n in range(2)],
)
def test_a_run_killed_at_random_is_as_if_it_had_not_been(part, built_world, tmp_path):
    home = copy_of(built_world("published"), tmp_path / "home")
    moments = random.Random(part)
    standing = open_release(home).id
    for number in range(KILLED_RUNS):
        deliver(home / "landing", number)
        step, seconds = STEPS[number % len(STEPS)]
        child = Command(home, "run", folder=tmp_path / "said")
        child.wait_for(f"{step} …")
        time.sleep(moments.random() * seconds)
        assert child.kill() in (-signal.SIGKILL, 0), child.said
        # The reader sees the release before, or the new one, whole.
        release = open_release(home)
        assert release.path in published(home)
        assert release.id >= standing
        standing = release.id
        counted = release.cursor().execute("select count(*) from contribution.fct_charges")
        assert counted.fetchone()[0] > 0
    assert run_job(home).exit_code == 0
    undisturbed = open_release(built_world("daily")).path
    assert differences(open_release(home).path, undisturbed, but=SINCE_THE_LAST) == []


def test_an_answer_killed_at_random_is_whole_or_not_there(built_world, tmp_path):
    # A copy: the first answer makes the key that signs.
    home, out = copy_of(built_world("published"), tmp_path / "home"), tmp_path / "out"
    words = ("answer", "T01", "T08", "--period", "2025", "--profile", "inasti", "--out", out)
    start = time.monotonic()
    child = Command(home, *words, folder=tmp_path / "said")
    assert child.wait() == 0, child.said
    seconds = time.monotonic() - start
    (whole,) = out.iterdir()
    files = {name: (whole / name).read_bytes() for name in files_of(whole)}
    moments = random.Random(7)
    for number in range(KILLS // 4):
        folder = tmp_path / str(number)
        child = Command(home, *words[:-1], folder, folder=tmp_path / "said")
        # Files are written in the last third.
        time.sleep(seconds * (0.6 + 0.45 * moments.random()))
        child.kill()
        for package in folder.iterdir() if folder.exists() else ():
            if package.name.startswith("."):
                continue
            assert {name: (package / name).read_bytes() for name in files_of(package)} == files
    listed = json.loads(files["manifest.json"])["files"]
    for entry in listed:
        assert hashlib.sha256(files[entry["name"]]).hexdigest() == entry["sha256"]
