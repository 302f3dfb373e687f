"""explain/shown.yaml names pages that exist, and tables that these pages read."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
import yaml

from explain.kinds import KINDS

PROJECT = Path(__file__).resolve().parents[2]
SHOWN = yaml.safe_load((PROJECT / "explain" / "shown.yaml").read_text(encoding="utf-8"))
PAGES = {
    page["id"]: page["file"]
    for page in yaml.safe_load((PROJECT / "dashboards" / "pages.yaml").read_text(encoding="utf-8"))[
        "pages"
    ]
}


@cache
def read_by(page: str) -> str:
    """The queries of a page: of its own file, and of the sections that it imports, and theirs."""
    folder = PROJECT / "dashboards"
    waiting, seen, text = [folder / PAGES[page]], set(), ""
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        queries = file.with_suffix(".sql")
        text += queries.read_text(encoding="utf-8") if queries.is_file() else ""
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dashboards"):
                found = [PROJECT.joinpath(*node.module.split(".")) / f"{one.name}.py"
                         for one in node.names]  # fmt: skip
                waiting += [one for one in found if one.is_file() and "sections" in one.parts]
    return text


def test_every_kind_says_where_it_is_shown():
    assert set(SHOWN) == set(KINDS.values())
    assert all(SHOWN.values())


@pytest.mark.parametrize("kind", SHOWN)
def test_a_page_that_is_named_reads_the_table(kind):
    wrong = [
        f"{page} does not read {table}"
        for table, pages in SHOWN[kind].items()
        for page in pages
        if "*" not in table and table not in read_by(page)
    ]
    assert wrong == []
    assert {page for pages in SHOWN[kind].values() for page in pages} <= set(PAGES)
