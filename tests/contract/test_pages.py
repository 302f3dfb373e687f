"""How pages are written: short, their SQL beside them, everything they say remembered for paper."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
FILES = sorted(
    file
    for folder in ("views", "sections")
    for file in (DASHBOARDS / folder).rglob("*")
    if file.suffix in (".py", ".sql")
)
PYTHON = [file for file in FILES if file.suffix == ".py"]
#: What sheet, figures, exhibits and grids draw, and remember.
_DRAWN_PAST = {
    "title", "header", "subheader", "markdown", "caption", "text", "write", "info", "success",
    "warning", "error", "code", "metric", "dataframe", "table", "vega_lite_chart", "altair_chart",
}  # fmt: skip
_SQL = re.compile(r"\bselect\b.*\bfrom\b|\b(from|join) +\w+\.\w+", re.IGNORECASE | re.DOTALL)
_NAMED = pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(DASHBOARDS)))


def _calls(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [ast.unparse(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DASHBOARDS)))
def test_a_page_is_read_at_once(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) < 200


@_NAMED
def test_no_sql_in_the_python_of_a_page(file):
    """A query stands in the file beside the page, where a reader finds it and nothing is glued."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
    assert [text for text in texts if _SQL.search(text)] == []


@_NAMED
def test_nothing_is_drawn_past_what_is_remembered(file):
    """What goes past sheet, figures, exhibits and grids would be missing on paper."""
    assert [name for name in _calls(file) if name in {f"st.{one}" for one in _DRAWN_PAST}] == []


def test_every_file_of_a_page_is_given_in_one_way():
    """`downloads.button` writes the access down first: no page has a button of its own."""
    giving = [
        str(path.relative_to(DASHBOARDS))
        for path in DASHBOARDS.rglob("*.py")
        if "download_button(" in path.read_text(encoding="utf-8")
    ]
    assert giving == ["downloads.py"]


def test_a_choice_of_several_shows_no_word_of_the_framework():
    """What nobody gives is said by the framework, in English: "Choose options", "Select all"."""
    wanted = {"placeholder", "select_all"}
    calls = [
        (str(file.relative_to(DASHBOARDS)), {keyword.arg for keyword in one.keywords})
        for file in sorted(DASHBOARDS.rglob("*.py"))
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one, ast.Call) and ast.unparse(one.func).endswith(".multiselect")
    ]
    assert calls
    assert [(file, wanted - given) for file, given in calls if wanted - given] == []
