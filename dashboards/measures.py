"""Values of the service commitment as people read them: unit, state.

Belongs here: how a measure of `service.mart_commitments` is written and judged near its target.
Does not belong here: what it means (the release says it) or pages.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboards.formats import COUNT, EUROS, NEARLY_ALL, Format, with_decimals
from dashboards.reference import near_target
from dashboards.source import Reading


@dataclass(frozen=True)
class State:
    """What became of a promise: a sign and a word, so that no colour is needed to read it."""

    key: str
    sign: str
    background: str


MET = State("state_met", "✔", "#D5EFE2")
NEAR = State("state_near", "◐", "#FCE9C4")
MISSED = State("state_missed", "✘", "#F9D6CC")
REPORTED = State("state_reported", "•", "#EEF2F6")
EMPTY = State("state_empty", "○", "#FFFFFF")
NOT_MEASURED = State("state_not_measured", "…", "#FFFFFF")
TOO_FEW = State("state_too_few", "·", "#F4F5F7")
STATES = (MET, NEAR, MISSED, REPORTED, EMPTY, NOT_MEASURED, TOO_FEW)


def state_of(measure: pd.Series) -> State:
    """Judge a row of the overview: is_measured, value (may be empty), denominator, unit,
    target, is_met."""
    if not measure["is_measured"]:
        return NOT_MEASURED
    if pd.isna(measure["value"]):
        # Files there are, and their share is not told: of too few (access/shares.py).
        return EMPTY if pd.isna(measure["denominator"]) else TOO_FEW
    if pd.isna(measure["is_met"]):
        return REPORTED if pd.isna(measure["target"]) else TOO_FEW
    if measure["is_met"]:
        return MET
    close = measure["unit"] == "share" and measure["target"] - measure["value"] <= near_target()
    return NEAR if close else MISSED


def write_state(reading: Reading, state: State) -> str:
    """Write a state: its sign and its word. Where small counts are not shown, none of an indicator
    may be a few."""
    key = "state_empty_or_few" if state is EMPTY and reading.right.cut else state.key
    return f"{state.sign} {reading.text(key)}"


def is_comparable(reading: Reading, unit: str, quarter: str) -> bool:
    """Whether a quarter may stand beside the same one a year before. Every file is judged on its
    own deadline, so a quarter that is over is as old as it will ever be; an amount still owed
    depends on the day on which it is looked at."""
    return unit != "EUR" and quarter < reading.running_quarter()


def beyond(reading: Reading, measure: pd.Series, *, of_fund: bool) -> int:
    """Return by how many files the promise may have been kept more often than is told. Where small
    counts are not shown, what an office missed is counted in steps, and what the whole fund missed
    where it is one step at most (access/shares.py): such values are minima."""
    if not reading.right.cut or measure["unit"] != "share" or pd.isna(measure["numerator"]):
        return 0
    missed = float(measure["denominator"]) - float(measure["numerator"])
    least = reading.right.least
    is_step = 0 < missed <= least if of_fund else 0 < missed < float(measure["denominator"])
    return least - 1 if is_step else 0


def written(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    """Add how the values of the overview are written, each in its unit: `value_written`,
    `target_written`, `year_before_written`. `beyond`: as that function says."""
    units = rows["unit"]

    def each(write: Callable[..., str], *names: str) -> list[str]:
        values = zip(*(rows[name] for name in names), units, strict=True)
        return [write(reading, *row) for row in values]

    return rows.assign(
        value_written=[
            at_least(value, more)
            for value, more in zip(each(write_value, "value"), rows["beyond"], strict=True)
        ],
        target_written=each(write_target, "target"),
        year_before_written=each(write_value, "year_before"),
    )


def format_of(unit: str) -> Format:
    """Return how a column of values of one unit is written."""
    return {"share": NEARLY_ALL, "EUR": EUROS}.get(unit, with_decimals(COUNT, 1))


def write_value(reading: Reading, value: float | None, unit: str) -> str:
    """Write a value in its unit; a dash for nothing."""
    if value is None or value != value:
        return "–"
    if unit == "share":
        return NEARLY_ALL.write(reading.language, value)
    if unit == "EUR":
        return reading.language.euros(value, 0 if value == int(value) else 2)
    return reading.language.counted(f"unit_{unit}", value)


def at_least(value: str, more: int) -> str:
    """Write that a value is a minimum, where files may be beyond it."""
    return f"min. {value}" if more else value


def write_target(reading: Reading, target: float | None, unit: str) -> str:
    """Write a target; a dash when there is none."""
    if target is None or target != target:
        return "–"
    if unit == "share":
        whole = abs(target * 100 - round(target * 100)) < 1e-9
        return f"≥ {reading.language.percent(target, 0 if whole else 1)}"
    return f"≤ {write_value(reading, target, unit)}"
