"""What cannot be explained: one sentence, in the language of who asked.

Does not belong here: errors of the folder of releases (release.errors).
"""

from __future__ import annotations

from typing import Any

from explain.texts import say


class ExplainError(Exception):
    """Nothing is known of what was asked. `key` and `values` make its sentence (texts.yaml)."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def sentence(self, lang: str) -> str:
        """The sentence, on one line."""
        return " ".join(say(lang, f"error.{self.key}", **self.values).split())

    def __str__(self) -> str:
        return self.sentence("fr")
