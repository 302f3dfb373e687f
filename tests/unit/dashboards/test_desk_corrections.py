"""The pages of the desk about corrections and what an answer gives: nothing may be overlooked."""

from __future__ import annotations

import json
from decimal import Decimal
from types import SimpleNamespace

import pytest

from dashboards.desk import differences
from dashboards.i18n import Language
from exports.catalogue import Measure
from exports.register import production, reception, review
from exports.register.desk import open_desk
from tests.unit.dashboards.desk_support import (
    DELIVERED,
    REVIEWED,
    drawn,
    numbered,
    press,
    sound,
    told,
    typed,
)

pytestmark = pytest.mark.xdist_group("desk_pages")


def test_a_value_is_written_as_its_measure_is(desk_home):
    """Persons have no cents, amounts have two, a cell in which nobody is has no number."""
    reading = SimpleNamespace(language=Language("fr"))
    persons = Measure("persons", "PERSONS", "", "")
    amount = Measure("claimed_amount", "EUR", "", "")
    said = differences.in_its_unit(reading, persons, {"old": Decimal(1510), "new": None})
    assert (said["old"], said["old_said"], said["new"]) == (1510, "1\u202f510", None)
    said = differences.in_its_unit(reading, amount, {"old": Decimal("1422.6")})
    assert said["old_said"] == "1\u202f422,60"


def test_a_correction_says_what_it_corrects_and_why_on_every_page(desk_home):
    desk = open_desk(desk_home, "Anne")
    new = reception.restate(desk, numbered(DELIVERED), "late_data", "Trente cessations tardives")
    app = drawn("requests", chosen=new.id)
    listed = app.dataframe[0].value.set_index("Numéro")["Corrige"]
    assert (listed[new.id], listed[numbered(REVIEWED)]) == (numbered(DELIVERED), "")
    assert "Trente cessations tardives" in told(app)
    reception.define(desk, new.id)
    production.produce(desk, new.id)
    asked = review.ask(desk, new.id, dict.fromkeys(_failed(desk, new.id), "Chiffres inventés."))
    app = drawn("review", chosen=asked.id)
    listed = app.dataframe[0].value.set_index("Numéro")["Corrige"]
    assert listed[asked.id] == numbered(DELIVERED)
    assert "Trente cessations tardives" in told(app)


def _failed(desk, number: str) -> list[str]:
    return [one["rule"] for one in desk.request(number).version.failed]


def test_a_correction_opened_twice_keeps_its_number_and_its_reason_and_says_so(desk_home):
    number = numbered(DELIVERED)
    new = reception.restate(open_desk(desk_home, "Anne"), number, "late_data", "La première")
    app = drawn("requests")
    app.segmented_control(key="desk_requests_shown").set_value("all").run()
    app.session_state["desk_requests_chosen"] = number
    sound(app.run())
    typed(app, "restate", "À cause de").set_value("late_data")
    typed(app, "restate", "Motif").set_value("La seconde")
    press(app, "Corriger")
    said = told(app)
    assert f"{new.id}" in said
    assert "avec le motif «\u00a0La première\u00a0»\u00a0; le vôtre n'est pas inscrit" in said


def test_a_statistic_that_is_not_given_at_all_is_told_above_everything(desk_home):
    """Who asked for it gets an empty file: neither who produces nor who checks may overlook it."""
    desk = open_desk(desk_home, "Anne")
    assert "Rien n'est fourni" not in told(drawn("requests", chosen=numbered(REVIEWED)))
    manifest = desk.package(desk.request(numbered(REVIEWED))) / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said["statistics"][0]["left_out"] = True
    manifest.write_text(json.dumps(said), encoding="utf-8")
    app = drawn("requests", chosen=numbered(REVIEWED))
    assert "Rien n'est fourni de T01" in told(app)
