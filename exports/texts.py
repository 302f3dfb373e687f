"""The sentences of this package in French and Dutch, read once from texts.yaml.

Belongs here: looking a sentence up and filling it in. Does not belong here: labels of the data,
which come from the release.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from exports.errors import ExportError

LANGUAGES = ("fr", "nl")


@cache
def _all() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def text(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key` in `lang` (fr or nl), its {names} filled from `values`."""
    return _all()[key][lang].format(**values)


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
    return text(key, lang) if key in _all() else otherwise


def known_texts(prefix: str) -> list[str]:
    """Return the keys of the sentences that begin so: the words of a list that is ours."""
    return [key for key in _all() if key.startswith(prefix)]


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
        raise ExportError(text("unknown_language", "fr", asked=lang))
    return lang
