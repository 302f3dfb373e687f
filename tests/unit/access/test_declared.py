"""access.yaml is read strictly; it, the pages and the release hold together."""

from __future__ import annotations

import re

import pytest

from dashboards import navigation
from dashboards.access.declared import CELLS, FILE, INSIDE, PERSONS, declaration, read
from dashboards.access.errors import DeclarationError
from dashboards.access.person import known_roles, right_of
from release.reader import open_release

TEXT = FILE.read_text(encoding="utf-8")


def line_of(part: str, text: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("there", "wrong"),
    [
        ("    pages: [deliveries, dictionary]", "    pages: [deliveries, dictionnary]"),
        ("    tables: [open, meta.quarantine]", "    tables: [open, meta.quarantaine]"),
        ("    tables: [open, meta.quarantine]", "    tables: [open, mete.*]"),
        ("    offices: claim", "    offices: some"),
        ("    benefit.fct_claims: affiliate_id", "    benefit.fct_claims: office"),
        ("      dimensions: [size_class]", "      dimension: [size_class]"),
        ("      disjoint: {companies: [origin]}", "      disjoint: {companies: [origine]}"),
        ("  inside:\n", "  insides:\n"),
        ("    - core.dim_code\n", "    - core.dim_code\n    - core.dim_code\n"),
    ],
)
def test_what_means_nothing_is_told_with_its_line(there, wrong):
    text = TEXT.replace(there, wrong, 1)
    assert text != TEXT
    with pytest.raises(DeclarationError, match=r"^access\.yaml, line (\d+): .+\.$") as told:
        read(text)
    line = int(re.search(r"line (\d+)", str(told.value))[1])
    assert abs(line - line_of(wrong, text)) <= 1


def test_a_role_that_sees_no_names_is_given_no_lines_of_persons():
    text = TEXT.replace("    tables: [open, meta.quarantine]", "    tables: [open, persons]", 1)
    with pytest.raises(DeclarationError, match="operations is shown no names"):
        read(text)


def test_each_page_is_given_to_a_role():
    given = {page for role in declaration().roles.values() for page in role.pages}
    assert given == {page.id for page in navigation.declared()[1]}


def test_each_table_of_a_release_is_declared_and_given_to_a_role_or_to_none_with_a_reason(fund):
    known = declaration()
    held = [
        name
        for (name,) in open_release()
        .cursor()
        .execute("select schema_name || '.' || table_name from duckdb_tables()")
        .fetchall()
    ]
    given = {table for role in known.roles.values() for table in role.tables}
    assert [t for t in held if known.entry_of(t) is None and t not in known.given_to_none] == []
    assert [t for t in held if known.entry_of(t) and known.entry_of(t) not in given] == []
    assert all(known.given_to_none.values())
    # And nothing is declared that no release has.
    assert [t for t in known.kinds if not t.endswith(".*") and t not in held] == []


def test_each_mart_that_is_cut_says_what_becomes_of_every_column(fund):
    """A column that nobody declared would be lost without a word."""
    cursor = open_release().cursor()
    for table, cells in declaration().cells.items():
        columns = {name for (name, *_) in cursor.execute(f"describe {table}").fetchall()}
        assert cells.columns == columns, table


def test_roles_without_names_see_counts_as_they_are_of_nothing_but_deliveries():
    known = declaration()
    for role in known.roles.values():
        if not role.named:
            assert role.threshold >= 5
            assert {t for t in role.tables if known.kinds[t] == INSIDE} <= {"meta.quarantine"}


def test_roles_add_up():
    management, recovery = right_of(("management",), None), right_of(("recovery",), None)
    both = right_of(("management", "recovery"), None)
    assert both.pages == management.pages | recovery.pages
    assert both.tables == management.tables | recovery.tables
    assert management.cut
    assert not both.cut
    assert both.named
    assert known_roles(["recovery", "root", "management"]) == ("management", "recovery")
    assert known_roles("recovery") == ("recovery",)
    assert known_roles(None) == ()


def test_an_office_narrows_lines_of_persons_unless_another_role_sees_all():
    kinds = declaration().kinds
    bxl = right_of(("recovery",), frozenset({"BXL"}))
    assert {t for t in bxl.tables if kinds[t] == PERSONS} == bxl.by_office
    assert bxl.offices == ("BXL",)
    wide = right_of(("recovery", "statistics"), frozenset({"BXL"}))
    assert wide.by_office == frozenset()
    none = right_of(("recovery",), frozenset())
    assert none.by_office == bxl.by_office
    assert none.offices == ()


def test_rights_that_see_different_data_have_different_keys():
    rights = [
        *(right_of((role,), None) for role in declaration().roles),
        right_of(("recovery",), frozenset({"BXL"})),
        right_of(("recovery",), frozenset({"GNT"})),
        right_of(("recovery",), frozenset()),
        right_of((), None),
    ]
    data = [(r.tables, r.offices if r.by_office else (), r.by_office, r.cut) for r in rights]
    for one, key in zip(data, (r.key for r in rights), strict=True):
        assert [r.key == key for r in rights] == [other == one for other in data]
    cells = {t for t, kind in declaration().kinds.items() if kind == CELLS}
    assert {t for t, _ in right_of(("management",), None).cut} == cells
