"""An error that knows its sentence in each language.

Belongs here: the base class alone. Does not belong here: any error, any sentence (each package has
its own).
"""

from __future__ import annotations

from typing import Any, ClassVar

from wording.texts import Texts


class SaidError(Exception):
    """Something that a person is told in one sentence: `texts`, under `error.<key>`, filled from
    `values`. As plain text (a log) it is English, or French where the package has no English.
    """

    texts: ClassVar[Texts]

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def sentence(self, lang: str) -> str:
        """The sentence in one language, on one line."""
        return " ".join(self._say(lang, f"error.{self.key}").split())

    def _say(self, lang: str, key: str) -> str:
        return self.texts.say(lang, key, **self.values)

    def __str__(self) -> str:
        return self.sentence("en" if "en" in self.texts.all[f"error.{self.key}"] else "fr")
