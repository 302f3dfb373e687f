"""Fixtures for the tests of packages: one small release, and the folder beside this file."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_release import build_release


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A data folder that holds one published release."""
    folder = tmp_path_factory.mktemp("home")
    build_release(folder)
    return folder
