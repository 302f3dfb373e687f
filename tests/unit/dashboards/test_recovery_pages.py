"""The pages of the recovery team, run whole without a browser on a release of a sample fund."""

from __future__ import annotations

import re
from datetime import timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n import Language, words
from release.reader import open_release
from tests.unit.dashboards.drawn import healthy, query, words_of
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("recovery_pages"), pytest.mark.usefixtures("fund")]


def page(name: str, lang: str = "fr") -> AppTest:
    return page_of(f"recovery/{name}", lang)


@pytest.mark.parametrize("name", ["cohorts", "arrears", "procedure", "deadlines"])
def test_each_chart_has_a_sentence_and_a_table_twin(name):
    """As many twins as charts; every sentence is filled in."""
    app = page(name)
    charts = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    assert len(charts) >= 2
    assert len(app.expander) == len(charts)
    assert "{" not in words_of(app)


def test_worklist_shows_the_list_in_order_and_filters_it():
    app = page("worklist")
    (accounts,) = query("select count(*) from recovery.mart_worklist")[0]
    assert accounts > 0
    assert app.metric[0].value == Language("fr").number(accounts)
    first = [
        account
        for (account,) in query("select account_id from recovery.mart_worklist order by priority")
    ]
    # A day's work to begin with, the rest one click away.
    assert len(first) > 40
    assert list(app.dataframe[0].value["Compte"]) == first[:40]
    healthy(app.toggle(key="worklist_whole").set_value(True).run())
    assert list(app.dataframe[0].value["Compte"]) == first
    reason, count = query(
        "select reason, count(*) from recovery.mart_worklist group by 1 order by 2, 1 limit 1"
    )[0]
    app.multiselect(key="worklist_reason").select(reason).run()
    healthy(app)
    assert app.metric[0].value == Language("fr").number(count)
    app.text_input(key="worklist_account").input("no such account").run()
    assert "Aucun compte" in words_of(healthy(app))


def test_one_account_tells_what_it_owes_and_why_it_is_listed():
    account, owed = query(
        "select account_id, outstanding_amount from recovery.mart_worklist"
        " order by priority limit 1"
    )[0]
    app = page("account")
    app.text_input(key="account_account").input(account.lower()).run()
    healthy(app)
    assert f"Compte {account}" in words_of(app)
    assert app.metric[0].value == Language("fr").euros(float(owed))
    reasons = query(
        "select count(*) from recovery.fct_worklist_reasons where account_id = $account",
        account=account,
    )[0][0]
    assert len(app.warning) == reasons
    # The twins of both charts, and at least charges, cases and clocks.
    assert len(app.dataframe) >= 4


def test_the_balance_over_time_ends_at_what_the_ledger_says():
    """The curve of an account is drawn from its charges and their allocations."""
    account, owed = query(
        """select account_id, sum(outstanding_amount) from contribution.fct_charges
        where issue_date <= (select as_of_date from meta.as_of) group by 1
        order by count(*) desc, 1 limit 1"""
    )[0]
    app = page("account")
    app.text_input(key="account_account").input(account).run()
    healthy(app)
    twin = next(f.value for f in app.dataframe if list(f.value.columns) == ["Date", "Solde impayé"])
    assert twin["Solde impayé"].iloc[0] == float(owed)


def test_an_unknown_account_gets_a_sentence():
    app = page("account")
    app.text_input(key="account_account").input("A99999999").run()
    assert "A99999999" in healthy(app).warning[0].value


