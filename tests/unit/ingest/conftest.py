"""One loaded home to start from: copying it is cheaper than loading a full delivery each time."""

import shutil
from pathlib import Path

import pytest

from ingest.load import load_ready
from tests.unit.ingest.support import world, write_delivery

FULL_DATE = "2026-06-30"


@pytest.fixture(scope="session")
def loaded_base(tmp_path_factory) -> Path:
    """A home with the full delivery 2026-06-30-1 of `world()`, and its landing folder."""
    base = tmp_path_factory.mktemp("base")
    write_delivery(base / "landing", "2026-06-30-1", FULL_DATE, "full", world())
    outcome = load_ready(base / "landing", base / "home")
    assert outcome.refused is None
    return base


@pytest.fixture
def base(loaded_base, tmp_path) -> tuple[Path, Path]:
    """(landing, home) of one's own, with the full delivery loaded."""
    shutil.copytree(loaded_base, tmp_path / "base")
    return tmp_path / "base" / "landing", tmp_path / "base" / "home"


@pytest.fixture
def any_share(monkeypatch):
    """Small files have a large share of bad rows."""
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
