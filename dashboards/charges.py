"""Charges as people name them: the period, then what it is ("2025Q3, cotisation provisoire").

Belongs here: that name. Does not belong here: identifiers, amounts.
"""

import pandas as pd

from dashboards.source import Reading


def in_words(reading: Reading, rows: pd.DataFrame) -> pd.Series:
    """Return the name of the charge of each row (contribution_year, contribution_quarter,
    charge_type)."""
    if rows.empty:
        return pd.Series(dtype=object)
    kinds = reading.named("charge_type", rows["charge_type"]).astype(str)
    lower = kinds.str[:1].str.lower() + kinds.str[1:]
    years = rows["contribution_year"].astype(int).astype(str)
    quarters = rows["contribution_quarter"]
    told = years + ("Q" + quarters.fillna(0).astype(int).astype(str)).where(quarters.notna(), "")
    return told + ", " + lower
