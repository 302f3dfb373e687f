"""What Vigie writes is for its own account alone (C3)."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import private
from orchestration.progress import Progress
from orchestration.settings import Settings
from release.reader import close_all
from tests.pipeline.world import run_job
from tests.unit.ingest.support import world, write_delivery


@pytest.fixture
def mask() -> Iterator[None]:
    """As most machines have it; put back afterwards."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every account can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def modes(home: Path) -> dict[str, int]:
    """What has a right for others, below everything that is ours."""
    found = {}
    for path in home.rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if not path.is_symlink() and mode & 0o077:
            found[str(path.relative_to(home))] = mode
    return found


def test_a_run_writes_for_its_account_alone_and_tells_an_open_landing(
    open_folder: Path, mask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Progress, "note", lambda self, text: told.append(text))
    home, landing = open_folder / "home", open_folder / "landing"
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", world())
    assert run_job(home, landing).exit_code == 0
    assert modes(home) == {}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert len(told) == 1
    assert f"{landing} can be read by every account" in told.pop()
    # What a version before left open is closed by the next run, links and strangers' files are not.
    for path in (home / "raw").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (home / "raw").chmod(0o755)
    strange = home / "mine.txt"
    strange.write_text("x")
    strange.chmod(0o644)
    landing.chmod(0o750)
    assert run_job(home, landing).exit_code == 0
    assert modes(home) == {"mine.txt": 0o644}
    assert told == []
    close_all()


def test_links_are_not_followed(tmp_path: Path, mask: None) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "file").write_text("x")
    (tmp_path / "home" / "raw").mkdir(parents=True)
    (tmp_path / "home" / "raw" / "link").symlink_to(outside)
    (tmp_path / "home" / "warehouse").symlink_to(outside)
    settings = Settings.from_env(home=tmp_path / "home")
    assert private.close(settings) == 1
    assert stat.S_IMODE(outside.stat().st_mode) == 0o755


def test_a_folder_is_open_only_with_the_way_to_it(open_folder: Path) -> None:
    inner = open_folder / "a"
    inner.mkdir()
    inner.chmod(0o755)
    assert private.lies_open(inner)
    open_folder.chmod(0o700)
    assert not private.lies_open(inner)
    open_folder.chmod(0o755)
    inner.chmod(0o751)
    assert not private.lies_open(inner)
    assert not private.lies_open(open_folder / "gone")