def test_cohort_figures_equal_the_release_and_follow_the_choice():
    app = page("cohorts")
    claimed = query(
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
    app = page("cohorts")
    box = app.selectbox(key="cohorts_other")
    assert len(box.options) == 2
    other = next(name for name in box.options if name != "Aucune comparaison")
    box.select(other).run()
    assert "diffèrent entre le" in words_of(healthy(app))


def test_a_past_release_shows_what_it_knew():
    app = page("worklist")
    current = open_release()
    before = current.business_date - timedelta(days=1)
    app.selectbox(key="release").select(Language("fr").day(before)).run()
    assert "Connu alors" in words_of(healthy(app))


def test_what_changed_is_told_to_the_cent():
    app = page("arrears")
    twin = next(f.value for f in app.dataframe if "Attendu au départ" in f.value.columns)
    rows = query("select count(*) from recovery.mart_outstanding_changes where nature <> 'company'")
    assert len(twin) == rows[0][0]
    assert "Depuis le" in words_of(app)


def test_few_cases_are_told_and_rates_come_with_intervals():
    app = page("procedure")
    twin = app.dataframe[1].value
    assert "Borne basse (95\u00a0%)" in twin.columns or "Borne basse (95 %)" in twin.columns
    assert "Wilson" in words_of(app)


@pytest.mark.parametrize("days", [0, 55])
def test_days_are_counted_from_the_day_on_which_somebody_looks(monkeypatch, days):
    """The as-of date stands beside it; data that are old have a red line above the list; what has
    lapsed meanwhile has no days left."""
    from dashboards import clock

    asof_date = open_release().business_date
    today = asof_date + timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: today)
    app = page("worklist")
    said = words_of(app)
    day = Language("fr").day
    assert f"Jours comptés au {day(today)}\u00a0; données arrêtées au {day(asof_date)}" in said
    assert ("Données anciennes" in said) == (days == 55)
    rows = query("select due_by from recovery.mart_worklist order by priority limit 40")
    listed = app.dataframe[0].value
    assert list(listed["Jours restants"]) == [(due - today).days for (due,) in rows]
    ((due,),) = query(
        "select count(*) from recovery.mart_worklist where due_by <= $today", today=today
    )
    assert app.metric[1].value == Language("fr").number(due)
    # What is prescribed is so at the as-of date; what would be since then is told apart.
    ((prescribed, lapsed),) = query(
        """select coalesce(sum(outstanding_amount) filter (prescription_date <= $asof), 0),
            coalesce(sum(outstanding_amount) filter (prescription_date > $asof), 0)
        from recovery.mart_prescription where prescription_date <= $today""",
        today=today, asof=asof_date,
    )  # fmt: skip
    app = page("deadlines")
    told = [app.metric[1].value, *(one.value for one in app.metric[2:3] if days)]
    amounts = [prescribed, lapsed] if days else [prescribed]
    assert told == [Language("fr").euros(float(one), 0) for one in amounts]
    assert (words("fr")["deadlines_lapsed"] in [one.label for one in app.metric]) == (days > 0)
    assert lapsed > 0 if days else lapsed == 0
    nearest = app.dataframe[1].value["Jours restants"]
    assert nearest.empty or nearest.min() > 0


def test_one_and_many():
    """No "(s)" in any text: the language says how it counts."""
    french, dutch = Language("fr"), Language("nl")
    assert [french.counted("unit_days", n) for n in (0, 1, 1.5, 2)] == [
        "0 jour", "1 jour", "1,5 jour", "2 jours",
    ]  # fmt: skip
    assert [dutch.counted("unit_days", n) for n in (0, 1, 2)] == ["0 dagen", "1 dag", "2 dagen"]
    for lang in ("fr", "nl"):
        assert not [key for key, text in words(lang).items() if re.search(r"\w\((s|en|e)\)", text)]


def test_places_are_named_in_the_language_of_the_page():
    """Districts come in French; the choice in the address is the same in both languages."""
    ((here,), *_) = query("select distinct district from recovery.mart_agents where cases > 0"
        " and district in (select name_fr from core.dim_municipality where name_fr <> name_nl)"
        " order by 1")  # fmt: skip
    ((there,),) = query(
        "select distinct name_nl from core.dim_municipality where name_fr = $name", name=here
    )
    for lang, shown, other in (("fr", here, there), ("nl", there, here)):
        options = page("procedure", lang).multiselect(key="procedure_districts").options
        assert shown in options
        assert other not in options


def test_amounts_that_come_and_go_have_one_form_of_sign():
    dutch, french = Language("nl"), Language("fr")
    assert [dutch.change(one, 0) for one in (24112, -18129, 0)] == [
        "+€\u00a024.112", "\u2212€\u00a018.129", "€\u00a00",
    ]  # fmt: skip
    assert french.change(-18129, 0).startswith("\u221218")


def test_no_payment_since_and_no_release_before_are_two_sentences(monkeypatch):
    from dashboards.sections import new_payments

    for is_first, key in ((True, "paid_first"), (False, "paid_none")):
        told = []
        monkeypatch.setattr(new_payments.sheet, "info", told.append)
        monkeypatch.setattr(new_payments.sheet, "heading", lambda *_: None)
        reading = _Answers(payments=0, is_first=is_first)
        new_payments.show(reading, {})
        assert told == [words("fr")[key]]


class _Answers:
    """A reading whose every query has one row with these values."""

    lang, language = "fr", Language("fr")

    def __init__(self, **values: object) -> None:
        self.query = lambda sql, **_: pd.DataFrame([values])
        self.text = self.language.text
