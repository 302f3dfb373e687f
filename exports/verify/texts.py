"""The sentences of `vigie verify` in French, Dutch and English (texts.yaml).

Belongs here: looking one up and filling it in. Does not belong here: the words of packages.
"""

from functools import cache
from pathlib import Path

import yaml

from exports.days import in_words


@cache
def _all() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key`, its {names} filled from `values`, days as the language has them."""
    return _all()[key][lang].format(**in_words(values, lang))
