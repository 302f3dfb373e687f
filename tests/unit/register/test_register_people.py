"""Four eyes are of two people: a name typed in another way is no second one."""

from __future__ import annotations

import pytest

from exports.register import people, review
from exports.register.errors import BadRequest, ForbiddenPerson
from tests.unit.register.support import desk_of, other, reviewed


def test_who_produced_cannot_approve_nor_refuse_under_any_spelling(home):
    desk = desk_of(home, who="Chloé Dubois")
    number = reviewed(desk)
    for name in ("Chloé Dubois", "chloé  dubois", "CHLOÉ DUBOIS", "Chloe Dubois", "Chloé-Dubois"):
        for act in (review.approve, lambda d, n: review.refuse(d, n, "Non.")):
            with pytest.raises(ForbiddenPerson):
                act(other(desk, name), number)
    assert review.approve(other(desk, "Chloé Dupont"), number).state == "approved"


def test_a_name_in_letters_that_look_alike_is_no_second_person(home):
    desk = desk_of(home, who="Anna Peeters")
    number = reviewed(desk)
    for name in (
        "\u0410nna Peeters",  # a Cyrillic A
        "Anna Peet\u0435rs",
        "\u0391nna Peeters",  # a Greek one
        "Ann\u0251 Peeters",  # of the phonetic alphabet
        "\u1d00nna Peeters",  # a small capital
    ):
        for lang, word in {"fr": "alphabet", "nl": "alfabet", "en": "alphabet"}.items():
            with pytest.raises(BadRequest, match=word):
                people.who_acts(name, lang)
    # Wholly of another script it is one script, and is read as the same name.
    for one, other_one in (
        ("Cecop", "\u0421\u0435\u0441\u043e\u0440"),
        ("HOPE", "\u041d\u041e\u0420\u0415"),
        ("Niko", "N\u0131ko"),
        ("Anna Peeters", "\uff21nna Peeters"),
    ):
        assert people.who_acts(other_one)
        assert people.same(one, other_one)
    with pytest.raises(ForbiddenPerson):
        review.approve(other(desk, "Ａnna Peeters"), number)
    for name in ("Zoë Ørsted-Łuć", "Анна Петрова", "Dʼhondt", "José Núñez"):
        assert people.who_acts(name) == name
    assert not people.same("Anna Peeters", "Anne Peeters")


@pytest.mark.parametrize(
    "name", ["PEETERS Anna", "Peeters, Anna", "anna-peeters", "ANNA PEETERS", "Änna  Pëeters"]
)
def test_another_spelling_is_no_second_person(home, name):
    desk = desk_of(home, "Anna Peeters")
    number = reviewed(desk)
    for vote in (review.approve, lambda *one: review.refuse(*one, "reason")):
        with pytest.raises(ForbiddenPerson):
            vote(other(desk, name), number)


def test_how_a_name_is_typed_does_not_make_it_another_one():
    """With the surname first, in one word or several, without letters that a keyboard has not."""
    for one, other_one in (
        ("Jan Van den Bossche", "VANDENBOSSCHE Jan"),
        ("Luc D'hondt", "Dhondt Luc"),
        ("Søren Łuć", "Luc Soren"),
        ("Œdipe Lacœur", "Oedipe Lacoeur"),
    ):
        assert people.same(one, other_one)
        assert people.same(other_one, one)
    for one, other_one in (("Ali", "Lia"), ("Anne Marie Dupont", "Marie Dupont"), ("?!", "!?")):
        assert not people.same(one, other_one)
