"""What ingest says of a delivery, in English, French and Dutch (texts.yaml).

A sentence is a plain English text that also knows its other languages: it is stored, logged and
compared as text, and `in_language` says the same to who reads another one. Belongs here: how a
sentence is made and told. Does not belong here: the words (texts.yaml; of a rule that one extract
declares, its contract), when something is said (delivery, scan, verify, judge, load).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wording.texts import Texts

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
LANGUAGES = ("en", "fr", "nl")


class Said(str):
    """A sentence, or a part of one, in English; `key` names it ("": no text of texts.yaml)."""

    key: str
    texts: Mapping[str, str]
    values: Mapping[str, Any]

    def __new__(cls, text: str, key: str = "", texts: Mapping[str, str] | None = None,
                values: Mapping[str, Any] | None = None) -> "Said":
        one = super().__new__(cls, text)
        one.key, one.texts, one.values = key, texts or {}, values or {}
        return one


def said(key: str, **values: Any) -> Said:
    """A text of texts.yaml with its values in place; a value may be a sentence, or several of them
    in a tuple ("a or b"). Errors: KeyError when there is no such text.
    """
    texts = TEXTS.all[key]
    return Said(_filled("en", texts, values), key, texts, values)


def named(en: str, fr: str, nl: str) -> Said:
    """A name, or a sentence without values, that stands in another file than texts.yaml."""
    return Said(en, "", {"fr": fr, "nl": nl})


def in_language(sentence: str, lang: str) -> str:
    """A sentence in a language; one that knows none but its own (kept in a file) as it stands."""
    texts = getattr(sentence, "texts", {})
    if lang not in texts:
        return str(sentence)
    return _filled(lang, texts, sentence.values) if sentence.key else texts[lang]


def _filled(lang: str, texts: Mapping[str, str], values: Mapping[str, Any]) -> str:
    return texts[lang].format(**{name: _value(lang, value) for name, value in values.items()})


def _value(lang: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return f" {TEXTS.say(lang, 'or')} ".join(_value(lang, one) for one in value)
    return in_language(value, lang) if isinstance(value, str) else value
