"""What people read, whatever part of the project says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.contract.test_architecture import PACKAGES, PROJECT

FILES = sorted(file for package in PACKAGES for file in (PROJECT / package).rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_no_text_leaves_it_to_the_reader_to_count(file: Path) -> None:
    """No "jour(s)", no "levering(en)": a sentence is turned so that any number fits."""
    told = file.read_text(encoding="utf-8")
    assert re.findall(r"\w+\((?:s|e|es|en|ies)\)", told) == []


def _dutch(said: object, is_dutch: bool = False) -> list[str]:
    """The Dutch texts of a file, however its languages are laid out."""
    if isinstance(said, dict):
        return [
            text
            for key, value in said.items()
            for text in _dutch(value, is_dutch or key == "nl" or str(key).endswith("_nl"))
        ]
    if isinstance(said, list):
        return [text for value in said for text in _dutch(value, is_dutch)]
    return [said] if is_dutch and isinstance(said, str) else []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_dutch_texts_quote_in_one_way(file: Path) -> None:
    """'vigie run', never « vigie run » nor „vigie run”."""
    told = _dutch(yaml.safe_load(file.read_text(encoding="utf-8")), file.stem == "nl")
    assert [text for text in told if re.search("[«»„“”]", text)] == []


def _calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
            yield each


def test_errors_of_exports_speak_every_language_of_the_command_line() -> None:
    """An error is raised with `sentence`, which can say itself in English; packages cannot."""
    texts = yaml.safe_load((PROJECT / "exports" / "texts.yaml").read_text(encoding="utf-8"))
    said, raised_as_text = set(), []
    for file in (PROJECT / "exports").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for raised in (node for node in ast.walk(tree) if isinstance(node, ast.Raise)):
            raised_as_text += [f"{file.name}:{call.lineno}" for call in _calls(raised, "text")]
        for call in _calls(tree, "sentence"):
            said |= {each.value for each in call.args if isinstance(each, ast.Constant)}
    assert raised_as_text == []
    assert len(said) > 20
    without = [
        key
        for key in said & set(texts)
        if not isinstance(texts[key], dict) or "en" not in texts[key]
    ]
    assert without == []
