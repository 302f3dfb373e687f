"""The sentences of disclosure control in French, Dutch and English (texts.yaml).

Belongs here: looking a sentence up, filling it in, writing a number. Does not belong here: names of
cells, which are the caller's.
"""

from functools import cache
from pathlib import Path

import yaml


@cache
def _all() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def say(key: str, lang: str, /, **values: object) -> str:
    """Return the sentence `key` in `lang` (fr, nl or en), its {names} filled from `values`."""
    return _all()[key][lang].format(**values)


def number(value: float) -> str:
    """Write a number for a sentence: at most six decimals, no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
