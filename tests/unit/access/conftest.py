"""Fixtures for the tests of access: the sample fund, read as different persons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboards.access import view
from release.reader import close_all
from tests.worlds import seen_from


@pytest.fixture
def fund(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """The data folder of the sample fund; accesses are written into one of its own."""
    monkeypatch.setenv("VIGIE_HOME", str(seen_from(built_world("fund"), tmp_path)))
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    yield tmp_path
    view.close_all()
    close_all()
