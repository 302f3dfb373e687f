"""The pages of the recovery team, run whole without a browser on a release of a sample fund."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards.figures import Column
from dashboards.i18n import Language
from dashboards.workbook import table_xlsx
from release.reader import close_all, open_release

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "dashboards" / "views" / "recovery"
VIGIE = Path(sys.executable).with_name("vigie")

pytestmark = pytest.mark.xdist_group("recovery_pages")


@pytest.fixture(scope="module")
def fund(tmp_path_factory) -> Path:
    """A data folder with two releases of a small fund: a full build, and one with a delta."""
    folder = tmp_path_factory.mktemp("fund")
    landing, ready = folder / "landing", folder / "ready"
    ready.mkdir()
    sizes = ["--affiliates", "150", "--companies", "80", "--deltas", "1"]
    _vigie(folder, "sample", "--out", landing, *sizes)
    for delivery in sorted(p.parent for p in landing.glob("*/manifest.json")):
        (ready / delivery.name).symlink_to(delivery)
        _vigie(folder, "run", "--landing", ready)
    return folder


def _vigie(home: Path, *arguments: object) -> None:
    done = subprocess.run(
        [VIGIE, *map(str, arguments)],
        env={"VIGIE_HOME": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(autouse=True)
def opened(fund, monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", str(fund))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    close_all()


def page(name: str, lang: str = "fr") -> AppTest:
    """One page as its entry runs it."""
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from dashboards import source
from dashboards.i18n import Language
source.put(source.begin(Language({lang!r})))
exec(compile(open({str(PAGES / name)!r} + ".py").read(), "page", "exec"))
"""
    return AppTest.from_string(script, default_timeout=120).run()


def texts(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.success]
    return "\n".join(str(part.value) for part in parts)


def sql(query: str, **values):
    return open_release().cursor().execute(query, values or None).fetchall()


