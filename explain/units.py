"""What a figure is counted in: money, a share of one, or a plain number.

Belongs here: telling it from the name of a column or of a measure, as the marts name theirs; what
says its unit itself (a commitment, a cell) names it in its part (model.py). Does not belong here:
how a language writes it (words.py).
"""

from __future__ import annotations

from explain.model import Equation, Facts, Row, Rows

EUR, SHARE, PLAIN = "EUR", "share", ""
#: What a name of money holds: two decimals, whatever the amount.
_MONEY = frozenset(
    {"amount", "balance", "basis", "contribution", "costs", "final", "income", "provisional"}
)
_SHARES = ("_share", "_rate", "_ratio")
_COMPARED = ("value_before", "value_after")


def unit_of(name: str) -> str:
    """The unit of a column, or of a measure of a statistic, by its name."""
    if name.endswith(_SHARES):
        return SHARE
    is_money = _MONEY & set(name.split("_")) and not name.endswith("_pct")
    return EUR if is_money else PLAIN


def unit_in(part: Facts | Rows, row: Row, column: str) -> str:
    """The unit of a value of a row; what is compared has that of the column it names."""
    name = row["column_name"] if column in _COMPARED and row.get("column_name") else column
    if name in part.units:
        return part.units[name]
    if name == "obs_value" and row.get("measure"):
        return unit_of(row["measure"])
    if name == "value" and row.get("unit"):
        return row["unit"]
    return unit_of(name)


def unit_of_sum(part: Equation) -> str:
    """The unit of the terms of a sum and of what they add up to."""
    return unit_of(part.total[0]) if part.unit is None else part.unit
