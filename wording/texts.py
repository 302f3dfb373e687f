"""The texts of one file, by key, then by language.

Belongs here: reading such a file once, finding a text, filling it in. Does not belong here: how
figures and dates are written (law, dashboards, explain: each for its own readers).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


class Texts:
    """The texts of one YAML file (`key: {fr: …, nl: …, en: …}`), read when the first is asked for.

    Args:
        file: the file.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @cached_property
    def all(self) -> dict[str, dict[str, str]]:
        """Texts by key, then by language."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(self.file.read_text(encoding="utf-8"), Loader=loader)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.all

    def say(self, lang: str, key: str, /, **values: Any) -> str:
        """One text in one language, its {names} filled from `values`.

        Raises:
            KeyError: no such text, not in that language, or a value it needs is not given.
        """
        return self.all[key][lang].format(**values)
