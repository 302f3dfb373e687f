"""Pages run whole, without a browser, on a small release."""

import json
import shutil
from datetime import date

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import navigation
from release.pointer import Rollback, move_pointer
from release.reader import open_release, standing
from tests.unit.dashboards.drawn import figure, page, page_script, query, whole, words_of
from tests.unit.exports.small_release import build_release
from tests.worlds import copy_of


@pytest.fixture(autouse=True)
def _contributions_open_first(monkeypatch):
    """A test without a browser sees the page that opens, and these look at another one."""
    audiences, pages = navigation.declared()
    first = [page for page in pages if page.id == "contributions"]
    opening = [audience for audience in audiences if audience.id == first[0].audience]
    others = [audience for audience in audiences if audience not in opening]
    monkeypatch.setattr(
        navigation,
        "declared",
        lambda: ((*opening, *others), (*first, *(page for page in pages if page not in first))),
    )


def written(amount, lang="fr") -> str:
    """An amount as the page writes it."""
    from dashboards.i18n import Language

    return Language(lang).euros(float(amount))


def test_management_page_in_french(home):
    """Figures equal the sums of the release; the header names it; nothing failed."""
    app = whole()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Cotisations des affiliés"
    ((claimed, owed),) = query(
        "select sum(claimed_amount), sum(outstanding_amount) from contribution.mart_quarter"
        " where contribution_year between 2022 and 2026"
    )
    assert figure(app, "Réclamé") == written(claimed)
    assert figure(app, "Solde impayé") == written(owed)
    text = words_of(app)
    assert "2026-09-30_20261001T020000Z" in text
    assert "30/09/2026" in text
    assert "seuil légal d'attention de 25" in text
    meaning = "Définition : Réclamé.\n\nDéfini par\u00a0: §\u00a03 des définitions, règle B2."
    assert meaning in {metric.help for metric in app.metric}


def test_management_page_in_dutch(home):
    """The language of the address holds; labels and definitions come in Dutch."""
    app = whole("nl")
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Bijdragen van de aangeslotenen"
    assert figure(app, "Gevorderd").startswith("€")
    assert app.query_params["lang"] in ("nl", ["nl"])


def test_an_earlier_release_that_somebody_went_back_to_says_why(home):
    release = open_release(home)
    back = Rollback("Les *paiements* du 2 juillet", "anne", "2026-10-02T08:00:00+00:00", None, "x")
    move_pointer(
        release.path.parent, release.id, release.path.name, release.business_date, rollback=back
    )
    (told,) = [each.value for each in whole().markdown if "Version antérieure" in each.value]
    assert "02/10/2026 10:00" in told
    # What somebody typed is shown letter by letter.
    assert r"Les \*paiements\* du 2 juillet" in told


def test_unknown_language_falls_back_to_french(home):
    """An address that somebody mistyped still opens."""
    assert whole("de").title[0].value == "Cotisations des affiliés"


def test_language_switch_keeps_the_filters(home):
    """A choice made in French is still there in Dutch."""
    app = whole()
    app.multiselect(key="contributions_natures").select("main").run()
    before = figure(app, "Réclamé")
    app.button_group(key="lang").set_value("nl").run()
    assert not app.error
    assert app.multiselect(key="contributions_natures").value == ["main"]
    assert figure(app, "Gevorderd").strip("€\u00a0").replace(".", "\u202f") == before.strip(
        "€\u00a0"
    )


def test_filters_change_the_figures(home):
    """Years, nature and step of time act on figures, sentence and table twin."""
    app = whole()
    app.select_slider(key="contributions_years").set_range(2024, 2024).run()
    app.multiselect(key="contributions_natures").select("complementary").run()
    app.button_group(key="contributions_step").set_value("year").run()
    assert not app.error
    twin = app.dataframe[0].value
    assert list(twin["Période"]) == ["2024"]
    assert written(twin["Réclamé"].iloc[0]) == figure(app, "Réclamé")


def test_each_chart_has_its_table_twin(home):
    """Four charts, four tables, four downloads."""
    app = whole()
    assert len(app.expander) == len(app.dataframe) == 4
    assert [e.label.split(" (")[0] for e in app.expander] == ["Voir les chiffres"] * 4


def test_yearly_amounts_stand_apart_in_the_table(home):
    """The quarters and the yearly row add up to the figure."""
    app = whole()
    app.select_slider(key="contributions_years").set_range(2024, 2024).run()
    twin = app.dataframe[0].value
    assert list(twin["Période"]) == ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024 annuel"]


def test_empty_release_says_so(home):
    """No contribution, no complete year: a sentence, no failure."""
    path = build_release(home, "2026-10-01_20261002T020000Z", date(2026, 10, 1))
    with duckdb.connect(str(path)) as release:
        release.execute("delete from contribution.mart_quarter")
        release.execute("delete from contribution.mart_perception_parts")
    app = whole()
    assert not app.error
    assert "Élargissez" in words_of(app)
    assert "Aucune année civile" in words_of(app)


