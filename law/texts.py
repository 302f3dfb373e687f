"""What a person reads in answers and refusals, in French and Dutch (texts.yaml), and how figures
are written in each. The steps of an answer exist in English too: `vigie explain` tells them.

Does not belong here: which text is said when.
"""

from __future__ import annotations

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from wording.texts import Texts

LANGUAGES = ("fr", "nl")
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
has = TEXTS.has
_SEPARATORS = {"fr": ("\u202f", ","), "nl": (".", ","), "en": (",", ".")}


def say(lang: str, key: str, **values: Any) -> str:
    """One text in one language; amounts, factors and dates in it are written as that language does.

    Raises:
        KeyError: no such text, or a value it needs is not given.
    """
    shown = {name: figure(lang, value) for name, value in values.items()}
    return TEXTS.say(lang, key, **shown)


def default_language() -> str:
    """VIGIE_LANG when it is one of the two languages of answers, else French."""
    lang = (os.environ.get("VIGIE_LANG") or "fr").lower()
    return lang if lang in LANGUAGES else "fr"


def figure(lang: str, value: Any) -> str:
    """A value inside a sentence: 1 234,56 and 31/12/2026 (in English 1,234.56 and 2026-12-31);
    texts and whole numbers as they are.
    """
    if isinstance(value, Decimal):
        thousands, point = _SEPARATORS[lang]
        plain = f"{value:,f}"
        return plain.replace(",", "\0").replace(".", point).replace("\0", thousands)
    if isinstance(value, date):
        return value.isoformat() if lang == "en" else f"{value:%d/%m/%Y}"
    return str(value)


def article(lang: str, text: str) -> str:
    """An article as people of the language cite it: the acts have a name in each."""
    for key, names in TEXTS.all.items():
        if key.startswith("act."):
            text = re.sub(rf"(?<!\w){re.escape(key[4:])}(?= )", names[lang], text)
    return text
