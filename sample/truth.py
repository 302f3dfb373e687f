"""The list of anomalies planted on purpose, as it will stand in truth.json.

Belongs here: collecting keys by kind, keys and amounts as text. Does not belong here: planting.
"""

from __future__ import annotations

import numpy as np


class Truth:
    """Anomalies by kind. Each entry names the extract and the key, and details."""

    def __init__(self) -> None:
        self.kinds: dict[str, list[dict]] = {}

    def add(self, kind: str, extract: str, keys, /, **details) -> None:
        """Adds entries; keys are texts, details scalars or one value per key."""
        entries = self.kinds.setdefault(kind, [])
        for position, key in enumerate(keys):
            entry = {"extract": extract, "key": str(key)}
            for name, value in details.items():
                one = value[position] if isinstance(value, (list, tuple, np.ndarray)) else value
                entry[name] = one.item() if isinstance(one, np.generic) else one
            entries.append(entry)

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {kind: len(entries) for kind, entries in sorted(self.kinds.items())}


def keys(prefix: str, width: int, numbers) -> list[str]:
    """Identifiers as text (for the few rows of the truth)."""
    return [f"{prefix}{int(number):0{width}d}" for number in numbers]


def money_text(cents: int) -> str:
    """Exact decimal text of integer cents."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def euro(cents) -> list[str]:
    """Amounts as decimal text."""
    return [money_text(int(value)) for value in cents]
