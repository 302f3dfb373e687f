"""No text that a person typed puts a national number into what is kept for ever."""

from __future__ import annotations

import random

import pytest

from dashboards.lookup import is_person
from exports.register import delivery, people, reception, review
from exports.register.errors import BadRequest
from exports.register.national_number import holds_national_number
from tests.unit.register.support import arrival, desk_of, other, reviewed

#: Invented, with the right check number: born before 2000, and after.
OLD, NEW = "85073003328", "05073003326"


def written(digits: str) -> list[str]:
    """A number in the ways people write it."""
    born, serial, check = digits[:6], digits[6:9], digits[9:]
    pairs = (born[:2], born[2:4], born[4:])
    return [
        digits,
        f"{'.'.join(pairs)}-{serial}.{check}",
        f"{'/'.join(pairs)} {serial} {check}",
        f"{' '.join(pairs)} - {serial} - {check}",
        f"{born} {serial}{check}",
        f"{digits[:7]}\u2013{digits[7:]}",
        f"n\u00b0{digits}, merci",
        f"2026-0001 {digits}",
        digits.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    ]


def test_a_number_is_found_however_it_is_set_apart():
    for digits in (OLD, NEW):
        for text in written(digits):
            assert holds_national_number(text), text
            assert is_person(text), text
    for text in (
        "",
        "85073003329",
        "985073003328",
        "2025-01-01 2025-12-31",
        "BE 0123.456.749",
        "+++850/7300/33281+++",
        "A.R. n\u00b0 38 du 27 juillet 1967, art. 20",
        "8507300 pour 33 et 28",
    ):
        assert not holds_national_number(text), text


def test_two_of_97_numbers_at_random_are_taken_for_one():
    """Both centuries: of eleven digits at random two in 97 are right."""
    draw = random.Random(20261130)
    many = [f"{draw.randrange(10**11):011d}" for _ in range(20_000)]
    found = sum(map(holds_national_number, many))
    assert 350 < found < 480


def refused(operation, desk, name):
    with pytest.raises(BadRequest) as told:
        operation()
    said = str(told.value)
    assert "33" not in said
    assert "\n" not in said
    assert desk.say(f"field_{name}") in said


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_no_text_of_the_register_holds_one(home, tmp_path, lang):
    desk = desk_of(home)
    desk.lang = lang
    text = f"concerne {written(OLD)[1]}"
    for name in ("requester", "contact", "legal_basis", "wording"):
        one = arrival(**{name: text}) if name != "wording" else arrival(text)
        refused(lambda one=one: reception.receive(desk, one), desk, name)
    assert desk.requests() == {}
    number = reviewed(desk)
    before = len(desk.store.events())
    bart = other(desk, "Bart")
    refused(lambda: review.approve(bart, number, text), desk, "comment")
    refused(lambda: review.refuse(bart, number, text), desk, "reason")
    for act in (review.recall, review.override, reception.withdraw):
        refused(lambda act=act: act(desk, number, text), desk, "reason")
    refused(lambda: people.who_acts(f"Anne {OLD}", lang), desk, "name")
    assert len(desk.store.events()) == before
    review.approve(bart, number)
    before += 2
    refused(lambda: delivery.deliver(desk, number, tmp_path / OLD), desk, "out")
    assert len(desk.store.events()) == before
    assert not (tmp_path / OLD).exists()
