"""Fixtures for the tests of access: the sample fund, read as different persons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.dashboards.opened import opened, set_as_served
from tests.worlds import seen_from


@pytest.fixture(scope="session", autouse=True)
def settings() -> None:
    """Pages have the settings of their server."""
    set_as_served()


@pytest.fixture
def fund(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """The data folder of the sample fund; accesses are written into one of its own."""
    with opened(seen_from(built_world("fund"), tmp_path)) as folder:
        monkeypatch.setenv("VIGIE_HOME", str(folder))
        yield folder
