"""Levels that pages compare a figure with: of a column (dictionary), of age, of nearness to a
target and of a day's work (reference.yaml).

Belongs here: reading those levels. Does not belong here: legal amounts that a figure is computed
with, which are dated lists of the warehouse.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from dashboards.source import Reading


@dataclass(frozen=True)
class WatchLevel:
    """A share 0-1 past which a figure asks for attention, and where that is written."""

    value: float
    source: str


@dataclass(frozen=True)
class Freshness:
    """Age of the data in days and the key of the words for it (fresh, aging, late)."""

    days: int
    key: str


@cache
def _declared() -> dict:
    return yaml.safe_load((Path(__file__).parent / "reference.yaml").read_text(encoding="utf-8"))


def watch_level(reading: Reading, schema: str, table: str, column: str) -> WatchLevel | None:
    """Return the level the dictionary declares for a column, or None when it declares none."""
    meta = reading.entry(schema, table, column).meta
    if "watch_level" not in meta:
        return None
    return WatchLevel(float(meta["watch_level"]), meta[f"watch_level_source_{reading.lang}"])


def near_target() -> float:
    """Return how far below its target (0-1) a share still counts as nearly there."""
    return float(_declared()["near_target"])


def worklist_capacity() -> int:
    """Return how many accounts one person works through in a day."""
    return int(_declared()["worklist_capacity"])


def freshness(business_date: date, today: date) -> Freshness:
    """Say how old the data are; a business date still to come is fresh."""
    limits = _declared()["freshness"]
    days = max(0, (today - business_date).days)
    if days <= limits["fresh"]:
        return Freshness(days, "fresh")
    return Freshness(days, "late" if days > limits["late"] else "aging")
