"""Two releases beside each other give nobody's amount to roles without names."""

from __future__ import annotations

import pytest

from dashboards.access.declared import declaration
from dashboards.access.person import demonstration, right_of
from dashboards.access.view import view_of
from dashboards.i18n import Language
from dashboards.source import begin
from release.reader import open_release, standing
from tests.unit.access.test_pages import drawn, everything_on

CELLS = declaration().cells
WITH_AMOUNTS = sorted(name for name, cells in CELLS.items() if cells.amounts)


def past():
    current = open_release().id
    (found,) = [release for release in standing() if release.id != current]
    return found


def outside_thousands(view, table: str) -> int:
    """How many rows have an amount that is not one of thousands."""
    broken = " or ".join(f"{one} % 1000 <> 0" for one in sorted(CELLS[table].amounts))
    return int(view.query(f"select count(*) as n from {table} where {broken}", {})["n"].iloc[0])


def rows(view, table: str) -> int:
    return int(view.query(f"select count(*) as n from {table}", {})["n"].iloc[0])


@pytest.mark.parametrize("role", ["management", "auditor"])
def test_amounts_of_a_past_release_are_thousands_and_those_of_today_are_exact(fund, role):
    right, seen = right_of((role,), None), 0
    now, then = view_of(open_release(), right), view_of(past(), right)
    for table in WITH_AMOUNTS:
        assert outside_thousands(then, table) == 0, table
        seen += rows(then, table)
        if "earlier" not in table and rows(now, table):
            assert outside_thousands(now, table) > 0, table
    assert seen


def test_who_sees_accounts_sees_the_past_to_the_cent(fund):
    view = view_of(past(), right_of(("statistics",), None))
    assert outside_thousands(view, "contribution.mart_quarter") > 0


def test_a_release_that_is_no_longer_current_is_seen_in_thousands_from_then_on(fund, monkeypatch):
    """The same session, the same query: what was kept of it serves no more."""
    from dashboards.access import view

    reading = begin(Language("fr"), demonstration(("management",)))
    sql = "select claimed_amount from contribution.mart_quarter where claimed_amount % 1000 <> 0"
    assert len(reading.query(sql))
    monkeypatch.setattr(view, "find_pointer", lambda home: None)
    assert not len(reading.query(sql))


@pytest.mark.parametrize("page", ["contributions", "companies", "benefits"])
def test_a_page_of_the_past_says_so_and_writes_no_cents_of_its_own(fund, page):
    app = drawn("management", page, address={"release": past().id})
    said = everything_on(app)
    assert not app.exception
    assert str(Language("fr").text("asof_coarse")) in said
    amounts = [one.value for one in app.metric if "\u20ac" in str(one.value)]
    assert amounts
    assert not [one for one in amounts if "," in one]


def test_amounts_of_a_year_before_wear_no_cents_where_they_are_rounded(fund):
    captions = " ".join(one.value for one in drawn("management", "contributions").caption)
    assert "000,00" not in captions
    exact = " ".join(one.value for one in drawn("statistics", "contributions").caption)
    assert ",00" in exact or "\u20ac" in exact
