"""The synthetic fund is one flow: the modules as its docstring lists them, each importing only
those above it.
"""

from __future__ import annotations

import ast
import re

import sample
from tests.contract.test_architecture import PROJECT, imports, sources


def written_order() -> list[str]:
    """Module names in the order of the docstring of the package."""
    lines = re.findall(r"^ {4}\w+ {2,}(\w+(?:, \w+)*)$", sample.__doc__, re.MULTILINE)
    return [name for line in lines for name in line.split(", ")]


def test_the_list_names_every_module_once():
    modules = {file.stem for file in sources("sample")} - {"__init__"}
    assert sorted(written_order()) == sorted(modules)


def test_each_module_imports_only_those_above_it():
    order = written_order()
    wrong = []
    for name in order:
        for module in imports(PROJECT / "sample" / f"{name}.py"):
            _, _, used = module.partition("sample.")
            if used and used.split(".")[0] not in order[: order.index(name)]:
                wrong.append(f"{name} imports {used}")
    assert wrong == []


def test_no_import_waits_inside_a_function():
    """A module imported late, or for a type only, hides a circle."""
    late = [
        f"{file.name}:{node.lineno}"
        for file in sources("sample")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node.col_offset
    ]
    assert late == []