def test_no_release_yet(tmp_path, monkeypatch):
    """Before the first run a reader is told what to do, in their language."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path))
    app = whole("nl")
    assert not app.exception
    assert "vigie run" in app.info[0].value


def test_a_new_release_is_seen_at_the_next_interaction(home):
    """Without restart; the session keeps its choices, and every figure moves together."""
    app = whole()
    app.multiselect(key="contributions_natures").select("main").run()
    path = build_release(home, "2026-10-01_20261002T020000Z", date(2026, 10, 1))
    with duckdb.connect(str(path)) as release:
        release.execute("update contribution.mart_quarter set claimed_amount = claimed_amount + 1")
    before = figure(app, "Réclamé")
    app.run()
    assert not app.error
    assert "2026-10-01_20261002T020000Z" in words_of(app)
    assert figure(app, "Réclamé") != before
    assert app.multiselect(key="contributions_natures").value == ["main"]


def test_who_looks_at_the_current_release_goes_on_with_the_next_one(
    built_world, home, tmp_path, monkeypatch
):
    """With several to choose from: the newest is followed, one of the past stays."""
    monkeypatch.setenv("VIGIE_HOME", str(copy_of(built_world("fund"), tmp_path / "own")))
    newest = open_release()
    (first,) = [one.id for one in standing() if one.id != newest.id]
    current, past = whole(), whole()
    past.selectbox(key="release").select(first).run()
    after = "2027-01-01_20270102T020000Z"
    shutil.copy(newest.path, newest.path.with_name(f"{after}.duckdb"))
    move_pointer(newest.path.parent, after, f"{after}.duckdb", date(2027, 1, 1))
    for app, shown in ((current, after), (past, first)):
        app.multiselect(key="contributions_natures").select("main").run()
        assert not app.error
        assert app.selectbox(key="release").value == shown


def test_a_page_that_fails_shows_a_sentence(home):
    """A release without the table of a page: no trace for the reader."""
    path = build_release(home, "2026-10-01_20261002T020000Z", date(2026, 10, 1))
    with duckdb.connect(str(path)) as release:
        release.execute("drop table contribution.mart_quarter")
    app = whole()
    assert not app.exception
    assert "journal du serveur" in app.error[0].value


@pytest.mark.parametrize(("lang", "title"), [("fr", "Livraisons"), ("nl", "Leveringen")])
def test_operations_page(home, lang, title):
    """Deliveries, open quarantine, checks and ledger differences, in both languages."""
    app = page("operations/deliveries", lang)
    assert app.title[0].value.startswith(title)
    number = {metric.label: metric.value for metric in app.metric}
    assert list(number.values())[2:] == ["2", "1", "1"]
    assert len(app.dataframe) == 4
    app.toggle(key="deliveries_differing").set_value(False).run()
    assert len(app.dataframe[3].value) == 6


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_quarantine_lists_each_row_and_is_filtered(home, lang):
    """Delivery, file, line, key, column, rule, what is wrong and what to do, in the language."""
    path = build_release(home, "2026-10-01_20261002T020000Z", date(2026, 10, 1))
    with duckdb.connect(str(path)) as release:
        release.execute("delete from meta.quarantine")
        release.execute("""
            insert into meta.quarantine by name
            select * from (values
                ('2026-10-01-1', 'payments', 42, 'P1', 'domain', 'channel', 'channel "x" …', true),
                ('2026-10-01-1', 'charges', 7, 'D1', 'type', 'amount', 'amount …', true),
                ('2026-09-30-1', 'charges', 9, 'D2', 'type', 'amount', 'amount …', false)
            ) as t (delivery_id, extract, line_number, key, rule, column_name, reason, is_open)
        """)
    app = page("operations/deliveries", lang)
    listed = app.dataframe[1].value
    assert list(listed.iloc[:, 0]) == ["2026-10-01-1"] * 2
    assert list(listed.iloc[:, 2]) == [7, 42]
    assert list(listed.iloc[:, 3]) == ["D1", "P1"]
    from dashboards.i18n import words

    assert list(listed.iloc[:, 7]) == [
        words(lang)["quarantine_do_type"], words(lang)["quarantine_do_domain"]
    ]  # fmt: skip
    app.multiselect(key="deliveries_rule").select("domain").run()
    assert list(app.dataframe[1].value.iloc[:, 3]) == ["P1"]


def test_a_refused_or_held_delivery_is_a_red_banner_with_all_its_faults(home):
    """Delivery, file, since when, every fault; a note that was cut off is told too; nothing of it
    is Markdown."""
    folder = home / "refusals"
    folder.mkdir()
    fault = {"file": "a.csv", "reason": "rows 3, manifest 4", "remedy": "send it again"}
    other = {"file": "b.csv", "reason": "[x](https://evil.example)", "remedy": "so"}
    since = "2026-10-02T02:10:00+02:00"
    (folder / "2026-10-01-1.json").write_text(
        json.dumps({"delivery_id": "2026-10-01-1", **fault, "refused_at": since,
                    "faults": [fault, other]})
    )  # fmt: skip
    (folder / "2026-10-02-1.json").write_text(
        json.dumps({"delivery_id": "2026-10-02-1", **fault, "refused_at": since, "status": "held"})
    )
    (folder / "2026-10-03-1.json").write_text('{"delivery_id": "2026-10')
    (folder / "[x](y).json").write_text("{}")
    app = AppTest.from_string(page_script("views/operations/deliveries.py", "fr")).run()
    assert not app.exception
    first, second, third, fourth = (str(error.value) for error in app.error)
    assert "2026-10-01-1 est refusée** depuis le 02/10/2026 02:10" in first
    assert "a.csv" in first
    assert "rows 3, manifest 4; send it again" in first
    assert "\\[x\\](https" in first
    assert "https://evil" not in first
    assert "2026-10-02-1 est retenue**" in second
    assert "2026-10-03-1" in third
    assert "(y)" not in fourth


def test_no_banner_without_refusals(home):
    assert not page("operations/deliveries", "nl").error
