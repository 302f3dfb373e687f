"""Fixtures for the tests of microdata: the sample fund, which has every table that they read."""

from pathlib import Path

import pytest

from exports.microdata import Microdata, write_microdata
from release.reader import close_all
from tests.worlds import copy_of


@pytest.fixture(scope="session")
def fund(built_world, tmp_path_factory) -> Path:
    """A copy of the sample fund: the first delivery makes keys in its data folder."""
    home = copy_of(built_world("fund"), tmp_path_factory.mktemp("microdata_home"))
    yield home
    close_all()


@pytest.fixture(scope="session")
def year(fund, tmp_path_factory) -> Microdata:
    """The careers of 2025 for INASTI."""
    out = tmp_path_factory.mktemp("microdata")
    return write_microdata("2025", profile="inasti", out=out, home=fund)
