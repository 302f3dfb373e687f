"""The way of a request with real packages of a release, once: what the fake office leaves out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from exports.errors import ExportError, UnknownPeriod
from exports.register import delivery, production, reception, review
from exports.register.chain import check
from exports.register.desk import Desk, open_desk
from exports.register.errors import BadRequest, ChangedPackage
from exports.register.folder import hashes
from exports.register.request import Definition
from orchestration.cli import main
from release.proof import write_proof
from tests.unit.exports.small_release import build_release
from tests.unit.register.support import arrival, other
from tests.worlds import copy_of

BOTH = Definition(("T01", "T08"), "2025", "inasti", "nl")


@pytest.fixture
def desk(built_world, tmp_path) -> Desk:
    home = copy_of(built_world("invented"), tmp_path / "home")
    return open_desk(home, "Anne", lang="en")


def asked(desk: Desk, definition: Definition, wording: str = "Stand en bijdragen") -> str:
    days = {"received_on": desk.today, "due_on": desk.today}
    number = reception.receive(desk, arrival(wording, asked=definition, **days)).id
    reception.define(desk, number)
    return number


def put_to_review(desk: Desk, number: str) -> str:
    """Ask for a review; what the rules find in made-up figures is waived."""
    failed = production.produce(desk, number).version.failed
    waivers = {one["rule"]: "Verzonnen cijfers." for one in failed}
    review.ask(desk, number, waivers)
    return number


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_whole_way_of_a_request_and_of_its_correction(desk, tmp_path):
    first = put_to_review(desk, asked(desk, BOTH))
    found = desk.request(first)
    said = manifest_of(desk.package(found))["commission"]
    assert (said["request_id"], said["version"]) == (first, 1)
    assert said["requester"] == "SPF Sécurité sociale"
    assert said["wording"] == "Stand en bijdragen"
    for file, key in (("datapackage.json", "name"), ("dcat.json", "dct:identifier")):
        described = json.loads((desk.package(found) / file).read_text(encoding="utf-8"))
        named = f"{first}_{found.version.name}"
        assert described[key] == (named if "dct" in key else named.lower())
    review.approve(other(desk, "Bart"), first)
    delivery.deliver(desk, first, tmp_path / "out")
    gone = hashes(tmp_path / "out" / found.version.name)
    assert {name: one for name, one in gone.items() if "delivery." not in name} == (
        found.version.files
    )

    second = reception.restate(desk, first, "late_data", "Laattijdige gegevens.").id
    _publish_another(desk.home)
    reception.define(desk, second)
    put_to_review(desk, second)
    found = desk.request(second)
    assert found.version.release_id != desk.request(first).version.release_id
    said = manifest_of(desk.package(found))
    assert said["commission"]["replaces"] == desk.request(first).version.manifest
    assert [one["sha256"] for one in said["earlier"]] == [desk.request(first).version.manifest]
    review.approve(other(desk, "Bart"), second)
    delivery.deliver(desk, second, tmp_path / "out")
    assert desk.request(first).state == "restated"
    assert check(desk.store) == ()


def _publish_another(home: Path) -> None:
    """A second release; the first one stays, with its proof, as retention keeps it."""
    (one,) = (home / "releases").glob("*.duckdb")
    write_proof(one)
    build_release(home, "2026-10-31_20261101T020000Z", date(2026, 10, 31), persons=420)


def test_a_release_that_is_gone_cannot_be_checked_against(desk):
    number = put_to_review(desk, asked(desk, Definition(("T08",), "2025Q3", "inasti", "fr")))
    _publish_another(desk.home)
    release = desk.request(number).version.release_id
    for suffix in (".duckdb", ".sha256"):
        (desk.home / "releases" / f"{release}{suffix}").unlink()
    with pytest.raises(ChangedPackage, match=release):
        review.approve(other(desk, "Bart"), number)
    assert desk.request(number).version.spent == "not_again"
    assert production.produce(desk, number).version.number == 2


def test_an_override_stands_in_the_manifest(desk):
    number = put_to_review(desk, asked(desk, Definition(("T08",), "2025Q3", "inasti", "fr")))
    found = review.override(desk, number, "Seule au bureau.")
    said = manifest_of(desk.package(found))["commission"]
    assert said["override"] == {"by": "Anne", "reason": "Seule au bureau."}
    assert said["version"] == 2


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (Definition(("T99",), "2025", "inasti", "fr"), "T99"),
        (Definition(("T01",), "20x5", "inasti", "fr"), "20x5"),
        (Definition(("T01",), "2025", "press", "fr"), "press"),
        (Definition(("T01",), "2025", "inasti", "de"), "de"),
    ],
)
def test_what_does_not_exist_is_neither_registered_nor_defined(desk, definition, named):
    days = {"received_on": date(2026, 1, 2), "due_on": date(2026, 2, 2)}
    with pytest.raises(ExportError, match=named):
        reception.receive(desk, arrival(**days, asked=definition))
    number = reception.receive(desk, arrival(**days, asked=None)).id
    with pytest.raises(ExportError, match=named):
        reception.define(desk, number, definition)
    assert desk.request(number).state == "received"


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (Definition(("T01",), "2025-09", "inasti", "en"), "plus courte .*T01 .année ; trimestre"),
        (Definition(("T01", "T08"), "2031", "inasti", "fr"), "31/12/2031, après l'échéance"),
        (Definition(("T01",), "1990", "inasti", "fr"), "1990 .*T01 .périodes disponibles"),
    ],
)
def test_a_period_that_can_never_be_given_is_refused(desk, definition, named):
    definition = replace(definition, lang="fr")
    days = {"received_on": date(2026, 1, 2), "due_on": date(2026, 9, 2)}
    with pytest.raises(UnknownPeriod, match=named):
        reception.receive(desk, arrival(**days, asked=definition))
    number = reception.receive(desk, arrival(**days, asked=None)).id
    with pytest.raises(UnknownPeriod, match=named):
        reception.define(desk, number, definition)


def test_a_period_that_is_over_when_it_is_due_may_come(desk):
    meant = Definition(("T01",), "2027", "inasti", "fr")
    days = {"received_on": date(2026, 1, 2), "due_on": date(2028, 1, 31)}
    number = reception.receive(desk, arrival(**days, asked=meant)).id
    assert reception.define(desk, number).definition == meant


def test_before_the_first_release_what_is_declared_counts(tmp_path):
    desk = open_desk(tmp_path, "Anne", lang="nl")
    days = {"received_on": date(2026, 1, 2), "due_on": date(2026, 9, 2)}
    for codes, period, named in [
        (("T99",), "2025", "T99 bestaat niet in versie in voorbereiding"),
        (("T01", "T03"), "2024Q3", r"korter dan die van T03 \(jaar\)"),
        (("T03",), "2031", "na de vervaldag"),
    ]:
        asked = Definition(codes, period, "inasti", "nl")
        with pytest.raises(ExportError, match=named):
            reception.receive(desk, arrival(**days, asked=asked))
    asked = Definition(("t03",), "2025", "inasti", "nl")
    number = reception.receive(desk, arrival(**days, asked=asked)).id
    assert reception.define(desk, number).definition == replace(asked, codes=("T03",))


def test_a_definition_is_written_as_the_release_writes_it(desk):
    number = asked(desk, Definition(("t08", "T01", "t01"), "2025q3", "inasti", "fr"))
    assert desk.request(number).definition == Definition(("T01", "T08"), "2025Q3", "inasti", "fr")


@pytest.mark.parametrize(
    ("lang", "mine", "others"),
    [
        ("fr", "Aucune version au", ("Geen versie", "No release")),
        ("nl", "Geen versie op", ("Aucune version", "No release")),
        ("en", "No release as of", ("Aucune version", "Geen versie")),
    ],
)
def test_data_of_a_day_without_release_is_told_in_one_language(
    desk, monkeypatch, capsys, lang, mine, others
):
    number = asked(desk, BOTH)
    monkeypatch.setenv("VIGIE_HOME", str(desk.home))
    monkeypatch.setenv("VIGIE_USER", "Anne")
    words = ["request", "define", number, "--data-of", "2020-01-31", "--lang", lang]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith(mine)
    assert "\n" not in said
    assert not any(other_words in said for other_words in others)


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_a_missing_reason_is_a_whole_sentence(desk, lang):
    number = asked(desk, BOTH)
    desk.lang = lang
    with pytest.raises(BadRequest) as told:
        reception.withdraw(desk, number, "  ")
    assert str(told.value)[0].isupper()
