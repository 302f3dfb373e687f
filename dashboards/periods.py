"""Periods of contributions as rows of a table name them.

Belongs here: one name per row of (contribution_year, contribution_quarter). Does not belong here:
how a period stands in a sentence (i18n).
"""

import pandas as pd

from dashboards.source import Reading


def named(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    """Add `period`: 2024Q1, 2024; a yearly amount that stands beside quarters says so."""
    years = rows["contribution_year"].astype(int).astype(str)
    quarters = rows["contribution_quarter"]
    names = years + "Q" + quarters.fillna(0).astype(int).astype(str)
    if not quarters.notna().any():
        return rows.assign(period=years)
    yearly = [reading.text("yearly", year=year) for year in years]
    return rows.assign(period=names.where(quarters.notna(), pd.Series(yearly, dtype=object)))
