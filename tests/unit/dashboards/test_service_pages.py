"""Pages of benefits, companies, the service commitment and messages, run whole on a release made
from a small sample fund: every figure shown is one of the release."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.i18n import Language, quarter_of
from dashboards.measures import write_value
from dashboards.source import Reading
from exports.register.desk import open_desk
from exports.register.reception import Arrival, receive, withdraw
from tests.unit.dashboards.drawn import figure, query, words_of
from tests.unit.dashboards.drawn import page as page_of

pytestmark = [pytest.mark.xdist_group("service_pages"), pytest.mark.usefixtures("fund")]


def page(name: str, lang: str = "fr") -> AppTest:
    return page_of(f"management/{name}", lang)


def test_thirty_eight_lines_in_the_order_of_the_promise() -> None:
    app = page("commitment")
    table = app.dataframe[0].value
    assert len(table) == 38
    assert list(table["Volet"]) == sorted(table["Volet"])
    codes = [line.split(" ")[0] for line in table["Indicateur"]]
    assert sorted(codes) == [f"SC{number:02d}" for number in range(1, 39)]


def test_a_state_is_told_by_sign_and_word_and_equals_the_release() -> None:
    app = page("commitment")
    table = app.dataframe[0].value
    states = dict(zip([line[:4] for line in table["Indicateur"]], table["État"], strict=True))
    expected = dict(
        query(
            "select code, is_met from service.mart_commitments"
            " where quarter = '2026Q3' and office_code = 'ALL' and is_met is not null"
        )
    )
    assert {code for code, state in states.items() if state == "✔ tenu"} == {
        code for code, met in expected.items() if met and len(code) == 4
    }
    assert {code for code, state in states.items() if state in ("◐ presque", "✘ non tenu")} == {
        code for code, met in expected.items() if not met and len(code) == 4
    }
    # Measured from the register, which holds nothing here.
    assert states["SC36"] == states["SC37"] == "○ aucun dossier"


def test_no_items_is_said_and_never_a_share() -> None:
    app = page("commitment")
    measured = {code for (code,) in query(
        "select code from service.mart_commitments where quarter = '2026Q3'"
        " and office_code = 'ALL'"
    )}  # fmt: skip
    table = app.dataframe[0].value
    empty = table[table["État"] == "○ aucun dossier"]
    assert len(empty)
    assert empty["Valeur"].isna().all()
    assert not {line[:4] for line in empty["Indicateur"]} & measured


def test_an_indicator_leads_to_its_missed_items() -> None:
    app = page("commitment")
    app.selectbox(key="commitment_code").select("SC23").run()
    assert not app.exception
    ((missing,),) = query(
        "select count(*) from service.fct_missed_items where code = 'SC23' and quarter = '2026Q3'"
    )
    assert missing > 0
    assert figure(app, "Non tenus") == Language("fr").number(missing)
    listed = next(t.value for t in app.dataframe if "Jours de retard" in t.value.columns)
    assert len(listed) == min(missing, 500)
    overdue = list(listed["Jours de retard"])
    assert overdue == sorted(overdue, reverse=True)


def test_what_is_not_measured_says_why() -> None:
    app = page("commitment")
    app.selectbox(key="commitment_code").select("SC38").run()
    assert "journal d'exécution" in words_of(app)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_promise_about_statistics_is_measured_from_the_register(
    fund, tmp_path, monkeypatch, lang
) -> None:
    """Two requests are due: one of them was withdrawn in time, the other one is late."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "releases").symlink_to(fund / "releases")
    monkeypatch.setenv("VIGIE_HOME", str(home))
    desk = open_desk(home, "Anne")
    due = desk.today - timedelta(days=1)
    arrivals = [
        Arrival("Une commune", "c", "l", f"w {day}", due - timedelta(days=9), day)
        for day in (due, desk.today + timedelta(days=1))
    ]
    late, other = (receive(desk, arrival) for arrival in arrivals)
    withdraw(desk, other.id, "plus besoin")
    app = page("commitment", lang)
    app.selectbox(key="commitment_quarter").select(quarter_of(due)).run()
    app.selectbox(key="commitment_code").select("SC36").run()
    assert not app.exception
    table = app.dataframe[0].value
    (line,) = [i for i, said in enumerate(table.iloc[:, 1]) if said.startswith("SC36")]
    assert table.iloc[line, 2].startswith("✘")
    assert [metric.value for metric in app.metric][:1] == ["0,0\u00a0%"]
    # The matrix of promises and offices comes last.
    listed = app.dataframe[-2].value
    assert list(listed.iloc[:, 0]) == [late.id]


