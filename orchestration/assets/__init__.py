"""The assets of the graph, one module per step: extracts → warehouse → release → statistics.

Belongs here: what the orchestrator shows and in which order steps run. Does not belong here: the
work itself; each step calls one function of ingest, of this package or of exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetKey

RUN = "run"
POOL = "warehouse"
DELIVERIES = AssetKey(["raw", "deliveries"])
ACCEPTANCE = AssetKey(["raw", "acceptance"])
RELEASE = AssetKey(["release"])
STATISTICS = AssetKey(["first_statistics"])
# What the release before was, not what the run makes: an asset of its own, or the graph had a ring.
PREVIOUS = AssetKey(["previous_release"])


def raw_key(source_table: str) -> AssetKey:
    """The asset behind a table of the raw history: its extract, or the register of deliveries
    (`_plan` …).
    """
    if source_table.startswith("_"):
        return DELIVERIES
    return AssetKey(["raw", source_table.partition("__")[0]])


def source_key(source: Mapping[str, Any]) -> AssetKey:
    """The asset behind a source of the dbt project."""
    return raw_key(source["name"]) if source["schema"] == "raw" else PREVIOUS
