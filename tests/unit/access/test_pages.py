"""What each role sees of each page; what hostile texts in fields and addresses reach."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import navigation, source
from dashboards.access import log
from dashboards.access.declared import declaration
from dashboards.access.errors import ForbiddenQuery
from dashboards.access.person import demonstration
from dashboards.access.view import tables_of
from dashboards.i18n import LANGUAGES, Language, words
from release.reader import open_release

ROOT = Path(__file__).parents[3]
ROLES = declaration().roles
#: Who sees everything as it is sees what test_every_page draws; the auditor sees figures as the
#: management does.
SEEN = [
    (role.id, page)
    for role in ROLES.values()
    for page in role.pages
    if role.id != "statistics" and (role.id != "auditor" or page not in ROLES["management"].pages)
]
PAGES = {page.id: page for page in navigation.declared()[1]}
#: Keys of rows that wait for a correction: who mends them has to find them.
WITH_KEYS = {"deliveries"}


def drawn(role: str, page: str, lang: str = "fr", address: dict[str, str] | None = None) -> AppTest:
    script = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
from dashboards import frame, navigation
from dashboards.access.person import demonstration
from dashboards.i18n import Language
entry = next(one for one in navigation.declared()[1] if one.id == {page!r})
reading = frame.open_page(entry, Language({lang!r}), demonstration(({role!r},)))
runpy.run_path({str(ROOT / "dashboards" / PAGES[page].file)!r})
frame.close_page(reading)
"""
    app = AppTest.from_string(script, default_timeout=120)
    for name, value in (address or {}).items():
        app.query_params[name] = value
    return app.run()


def everything_on(app: AppTest) -> str:
    """All texts and all cells of all tables: a file that is offered holds the same cells."""
    parts = [
        *app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.info,
        *app.success, *app.warning, *app.error, *app.metric, *app.text_input, *app.selectbox,
    ]  # fmt: skip
    cells = [str(value) for table in app.dataframe for value in table.value.to_numpy().ravel()]
    return "\n".join([*(str(part.value) for part in parts), *cells])


