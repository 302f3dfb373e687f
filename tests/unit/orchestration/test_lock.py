"""One writer at a time: within a process, across processes, and after a kill."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading

import pytest
from dagster import DagsterInstance, build_sensor_context

from orchestration import lock
from orchestration.errors import AnotherRunError
from orchestration.sensors import build_sensors
from orchestration.settings import Settings

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


def test_whoever_has_patience_gets_it_as_soon_as_it_is_free(tmp_path):
    holder = start_holder(tmp_path)
    assert not lock.is_free(tmp_path)
    threading.Timer(0.5, holder.kill).start()
    with lock.hold(tmp_path, patience=60) as held:
        assert held.interrupted["pid"] == holder.pid
    holder.wait()
    assert lock.is_free(tmp_path)


def test_looking_whether_it_is_free_stops_nobody(tmp_path):
    assert lock.is_free(tmp_path / "not there")
    (tmp_path / lock.NAME).touch()
    looking = os.open(tmp_path / lock.NAME, os.O_RDWR)
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.1, os.close, [looking]).start()
    with lock.hold(tmp_path):
        pass


def test_a_delivery_that_meets_the_lock_is_asked_for_again_when_it_is_free(tmp_path):
    settings = Settings.from_env(home=tmp_path)
    sensor = build_sensors(settings)[0]
    (settings.landing / "2026-06-30-1").mkdir(parents=True)
    (settings.landing / "2026-06-30-1" / "manifest.json").write_text("{}")
    cursor = None
    holder = start_holder(tmp_path)
    for is_held in (True, True, False):
        if not is_held:
            holder.kill()
            holder.wait()
        with DagsterInstance.ephemeral() as instance:
            context = build_sensor_context(instance, cursor=cursor)
            asked = sensor.evaluate_tick(context)
        assert len(asked.run_requests or ()) == (0 if is_held else 1)
        assert (asked.cursor is None) == is_held
