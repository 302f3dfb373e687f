"""What a check of the doctor found. Does not belong here: any check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.errors import shown
from orchestration.settings import Settings
from orchestration.texts import say

# Sentences of others are values here: whole ones, with their paths.
_LIMIT = 2000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `key` and `values` make its sentence, remedy included (texts.yaml,
    `doctor.<key>`); a fault makes `vigie doctor` exit 1, anything else is a warning.
    """

    key: str
    is_fault: bool
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, error: Exception) -> Finding:
        """An error as a finding: its sentence says what to do."""
        # Late: it loads what the quick form does not need.
        from orchestration.faults import failure_sentence

        sentence = failure_sentence(settings, settings.lang, "doctor", error)
        return cls("told", is_fault=True, values={"sentence": sentence})

    def sentence(self, lang: str) -> str:
        """The sentence, on one line."""
        values = {name: _plain(value) for name, value in self.values.items()}
        return say(lang, f"doctor.{self.key}", **values)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else shown(value, _LIMIT)
