"""A correction answers the question of what it corrects, names it, and leaves only where `vigie
verify` has nothing against it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from exports.commission import Correction
from exports.register import delivery, production, reception, review
from exports.register.clock import day_of
from exports.register.errors import BadRequest, BlockedReview, ForbiddenMove
from exports.register.office import StatisticsOffice
from tests.unit.register.support import T01, delivered, desk_of, other


def test_a_correction_goes_the_same_way_and_names_what_it_replaces(home, tmp_path):
    desk = desk_of(home)
    first = delivered(desk, tmp_path / "out")
    desk.now.forward(days=180)
    second = reception.restate(desk, first, "late_data", "Cessations tardives.")
    assert reception.restate(desk, first, "late_data", "Deux fois.").id == second.id
    with pytest.raises(BadRequest, match=second.id):
        reception.restate(desk, first, "error", "Une autre cause.")
    assert second.received.due_on - second.received.received_on == timedelta(days=29)
    with pytest.raises(ForbiddenMove):
        production.produce(desk, second.id)
    reception.define(desk, second.id)
    desk.office.release_id = "2027-02-28_20270228T200000Z"
    found = production.produce(desk, second.id)
    old = desk.request(first).version.manifest
    assert (found.version.replaces, found.version.previous) == (old, old)
    told = desk.office.orders[-1].commission
    assert told.replaces == old
    day = day_of(desk.request(first).delivery.at)
    assert told.correction == Correction(first, day, "late_data", "Cessations tardives.")
    review.ask(desk, second.id)
    review.approve(other(desk, "Bart"), second.id)
    assert desk.request(first).state == "delivered"
    delivery.deliver(desk, second.id, tmp_path / "out")
    assert desk.request(first).state == "restated"
    assert desk.request(first).restated_by == second.id
    slip = json.loads(delivery.slip_of(desk.requests(), desk.request(second.id)))
    assert slip["replaces"] == {"request_id": first, "version": 1, "manifest": old}
    with pytest.raises(ForbiddenMove):
        reception.restate(desk, first, "error", "Encore.")
    third = reception.restate(desk, second.id, "error", "Encore.")
    assert third.received.replaces == second.id


@pytest.mark.parametrize(
    "change",
    [
        {"codes": ("T02",)},
        {"codes": ("T01", "T02")},
        {"period": "2024"},
        {"profile": "inasti"},
        {"as_of": "2025-12-31"},
    ],
)
def test_a_correction_answers_the_question_of_what_it_corrects(home, tmp_path, change):
    desk = desk_of(home)
    first = delivered(desk, tmp_path / "out")
    second = reception.restate(desk, first, "error", "Oubli.").id
    with pytest.raises(BadRequest, match=f"corrects {first} .*T01 2025 spf"):
        reception.define(desk, second, replace(T01, **change))
    assert desk.request(second).state == "received"
    reception.define(desk, second, replace(T01, lang="nl"))
    assert production.produce(desk, second).version.definition.lang == "nl"


def test_what_verify_would_call_wrong_does_not_leave(home, tmp_path, monkeypatch):
    """A correction for other eyes, written before that was refused."""
    desk = desk_of(home)
    first = delivered(desk, tmp_path / "out")
    second = reception.restate(desk, first, "error", "Oubli.").id
    with monkeypatch.context() as of_before:
        of_before.setattr(reception, "require_same_question", lambda *_: None)
        reception.define(desk, second, replace(T01, profile="inasti"))
    production.produce(desk, second)
    review.ask(desk, second)
    bart = other(desk, "Bart")
    with pytest.raises(BadRequest, match="corrects"):
        review.approve(bart, second)
    monkeypatch.setattr(production, "require_same_question", lambda *_: None)
    with pytest.raises(BlockedReview, match="another recipient"):
        review.approve(bart, second)
    with pytest.raises(BlockedReview, match="another recipient"):
        review.override(desk, second, "Seule.")
    with monkeypatch.context() as of_before:
        of_before.setattr(review, "require_sound_chain", lambda *_: None)
        review.approve(bart, second)
    with pytest.raises(BlockedReview, match="another recipient"):
        delivery.deliver(desk, second, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert desk.request(first).state == "delivered"
    review.recall(desk, second, "Autre destinataire.")


@pytest.mark.parametrize("content", ["{}", "[]", "{", '{"format": 0, "statistics": []}'])
def test_a_package_of_another_version_is_one_sentence(tmp_path, content):
    package = tmp_path / "package"
    package.mkdir()
    (package / "manifest.json").write_text(content)
    for lang, word in (("fr", "Chaîne"), ("nl", "Keten"), ("en", "Chain")):
        said = StatisticsOffice(tmp_path / "home", lang).objection(package)
        assert said.startswith(word)
        assert said.endswith(".")


def test_a_correction_that_was_withdrawn_leaves_the_first_as_it_was(home, tmp_path):
    desk = desk_of(home)
    first = delivered(desk, tmp_path / "out")
    second = reception.restate(desk, first, "error", "Oubli.")
    reception.withdraw(desk, second.id, "Pas d'erreur.")
    assert desk.request(first).state == "delivered"
    assert reception.restate(desk, first, "error", "Oubli.").id != second.id
