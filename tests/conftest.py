"""What tests of every folder share."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

from tests.wheel import build_wheel
from tests.worlds import build_once


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several workers (`--dist loadgroup`) the tests of a group, else those of a file, stay
    on one worker, so that what they share is built once.

    pytest-xdist 3.8 writes the group into `item._nodeid`, which pytest 9.2 no longer reads: every
    group was lost without a word, and both workers built everything.
    """
    if not config.getoption("loadgroup", False):  # said to workers alone
        return
    for item in items:
        names = sorted(mark.args[0] for mark in item.iter_markers("xdist_group"))
        file = item.nodeid.partition("::")[0]
        item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(names) or file}")


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


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what lies here. Tests that ask for it are of the group "wheel", so that one
    worker builds it."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(autouse=True)
def _the_main_module_stays() -> Iterator[None]:
    """Streamlit puts the page it tests in place of `__main__` and leaves it there: a process that
    another test starts later would draw that page first.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
