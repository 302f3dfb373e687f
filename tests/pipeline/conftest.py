"""The built worlds that tests of the pipeline begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.settings import Settings
from release.reader import close_all
from tests.pipeline.world import settings_of
from tests.worlds import copy_of


@pytest.fixture
def waiting(built_world: Callable[[str], Path]) -> Settings:
    """A candidate that waits, for looking only."""
    return settings_of(built_world("waiting"))


@pytest.fixture
def published(built_world: Callable[[str], Path]) -> Path:
    """A data folder with one release, for looking only."""
    return built_world("published")


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it for one test."""
    yield copy_of(published, tmp_path / "home")
    close_all()
