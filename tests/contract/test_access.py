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
    "dashboards/explained.py": "which release was built before one; both are read by Reading",
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


def tables_in(file: Path) -> set[str]:
    """Tables that the SQL of a module reads: in it, or in the file of queries beside it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    texts = [told(node) for node in ast.walk(tree) if id(node) not in docstrings]
    beside = file.with_suffix(".sql")
    if beside.is_file():
        texts.append(re.sub("--.*", "", beside.read_text(encoding="utf-8")))
    return {table for text in texts for table in _TABLE.findall(text)}


def asked_for(file: Path) -> set[str]:
    """Tables of which a module asks whether they may be seen: named in the call, or by a constant
    of the module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {
        target.id: pairs(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in _GUARDS:
            continue
        texts = [told(one) for one in node.args]
        found |= {*texts, ".".join(texts), f"recovery.{texts[-1]}"}
        for one in node.args:
            if isinstance(one, ast.Starred) and isinstance(one.value, ast.Name):
                # A variable goes through a constant that lists tables.
                some = named.get(one.value.id)
                found |= some if some is not None else set().union(*named.values())
    return found


def pairs(node: ast.AST) -> set[str]:
    """Tables that a constant names: "schema.table", or schema and table side by side."""
    found = {told(one) for one in ast.walk(node) if "." in told(one)}
    for one in ast.walk(node):
        if isinstance(one, ast.Tuple) and len(one.elts) == 2:
            found.add(".".join(told(part) for part in one.elts))
    return found


@pytest.mark.parametrize("page", navigation.declared()[1], ids=lambda page: page.id)
def test_each_role_that_sees_a_page_has_its_tables_or_the_page_asks_first(page):
    roles = [role for role in declaration().roles.values() if page.id in role.pages]
    assert roles
    read = set().union(*(tables_in(file) for file in modules_of(page)))
    asked = set().union(*(asked_for(file) for file in modules_of(page)))
    known = declaration()
    for table in sorted(read):
        entry = known.entry_of(table)
        assert entry is not None, f"{page.id} reads {table}, which access.yaml does not know"
        without = [role.id for role in roles if entry not in role.tables]
        assert not without or table in asked, f"{page.id} reads {table}, which {without} have not"


def test_pages_that_export_are_for_those_who_see_counts_as_they_are():
    for role in declaration().roles.values():
        assert not EXPORTING & set(role.pages) or (role.named and role.threshold == 0), role.id


def test_every_file_that_is_offered_is_written_down():
    """The one download button makes its file through `watch.given`."""
    buttons = 0
    for file in files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.download_button":
                buttons += 1
                made = node.args[1] if len(node.args) > 1 else None
                assert isinstance(made, ast.Call), f"{file.name}:{node.lineno}"
                assert ast.unparse(made.func) == "watch.given", f"{file.name}:{node.lineno}"
    assert buttons == 1
