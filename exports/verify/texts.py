"""The sentences of `vigie verify` in French, Dutch and English (texts.yaml).

Belongs here: looking one up and filling it in. Does not belong here: the words of packages.
"""

from functools import cache
from pathlib import Path

import yaml


@cache
def _all() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key`, its {names} filled from `values`."""
    return _all()[key][lang].format(**values)
