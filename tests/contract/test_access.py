"""Pages reach data by `Reading.query` alone, and only what the roles that see the page have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import navigation
from dashboards.access.declared import declaration

PROJECT = Path(__file__).resolve().parents[2]
DASHBOARDS = PROJECT / "dashboards"
#: What opens a release or a file of its own.
OPENERS = {"open_release", "view_of", "duckdb", "standing", "cursor", "read_dictionary"}
#: Who may, and why.
MAY_OPEN = {
    "dashboards/source.py": "it is what pages ask",
    "dashboards/access/view.py": "it makes what a right may see",
    "dashboards/asof.py": "which releases there are; it opens none",
    "dashboards/desk/fields.py": "names of statistics, for those who see the desk",
    "dashboards/desk/outdated_view.py": "a delivered package beside today, through exports",
    "dashboards/desk/package_view.py": "a package of the desk, through exports",
    "dashboards/views/statistics/tables.py": "statistics, through disclosure control of exports",
}
#: Whoever sees one of these pages may be given any statistic, through exports.
EXPORTING = {"statistics", "requests", "review"}
_TABLE = re.compile(r"\b(?:from|join)\s+([a-z_]+\.[a-z_0-9]+)")
_GUARDS = {"may_see", "is_shown", "holds"}


def files() -> list[Path]:
    return sorted(DASHBOARDS.rglob("*.py"))


def name_of(file: Path) -> str:
    return str(file.relative_to(PROJECT))


def opened(tree: ast.Module) -> Iterator[str]:
    """What a file names of that which opens something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.name in OPENERS)
        elif isinstance(node, ast.Attribute) and node.attr in (OPENERS | {"_view", "_connection"}):
            yield node.attr
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "path"
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "release"
        ):
            yield "release.path"
        elif isinstance(node, ast.Call):
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(given, ast.Attribute) and given.attr == "release":
                    yield "release given away"


def test_only_those_named_here_open_a_release():
    found = {name_of(f) for f in files() if set(opened(ast.parse(f.read_text(encoding="utf-8"))))}
    assert found == set(MAY_OPEN)


def test_what_opens_a_release_is_found(tmp_path):
    """A page that took the release itself would be seen."""
    for wrong in (
        "reading.release.cursor().execute('select 1')",
        "import duckdb",
        "from release.reader import open_release",
        "duckdb.connect(reading.release.path)",
        "reading._view.query('x', {})",
        "prepare(reading.release, ['T01'])",
    ):
        assert set(opened(ast.parse(wrong))), wrong


def modules_of(page: navigation.PageEntry) -> list[Path]:
    """A page and what it draws with: modules of dashboards that hold SQL of their own."""
    seen: list[Path] = []
    waiting = [DASHBOARDS / page.file]
    while waiting:
        file = waiting.pop()
        if file in seen or name_of(file) in ("dashboards/source.py", "dashboards/access/view.py"):
            continue
        seen.append(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dashboards"):
                base = PROJECT.joinpath(*node.module.split("."))
                for alias in node.names:
                    for candidate in (base / f"{alias.name}.py", base.with_suffix(".py")):
                        if candidate.is_file():
                            waiting.append(candidate)
    return seen


def told(node: ast.AST) -> str:
    """The text of a literal, what is filled in left out."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(told(part) for part in node.values)
    return ""


def tables_in(tree: ast.AST) -> set[str]:
    return {table for node in ast.walk(tree) for table in _TABLE.findall(told(node))}


def guarded(tree: ast.Module) -> set[str]:
    """Tables of which the file asks whether they may be seen: as one text, as schema and table, or
    as a list of its own."""
    lists = {
        target.id: [told(one) for one in ast.walk(node.value)]
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in _GUARDS:
            continue
        texts = [told(one) for one in node.args]
        for one in node.args:
            if isinstance(one, ast.Starred) and isinstance(one.value, ast.Name):
                texts += lists.get(one.value.id, [])
        found |= set(texts)
        if name == "may_see":
            found.add(".".join(texts[:2]))
        if name == "holds":  # asof.holds(reading, table)
            found.add(f"recovery.{texts[-1]}")
    return found


@pytest.mark.parametrize("page", navigation.declared()[1], ids=lambda page: page.id)
def test_each_role_that_sees_a_page_has_its_tables_or_the_page_asks_first(page):
    roles = [role for role in declaration().roles.values() if page.id in role.pages]
    assert roles
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in modules_of(page)]
    read = set().union(*(tables_in(tree) for tree in trees))
    asked = set().union(*(guarded(tree) for tree in trees))
    known = declaration()
    for table in sorted(read):
        entry = known.entry_of(table)
        assert entry is not None, f"{page.id} reads {table}, which access.yaml does not know"
        without = [role.id for role in roles if entry not in role.tables]
        assert not without or table in asked, f"{page.id} reads {table}, which {without} have not"


def test_pages_that_export_are_for_those_who_see_counts_as_they_are():
    for role in declaration().roles.values():
        assert not EXPORTING & set(role.pages) or (role.named and role.threshold == 0), role.id
