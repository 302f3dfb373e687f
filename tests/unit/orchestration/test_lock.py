"""One writer at a time: within a process, across processes, and after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from orchestration import lock
from orchestration.errors import AnotherRunError

HOLD = """
import sys, time
from pathlib import Path
from orchestration import lock
with lock.hold(Path(sys.argv[1])) as held:
    held.write_run("run-1")
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(home):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    return holder


def test_it_can_be_held_several_times_over_in_one_process(tmp_path):
    with lock.hold(tmp_path) as outer, lock.hold(tmp_path) as inner:
        assert outer is inner
    with lock.hold(tmp_path) as again:
        assert again.interrupted == {}


def test_another_process_is_named_and_what_a_killed_one_left_is_told(tmp_path):
    holder = start_holder(tmp_path)
    try:
        with pytest.raises(AnotherRunError, match=str(holder.pid)), lock.hold(tmp_path):
            pass
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with lock.hold(tmp_path) as held:
        assert held.interrupted["run_id"] == "run-1"
        assert held.interrupted["pid"] == holder.pid
    with lock.hold(tmp_path) as held:
        assert held.interrupted == {}
