"""Periods of contributions as rows of a table name them.

Belongs here: one name per row of (contribution_year, contribution_quarter), which quarter comes
before which. Does not belong here: how a period stands in a sentence (i18n).
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


def year_before(quarter: str) -> str:
    """Return the same quarter a year before: 2025Q3 of 2026Q3."""
    return f"{int(quarter[:4]) - 1}{quarter[4:]}"


def up_to(quarter: str, count: int) -> list[str]:
    """Return so many quarters, this one the last."""
    last = 4 * int(quarter[:4]) + int(quarter[-1]) - 1
    return [f"{n // 4}Q{n % 4 + 1}" for n in range(last - count + 1, last + 1)]
