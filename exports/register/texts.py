"""The sentences of the register in French, Dutch and English (texts.yaml).

Belongs here: looking a sentence up and filling it in; the command line speaks three languages, a
package two. Does not belong here: the texts of packages (exports/texts.yaml).
"""

from pathlib import Path

from exports.days import in_words
from wording.texts import Texts

LANGUAGES = ("fr", "nl", "en")
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def say(key: str, lang: str, /, **values: object) -> str:
    """Return the sentence `key` in `lang`, its {names} filled from `values`, days as the language
    writes them.
    """
    return TEXTS.say(lang, key, **in_words(values, lang))
