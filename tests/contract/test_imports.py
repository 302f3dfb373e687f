"""Every name that a module takes from another of ours is there, also where it is taken late, and no
module takes, by whatever way round, from one that takes from it.
"""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
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


def modules_taken(file: Path) -> set[str]:
    """The modules of ours that a file takes from; those that are only named in types count too."""
    return {
        f"{module}.{name}" if _is_module(f"{module}.{name}") else module
        for module, name in taken(file)
    }


def _is_module(name: str) -> bool:
    place = PROJECT.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def circle(taken_from: dict[str, set[str]]) -> list[str] | None:
    """Modules that take from each other in a ring; None where there is none."""
    try:
        TopologicalSorter(taken_from).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_no_module_takes_from_one_that_takes_from_it():
    graph = {}
    for package in PACKAGES:
        for file in sorted((PROJECT / package).rglob("*.py")):
            name = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
            # What a package offers stands in its `__init__`: taking from it is taking from the
            # module behind, so the package itself is no stop on the way.
            if file.name != "__init__.py":
                graph[name] = modules_taken(file)
    assert len(graph) > 400
    assert circle(graph) is None


def test_a_ring_is_found():
    ring = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    assert set(circle(ring) or []) == {"a", "b", "c"}
    assert circle({"a": {"b"}, "b": set()}) is None
