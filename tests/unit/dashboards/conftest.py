"""Fixtures for the tests of pages: a small release, opened through VIGIE_HOME as a server does."""

import sys
from pathlib import Path

import pytest
import streamlit as st

# The builder of the small release stands beside the tests of packages.
sys.path.insert(0, str(Path(__file__).parents[1] / "exports"))

from small_release import build_release

from release.reader import close_all


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A data folder with one published release, and empty caches."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    build_release(tmp_path)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield tmp_path
    close_all()
