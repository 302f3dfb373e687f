"""The sentences of this package, read once from texts.yaml: those of packages in French and Dutch,
those of errors in English too, for the command line.

Belongs here: looking a sentence up and filling it in. Does not belong here: labels of the data,
which come from the release.
"""

from collections.abc import Iterable
from pathlib import Path

from exports.days import in_words
from exports.errors import ExportError
from wording.texts import Texts

LANGUAGES = ("fr", "nl")
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


class Sentence(str):
    """A sentence about an error, which the command line can say in another language than that of
    the package that was asked for.
    """

    _key: str
    _values: dict[str, object]

    def __new__(cls, key: str, lang: str, values: dict[str, object]) -> "Sentence":
        said = super().__new__(cls, TEXTS.say(lang, key, **_in_language(values, lang)))
        said._key, said._values = key, values
        return said

    def said_in(self, lang: str) -> str:
        """Return the sentence in `lang` (fr, nl or en)."""
        return Sentence(self._key, lang, self._values)

    def clause(self) -> "Sentence":
        """Return the sentence as a part of another one: without its point, in any language."""
        return _Clause(self._key, "fr", self._values)


class _Clause(Sentence):
    """A sentence inside another one."""

    def said_in(self, lang: str) -> str:
        """Return it in `lang`, without the point at its end."""
        return Sentence(self._key, lang, self._values).rstrip(". ")


def _in_language(values: dict[str, object], lang: str) -> dict[str, object]:
    """The values of a sentence in its language: days, sentences, lists of them."""
    return {
        name: joined([one.said_in(lang) for one in value], lang)
        if isinstance(value, list)
        else value.said_in(lang)
        if isinstance(value, Sentence)
        else value
        for name, value in in_words(values, lang).items()
    }


def text(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key` in `lang` (fr or nl), its {names} filled from `values`; days are
    written as the language writes them.
    """
    return TEXTS.say(lang, key, **in_words(values, lang))


def sentence(key: str, lang: str, **values: object) -> Sentence:
    """Return the sentence of an error. A value may be a sentence itself, or a list of them."""
    return Sentence(key, lang, values)


def error_in(error: ExportError, lang: str) -> str:
    """Return what an error says in `lang` (fr, nl or en), whatever language it was raised in."""
    said = error.args[0] if error.args else ""
    return said.said_in(lang) if isinstance(said, Sentence) else str(error)


def both(key: str, lang: str, **values: object) -> str:
    """Return the sentence in `lang` first, then in the other language, on one line."""
    first = text(key, lang, **values)
    second = text(key, other(lang), **values)
    return first if first == second else f"{first} / {second}"


def joined(said: Iterable[str], lang: str) -> str:
    """Return parts of a sentence with the sign between them that the language has."""
    return text("between", lang).join(said)


def both_languages(key: str) -> dict[str, str]:
    """Return the sentence in each language, by language."""
    return {lang: text(key, lang) for lang in LANGUAGES}


def text_or(key: str, lang: str, otherwise: str) -> str:
    """Return the sentence `key`, or `otherwise` when nobody has put it in words."""
    return text(key, lang) if TEXTS.has(key) else otherwise


def known_texts(prefix: str) -> list[str]:
    """Return the keys of the sentences that begin so: the words of a list that is ours."""
    return [key for key in TEXTS.all if key.startswith(prefix)]


def basis(code: str, lang: str) -> str:
    """Return the words for a count basis; a basis nobody has put in words keeps its code."""
    if not code:
        return text("not_declared", lang)
    return text_or(f"basis_{code}", lang, code)


def other(lang: str) -> str:
    """Return the other of the two languages."""
    return "nl" if lang == "fr" else "fr"


def check_language(lang: str) -> str:
    """Return `lang` when it is known; raise ExportError (one sentence) otherwise."""
    if lang not in LANGUAGES:
        raise ExportError(sentence("unknown_language", "fr", asked=lang))
    return lang
