"""The sentences of `vigie verify` in French, Dutch and English (texts.yaml).

Belongs here: looking one up and filling it in. Does not belong here: the words of packages.
"""

from pathlib import Path

from wording.texts import Texts

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key`, its {names} filled from `values`."""
    return TEXTS.say(lang, key, **values)
