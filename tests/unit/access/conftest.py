"""Fixtures for the tests of access: the sample fund, read as different persons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboards.access import view
from release.reader import close_all


@pytest.fixture
def fund(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """The releases of the sample fund, in a data folder that accesses may be written into."""
    (tmp_path / "releases").symlink_to(built_world("fund") / "releases")
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    yield tmp_path
    view.close_all()
    close_all()
