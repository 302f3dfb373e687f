"""No page shows a role without names a count of fewer persons, companies or files than its
threshold, in whatever state it is; the same look finds them where counts are as they are.
"""

from __future__ import annotations

import pytest

from dashboards.access.declared import declaration
from dashboards.i18n import LANGUAGES, words
from release.reader import open_release
from tests.unit.access.shown import NO_PERSONS, NO_PERSONS_FIGURES, small
from tests.unit.access.test_pages import drawn

ROLES = declaration().roles
THRESHOLD = ROLES["management"].threshold
#: Roles whose figures are cut, by the pages that show any. The auditor sees them as management
#: does (test_pages), operations has none.
PAGES = [page for page in ROLES["management"].pages if page not in ("law", "notices")]
#: Pages on which small counts are found where they are shown, so that the look is known to see.
WITH_SMALL = ("commitment", "benefits", "companies", "transmissions")


def column(sql: str) -> list[str]:
    return [str(value) for (value,) in open_release().cursor().execute(sql).fetchall()]


def states(page: str) -> list[dict[str, object]]:
    """Choices of a page that narrow what it shows the most: one period, one code at a time."""
    if page == "commitment":
        codes = column("select code from service.dim_commitment where length(code) = 4")
        with_few = column(
            "select code || ' ' || min(quarter) from service.mart_commitments"
            " where least(numerator, denominator - numerator) between 1 and 4 and unit = 'share'"
            " and denominator >= 5 and office_code = 'ALL' group by code order by code"
        )
        few = [dict(zip(("code", "quarter"), one[:4].split() + one[-6:].split(), strict=True))
               for one in with_few]  # fmt: skip
        return [
            {},
            {"all": "1", "office": "BXL"},
            *few[::2],
            *({"code": one} for one in codes[::4]),
        ]
    if page == "benefits":
        quarters = column(
            "select distinct quarter from benefit.mart_quarter where claims_submitted > 4"
        )
        return [{}, *({"quarters": [one, one]} for one in quarters[::2])]
    if page == "companies":
        years = column("select distinct contribution_year from company.mart_contribution_year")
        return [{}, *({"years": [year, year]} for year in sorted(years)[::2])]
    if page == "transmissions":
        quarters = column("select distinct quarter from service.mart_transmissions order by 1")
        return [{}, *({"quarters": [one, one]} for one in quarters[::3])]
    if page == "contributions":
        natures = column("select distinct nature from contribution.mart_quarter order by 1")
        return [{}, {"step": "year"}, *({"natures": one} for one in natures)]
    return [{}]


def found(role: str, page: str, lang: str = "fr") -> list[str]:
    told = []
    for place, state in enumerate(states(page)):
        # The second language is drawn where it costs little.
        app = drawn(role, page, "nl" if lang == "nl" or place % 2 else "fr", address=state)
        assert not app.exception, (page, state)
        told += [f"{state}: {one}" for one in small(app, THRESHOLD)]
    return told


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_management_a_small_count(fund, page):
    assert found("management", page) == []


@pytest.mark.parametrize("page", ["home", "deliveries", "access"])
def test_no_page_of_the_others_shows_a_small_count(fund, page):
    for role in ("auditor", "operations"):
        if page in ROLES[role].pages:
            assert found(role, page) == []


@pytest.mark.parametrize("page", WITH_SMALL)
def test_the_same_look_finds_small_counts_where_they_are_shown(fund, page):
    assert list(small(drawn("statistics", page), THRESHOLD))


def test_what_counts_no_persons_is_said_of_what_exists(fund):
    """A name that nobody draws would hide the next one of its kind."""
    shown = {
        f"{item.key}.{one.name}"
        for app in (drawn("management", "cohorts"), drawn("operations", "deliveries"))
        for item in app.session_state["vigie_shown"]
        for one in getattr(item, "columns", ())
    }
    assert set(NO_PERSONS) <= shown
    assert all(key in words(lang) for key in NO_PERSONS_FIGURES for lang in LANGUAGES)
