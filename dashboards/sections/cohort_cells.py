"""Cells of cohorts as a page shows them: segments added up, a metric, a band.

Belongs here: what the release estimates segment by segment, read and added up. Does not belong
here: the estimate itself (warehouse), filters, charts.
"""

from dataclasses import replace

import pandas as pd

from dashboards import queries
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS, FLAG
from dashboards.source import Reading

MART = ("recovery", "mart_arrears_cohorts")
#: Half the width of a 95 % band, in standard errors.
WIDTH = 1.96
_SQL = queries.beside(__file__)
#: What every query of the same cohorts asks for.
SEGMENT = ("account_type", "natures", "origins")


def parameters(chosen: dict, *names: str) -> dict:
    """Return those of the choices that a query asks for."""
    return {name: chosen[name] for name in names}


def read_cells(reading: Reading, chosen: dict) -> pd.DataFrame:
    """One row per cohort and quarter since due; `value` is what the metric shows."""
    asked = parameters(chosen, *SEGMENT, "first", "last")
    cells = reading.query(_SQL["cells"], **asked).copy()
    claimed = cells["claimed_amount"].where(cells["claimed_amount"] != 0)
    band = cells["standard_error"]
    if chosen["metric"] == "share":
        cells["value"] = cells["collected_amount"] / claimed
        cells["error"] = band / claimed
        top = 1.0
    elif chosen["metric"] == "amount":
        cells["value"], cells["error"], top = cells["collected_amount"], band, float("inf")
    else:
        cells["value"] = cells["claimed_amount"] - cells["collected_amount"]
        cells["error"], top = band, float("inf")
    # More than everything cannot come in: the band stops there.
    cells["low"] = (cells["value"] - WIDTH * cells["error"]).clip(lower=0)
    cells["high"] = (cells["value"] + WIDTH * cells["error"]).clip(upper=top)
    cells["written"] = [
        _write(reading, chosen, value, error if estimated else 0)
        for value, error, estimated in zip(
            cells["value"], cells["error"], cells["is_projection"], strict=True
        )
    ]
    return cells


def _write(reading: Reading, chosen: dict, value: float, error: float) -> str:
    """A value, with half its band when it is estimated."""
    language, is_share = reading.language, chosen["metric"] == "share"
    written = language.percent(value, 0) if is_share else language.euros(value, 0)
    if not error or error != error:
        return written
    return f"{written} ± {language.number((100 if is_share else 1) * WIDTH * error)}"


def cell_columns(reading: Reading) -> list[Column]:
    """The columns of the cells."""
    mart = From(reading, *MART)
    return [
        mart.column("cohort_quarter"),
        mart.column("quarters_since_due", COUNT),
        mart.column("observation_date", DAY),
        mart.column("charges", COUNT),
        *mart.columns(("claimed_amount", "collected_amount"), EUROS),
        # The error of the sum, under the name of that of each segment.
        replace(mart.column("standard_error_amount", EUROS), name="standard_error"),
        mart.column("is_projection", FLAG),
    ]
