"""Files of a data folder are opened in one place, `storage/`: nobody else opens a database,
attaches one, or reads or writes Parquet there.
"""

from __future__ import annotations

import ast
import re

import pytest

from tests.contract.test_architecture import PACKAGES, PROJECT, sources

#: What opens no file of a data folder, and why it stands apart.
APART = {
    "law/engine.py": "the questions of law, in memory, by a package that imports none of ours",
    "ingest/reading.py": "a delivered file, plain as any sender's",
    "ingest/source/write.py": "a delivery: the door takes it as any sender's, plain",
    "sample/writer.py": "deliveries of the synthetic fund",
}
OPENS = re.compile(
    r"\bduckdb\.connect\(|\bread_parquet\b|\bparquet_(scan|metadata|file_metadata)\b"
    r"|\bParquetWriter\(|(?i:\battach\s+(if not exists\s+)?['{])|(?i:\bformat\s+parquet\b)"
)


def code_of(file) -> str:
    """The code of a module without docstrings and comments."""
    return ast.unparse(_bare(ast.parse(file.read_text(encoding="utf-8"))))


def _bare(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                value.value = ""
    return tree


@pytest.mark.parametrize("package", sorted(set(PACKAGES) - {"storage"}))
def test_nobody_else_opens_a_file(package):
    wrong = {
        str(file.relative_to(PROJECT)): found[0]
        for file in sources(package)
        if (found := OPENS.search(code_of(file))) and str(file.relative_to(PROJECT)) not in APART
    }
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(APART))
def test_who_stands_apart_still_does(name):
    assert OPENS.search(code_of(PROJECT / name))


def test_what_is_sought_is_found():
    found = [file.name for file in sources("storage") if OPENS.search(code_of(file))]
    assert {"databases.py", "parquet.py"} <= set(found)
