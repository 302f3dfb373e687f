"""What tests of every folder share."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.worlds import build_once


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`built_world("fund")`: the data folder of a world of tests/worlds.py, for looking only.

    Built by the first test that asks, whichever worker it runs in, and only then.
    """
    base = tmp_path_factory.getbasetemp()
    # With several workers each has a folder of its own inside that of the run.
    run = base.parent if base.name.startswith("popen-") else base
    shared = run / "worlds"
    shared.mkdir(exist_ok=True)
    return partial(build_once, shared)
