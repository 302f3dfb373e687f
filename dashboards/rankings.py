"""What may be called the best or the lowest, and with which doubt (ruling H13).

Belongs here: how few items are too few, what has a name, the interval of a share. Does not belong
here: sentences, figures of the release (agents carry the same interval, ruling C11).
"""

from math import sqrt

import pandas as pd

from dashboards.access.small_counts import FEW
from dashboards.source import Reading

#: Fewer items than this behind a share, and it is neither the best nor the lowest.
LEAST = 30
_Z = 1.959964


def enough(rows: pd.DataFrame, items: str) -> pd.DataFrame:
    """Return the rows with enough items; `items` is the column that counts them."""
    return rows[rows[items].astype(float) >= LEAST]


def named(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows whose code has a name of its own: what was merged is nobody's first place."""
    return rows[rows[column] != FEW]


def part(reading: Reading, rows: pd.DataFrame, some: str, items: str) -> pd.Series:
    """Return a share row by row. Where counts are told in steps (access.yaml), one of few items
    would be made of rounding: it is not told."""
    shares = rows[some] / rows[items].where(rows[items] > 0)
    return shares.where(rows[items] >= LEAST) if reading.right.cut else shares


def wilson(successes: float, items: float) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a share; `items` is not 0."""
    successes, items = float(successes), float(items)
    share, spread = successes / items, _Z * _Z / items
    middle = share + spread / 2
    width = _Z * sqrt(share * (1 - share) / items + spread / (4 * items))
    return max(0.0, (middle - width) / (1 + spread)), min(1.0, (middle + width) / (1 + spread))


def with_interval(reading: Reading, successes: float, items: float, beyond: float = 0) -> str:
    """Write a share with its interval and the number of items behind it. `beyond`: how many more
    successes there may be than are told."""
    low, high = wilson(successes, items)[0], wilson(float(successes) + beyond, items)[1]
    language = reading.language
    share = language.percent(float(successes) / float(items))
    return reading.text(
        "share_with_interval",
        share=f"min. {share}" if beyond else share,
        low=language.percent(low),
        high=language.percent(high),
        items=language.number(items),
    )
