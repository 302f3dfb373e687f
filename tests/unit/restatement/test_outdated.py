"""The list of the desk: deliveries of the register that would be different today."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from exports.register import delivery, production, reception, review
from exports.register.desk import Desk, open_desk
from exports.register.errors import BlockedReview, ForbiddenMove
from exports.register.outdated import is_same_today, outdated
from exports.register.request import Definition
from exports.restatement.compare import Restated
from orchestration.cli import vigie
from orchestration.commands.request_view import restated_cells, restatement_json, restatements
from release.proof import write_proof
from release.reader import close_all
from tests.unit.exports.small_release import build_release
from tests.unit.register.support import arrival, other
from tests.worlds import copy_of

LATER = ("2026-10-31_20261101T020000Z", date(2026, 10, 31))
LAST = ("2026-11-30_20261201T020000Z", date(2026, 11, 30))


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch):
    for name in ("VIGIE_REGISTER", "VIGIE_USER", "VIGIE_LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    close_all()


@pytest.fixture
def desk(built_world, tmp_path) -> Desk:
    return open_desk(copy_of(built_world("invented"), tmp_path / "home"), "Anne")


def publish(desk: Desk, persons: int = 400, statement: str = "", release=LATER) -> None:
    """A later release; those before it stay."""
    for one in (desk.home / "releases").glob("*.duckdb"):
        write_proof(one)
    path = build_release(desk.home, *release, persons=persons)
    if statement:
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)


def given(desk: Desk, out: Path, wording: str, definition: Definition, **known) -> str:
    """A request that was answered."""
    days = {"received_on": desk.today, "due_on": desk.today}
    number = reception.receive(desk, arrival(wording, asked=definition, **days, **known)).id
    return answered(desk, out, number)


def answered(desk: Desk, out: Path, number: str) -> str:
    reception.define(desk, number)
    failed = production.produce(desk, number).version.failed
    review.ask(desk, number, {one["rule"]: "Chiffres inventés." for one in failed})
    review.approve(other(desk, "Bart"), number)
    delivery.deliver(desk, number, out / number)
    return number


ALL = Definition(("T01", "T08"), "2025", "inasti", "fr")
STOCK = Definition(("T01",), "2024", "inasti", "fr")


def test_what_changed_is_listed_until_it_is_corrected(desk, tmp_path, monkeypatch):
    out = tmp_path / "out"
    number = given(desk, out, "Stock et cotisations", ALL)
    assert outdated(desk) == []
    publish(desk, 400, "update statistics.stat_t01 set obs_value = obs_value + 1"
            " where ref_period = '2025' and nature = '_T' and category = '_T' and sex = '_T'"
            " and residence_level = '_T'")  # fmt: skip
    (found,) = outdated(desk)
    assert found.request.id == number
    (cell,) = found.restatement.cells
    assert (cell.code, cell.ref_period, cell.codes, cell.measure) == ("T01", "2025", {}, "persons")
    assert (cell.old, cell.new) == (400, 401)
    assert found.restatement.reasons == ("unknown",), "this release was made of no delivery"
    # On the command line, in three languages and as JSON.
    monkeypatch.setenv("VIGIE_HOME", str(desk.home))
    monkeypatch.setenv("VIGIE_USER", "Anne")
    run = CliRunner()
    for lang, words in (
        ("fr", "qui changent : 1 sur"),
        ("nl", "nooit geleverd: 0"),
        ("en", "that change: 1 of"),
    ):
        said = run.invoke(vigie, ["request", "restatements", "--lang", lang], standalone_mode=False)
        assert number in said.output
        assert words in said.output
    said = run.invoke(vigie, ["request", "restatements", number], standalone_mode=False).output
    assert "T01 2025 persons : 400 → 401" in said
    told = ["request", "restatements", number, "--json"]
    (read,) = json.loads(run.invoke(vigie, told, standalone_mode=False).output)
    assert read["cells"][0]["new"] == "401"
    # The corrected delivery names what it replaces, and nothing is left to be corrected.
    again = reception.restate(desk, number, "correction", "Une personne de plus").id
    answered(desk, out, again)
    assert outdated(desk) == []
    with pytest.raises(ForbiddenMove):
        outdated(desk, number=number)
    assert outdated(desk, number=again)[0].restatement.cells == ()


def test_what_a_correction_withdraws_is_listed_until_a_delivery_carries_it(
    desk, tmp_path, monkeypatch
):
    """A correction that hides what it corrects replaces nothing: the old values are still told."""
    out = tmp_path / "out"
    asked = Definition(("T01",), "2025", "public", "fr")
    number = given(desk, out, "Stock", asked)
    publish(desk, 30)
    (before,) = outdated(desk)
    assert before.restatement.changed > 1
    assert not before.is_withdrawn
    again = reception.restate(desk, number, "correction", "Davantage de personnes").id
    reception.define(desk, again)
    failed = {one["rule"]: one for one in production.produce(desk, again).version.failed}
    assert failed["V34"]["level"] == "blocking"
    assert "T01 jaar 2025 (" in failed["V34"]["sentence_nl"]
    with pytest.raises(BlockedReview, match="V34"):
        review.ask(desk, again, {rule: "Vu." for rule in failed if rule != "V34"})
    review.ask(desk, again, dict.fromkeys(failed, "Vu."))
    review.approve(other(desk, "Bart"), again)
    delivery.deliver(desk, again, out / again)
    # Its cover says so, and so does the list of the desk.
    (book,) = (out / again).glob("*/*.xlsx")
    cover = list(load_workbook(book).worksheets[0].iter_rows(values_only=True))
    (line,) = [row[1] for row in cover if row[0] == "Valeurs retirées"]
    assert "ne les utilisez plus" in line
    (left,) = outdated(desk)
    assert (left.request.id, left.is_withdrawn) == (number, True)
    assert 0 < left.restatement.changed < before.restatement.changed
    assert left.restatement.changed == failed["V34"]["failed"]
    assert f"T01 : {left.restatement.changed} des " in line
    assert outdated(desk, number=number)[0].restatement == left.restatement
    for lang, words in (("fr", "retirées"), ("nl", "introk"), ("en", "withdrew")):
        assert words in restatements([left], replace(desk, lang=lang))
    assert restatement_json(left, with_cells=False)["withdrawn"] is True
    # A later delivery of the same table that shows them ends it.
    hidden = [cell for cell in left.restatement.cells if cell.old is not None]
    assert all(cell.ref_period.startswith("2025") for cell in hidden)
    publish(desk, 420, release=LAST)
    assert [one.is_withdrawn for one in outdated(desk)] == [True, False]
    third = given(desk, out, "Encore", asked)
    assert outdated(desk) == []
    assert third not in (number, again)
    with pytest.raises(ForbiddenMove):
        outdated(desk, number=number)


def test_a_cell_that_was_never_delivered_is_counted_apart(desk, tmp_path):
    given(desk, tmp_path / "out", "Stock et cotisations", ALL)
    at = "ref_period = '2025' and nature = '_T' and category = '_T' and residence_level = '_T'"
    publish(desk, 400, "insert into statistics.stat_t01 select * replace ('X' as sex)"
            f" from statistics.stat_t01 where {at} and sex = 'F'")  # fmt: skip
    (found,) = outdated(desk)
    assert (found.restatement.changed, found.restatement.new) == (0, 1)
    said = restatement_json(found, with_cells=False)
    assert (said["changed"], said["new"]) == (0, 1)
    assert "0 of" in restatements([found], replace(desk, lang="en"))
    assert "never delivered: 1;" in restatements([found], replace(desk, lang="en"))


def test_how_far_back_and_whose_deliveries(desk, tmp_path):
    """Each recipient has deliveries of their own; what was asked as of a date stays as it is."""
    out = tmp_path / "out"
    old = given(desk, out, "2024", STOCK)
    new = given(desk, out, "2025", ALL)
    theirs = given(desk, out, "2024 aussi", STOCK, requester="INASTI")
    dated = Definition(("T01",), "2025", "inasti", "fr", as_of="2026-09-30")
    given(desk, out, "Tel que connu alors", dated, requester="Bureau du Plan")
    publish(desk, 420)

    def listed(back: int) -> list[str]:
        return [one.request.id for one in outdated(desk, back)]

    assert listed(0) == [new, theirs]
    assert listed(1) == sorted([old, new, theirs])
    assert outdated(desk, 0, number=old)[0].restatement.cells


def test_cells_are_read_as_the_language_writes_them_and_the_largest_comes_first():
    def cell(measure: str, old: str | None, new: str | None, share: str | None) -> Restated:
        values = [one and Decimal(one) for one in (old, new, share)]
        return Restated("T08", "2025", {"nature": "main"}, measure, *values, ("late",))

    cells = [
        cell("perception_pct", "4.875", "4.835", None),
        cell("claimed_amount", "1422.600000", "71372.600000", "0.000001"),
        cell("charges", "1510.000000", None, "0.0203"),
    ]
    largest, amount, rate = restated_cells(cells, "fr").splitlines()
    assert "charges : 1\u202f510 → aucun cas, 2,03 % du total ; " in largest
    assert "1\u202f422,60 → 71\u202f372,60, < 0,01 % du total ; " in amount
    assert "4,875 → 4,835 ; " in rate
    assert "1.510 → geen gevallen, 2,03 % van het totaal" in restated_cells(cells, "nl")


def test_a_delivery_says_that_its_correction_is_on_its_way(desk, tmp_path):
    number = given(desk, tmp_path / "out", "Stock et cotisations", ALL)
    assert is_same_today(desk, number)
    publish(desk, 410)
    (found,) = outdated(desk)
    assert "correction en cours" not in restatements([found], desk)
    assert not is_same_today(desk, number)
    assert restatements([found], desk).splitlines()[-1].startswith("Pour corriger une livraison")
    new = reception.restate(desk, number, "late_data", "Cessations tardives.")
    (found,) = outdated(desk)
    assert f"(correction en cours : {new.id})" in restatements([found], desk)
