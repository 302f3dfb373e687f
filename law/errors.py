"""Errors that a person reads. One sentence, in the language asked for; its wording stands in
texts.yaml.
"""

from __future__ import annotations

from typing import Any

from law.texts import say


class LawError(Exception):
    """A question that cannot be answered as it is put."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def sentence(self, lang: str) -> str:
        """The sentence, on one line."""
        return " ".join(say(lang, f"error.{self.key}", **self.values).split())

    def __str__(self) -> str:
        return self.sentence("fr")
