"""What stands in the place of a value that is not shown, and how it is said in each format.

Belongs here: the statuses of a cell as SDMX names them, the sign a sheet shows for each. Does not
belong here: which cells are hidden (protection), the words of the legend (texts.yaml).

A blank never says anything by itself: a value that is not there has one of these statuses.
"""

from exports.catalogue import Statistic
from exports.units import unit_of

SHOWN = "A"
HIDDEN = "Q"
#: The value cannot exist: a rate of nothing.
NOT_APPLICABLE = "M"
#: The value could exist and nobody has it.
NOT_AVAILABLE = "O"

SIGNS = {HIDDEN: "c", NOT_APPLICABLE: "z", NOT_AVAILABLE: ":"}


def is_ratio(unit: str) -> bool:
    """Say whether a measure of this unit is a rate or a mean, which its base may forbid."""
    return unit_of(unit).kind == "ratio"


def status_sql(statistic: Statistic) -> str:
    """SQL for the status of a cell: where a value is missing, whether it could exist at all."""
    ratios = ", ".join(f"'{m.name}'" for m in statistic.measures if is_ratio(m.unit))
    cannot = f"when measure in ({ratios}) then '{NOT_APPLICABLE}'" if ratios else ""
    return (
        f"case when obs_status = '{HIDDEN}' then obs_status"
        f" when obs_value is not null then obs_status {cannot} else '{NOT_AVAILABLE}' end"
    )


def value_sql() -> str:
    """SQL for the value that may be seen: what is hidden has none, whatever the table holds."""
    return f"case when obs_status <> '{HIDDEN}' then obs_value end"
