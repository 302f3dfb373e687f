"""Every name that a module takes from another of ours is there, also where it is taken late."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.contract.test_architecture import PACKAGES, PROJECT

FOLDERS = (*PACKAGES, "benchmarks", "tests")
#: Pages are drawn as they are read.
PAGES = PROJECT / "dashboards" / "views"


def taken(file: Path) -> list[tuple[str, str]]:
    """(module, name) of all that a file imports from a package of ours."""
    return [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module
        if node.module.split(".")[0] in FOLDERS and not _is_page(node.module)
        for alias in node.names
    ]


def _is_page(module: str) -> bool:
    return PROJECT.joinpath(*module.split(".")).is_relative_to(PAGES)


@cache
def is_there(module: str, name: str) -> bool:
    if hasattr(import_module(module), name):
        return True
    try:
        import_module(f"{module}.{name}")
    except ModuleNotFoundError:
        return False
    return True


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_imported_of_ours_is_there(folder):
    files = sorted((PROJECT / folder).rglob("*.py"))
    assert files
    missing = [
        f"{file.relative_to(PROJECT)}: {module}.{name}"
        for file in files
        for module, name in taken(file)
        if not is_there(module, name)
    ]
    assert missing == []


def test_a_name_that_is_not_there_is_missed():
    assert not is_there("storage.parquet", "no_such_name")