def test_an_office_shows_its_own_figures() -> None:
    app = page("commitment")
    ((office, denominator),) = query(
        "select office_code, denominator from service.mart_commitments where code = 'SC23'"
        " and quarter = '2026Q3' and office_code <> 'ALL' order by denominator desc limit 1"
    )
    app.selectbox(key="commitment_office").select(office).run()
    app.selectbox(key="commitment_code").select("SC23").run()
    assert not app.exception
    assert figure(app, "Dossiers") == Language("fr").number(denominator)


def test_every_measure_can_be_shown() -> None:
    app = page("commitment")
    app.toggle(key="commitment_all").set_value(True).run()
    assert not app.exception
    ((count,),) = query("select count(*) from service.dim_commitment")
    assert len(app.dataframe[0].value) == count
    # Every unit of a measure has its name and its way of counting.
    for lang in ("fr", "nl"):
        shown = Reading(None, Language(lang))
        for (unit,) in query("select distinct unit from service.dim_commitment"):
            assert shown.text(f"unit_name_{unit}")
            assert write_value(shown, 2.0, unit)


def test_benefits_equal_the_release() -> None:
    app = page("benefits")
    app.multiselect(key="benefits_benefits").select("birth_leave").run()
    assert not app.exception
    slider = app.select_slider(key="benefits_quarters").value
    ((amount, claims),) = query(
        "select sum(paid_amount), sum(claims_submitted) from benefit.mart_quarter"
        f" where benefit = 'birth_leave' and quarter between '{slider[0]}' and '{slider[1]}'"
    )
    assert figure(app, "Montant payé") == Language("fr").euros(float(amount))
    assert figure(app, "Demandes introduites") == Language("fr").number(claims)
    # A benefit without causes says so instead of an empty chart.
    assert "seuls le droit passerelle" in words_of(app)


def test_companies_equal_the_release() -> None:
    app = page("companies", "nl")
    app.select_slider(key="companies_years").set_range(2024, 2025).run()
    assert not app.exception
    ((claimed, owed),) = query(
        "select sum(claimed_amount), sum(outstanding_amount)"
        " from company.mart_contribution_year where contribution_year between 2024 and 2025"
    )
    assert figure(app, "Gevorderd") == Language("nl").euros(float(claimed))
    assert figure(app, "Openstaand saldo") == Language("nl").euros(float(owed))


def test_messages_and_careers_equal_the_release() -> None:
    app = page("transmissions")
    app.multiselect(key="transmissions_flows").select("mutuality_contribution_voucher").run()
    assert not app.exception
    slider = app.select_slider(key="transmissions_quarters").value
    ((messages,),) = query(
        "select sum(messages) from service.mart_transmissions"
        " where flow = 'mutuality_contribution_voucher'"
        f" and quarter between '{slider[0]}' and '{slider[1]}'"
    )
    assert figure(app, "Messages") == Language("fr").number(messages)
    gaps = query("select count(*) from service.mart_career_gaps")
    assert len(app.dataframe[-1].value) == gaps[0][0]


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1.0, "share", "100,0\u00a0%"),
        (0.99999, "share", "99,99\u00a0%"),
        (0.9951, "share", "99,51\u00a0%"),
        (0.5, "share", "50,0\u00a0%"),
        (0.0, "EUR", "0\u00a0€"),
        (10.5, "working_days", "10,5 j. ouvrables"),
        (None, "share", "–"),
    ],
)
def test_nearly_all_is_not_all(value, unit, written) -> None:
    assert write_value(Reading(None, Language("fr")), value, unit) == written


