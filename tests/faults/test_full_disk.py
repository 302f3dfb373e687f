"""A data folder on a file system of its own that is full, for real: what is said, what the reader
sees, and that the next run with room ends as if nothing had happened.

Errors that are thrown in place of a full disk are tried in tests/unit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.status import read_status
from release.reader import open_release
from tests.faults.commands import Command
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences, run_job, settings_of
from tests.worlds import copy_of

#: Room beyond what lies there: for next to nothing, for a part of the build.
ROOMS_KB = (16, 16_000)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder that is a file system in memory; its size is set by `give_room`."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1g", "vigie-test", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def give_room(disk: Path, kilobytes: int) -> None:
    """So much room beyond what lies there."""
    whole = os.statvfs(disk)
    used = (whole.f_blocks - whole.f_bfree) * whole.f_frsize // 1024
    size = f"remount,size={used + kilobytes}k"
    subprocess.run(["mount", "-o", size, str(disk)], check=True)


def test_a_full_disk_stops_and_refuses_nothing(small_disk, built_world, tmp_path):
    home = small_disk / "home"
    copy_of(built_world("published"), home)
    standing = open_release(home)
    deliver(home / "landing", 0)
    reached = set()
    for room in ROOMS_KB:
        give_room(small_disk, room)
        child = Command(home, "run", folder=tmp_path / "said")
        code, said = child.wait(), child.said
        assert code == 1, (room, said)
        assert "space" in said, (room, said)
        assert "Traceback" not in said
        reached.add(re.findall(r"^(\w+) …", said, re.MULTILINE)[-1])
        assert open_release(home).id == standing.id
        give_room(small_disk, 500_000)
        assert read_status(settings_of(home))["refused"] == []
    # It was met in the build and before it.
    assert "build" in reached
    assert len(reached) > 1
    assert run_job(home).exit_code == 0
    undisturbed = open_release(built_world("followed")).path
    assert differences(open_release(home).path, undisturbed, but=SINCE_THE_LAST) == []
