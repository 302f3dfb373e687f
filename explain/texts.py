"""What an explanation says of itself, in French, Dutch and English (texts.yaml).

Belongs here: headings, sentences, and words that the dictionary of a release does not have. Does
not belong here: names of columns and codes (meta.dictionary and core.dim_code have them).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("fr", "nl", "en")
FILE = Path(__file__).with_name("texts.yaml")


@cache
def all_texts() -> dict[str, dict[str, str]]:
    """Texts by key, then by language."""
    return yaml.load(
        FILE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )


def has(key: str) -> bool:
    """Whether there is such a text."""
    return key in all_texts()


def say(lang: str, key: str, **values: Any) -> str:
    """One text in one language, with its values in place.

    Raises:
        KeyError: no such text, or a value it needs is not given.
    """
    return all_texts()[key][lang].format(**values)
