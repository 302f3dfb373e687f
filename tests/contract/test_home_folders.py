"""The list of what lies in a data folder (docs/architecture.md) is the one that the code makes: no
name is missing there, none stands twice, none is left over; what is ours is closed to others.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from ingest.source.declared import sources_folder
from orchestration import private
from orchestration.backup import contents
from orchestration.backup.databases import DATABASES
from orchestration.settings import Settings
from tests.contract.test_architecture import PACKAGES, PROJECT, sources

#: The operator's: another account may put deliveries there; and the declarations of sources.
_THEIRS = {contents.LANDING, "sources"}
_LINE = re.compile(r"^([a-z]+[a-z.]*)(/\S*)?(,| ) *(.*)$")


def listed() -> list[str]:
    """The lines of the document, each a path with its meaning."""
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return re.search(r"## `VIGIE_HOME`\n```\n(.*?)\n```", text, re.DOTALL)[1].splitlines()


def documented() -> set[str]:
    return {_LINE.match(line)[1] for line in listed()}


def made() -> dict[str, str]:
    """First-level names that the code puts behind a data folder, and a module that does."""
    found = {name: module for package in PACKAGES for module, name in _of_package(package)}
    settings = Settings.from_env(home=PROJECT / "home")
    for name, value in vars(Settings).items():
        path = getattr(settings, name) if isinstance(value, cached_property) else None
        if isinstance(path, Path) and path.is_relative_to(settings.home):
            found[path.relative_to(settings.home).parts[0]] = "orchestration.settings"
    found |= {one.folder: "orchestration.backup.databases" for one in DATABASES}
    found[sources_folder(Path()).name] = "ingest.source.declared"
    # A hidden one passes: it is renamed into place, or goes at the end.
    return {name: module for name, module in found.items() if not name.startswith(".")}


def _of_package(package: str) -> Iterator[tuple[str, str]]:
    for file in sources(package):
        module = ".".join(file.relative_to(PROJECT).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_home(node.left):
                name = _text(module, node.right)
                if name:
                    yield module, Path(name).parts[0]


def _is_home(node: ast.expr) -> bool:
    """`home`, `settings.home`, `self._home`, `Path(home)`, `vigie_home()`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") == "home"
        case ast.Call(func=ast.Name(id="vigie_home")):
            return True
        case ast.Call(func=ast.Name(id="Path"), args=[argument]):
            return _is_home(argument)
    return False


def _text(module: str, node: ast.expr) -> str | None:
    """What a name behind a data folder is: written there, or a constant of a module."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[ast.Constant(value=text), *_]) if "/" in text:
            return text
        case ast.Name(id=name):
            said = getattr(importlib.import_module(module), name, None)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            said = getattr(getattr(importlib.import_module(module), owner, None), name, None)
        case _:
            return None
    return said if isinstance(said, str) else None


def test_every_name_that_the_code_makes_stands_in_the_list():
    known = documented()
    assert {name: module for name, module in made().items() if name not in known} == {}


def test_every_name_of_the_list_is_made():
    assert documented() - set(made()) == set()


def test_the_code_is_read():
    """What is sought is found: names written there, constants, properties."""
    sought = {"raw", "format.json", "warehouse", "subscriptions", "forgotten", "access"}
    assert sought <= set(made())


def test_each_line_has_its_meaning_and_stands_once():
    lines = listed()
    assert [line for line in lines if not _LINE.match(line) or not _LINE.match(line)[4]] == []
    paths = Counter(line.split("  ")[0].strip() for line in lines)
    assert [path for path, times in paths.items() if times > 1] == []
    # Names of one folder stand together.
    firsts = [_LINE.match(line)[1] for line in lines]
    groups = [name for place, name in enumerate(firsts) if firsts[place - 1 : place] != [name]]
    assert len(groups) == len(set(groups))


def test_what_is_ours_is_closed_and_nothing_else():
    closed = {Path(one).parts[0] for one in private.OURS}
    assert closed - _THEIRS == documented() - _THEIRS
    assert contents.LANDING not in closed


@pytest.mark.parametrize("name", sorted(contents.LEFT_OUT))
def test_what_is_left_out_of_copies_is_a_name_of_the_list(name):
    assert name in documented()
