"""Tests that share a world stay on one worker; else each worker builds it again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def test_a_file_is_one_group(request):
    if not request.config.getoption("loadgroup", False):
        pytest.skip("one process: nothing is distributed")
    # What a worker tells is what the tests are distributed by.
    assert request.node.nodeid.endswith("@tests/contract/test_groups.py")


def test_each_folder_of_tests_is_a_package():
    """Or pytest takes a second file of the same name for the first and collects nothing of it."""
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_a_helper_is_imported_by_its_whole_name():
    """By its bare name it is found only when pytest happens to have its folder on the path."""
    bare = []
    for path in TESTS.rglob("*.py"):
        beside = {other.stem for other in path.parent.glob("*.py")}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = {str(node.module)}
            elif isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            else:
                continue
            bare += [f"{path.relative_to(TESTS)}: {name}" for name in sorted(names & beside)]
    assert bare == []
