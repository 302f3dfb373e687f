"""What the page of requests says in words: whom a review waits for, what a request means."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboards import typed as typed_form
from dashboards.desk import awaited
from dashboards.i18n import Language
from exports.catalogue import load_catalogue
from exports.register import reception, review
from exports.register.desk import open_desk
from exports.register.request import Definition
from release.dictionary import read_dictionary
from release.reader import open_release
from tests.unit.dashboards.desk_support import RECEIVED, REVIEWED, drawn, numbered, sound, told

pytestmark = pytest.mark.xdist_group("desk_pages")

AWAITED = {
    "fr": ("[Contrôle](review?lang=fr)", "{} sur 2", "sauf Anne", "pas à vous"),
    "nl": ("[Controle](review?lang=nl)", "{} van de 2", "behalve Anne", "niet aan u"),
}


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_request_under_review_says_whom_it_waits_for_and_where(desk_home, monkeypatch, lang):
    """Who has voted is a number, nobody's name."""

    def awaited(who: str) -> str:
        monkeypatch.setenv("VIGIE_USER", who)
        (said,) = [
            one.value
            for one in drawn("requests", lang, numbered(REVIEWED)).info
            if "review?" in one.value
        ]
        return said

    where, given, but, mine = AWAITED[lang]
    for one in (where, given.format(0), but, mine):
        assert one in awaited("Anne")
    assert mine not in awaited("Bart")
    review.approve(open_desk(desk_home, "Bart"), numbered(REVIEWED))
    for who in ("Anne", "Bart", "Carla"):
        said = awaited(who)
        assert given.format(1) in said
        assert "Bart" not in said
    review.approve(open_desk(desk_home, "Carla"), numbered(REVIEWED))
    assert not [
        one for one in drawn("requests", lang, numbered(REVIEWED)).info if "review?" in one.value
    ]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_who_waived_a_rule_is_told_that_somebody_else_is_awaited(lang, monkeypatch):
    said = []
    monkeypatch.setattr(awaited.sheet, "info", lambda told, **_: said.append(str(told)))
    waivers = (SimpleNamespace(by="Dirk"), SimpleNamespace(by="Dirk"))
    request = SimpleNamespace(
        state="under_review",
        version=SimpleNamespace(number=3, by="Anne"),
        round=SimpleNamespace(checkers=1, waivers=waivers, votes=()),
    )
    reading = SimpleNamespace(text=Language(lang).text, lang=lang, is_past=False)
    for who, part in (("Anne", "producer"), ("Dirk", "waived"), ("Carla", "turn")):
        assert awaited.part(request, who) == part
        awaited.told(reading, SimpleNamespace(who=who), request)
    producer, waived, turn = said
    assert producer == waived != turn
    assert all(one.count("Dirk") == 1 and "Anne" in one and "2" not in one for one in said)


@pytest.mark.parametrize(
    ("lang", "title", "tongue", "period"),
    [("fr", "title_fr", "français", "T3 2025"), ("nl", "title_nl", "Nederlands", "K3 2025")],
)
def test_what_is_meant_is_chosen_in_words(desk_home, lang, title, tongue, period):
    """Code and title of a statistic, the language by its name, the period as it is typed here."""
    catalogue = load_catalogue(read_dictionary(open_release(desk_home)))
    titled = [f"{code} {getattr(one, title)}" for code, one in catalogue.items()]
    meant = Definition(("T01",), "2025Q3", "spf", lang)
    number = numbered(RECEIVED)
    reception.define(open_desk(desk_home, "Anne"), number, meant)
    app = drawn("requests", lang, number)
    for field in (f"desk_codes_define_{number}", "desk_codes_arrive"):
        assert app.multiselect(key=field).options == titled
    assert app.multiselect(key=f"desk_codes_define_{number}").value == ["T01"]
    languages = app.selectbox(key=f"desk_lang_define_{number}")
    assert tongue in languages.options
    assert languages.value == lang
    assert app.text_input(key=f"desk_period_define_{number}").value == period
    assert titled[0] in told(app)
    app.segmented_control(key="desk_requests_view").set_value("history")
    (line,) = [
        row
        for table in sound(app.run()).dataframe
        if Language(lang).text("desk_said") in table.value.columns
        for row in table.value[Language(lang).text("desk_said")]
        if str(row).startswith("T01")
    ]
    assert "2025Q3" not in line
    assert "spf" not in line.split()
    assert tongue in line


@pytest.mark.parametrize("period", ["2025", "2025Q3", "2025-09"])
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_period_is_typed_as_it_is_shown(period, lang):
    assert typed_form.period(typed_form.as_typed(period, lang)) == period
    assert typed_form.period(f" {period} ") == period