def healthy(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    return app


TITLES = [
    ("worklist", "Liste de travail du recouvrement", "Werklijst van de invordering"),
    ("account", "Un compte", "Eén rekening"),
    ("cohorts", "Cohortes de créances", "Cohorten van vorderingen"),
    (
        "arrears",
        "Arriérés\u00a0: ancienneté et mouvements",
        "Achterstallen: ouderdom en bewegingen",
    ),
    ("procedure", "Procédure et intervenants", "Procedure en tussenpersonen"),
    ("deadlines", "Prescription et plans d'apurement", "Verjaring en afbetalingsplannen"),
]


@pytest.mark.parametrize(("name", "french", "dutch"), TITLES, ids=[t[0] for t in TITLES])
def test_each_page_opens_in_both_languages(name, french, dutch):
    assert healthy(page(name)).title[0].value == french
    assert healthy(page(name, "nl")).title[0].value == dutch


@pytest.mark.parametrize("name", ["cohorts", "arrears", "procedure", "deadlines"])
def test_each_chart_has_a_sentence_and_a_table_twin(name):
    """As many twins as charts; every sentence is filled in."""
    app = healthy(page(name))
    charts = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    assert len(charts) >= 2
    assert len(app.expander) == len(charts)
    assert "{" not in texts(app)


def test_worklist_shows_the_list_in_order_and_filters_it():
    app = healthy(page("worklist"))
    (accounts,) = sql("select count(*) from recovery.mart_worklist")[0]
    assert accounts > 0
    assert app.metric[0].value == Language("fr").number(accounts)
    listed = app.dataframe[0].value
    first = sql("select account_id from recovery.mart_worklist order by priority limit 5")
    assert list(listed["Compte"][:5]) == [account for (account,) in first]
    reason, count = sql(
        "select reason, count(*) from recovery.mart_worklist group by 1 order by 2, 1 limit 1"
    )[0]
    app.multiselect(key="worklist_reason").select(reason).run()
    healthy(app)
    assert app.metric[0].value == Language("fr").number(count)
    app.text_input(key="worklist_account").input("no such account").run()
    assert "Aucun compte" in texts(healthy(app))


def test_one_account_tells_what_it_owes_and_why_it_is_listed():
    account, owed = sql(
        "select account_id, outstanding_amount from recovery.mart_worklist"
        " order by priority limit 1"
    )[0]
    app = page("account")
    app.text_input(key="account_search").input(account.lower()).run()
    healthy(app)
    assert f"Compte {account}" in texts(app)
    assert app.metric[0].value == Language("fr").euros(float(owed))
    reasons = sql(
        "select count(*) from recovery.fct_worklist_reasons where account_id = $account",
        account=account,
    )[0][0]
    assert len(app.warning) == reasons
    # The twins of both charts, and at least charges, cases and clocks.
    assert len(app.dataframe) >= 4


def test_the_balance_over_time_ends_at_what_the_ledger_says():
    """The curve of an account is drawn from its charges and their allocations."""
    account, owed = sql(
        """select account_id, sum(outstanding_amount) from contribution.fct_charges
        where issue_date <= (select as_of_date from meta.as_of) group by 1
        order by count(*) desc, 1 limit 1"""
    )[0]
    app = page("account")
    app.text_input(key="account_search").input(account).run()
    healthy(app)
    twin = next(f.value for f in app.dataframe if list(f.value.columns) == ["Date", "Solde impayé"])
    assert twin["Solde impayé"].iloc[0] == Language("fr").euros(float(owed))


def test_an_unknown_account_gets_a_sentence():
    app = page("account")
    app.text_input(key="account_search").input("A99999999").run()
    assert "A99999999" in healthy(app).warning[0].value


def test_cohort_figures_equal_the_release_and_follow_the_choice():
    app = healthy(page("cohorts"))
    claimed = sql(
        """select sum(claimed_amount) from recovery.mart_arrears_cohorts
        where account_type = 'affiliate' and not is_projection and quarters_since_due = 0
            and cohort_quarter in (select cohort_quarter from recovery.mart_arrears_cohorts
                where account_type = 'affiliate' group by 1 order by 1 desc limit 20)"""
    )[0][0]
    assert app.metric[0].value == Language("fr").euros(float(claimed), 0)
    for metric in ("amount", "open"):
        app.button_group(key="cohorts_metric").set_value(metric).run()
        healthy(app)
    app.button_group(key="cohorts_type").set_value("company").run()
    assert healthy(app).metric[0].value != Language("fr").euros(float(claimed), 0)


def test_the_same_cohorts_of_another_release():
    app = healthy(page("cohorts"))
    box = app.selectbox(key="cohorts_other")
    assert len(box.options) == 2
    other = next(name for name in box.options if name != "Aucune comparaison")
    box.select(other).run()
    assert "diffèrent entre le" in texts(healthy(app))


def test_a_past_release_shows_what_it_knew():
    app = healthy(page("worklist"))
    current = open_release()
    before = current.business_date - timedelta(days=1)
    app.selectbox(key="worklist_release").select(Language("fr").day(before)).run()
    assert "Version choisie" in texts(healthy(app))


def test_what_changed_is_told_to_the_cent():
    app = healthy(page("arrears"))
    twin = next(f.value for f in app.dataframe if "Attendu au départ" in f.value.columns)
    rows = sql("select count(*) from recovery.mart_outstanding_changes where nature <> 'company'")
    assert len(twin) == rows[0][0]
    assert "Depuis le" in texts(app)


def test_few_cases_are_told_and_rates_come_with_intervals():
    app = healthy(page("procedure"))
    twin = app.dataframe[1].value
    assert "Borne basse (95\u00a0%)" in twin.columns or "Borne basse (95 %)" in twin.columns
    assert "Wilson" in texts(app)


def test_workbook_keeps_types_and_never_runs_a_formula():
    rows = pd.DataFrame(
        {
            "account": ["A1", "=1+1"],
            "amount": [10.5, float("nan")],
            "day": pd.to_datetime(["2026-01-31", None]),
        }
    )
    columns = [Column("account", "Compte"), Column("amount", "Solde"), Column("day", "Date")]
    book = zipfile.ZipFile(io.BytesIO(table_xlsx("Liste", rows, columns)))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>10.5</v>" in sheet
    assert "=1+1" in book.read("xl/sharedStrings.xml").decode()
