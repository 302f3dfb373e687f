"""The sentences of the register in French, Dutch and English (texts.yaml).

Belongs here: looking a sentence up and filling it in; the command line speaks three languages, a
package two. Does not belong here: the texts of packages (exports/texts.yaml).
"""

from functools import cache
from pathlib import Path

import yaml

from exports.days import in_words

LANGUAGES = ("fr", "nl", "en")


@cache
def _all() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))


def say(key: str, lang: str, /, **values: object) -> str:
    """Return the sentence `key` in `lang`, its {names} filled from `values`, days as the language
    writes them.
    """
    return _all()[key][lang].format(**in_words(values, lang))
