"""Who acts, and when two names are the same person.

Belongs here: names. Who may do what is said where it is done (review.py: who produced a package
does not vote on it). Does not belong here: passwords, roles: whoever may open the data folder is
believed, as for every other command.
"""

import getpass
import os
import unicodedata

from exports.register.errors import BadRequest
from exports.register.texts import say

_LONGEST = 100


def who_acts(given: str | None = None, lang: str = "fr") -> str:
    """Return the name of who acts: the given one, else VIGIE_USER, else the login name.

    Raises:
        BadRequest: it is no name.
    """
    name = given if given is not None else os.environ.get("VIGIE_USER") or _login()
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise BadRequest(say("no_name", lang))
    return name


def same(one: str, other: str) -> bool:
    """Say whether two names are the same person, however they were typed: without an accent or a
    hyphen nobody becomes a second person. A name of other signs is compared as it is.
    """
    return (name_key(one) or one) == (name_key(other) or other)


def name_key(name: str) -> str:
    """Return what makes a name the same, of a person or an authority: letters and digits, without
    accents.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return ""
