"""Two runs at once on one data folder: one works, the other says who does; nothing is doubled."""

from __future__ import annotations

from release.reader import open_release, published
from tests.faults.commands import Command
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences


def test_of_two_runs_one_publishes_and_the_other_says_who_does(home, built_world, tmp_path):
    before = open_release(home).id
    deliver(home / "landing", 0)
    runs = [Command(home, "run", folder=tmp_path / f"said-{n}") for n in range(2)]
    codes = [run.wait() for run in runs]
    # Whoever comes late enough finds the release standing and has nothing left to do.
    assert sorted(codes) in ([0, 1], [0, 0]), [run.said for run in runs]
    for run, other in zip(runs, reversed(runs), strict=True):
        if run.wait() == 1:
            assert f"pid {other.process.pid}" in run.said, run.said
    new = [file for file in published(home) if before not in file.name]
    assert [open_release(home).path] == new
    calm = open_release(built_world("followed")).path
    assert differences(new[0], calm, but=SINCE_THE_LAST) == []