def test_a_second_measure_stands_inside_the_first() -> None:
    """SC10 typed gives SC10: no choice of its own for SC10B, which is shown below."""
    app = page("commitment")
    codes = app.selectbox(key="commitment_code").options
    assert len(codes) == 38
    assert not [code for code in codes if code[4:5].isalpha()]
    app.selectbox(key="commitment_code").select("SC10").run()
    assert [head.value for head in app.header if head.value.startswith("SC10B · ")]
    assert not app.exception


def test_sentences_speak_of_the_chosen_quarter() -> None:
    """Neither of the first nor of the running one, whose point is hollow."""
    app = page("commitment")
    app.selectbox(key="commitment_code").select("SC23").run()
    for quarter, named in (("2026Q3", "3e trimestre 2026"), ("2026Q2", "2e trimestre 2026")):
        app.selectbox(key="commitment_quarter").select(quarter).run()
        ((value,),) = query(
            "select value from service.mart_commitments where code = 'SC23'"
            f" and quarter = '{quarter}' and office_code = 'ALL'"
        )
        written = write_value(Reading(None, Language("fr")), value, "share")
        assert f"Au {named}\u00a0: {written}" in words_of(app)
    app.selectbox(key="commitment_quarter").select("2026Q4").run()
    assert "Le 4e trimestre 2026 court encore" in words_of(app)


def test_no_office_is_the_lowest_with_few_items() -> None:
    """Fewer than thirty items: nobody is named; otherwise with the interval."""
    app = page("commitment")
    found = query(
        "select code, quarter, count(*) filter (where denominator >= 30) as enough"
        " from service.mart_commitments where office_code <> 'ALL' and unit = 'share'"
        " and length(code) = 4 group by all order by enough"
    )
    (code, quarter, few), (many_code, many_quarter, many) = found[0], found[-1]
    assert few < 2 <= many
    app.selectbox(key="commitment_quarter").select(quarter).run()
    app.selectbox(key="commitment_code").select(code).run()
    assert "Trop peu de dossiers pour dire" in words_of(app)
    app.selectbox(key="commitment_quarter").select(many_quarter).run()
    app.selectbox(key="commitment_code").select(many_code).run()
    assert "intervalle à 95" in words_of(app)


@pytest.mark.parametrize(
    ("lang", "of", "quarter"),
    [
        ("fr", {"Anvers": "d'Anvers", "Bruxelles": "de Bruxelles", "Élouges": "d'Élouges"},
         {"2026Q1": "1er trimestre 2026", "2026Q3": "3e trimestre 2026"}),
        ("nl", {"Antwerpen": "van Antwerpen"}, {"2026Q1": "1e kwartaal van 2026"}),
    ],
)  # fmt: skip
def test_elision_and_quarters(lang, of, quarter) -> None:
    language = Language(lang)
    assert {name: language.of(name) for name in of} == of
    assert {code: language.quarter(code) for code in quarter} == quarter


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_take_up_of_nothing_over_claims_that_exist_warns(lang) -> None:
    """D19: events and claims that do not find each other are told, not shown as a rate of 0."""
    app = page("benefits", lang)
    never = query(
        "select event_kind from benefit.mart_take_up group by 1 having sum(persons_granted) = 0"
    )
    expected = 0
    for (kind,) in never:
        ((claims,),) = query(
            "select count(*) from benefit.fct_claims where benefit = 'bridging_right'"
            " and decision = 'granted' and ends_with($kind, cause)",
            kind=kind,
        )
        expected += bool(claims)
    assert len(app.warning) == expected


def test_the_warning_of_take_up_counts_the_claims(tmp_path, monkeypatch) -> None:
    from dashboards.i18n import Language as L

    told = L("fr").counted("take_up_unlikely", 1, event="Règlement collectif de dettes")
    assert "1 demande de ce motif est accordée" in told
    assert "51 aanvragen" in L("nl").counted("take_up_unlikely", 51, event="x")
