"""Tables: a choice is a key, days and numbers are days and numbers; files have one form."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import downloads, grids, navigation, rankings
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, MOMENT, NEARLY_ALL, NOTHING, SHARE, TEXT, YEAR
from dashboards.i18n import LANGUAGES, Language, words
from dashboards.source import Reading
from tests.unit.dashboards.drawn import APP, ROOT, healthy, page_script, query, words_of

RELEASE = SimpleNamespace(id="2026-09-30_x", business_date=date(2026, 9, 30))


def reading(lang: str = "fr", is_past: bool = False) -> Reading:
    return Reading(RELEASE, Language(lang), is_past=is_past)


# --- a choice is a key


@pytest.mark.usefixtures("fund")
def test_a_chosen_account_stays_when_the_list_is_filtered_and_goes_with_its_line():
    """The line is ticked by number, as the browser does; afterwards only the account counts."""
    app = AppTest.from_string(page_script("views/recovery/worklist.py", "fr"), default_timeout=120)
    app.run()
    accounts = list(app.dataframe[0].value["Compte"])
    account = accounts[3]
    reasons = dict(query("select account_id, reason from recovery.mart_worklist"))
    app.session_state["worklist_chosen"] = account
    app.run()
    assert f"Compte {account}" in words_of(healthy(app))
    app.multiselect(key="worklist_reason").select(reasons[account]).run()
    assert f"Compte {account}" in words_of(healthy(app))
    other = next(reason for reason in reasons.values() if reason != reasons[account])
    app.multiselect(key="worklist_reason").set_value([other]).run()
    assert "### Compte" not in words_of(healthy(app))
    assert f"Compte {account}" not in words_of(app)


@pytest.mark.parametrize("letters", [60, 100, 160, 400])
def test_a_sentence_of_several_lines_has_lines_that_are_high_enough_to_be_wrapped(letters):
    """Streamlit wraps texts in lines of more than 4rem alone."""
    rows = pd.DataFrame({"why": ["m" * letters]})
    _, settings = grids.displayed(reading(), rows, [Column("why", "Pourquoi", wide=True)])
    config = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["row_height"] > 4 * config["theme"]["baseFontSize"]


@pytest.mark.parametrize(("letters", "is_wrapped"), [(30, False), (94, False), (140, True)])
def test_a_long_text_is_shown_whole_or_wrapped(letters, is_wrapped):
    """On the font of the pages a line of 66 letters of an indicator takes 361 pixels, its cell 20
    more; nothing is cut off for being long, whatever column it stands in."""
    rows = pd.DataFrame({"name": ["x" * letters]})
    _, settings = grids.displayed(reading(), rows, [Column("name", "Indicateur")])
    width = settings["column_config"]["Indicateur"]["width"]
    assert (settings["row_height"] is not None) is is_wrapped
    if not is_wrapped:
        assert width >= letters * 361 / 66 + 20


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_indicator_of_the_screen_of_promises_is_whole(lang):
    """Its lines are low, so that they are never wrapped: the column has room for the longest."""
    script = page_script("views/management/commitment.py", lang)
    app = healthy(AppTest.from_string(script, default_timeout=120).run())
    names = app.dataframe[0].value[words(lang)["indicator"]]
    settings = json.loads(app.dataframe[0].proto.columns)[words(lang)["indicator"]]
    assert max(map(len, names)) > 80
    assert settings["width"] >= max(map(len, names)) * 361 / 66 + 20


@pytest.mark.usefixtures("fund")
def test_other_lines_make_another_table():
    """The number of a line that the browser remembers never meets other lines."""
    script = page_script("views/recovery/worklist.py", "fr")
    app = AppTest.from_string(script, default_timeout=120).run()
    before = app.dataframe[0].proto.id
    reason = query("select reason from recovery.mart_worklist order by priority limit 1")[0][0]
    app.multiselect(key="worklist_reason").select(reason).run()
    assert app.dataframe[0].proto.id != before


def test_no_page_has_a_selection_of_its_own():
    """Every table with a selection is `grids.choose`."""
    for path in APP.parent.rglob("*.py"):
        if path.name != "grids.py":
            code = path.read_text(encoding="utf-8")
            assert not re.search(r"st\.(dataframe|data_editor|table)\(", code), path


@pytest.mark.usefixtures("fund")
def test_the_table_beside_a_chart_is_drawn_when_it_is_opened(monkeypatch):
    monkeypatch.setattr(grids, "TWINS_OPEN", False)
    script = page_script("views/recovery/cohorts.py", "fr")
    app = healthy(AppTest.from_string(script, default_timeout=120).run())
    folds = [fold for fold in app.expander if "Voir les chiffres" in fold.label]
    assert folds
    closed = len(app.dataframe)
    app.session_state["cohorts_heatmap_twin"] = True
    assert len(healthy(app.run()).dataframe) == closed + 1


# --- days and numbers


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", navigation.declared()[1], ids=lambda page: page.id)
def test_every_day_and_number_of_a_table_is_one(page, lang):
    """No text of a table reads as an amount, a share or a day; none is None or minus zero."""
    app = AppTest.from_string(page_script(page.file, lang), default_timeout=120).run()
    amount = r"-?[\d.,\u202f]+\u00a0[€%]|€\u00a0[-\d.,]+|\d{1,3}(\u202f\d{3})+|-0(,0*)?"
    forms = re.compile(rf"{amount}|\d\d/\d\d/\d{{4}}|None|nan")
    # Steps of the law are told in words and in values of every unit.
    for table in healthy(app).dataframe if page.id != "law" else ():
        for name, values in table.value.items():
            said = {text for text in values.dropna() if isinstance(text, str)}
            assert not {text for text in said if forms.fullmatch(text)}, name


@pytest.mark.parametrize(
    ("form", "value", "fr", "nl"),
    [
        (EUROS, -0.001, "0,00\u00a0€", "€\u00a00,00"),
        (EUROS, None, NOTHING, NOTHING),
        (COUNT, -0.2, "0", "0"),
        (SHARE, 0.9459783913565426, "94,6\u00a0%", "94,6\u00a0%"),
        (NEARLY_ALL, 0.99999, "99,99\u00a0%", "99,99\u00a0%"),
        (YEAR, 2026.0, "2026", "2026"),
        (DAY, pd.Timestamp("2026-09-05"), "05/09/2026", "05/09/2026"),
        (DAY, pd.NaT, NOTHING, NOTHING),
        (MOMENT, pd.Timestamp("2026-09-30 22:30"), "01/10/2026 00:30", "01/10/2026 00:30"),
    ],
)
def test_values_as_they_are_read(form, value, fr, nl):
    assert form.write(Language("fr"), value) == fr
    assert form.write(Language("nl"), value) == nl


def test_the_download_of_the_toolbar_is_off():
    settings = tomllib.loads(
        (ROOT / "dashboards" / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    )
    assert settings["client"]["disableDataExport"] is True


# --- files

COLUMNS = [
    Column("account", "Compte", format=TEXT),
    Column("day", "Date", format=DAY),
    Column("at", "Chargée le", format=MOMENT),
    Column("amount", "Solde", format=EUROS),
    Column("rate", "Taux", format=SHARE),
    Column("count", "Nombre", format=COUNT),
]
ROWS = pd.DataFrame(
    {
        "account": ["A1", "=1+1", None],
        "day": pd.to_datetime(["2026-01-31", "1899-12-31", None]),
        "at": pd.to_datetime(["2026-01-31 23:30", None, None]),
        "amount": [1234.5, -0.001, float("nan")],
        "rate": [0.9459783913565426, 1.0, None],
        "count": [3.0, 0.0, None],
    }
)


@pytest.mark.parametrize(
    ("lang", "is_past", "truth"),
    [
        ("fr", False, "connu aujourd'hui (données au 30/09/2026)"),
        ("fr", True, "connu alors (données au 30/09/2026)"),
        ("nl", False, "vandaag gekend (gegevens tot 30/09/2026)"),
        ("nl", True, "toen gekend (gegevens tot 30/09/2026)"),
    ],
)
def test_csv_has_one_form_of_days_decimals_and_units(lang, is_past, truth):
    written = downloads.spreadsheet_csv(reading(lang, is_past), ROWS, COLUMNS).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(written), delimiter=";")
    assert head[:6] == ["Compte", "Date", "Chargée le", "Solde (€)", "Taux (%)", "Nombre"]
    assert lines[0][:6] == ["A1", "31/01/2026", "01/02/2026 00:30", "1234,50", "94,598", "3"]
    assert lines[1][:6] == ["'=1+1", "31/12/1899", "", "0,00", "100,000", "0"]
    assert lines[2][:6] == [""] * 6
    assert {line[6] for line in lines} == {truth}


def test_workbook_keeps_types_and_never_runs_a_formula():
    """Days before March 1900 are texts: spreadsheets show them as another day or not at all."""
    written = downloads.table_xlsx(reading(), "Liste", ROWS, COLUMNS)
    book = zipfile.ZipFile(io.BytesIO(written))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<v>1234.5</v>" in sheet
    assert "<v>94.598</v>" in sheet
    assert "<v>46053</v>" in sheet
    assert "=1+1" in texts
    assert "31/12/1899" in texts
    assert "connu aujourd" in texts


# --- best and lowest


def test_wilson_as_the_release_has_it():
    low, high = rankings.wilson(45, 50)
    assert (round(low, 4), round(high, 4)) == (0.7864, 0.9565)
    assert rankings.wilson(0, 30)[0] == 0
    assert rankings.wilson(30, 30)[1] == 1


def test_under_thirty_items_nothing_is_the_lowest():
    rows = pd.DataFrame({"office": ["a", "b"], "items": [29, 30]})
    assert list(rankings.enough(rows, "items")["office"]) == ["b"]
