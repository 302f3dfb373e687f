"""The sentences of disclosure control in French, Dutch and English (texts.yaml).

Belongs here: looking a sentence up, filling it in, writing a number. Does not belong here: names of
cells, which are the caller's.
"""

from pathlib import Path

from wording.texts import Texts

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def say(key: str, lang: str, /, **values: object) -> str:
    """Return the sentence `key` in `lang` (fr, nl or en), its {names} filled from `values`."""
    return TEXTS.say(lang, key, **values)


def number(value: float) -> str:
    """Write a number for a sentence: at most six decimals, no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
