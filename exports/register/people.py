"""Who acts, and when two names are the same person.

Belongs here: names. Who may do what is said where it is done (review.py: who produced a package
does not vote on it). Does not belong here: passwords, roles: whoever may open the data folder is
believed, as for every other command.
"""

import getpass
import os
import re
import unicodedata

from exports.register.errors import BadRequest
from exports.register.national_number import holds_national_number
from exports.register.texts import say

_LONGEST = 100
#: Categories of signs that belong to a script; what modifies a letter (ʼ) belongs to any.
_LETTERS = ("Lu", "Ll", "Lt", "Lo")
#: Latin letters beside those of European names: small capitals, ɑ, ɡ and such.
_PHONETIC = frozenset((*range(0x0250, 0x1E00), *range(0x1F00, 0x110000)))
#: Letters whose accent is part of them: a keyboard without them gives the others.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Greek, Cyrillic and dotless letters that look like a Latin one, a name wholly of which may stand
#: for another.
_ALIKE = str.maketrans(
    "АВЕЗКМНОРСТХаеорсухіјѕԁһԛԝѵІЈЅԌԚԜҮүΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορικυχı",
    "ABE3KMHOPCTXaeopcyxijsdhqwvIJSGQWYyABEZHIKMNOPTYXavopikuxi",
)


def who_acts(given: str | None = None, lang: str = "fr") -> str:
    """Return the name of who acts: the given one, else VIGIE_USER, else the login name.

    Raises:
        BadRequest: it is no name, is written in letters of two scripts, or holds a national number.
    """
    name = given if given is not None else os.environ.get("VIGIE_USER") or _login()
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise BadRequest(say("no_name", lang))
    if not _is_of_one_script(name):
        raise BadRequest(say("mixed_name", lang))
    if holds_national_number(name):
        raise BadRequest(say("national_number", lang, name=say("field_name", lang)))
    return name


def same(one: str, other: str) -> bool:
    """Say whether two names are the same person, however they were typed: without an accent or a
    hyphen nobody becomes a second person, nor with the surname first, nor by letters of another
    script that look the same. A name of other signs is compared as it is.
    """
    return not _orders(one).isdisjoint(_orders(other))


def name_key(name: str) -> str:
    """Return what makes a name the same, of a person or an authority: letters and digits, without
    accents.
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN)
    return "".join(letter for letter in plain if letter.isalnum())


def _orders(name: str) -> set[str]:
    """Return a name as an eye reads it, begun at each of its words: first name or surname first."""
    words = [word for word in map(_seen, re.split(r"[\W_]+", name)) if word]
    return {"".join(words[place:] + words[:place]) for place in range(len(words))} or {name}


def _seen(name: str) -> str:
    """Return a name as an eye reads it."""
    # Capitals too: some letters look alike only there (Н, Ρ).
    as_typed = unicodedata.normalize("NFKD", name)
    return name_key(as_typed.translate(_ALIKE)).translate(_ALIKE)


def _is_of_one_script(name: str) -> bool:
    """Whether all letters are of one script, and of Latin none that only phoneticians write."""
    letters = [
        one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one) in _LETTERS
    ]
    scripts = {unicodedata.name(one, "?").split()[0] for one in letters}
    return len(scripts) <= 1 and not any(
        one in _PHONETIC for one in map(ord, letters) if scripts == {"LATIN"}
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return ""
