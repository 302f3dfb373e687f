"""Errors that a person reads. One sentence, in the language asked for; its wording stands in
texts.yaml.
"""

from __future__ import annotations

from law.texts import TEXTS, say
from wording.errors import SaidError


class LawError(SaidError):
    """A question that cannot be answered as it is put."""

    texts = TEXTS

    def _say(self, lang: str, key: str) -> str:
        # The figures of a question are told as the language writes them.
        return say(lang, key, **self.values)
