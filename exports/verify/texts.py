"""The sentences of `vigie verify` in French, Dutch and English (texts.yaml).

Belongs here: looking one up and filling it in. Does not belong here: the words of packages.
"""

from pathlib import Path

from exports.days import in_words
from exports.texts import Sentence
from wording.texts import Texts

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key`, its {names} filled from `values`: days and clauses in its
    language. A package may come from anywhere: what no reader can see in a name is shown escaped.
    """
    filled = {
        name: one.said_in(lang) if isinstance(one, Sentence) else one
        for name, one in in_words(values, lang).items()
    }
    return "".join(map(_visible, TEXTS.say(lang, key, **filled)))


def _visible(sign: str) -> str:
    spaces = sign in (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")
    return sign if sign.isprintable() or spaces else repr(sign)[1:-1]
