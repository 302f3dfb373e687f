"""The notebook in both engines; its clock and a data folder."""

from pathlib import Path

import pytest

from tests.unit.register.conftest import _no_waiting_for_the_disk, postgresql, url  # noqa: F401


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path
