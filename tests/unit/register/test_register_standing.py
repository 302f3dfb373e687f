"""What `vigie verify` says of a package where the register is at hand: left, waiting, refused,
withdrawn, replaced; and that a package parted from its slip has not left.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from exports.register import delivery, production, reception, review
from exports.register.head import head_file
from exports.verify.check import NOT_CHECKED, OK, WRONG
from exports.verify.origin import check_delivery
from tests.unit.register.support import approved, delivered, desk_of, other, reviewed


@pytest.fixture
def desk(home):
    return desk_of(home)


def told(desk, folder: Path, number: str, version: int = 1, home: Path | None = None):
    """The check of a package of the fake office, whose manifest names no request by itself."""
    request = {"request_id": number, "version": version, "override": None}
    request["requester"] = desk.request(number).received.requester
    manifest = {"commission": request}
    place = home or desk.home
    said = {"folder": folder.resolve(), "home": place, "lang": "fr", "keys": None}
    case = SimpleNamespace(**said, manifest=manifest)
    found = check_delivery(case)
    for lang in ("fr", "nl", "en"):
        assert found.sentence(lang).endswith(".")
    return found.state, found.key


def sent(out: Path) -> Path:
    return next(out.glob("*/manifest.json")).parent


def test_a_delivery_is_right(desk, tmp_path):
    number = delivered(desk, tmp_path / "out")
    assert told(desk, sent(tmp_path / "out"), number) == (OK, "delivery_ok")


def test_a_delivery_without_its_slip_is_wrong_with_and_without_a_register(desk, tmp_path):
    number = delivered(desk, tmp_path / "out")
    folder = sent(tmp_path / "out")
    (folder / "delivery.json").unlink()
    assert told(desk, folder, number) == (WRONG, "delivery_missing")
    assert told(desk, folder, number, home=tmp_path / "reader") == (WRONG, "delivery_missing")
    assert told(desk, desk.package(desk.request(number)), number) == (NOT_CHECKED, "delivery_none")


def test_a_delivery_under_another_name_is_the_same_and_another_one_is_not(desk, tmp_path):
    """The hash says which package it is, not the name that its folder was given."""
    number = delivered(desk, tmp_path / "out")
    renamed = sent(tmp_path / "out").rename(tmp_path / "T02_2025_spf_fr")
    assert told(desk, renamed, number) == (OK, "delivery_ok")
    second = delivered(desk, tmp_path / "other", "Encore ?")
    for name in ("delivery.json", "delivery.sig.json"):
        shutil.copy(renamed / name, sent(tmp_path / "other") / name)
    assert told(desk, sent(tmp_path / "other"), second) == (WRONG, "delivery_other")


def test_a_package_that_waits_has_not_left(desk, tmp_path):
    number = approved(desk)
    package = desk.package(desk.request(number))
    assert told(desk, package, number) == (NOT_CHECKED, "delivery_waiting")


def test_a_refused_or_withdrawn_package_is_wrong(desk):
    number = reviewed(desk)
    package = desk.package(desk.request(number))
    review.refuse(other(desk, "Bart"), number, "Un total manque.")
    assert told(desk, package, number) == (WRONG, "delivery_refused")
    production.produce(desk, number)
    assert told(desk, package, number) == (WRONG, "delivery_refused")
    reception.withdraw(desk, number, "Plus nécessaire.")
    assert told(desk, package, number) == (WRONG, "delivery_withdrawn")


def test_a_replaced_delivery_names_what_replaces_it(desk, tmp_path):
    number = delivered(desk, tmp_path / "out")
    correction = reception.restate(desk, number, "error", "Un montant manquait.").id
    reception.define(desk, correction)
    production.produce(desk, correction)
    review.ask(desk, correction)
    review.approve(other(desk, "Bart"), correction)
    delivery.deliver(desk, correction, tmp_path / "again")
    assert told(desk, sent(tmp_path / "out"), number) == (OK, "delivery_replaced")


def test_a_package_that_the_register_does_not_know_is_told(desk, tmp_path):
    number = delivered(desk, tmp_path / "out")
    folder = Path(shutil.copytree(sent(tmp_path / "out"), tmp_path / "T01"))
    (folder / "manifest.json").write_text(json.dumps({"files": []}))
    assert told(desk, folder, number) == (NOT_CHECKED, "delivery_unregistered")


def test_a_damaged_register_says_nothing(desk, tmp_path):
    number = delivered(desk, tmp_path / "out")
    request = desk.request(number)
    head_file(desk.home).unlink()
    seen = SimpleNamespace(home=desk.home, request=lambda _: request)
    assert told(seen, sent(tmp_path / "out"), number) == (NOT_CHECKED, "delivery_no_register")
