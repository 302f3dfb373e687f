"""The rules as rules.yaml declares them, and what one of them says once it has looked.

Belongs here: reading the file, putting a result in words. Does not belong here: looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from exports.validation.finding import Finding


@dataclass(frozen=True)
class Result:
    """How many cells (or other things) a rule looked at, for how many it does not hold, and the
    name of one of those. A name never holds a value: findings leave with the package.
    """

    looked_at: int
    failed: int = 0
    example: str = ""


@dataclass(frozen=True)
class Rule:
    """One entry of rules.yaml; `check` is module.function of this package."""

    id: str
    level: str
    check: str
    title_fr: str
    title_nl: str
    held_fr: str
    held_nl: str
    failed_fr: str
    failed_nl: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def title(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.title_nl if lang == "nl" else self.title_fr

    def finding(
        self, code: str, result: Result, named: Callable[[str, str], str] = lambda name, _: name
    ) -> Finding:
        """Return what the rule found about a statistic, in words. `named`: says a name that the
        result holds in a language.
        """
        passed = not result.failed
        said = {
            lang: getattr(self, f"{'held' if passed else 'failed'}_{lang}").format(
                looked_at=result.looked_at,
                failed=result.failed,
                example=named(result.example, lang),
            )
            for lang in ("fr", "nl")
        }
        return Finding(
            rule=self.id,
            level=self.level,
            code=code,
            passed=passed,
            looked_at=result.looked_at,
            failed=result.failed,
            sentence_fr=said["fr"],
            sentence_nl=said["nl"],
        )


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by id, in the order of the file."""
    path = Path(__file__).parent / "rules.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {entry["id"]: Rule(**entry) for entry in entries}
