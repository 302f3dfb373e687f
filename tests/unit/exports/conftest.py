"""Fixtures for the tests of packages: small releases, packages."""

from pathlib import Path

import pytest

from tests.unit.exports.other_shapes import build_shapes, write_package
from tests.unit.exports.small_release import build_release


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A data folder that holds one published release."""
    folder = tmp_path_factory.mktemp("home")
    build_release(folder)
    return folder


@pytest.fixture(scope="session")
def shapes_home(tmp_path_factory) -> Path:
    """A data folder with statistics of other shapes."""
    folder = tmp_path_factory.mktemp("shapes")
    build_shapes(folder)
    return folder


@pytest.fixture(scope="session")
def hidden(shapes_home, tmp_path_factory):
    """T01, T04, T08 and T16 for the public in French, with hidden cells and a block left out."""
    out = tmp_path_factory.mktemp("hidden")
    return write_package(shapes_home, out, ["T01", "T04", "T08", "T16"])
