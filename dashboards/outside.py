"""Texts that come from outside (an address, a delivery, a file, an error) where Markdown is read.

Belongs here: the one way in which such a text is written so that it stays a text, and the form that
identifiers have. Does not belong here: where it is shown. `Language.text` passes every value it
fills in through `escaped`, so a page need not think of it; what a page writes around its texts by
itself (an f-string) calls it by name, which a test holds.
"""

import re

# Marks of Markdown, of formulas ($), of directives (:red[…]) and of HTML. An underscore inside a
# word is none: identifiers and releases stay as they are.
_MARKS = re.compile(r"[\\`*\[\]<>$~&#|]|(?<![^\W_])_|_(?![^\W_])")
# What begins a list, a heading or a quotation at the start of a text.
_BEGINS = re.compile(r"^(\s*)([-+](?=\s)|\d+(?=[.)]\s))")
# Links that need no brackets, :smile: and :material/icon: are found in the finished text, behind
# every backslash: only a sign between their letters keeps them apart. It has no width.
_JOINER = "\u2060"
_FOUND_LATER = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=[A-Za-z/]|[^\s:]+:)|(?=@)", re.IGNORECASE)
_ENDS_LINES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")

_ACCOUNT = re.compile(r"[AC][0-9]{8}")
_DELIVERY = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Markdown(str):
    """A text whose marks are meant; `escaped` leaves it as it is."""

    __slots__ = ()


def escaped(value: object) -> Markdown:
    """Write a value so that Markdown shows it letter by letter, on one line."""
    if isinstance(value, Markdown):
        return value
    line = _ENDS_LINES.sub(" ", str(value))
    marked = _MARKS.sub(lambda found: f"\\{found[0]}", line)
    marked = _BEGINS.sub(lambda found: f"{found[1]}{_without_meaning(found[2])}", marked)
    return Markdown(_FOUND_LATER.sub(_JOINER, marked))


def _without_meaning(begin: str) -> str:
    return f"{begin}{_JOINER}" if begin[-1].isdigit() else f"\\{begin}"


def plain(text: str) -> str:
    """Undo `escaped` and bold type, where no Markdown is read (the alternative text of a chart)."""
    return re.sub(r"\\(?=[^\w\s]|_)", "", text.replace(_JOINER, "").replace("**", ""))


def is_account(text: str) -> bool:
    """Whether a text has the form of an account: A or C and eight digits."""
    return bool(_ACCOUNT.fullmatch(text))


def is_delivery(text: str) -> bool:
    """Whether a text has the form of a delivery, or of a file in one."""
    return bool(_DELIVERY.fullmatch(text))
