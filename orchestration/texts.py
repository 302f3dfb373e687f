"""What a person reads on the command line and in notices, in French, Dutch and English
(texts.yaml).

Does not belong here: labels of figures (they stand in the dbt YAML), messages of ingest and of dbt.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import LANGUAGES

FILE = Path(__file__).with_name("texts.yaml")


@lru_cache
def all_texts() -> dict[str, dict[str, str]]:
    """Texts by key, then by language."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def say(lang: str, key: str, **values: Any) -> str:
    """One text in one language, with its values in place.

    Raises:
        KeyError: no such text, or a value it needs is not given.
    """
    return all_texts()[key][lang].format(**values)


def default_language() -> str:
    """VIGIE_LANG when it names a language we have, else French; for texts needed before the
    settings are read.
    """
    lang = (os.environ.get("VIGIE_LANG") or "fr").lower()
    return lang if lang in LANGUAGES else "fr"
