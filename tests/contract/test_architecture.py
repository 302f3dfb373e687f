"""An arrow never runs back: the table of docs/architecture.md, held against the imports and the
paths in the code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "wording", "storage", "ingest", "sample", "release", "law", "explain", "exports",
    "dashboards", "orchestration",
)  # fmt: skip
# What a reader of releases must never name: the folders and files behind the gate.
BEHIND_THE_GATE = re.compile(
    r"(^|/)(landing|raw|judgements|warehouse|keys)(/|$)|candidate\.duckdb|work\.duckdb|history\.duckdb"
    r"|pseudonym\.key|\.parquet"
)
# The desk's own keys lie beside the others; only who signs or names persons anew knows where. So
# does how people log in.
MAY_NAME = {
    (file, "keys")
    for file in (
        "exports/signature.py",
        "exports/microdata/pseudonym.py",
        "exports/register/ballots.py",
        "dashboards/access/login.py",
    )
}
READER_MODULES = {
    "reader", "dictionary", "difference", "errors", "home", "pointer", "references", "refusals",
}  # fmt: skip


def allowed_imports() -> dict[str, set[str]]:
    """The table as it stands in the document: package → packages of ours it may import."""
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    # Further down, steps have names of packages.
    text = text.partition("\n## ")[0]
    table = {}
    for name, allowed in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE):
        table[name] = (
            set(PACKAGES) if "all of them" in allowed else set(re.findall(r"`(\w+)`", allowed))
        )
    return table


def sources(package: str) -> list[Path]:
    return sorted((PROJECT / package).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it; relative imports in full."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                parts = file.relative_to(PROJECT).parts[: -node.level]
                if node.module:
                    yield ".".join((*parts, node.module))
                else:
                    yield from (".".join((*parts, alias.name)) for alias in node.names)
            else:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Text literals of a file, docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


def test_the_document_names_every_package():
    table = allowed_imports()
    assert set(PACKAGES) <= set(table)
    assert table["wording"] == table["sample"] == set()
    assert table["storage"] == table["law"] == {"wording"}
    assert table["release"] == table["ingest"] == {"storage", "wording"}
    assert table["exports"] == {"release", "storage", "wording"}
    assert table["explain"] == {"ingest", "law", "release", "storage", "wording"}
    assert table["dashboards"] == {
        "release", "law", "explain", "exports", "storage", "wording",
    }  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_the_document_allows(package):
    allowed = allowed_imports()[package] | {package}
    wrong = [
        f"{file.relative_to(PROJECT)} imports {module}"
        for file in sources(package)
        for module in imports(file)
        if module.partition(".")[0] in PACKAGES and module.partition(".")[0] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["dashboards", "exports"])
def test_readers_take_from_the_release_package_only_what_reads(package):
    wrong = [
        f"{file.relative_to(PROJECT)} imports {module}"
        for file in sources(package)
        for module in imports(file)
        if module.startswith("release.") and module.split(".")[1] not in READER_MODULES
    ]
    assert wrong == []


def test_pages_take_from_explanations_nothing_of_the_raw_history():
    """`vigie explain` follows a figure to the line of its delivery; a page stays at the gate."""
    wrong = [
        f"{file.relative_to(PROJECT)} imports {module}"
        for file in sources("dashboards")
        for module in imports(file)
        if module.startswith(("explain.lineage", "explain.packages"))
        or module.endswith("ReleaseSource")
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["dashboards", "exports"])
def test_readers_name_nothing_behind_the_gate(package):
    wrong = [
        f"{file.relative_to(PROJECT)}:{line}: {text[:60]!r}"
        for file in sources(package)
        for line, text in literals(file)
        if BEHIND_THE_GATE.search(text) and (str(file.relative_to(PROJECT)), text) not in MAY_NAME
    ]
    assert wrong == []


def test_models_read_sources_and_models_only():
    wrong = [
        str(file.relative_to(PROJECT))
        for folder in ("models", "tests")
        for file in (PROJECT / "dbt_project" / folder).rglob("*.sql")
        if re.search(
            r"read_(parquet|csv|json)|\battach\b|\b(from|join)\s+'",
            file.read_text(encoding="utf-8"),
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_module_opens_by_saying_what_belongs_in_it(package):
    silent = [
        str(file.relative_to(PROJECT))
        for file in sources(package)
        if file.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_file_is_too_long_to_read(package):
    long = [
        str(file.relative_to(PROJECT))
        for file in sources(package)
        if len(file.read_text(encoding="utf-8").splitlines()) > 500
    ]
    assert long == []


def test_disclosure_control_knows_nothing_of_the_warehouse():
    # Beside its own modules those that say what is wrong with a file, which know nothing of it
    # either.
    words = ("exports.errors", "exports.faults", "exports.texts", "exports.days")
    files = [PROJECT / f"{one.replace('.', '/')}.py" for one in words]
    wrong = [
        f"{file.relative_to(PROJECT)} imports {module}"
        for file in [*sources("exports/disclosure"), *files]
        for module in imports(file)
        if module.partition(".")[0] in PACKAGES
        and not module.startswith(("exports.disclosure", "wording", *words))
    ]
    assert wrong == []
