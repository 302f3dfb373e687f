"""Two runs at once on one data folder: one works, the other says who does; nothing is doubled."""

from __future__ import annotations

from release.reader import open_release, published
from tests.faults.test_killed_run import start
from tests.pipeline.world import SINCE_THE_LAST, differences, run_job, same_key
from tests.unit.ingest.support import valid, write_delivery


def test_of_two_runs_one_publishes_and_the_other_says_who_does(home, tmp_path):
    before = open_release(home).id
    payment = valid("payments", payment_id="P900000000001", amount="1.00")
    write_delivery(home / "landing", "2026-07-01-1", "2026-07-01", "delta", {"payments": [payment]})
    same_key(home, tmp_path / "calm")
    runs = [start(home), start(home)]
    said = [run.communicate(timeout=300)[0] for run in runs]
    codes = sorted(run.returncode for run in runs)
    # Whoever comes late enough finds the release standing and has nothing left to do.
    assert codes in ([0, 1], [0, 0]), said
    pids = {str(run.pid) for run in runs}
    for run, words in zip(runs, said, strict=True):
        if run.returncode == 1:
            (other,) = pids - {str(run.pid)}
            assert f"pid {other}" in words, words
    new = [file for file in published(home) if before not in file.name]
    assert [open_release(home).path] == new
    assert run_job(tmp_path / "calm", landing=home / "landing").exit_code == 0
    calm = open_release(tmp_path / "calm").path
    assert differences(new[0], calm, but=SINCE_THE_LAST) == []
