"""The cells of an answer: what a recipient sees of each, and why when it is nothing.

Belongs here: the form that protection gives and every writer reads. Does not belong here: which
cells are hidden (protection), how a file looks (writers).

The cells of one statistic are a temporary table of the cursor's connection, one row per
(ref_period, codes of all dimensions, measure):

- `ref_period`, dimensions, `measure`: as in the release
- `obs_value`: the value; null when it is not shown
- `obs_status`: SDMX CL_OBS_STATUS: `A` a value (a true zero too), `Q` suppressed, `M` missing
- `conf_status`: SDMX CL_CONF_STATUS of the cell
- `reason`: why it is not shown (a word of texts.yaml), null when it is

A block that was left out whole has no rows of its own here; those that it shares with another block
are there.
"""

from dataclasses import dataclass

from exports.catalogue import Statistic
from exports.profiles import Profile


@dataclass(frozen=True)
class LeftOut:
    """A block that is not given. `frequency`: year, quarter or month when it is given at others.

    Of its `cells`, `unsafe` may not be shown by themselves, and `hidden` in all would have been
    blank. `rule`: why it is not given (empty: not known any more):

    - `unsafe`: too large a share of its cells is unsafe
    - `besides`: too large a share of the others would be hidden to protect those
    - `exposed`: with it something that is protected could be worked out, whatever else is hidden
    """

    block: str
    cells: int
    hidden: int
    frequency: str = ""
    unsafe: int = 0
    rule: str = ""


@dataclass(frozen=True)
class Cells:
    """Where the cells of a statistic are, and which blocks are not among them."""

    table: str
    left_out: tuple[LeftOut, ...] = ()


def take_all(cursor, statistic: Statistic, ref_periods: list[str], profile: Profile) -> Cells:
    """Every cell of `ref_periods` as it stands in the release: nothing is hidden."""
    table = f"answer_{statistic.code.lower()}"
    names = ", ".join(f'"{name}"' for name in ("ref_period", *statistic.dimension_names, "measure"))
    cursor.execute(
        f"create or replace temp table {table} as select {names}, obs_value,"
        " case when obs_value is null then 'M' else 'A' end as obs_status,"
        f" '{profile.conf_status}' as conf_status, cast(null as varchar) as reason"
        f" from {statistic.table} where list_contains($periods, ref_period)",
        {"periods": ref_periods},
    )
    return Cells(table)
