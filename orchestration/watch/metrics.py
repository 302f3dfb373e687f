"""The state as metrics in the text exposition format: `$VIGIE_HOME/metrics/vigie.prom`.

Belongs here: names, units and help of each metric. Does not belong here: measuring (facts.py).
A collector of text files reads it; it is written whole. No metric holds anything of a person.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from orchestration.files import write_whole
from orchestration.settings import Settings
from orchestration.watch.alarms import Raised, declared
from orchestration.watch.runs import DONE

_HOUR = 3600


def write(settings: Settings, state: dict[str, Any], raised: list[Raised]) -> Path:
    """Write the metrics of a state (status.read_status) and of the alarms that are on."""
    file = settings.home / "metrics" / "vigie.prom"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, text(state, raised))
    return file


def text(state: dict[str, Any], raised: list[Raised]) -> bytes:
    """Return the metrics. What is not known (no release, no backup) is left out."""
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"vigie_{name}", help_text, labels, registry=registry)

    def known(name: str, help_text: str, value: float | None) -> None:
        if value is not None:
            gauge(name, help_text).set(value)

    age, backup = state["freshness"], state["last_backup"]
    known(
        "data_age_seconds",
        "Age of the data: since the end of the business date.",
        age and age["hours"] * _HOUR,
    )
    known(
        "backup_age_seconds",
        "Time since the last backup ended.",
        backup and backup["hours"] * _HOUR,
    )
    known("backup_bytes", "Size of what the last backup holds.", backup and backup["bytes"])
    known(
        "release_present",
        "Whether a release is published (1) or not (0).",
        int(state["release"] is not None),
    )
    _runs(state["runs"], gauge)
    size = gauge("size_bytes", "Size of a part of the data folder.", "part")
    for part, count in state["sizes"].items():
        if part not in ("free", "total"):
            size.labels(part).set(count)
    known(
        "disk_free_bytes", "Free space on the disk of the data folder.", state["sizes"].get("free")
    )
    known("disk_size_bytes", "Size of the disk of the data folder.", state["sizes"].get("total"))
    known("quarantine_open_rows", "Rows in open quarantine.", state["quarantine"]["open"])
    by_extract = gauge("quarantine_extract_open_rows", "Rows in open quarantine.", "extract")
    for extract, rows in state["quarantine"]["by_extract"].items():
        by_extract.labels(extract).set(rows)
    deliveries = gauge("deliveries", "Number of deliveries by what became of them.", "state")
    deliveries.labels("in_force").set(state["deliveries"])
    for name in ("refused", "held", "waiting"):
        deliveries.labels(name).set(len(state[name]))
    checks = gauge("checks", "Number of checks of the last audit that found something.", "result")
    checks.labels("failed").set(len(state["checks"]["failed"]))
    checks.labels("warned").set(len(state["checks"]["warnings"]))
    extracted = gauge("extraction_age_seconds", "Time since the last extraction ended.", "source")
    for one in state["extractions"]:
        if one["hours"] is not None:
            extracted.labels(one["source"]).set(one["hours"] * _HOUR)
    on = {one.alarm.name for one in raised}
    alarms = gauge("alarm_raised", "Whether an alarm is on (1) or not (0).", "alarm", "severity")
    for alarm in declared():
        alarms.labels(alarm.name, alarm.severity).set(int(alarm.name in on))
    known("metrics_timestamp_seconds", "When this file was written (Unix time).", time.time())
    return generate_latest(registry)


def _runs(runs: list[dict[str, Any]], gauge: Any) -> None:
    ended = [one for one in runs if one["outcome"] is not None]
    if not ended:
        return
    last = ended[0]
    gauge("run_duration_seconds", "Duration of all steps of the last run.").set(last["seconds"])
    steps = gauge("run_step_duration_seconds", "Duration of a step of the last run.", "step")
    for step in last["steps"]:
        steps.labels(step["name"]).set(step["seconds"])
    gauge("run_succeeded", "Whether the last run succeeded (1) or failed (0).").set(
        int(last["outcome"] == DONE)
    )
