"""Recipient profiles: which rules protect people from each kind of reader.

Belongs here: reading profiles.yaml. Does not belong here: applying the rules (protection).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from exports.errors import UnknownProfile
from exports.texts import sentence


@dataclass(frozen=True)
class Profile:
    """One recipient: thresholds in contributors, shares in percent, None or 0 for no rule."""

    name: str
    label_fr: str
    label_nl: str
    count_threshold: int
    health_threshold: int
    dominance_pct: float | None
    p_percent: float | None
    range_pct: float
    conf_status: str
    # Term of the European vocabulary of access rights: PUBLIC, RESTRICTED or NON_PUBLIC.
    access: str
    left_out_pct: float = 100.0

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr

    @property
    def protects(self) -> bool:
        """Say whether any rule applies at all."""
        return bool(
            self.count_threshold or self.health_threshold or self.dominance_pct or self.p_percent
        )


@cache
def profiles() -> dict[str, Profile]:
    """Return every profile of the reference list by name."""
    path = Path(__file__).parent / "profiles.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Profile(name=name, **entry) for name, entry in entries.items()}


def find_profile(name: str, lang: str = "fr") -> Profile:
    """Return the profile; raise UnknownProfile, naming those that exist."""
    found = profiles().get(name)
    if found is None:
        existing = ", ".join(profiles())
        raise UnknownProfile(sentence("unknown_profile", lang, asked=name, existing=existing))
    return found
