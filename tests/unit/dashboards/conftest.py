"""Fixtures for the tests of pages: data folders opened through VIGIE_HOME, as a server does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboards import grids
from dashboards.access import view
from release.reader import close_all
from tests.worlds import copy_of, seen_from


@pytest.fixture(autouse=True)
def twins(monkeypatch) -> None:
    """Tables beside charts are open, so that a test can look at them."""
    monkeypatch.setattr(grids, "TWINS_OPEN", True)


@pytest.fixture
def home(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """A data folder with one invented release, which a test may change."""
    yield from _opened(copy_of(built_world("invented"), tmp_path), monkeypatch)


@pytest.fixture
def fund(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """The data folder of the sample fund: two releases, every table that a page reads."""
    yield from _opened(seen_from(built_world("fund"), tmp_path), monkeypatch)


def _opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("VIGIE_HOME", str(folder))
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    yield folder
    view.close_all()
    close_all()
