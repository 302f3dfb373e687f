"""Some cohorts as curves, with what they may still bring in its band.

Belongs here: the choice of curves and their chart. Does not belong here: all cells (cohorts page).
"""

import pandas as pd

from dashboards import charts_curves, exhibits, filters, sheet
from dashboards.figures import From
from dashboards.sections.cohort_cells import MART, cell_columns
from dashboards.source import Reading

_CURVES, _MOST = 5, 8


def show(reading: Reading, chosen: dict, cells: pd.DataFrame) -> None:
    """Show the latest cohort and the same quarter of the years before, or those picked."""
    text = reading.text
    sheet.heading(text("cohorts_curves"))
    quarters = sorted(set(cells["cohort_quarter"]))
    usual = [quarters[-1 - 4 * n] for n in range(_CURVES) if len(quarters) > 4 * n]
    picked = sorted(
        filters.several(
            "cohorts_shown",
            text("cohorts_pick"),
            {quarter: quarter for quarter in quarters},
            text("cohorts_pick_usual"),
            usual,
            _MOST,
        )
    )
    rows = _with_turning_points(cells[cells["cohort_quarter"].isin(picked)])
    is_share = chosen["metric"] == "share"
    chart = charts_curves.curves_with_band(
        rows,
        x="quarters_since_due",
        x_title=From(reading, *MART).label("quarters_since_due"),
        y="value",
        low="low",
        high="high",
        y_title=text(f"cohorts_metric_{chosen['metric']}"),
        series="cohort_quarter",
        order=picked,
        estimated="is_projection",
        format=".0%" if is_share else None,
        written="written",
    )
    youngest = cells[cells["cohort_quarter"] == picked[-1]].iloc[-1]
    is_guess = youngest["is_projection"]
    key = "cohorts_curves_sentence" if is_guess else "cohorts_curves_sentence_seen"
    sentence = text(
        key,
        cohort=picked[-1],
        value=youngest["written"],
        quarters=reading.language.number(youngest["quarters_since_due"]),
    )
    shown, note = cells[cells["cohort_quarter"].isin(picked)], text("cohorts_method")
    columns = cell_columns(reading)
    exhibits.show(reading, "cohorts_curves", chart, sentence, shown, columns, note=note)


def _with_turning_points(cells: pd.DataFrame) -> pd.DataFrame:
    """The last point seen of each cohort also begins its dashes."""
    rows = cells.dropna(subset=["value"])
    seen = rows[~rows["is_projection"]]
    last = seen.groupby("cohort_quarter")["quarters_since_due"].max()
    turning = seen[seen["quarters_since_due"] == seen["cohort_quarter"].map(last)]
    begun = turning.assign(is_projection=True, low=turning["value"], high=turning["value"])
    return pd.concat([rows, begun])
