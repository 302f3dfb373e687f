"""Tests that share a world stay on one worker; else each worker builds it again."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_a_file_is_one_group(request):
    if not request.config.getoption("loadgroup", False):
        pytest.skip("one process: nothing is distributed")
    # What a worker tells is what the tests are distributed by.
    assert request.node.nodeid.endswith("@tests/contract/test_groups.py")


def test_each_folder_of_tests_is_a_package():
    """Or pytest takes a second file of the same name for the first and collects nothing of it."""
    folders = {path.parent for path in Path(__file__).parents[1].rglob("test_*.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").is_file()] == []