@pytest.mark.parametrize(("role", "page"), SEEN, ids=str)
def test_each_role_sees_its_pages_whole_and_only_some_see_names(fund, role, page):
    app = drawn(role, page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == words("fr")[f"{page}_title"]
    found = set(re.findall(r"\b[AC]\d{8}\b", everything_on(app)))
    held = {
        account
        for (account,) in open_release()
        .cursor()
        .execute("select account_id from contribution.fct_account_balances")
        .fetchall()
    }
    if not ROLES[role].named and page not in WITH_KEYS:
        assert not found & held
    lines = [line.access for line in log.read(fund).lines]
    assert {(line.page, line.roles, line.what) for line in lines} >= {(page, (role,), log.PAGE)}
    assert {line.release for line in lines} == {open_release().id}


def test_a_page_says_that_small_counts_were_merged_and_only_then(fund):
    for lang in LANGUAGES:
        told = words(lang)["few_told"]
        assert told in everything_on(drawn("management", "benefits", lang))
        assert told not in everything_on(drawn("management", "law", lang))
        assert told not in everything_on(drawn("statistics", "benefits", lang))


def test_an_account_that_is_opened_is_written_down_once(fund):
    account = (
        open_release()
        .cursor()
        .execute("select min(account_id) from contribution.fct_account_balances")
        .fetchone()[0]
    )
    app = drawn("recovery", "account", address={"account": account})
    assert not app.exception
    app.run()
    opened = [line.access for line in log.read(fund).lines if line.access.what == log.ACCOUNT]
    assert [(one.account, one.page) for one in opened] == [(account, "account")]


def test_what_cannot_be_written_down_is_not_shown(fund, monkeypatch):
    """A full disk, or a folder that somebody else owns: the page says that it failed."""

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(log, "write", full)
    app = AppTest.from_file(str(ROOT / "dashboards" / "app.py"), default_timeout=60).run()
    assert [one.value for one in app.error] == [words("fr")["page_failed"]]
    assert not app.dataframe
    assert not app.metric


def test_the_demonstration_lets_one_choose_the_role(fund):
    app = AppTest.from_file(str(ROOT / "dashboards" / "app.py"), default_timeout=60).run()
    assert words("fr")["access_demonstration"] in [one.value for one in app.sidebar.caption]
    (role,) = [one for one in app.sidebar.selectbox if one.key == "role"]
    role.select("operations").run()
    assert not app.exception
    assert not [metric for metric in app.metric if "€" in str(metric.value)]


_TEXTS = (
    "' or 1=1 --", '" or ""="', "'); drop table x; --", "A00000001' union select * from x --",
    "$account", "{account}", "%", "_", "%%%", "\\", "\x00", "\n\r", "\u202e", "🙂" * 50, "A" * 5000,
    "../../etc/passwd", "file:///etc/passwd", "<script>alert(1)</script>", "[x](javascript:1)",
    "null", "NaN", "-1", "1e308", "ALL", "*", "_few", "whole.core.dim_code", "own.accounts",
    "select * from whole.contribution.fct_charges", "${jndi:x}", "{{7*7}}", "`id`", "$(id)",
    "; ls", "| ls", "a\tb", "é" * 100, "0 or 1", "true", "[]",
)  # fmt: skip
_AROUND = (
    "{}", "{}'", "'{}", "{}--", "/*{}*/", "({})", "{}\u0000", " {} ", "%27{}", "x={}", "{}{}",
    "'||({})||'", "{};",
)  # fmt: skip
PAYLOADS = [around.replace("{}", text) for text, around in itertools.product(_TEXTS, _AROUND)][:520]
ASKED = (
    "select count(*) as n from contribution.mart_quarter where category = $text",
    "select count(*) as n from contribution.mart_quarter where list_contains($texts, nature)",
    "select count(*) as n from recovery.mart_worklist where contains(account_id, upper($text))",
    "select count(*) as n from contribution.fct_charges where account_id = $text",
    "select count(*) as n from service.mart_commitments where office_code = $text",
)


def test_the_payloads_are_five_hundred():
    assert len(set(PAYLOADS)) >= 500


@pytest.mark.parametrize("sql", ASKED)
def test_a_hostile_value_is_a_value(fund, sql):
    """It finds what it names and nothing else; whoever has no right to the table is refused as
    before."""
    reading = source.begin(Language("fr"), demonstration(("recovery", "management")))
    name = "texts" if "$texts" in sql else "text"
    (table,) = tables_of(sql)
    column = re.search(r"where (?:list_contains\(\$texts, )?(?:contains\()?(\w+)", sql)[1]
    held = [
        str(value)
        for value in reading.query(f"select distinct {column} as v from {table}")["v"].dropna()
    ]
    for payload in PAYLOADS:
        value = [payload] if name == "texts" else payload
        found = reading.query(sql, **{name: value})["n"].iloc[0]
        meant = payload.upper() if "contains(account_id" in sql else payload
        if "contains(account_id" in sql:
            assert bool(found) == any(meant in one for one in held)
        else:
            assert bool(found) == (payload in held)


def test_a_hostile_text_in_the_place_of_a_query_reads_nothing(fund):
    reading = source.begin(Language("fr"), demonstration(("management",)))
    for payload in PAYLOADS:
        with pytest.raises(ForbiddenQuery):
            reading.query(payload)


#: What an address may hold: read from the pages' own code by the test of addresses.
_NAMES = ("lang", "account", "release", "role", "years", "quarters", "office", "quarter", "page")


@pytest.mark.parametrize("page", ["account", "contributions"])
def test_hostile_addresses_reach_nothing(fund, page):
    """500 texts, some in each parameter at once: the page is drawn, no trace, no account."""
    role = "management" if page == "contributions" else "recovery"
    names = [*_NAMES, *(f"p{number}" for number in range(96))]
    for start in range(0, len(PAYLOADS), 130):
        some = PAYLOADS[start : start + 130]
        app = drawn(role, page, address=dict(zip(names, some, strict=False)))
        assert not app.exception
        assert not app.error
        assert app.title[0].value == words("fr")[f"{page}_title"]


def test_the_auditor_sees_figures_as_the_management_does():
    """What is drawn for one stands for the other."""
    auditor, management = (demonstration((role,)).right for role in ("auditor", "management"))
    assert auditor.cut == management.cut
    assert auditor.tables - management.tables == {"meta.quarantine"}
    assert management.tables <= auditor.tables


NO_OFFICE = words("fr")["no_office"]


def drawn_for(page: str, offices: str) -> AppTest:
    """A page of recovery for an agent with these offices."""
    script = f"""
import runpy, sys
sys.path.insert(0, {str(ROOT)!r})
from dashboards import frame, navigation
from dashboards.access.person import Person
from dashboards.i18n import Language
entry = next(one for one in navigation.declared()[1] if one.id == {page!r})
agent = Person("agent", "Agent", ("recovery",), frozenset({offices}))
reading = frame.open_page(entry, Language("fr"), agent)
runpy.run_path({str(ROOT / "dashboards" / PAGES[page].file)!r})
frame.close_page(reading)
"""
    return AppTest.from_string(script, default_timeout=120).run()


@pytest.mark.parametrize("page", ["worklist", "deadlines", "account"])
def test_an_agent_without_an_office_is_told_why_lists_are_empty(fund, page):
    for offices in ("[]", "['an office that is none']"):
        app = drawn_for(page, offices)
        assert not app.exception
        assert [one.value for one in app.warning].count(NO_OFFICE) == 1
    assert NO_OFFICE not in [one.value for one in drawn_for(page, "['BXL']").warning]


def test_pages_of_no_release_say_nothing_of_its_age(fund, monkeypatch):
    """The age and the truth of figures are said where there are figures of a release."""
    from datetime import timedelta

    from dashboards import clock

    later = open_release().business_date + timedelta(days=55)
    monkeypatch.setattr(clock, "today", lambda: later)
    timeless = {page.id for page in PAGES.values() if page.timeless}
    assert timeless == {"access", "law", "accessibility", "notices"}
    for page in [*sorted(timeless), "contributions"]:
        role = "auditor" if page == "access" else "management"
        said = everything_on(drawn(role, page))
        assert ("depuis n'est dans aucun chiffre" in said) == (page not in timeless), page
        assert ("Connu aujourd'hui : les dates" in said.replace("\u00a0", " ")) == (
            page not in timeless
        ), page
