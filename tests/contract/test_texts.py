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


#: Errors of ours whose text is no sentence of their own: a part of one (the file and the check that
#: it is about), or what we declared wrongly ourselves, which nobody but us can mend.
_NOT_SENTENCES = {
    "AnotherRunError",
    "AuditError",
    "BuildError",
    "DeclarationError",
    "BadDeclaration",
    "ForbiddenQuery",
}
#: The contracts that the project declares itself.
_OUR_DECLARATIONS = {"ingest/contract.py"}


def _errors_of_ours() -> set[str]:
    return {
        node.name
        for package in PACKAGES
        for file in (PROJECT / package).rglob("errors.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def _written_out(call: ast.Call) -> bool:
    """Whether an error is made with a sentence that is written where it is raised."""
    for given in call.args:
        if isinstance(given, ast.JoinedStr):
            text = "".join(one.value for one in given.values if isinstance(one, ast.Constant))
        else:
            text = given.value if isinstance(given, ast.Constant) else ""
        if isinstance(text, str) and re.search("[A-Za-z]{2,} [A-Za-z]{2,}", text):
            return True
    return False


def test_an_error_that_reaches_a_person_names_its_sentence_and_does_not_write_it() -> None:
    """A sentence in the code is English to everybody; one in texts.yaml has three languages."""
    kinds = _errors_of_ours()
    assert {"IngestError", "SourceError", "MachineError", "ReleaseError", "VigieError"} <= kinds
    found = []
    for package in PACKAGES:
        for file in sorted((PROJECT / package).rglob("*.py")):
            name = file.relative_to(PROJECT).as_posix()
            if name in _OUR_DECLARATIONS:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                raised = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                if raised and node.func.id in kinds - _NOT_SENTENCES and _written_out(node):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_what_a_check_of_severity_warn_says_is_said_in_every_language() -> None:
    """A warning is there to be explained by whoever reads it."""
    told = yaml.safe_load((PROJECT / "orchestration" / "texts.yaml").read_text(encoding="utf-8"))
    warned = {
        file.stem
        for file in (PROJECT / "dbt_project" / "tests").glob("*.sql")
        if re.search(r"severity *= *'warn'", file.read_text(encoding="utf-8"))
    }
    for file in (PROJECT / "dbt_project" / "models").rglob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for found in re.finditer(r"severity: warn", text):
            warned.add(re.findall(r"name: (\w+)", text[: found.start()])[-1])
    audit = ast.parse((PROJECT / "orchestration" / "audit.py").read_text(encoding="utf-8"))
    for call in _calls(audit, "_of_ingest"):
        if any(one.arg == "severity" for one in call.keywords):
            warned.add(call.args[0].value)
    assert len(warned) == 10
    assert {f"warned.{name}" for name in warned} == {
        key for key in told if key.startswith("warned.") and key != "warned.example"
    }


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
