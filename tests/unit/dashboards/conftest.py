"""Fixtures for the tests of pages: data folders opened through VIGIE_HOME, as a server does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboards import grids
from release.reader import close_all
from tests.unit.dashboards.desk_support import written
from tests.unit.dashboards.opened import opened, remove_written, set_as_served
from tests.worlds import copy_of, seen_from


@pytest.fixture(scope="session", autouse=True)
def settings() -> None:
    """Pages have the settings of their server."""
    set_as_served()


@pytest.fixture(autouse=True)
def twins(monkeypatch) -> None:
    """Tables beside charts are open, so that a test can look at them."""
    monkeypatch.setattr(grids, "TWINS_OPEN", True)


@pytest.fixture
def home(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """A data folder with one invented release, which a test may change."""
    with opened(copy_of(built_world("invented"), tmp_path)) as folder:
        monkeypatch.setenv("VIGIE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def fund_of_all(built_world, tmp_path_factory) -> Iterator[Path]:
    """The data folder of the sample fund, open for all tests of a file: what a page has read once
    (a mart that was cut, a protected statistic) is not read again for the next.
    """
    with opened(seen_from(built_world("fund"), tmp_path_factory.mktemp("fund"))) as folder:
        yield folder


@pytest.fixture
def fund(fund_of_all, monkeypatch) -> Iterator[Path]:
    """The data folder of the sample fund: two releases, every table that a page reads."""
    monkeypatch.setenv("VIGIE_HOME", str(fund_of_all))
    yield fund_of_all
    remove_written(fund_of_all)


@pytest.fixture(scope="session")
def stories(built_world, tmp_path_factory) -> Path:
    """The data folder of a desk with requests in several states, for looking only."""
    return written(copy_of(built_world("invented"), tmp_path_factory.mktemp("desk")))


@pytest.fixture
def desk_home(stories, tmp_path, monkeypatch):
    """A copy of it that a test may change, as a server opens it."""
    home = copy_of(stories, tmp_path)
    monkeypatch.setenv("VIGIE_HOME", str(home))
    monkeypatch.setenv("VIGIE_USER", "Carla")
    st.cache_data.clear()
    st.cache_resource.clear()
    yield home
    close_all()
