"""The cells of a delivered package beside those of a release: which are not what they were.

Belongs here: every cell whose value was given and is another one today, or is not there any more,
and cells of what was given that were not there then (nobody was in them). Does not belong here: why
(reasons.py), cells that were hidden: their value was never told.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exports.catalogue import TOTAL, Statistic
from exports.restatement.carried import (
    RESTATED,
    carrier_of,
    key_names,
    leave_out_carried,
    where_given,
)
from exports.restatement.delivered import Told
from exports.signs import HIDDEN, SHOWN, is_ratio
from exports.units import places

#: A ratio is compared at this (S4).
_CLOSE = Decimal("0.000001")


@dataclass(frozen=True)
class Restated:
    """One cell that would be different today.

    Attributes:
        codes: by dimension, those at their total left out.
        old, new: None where the cell is not there (nobody is in it).
        share: of the total of the period today, what the change is, 0 to 1; None for a ratio and
            where there is no total or it is 0.
        reasons: words of rules.yaml, the main one first (filled in by reasons.py).
    """

    code: str
    ref_period: str
    codes: dict[str, str]
    measure: str
    old: Decimal | None
    new: Decimal | None
    share: Decimal | None
    reasons: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Return the main reason."""
        return self.reasons[0] if self.reasons else ""


def compare(
    cursor, statistic: Statistic, told: Told, later: Sequence[Told] = ()
) -> tuple[int, list[Restated]]:
    """Return how many given cells were compared, and those that are different today.

    A statistic whose breakdowns are others today has no cells in common: every given one differs.

    Args:
        later: what was given of the same statistic afterwards; what it carries is left out.
    """
    written = load_given(cursor, told)
    if not has_breakdowns(statistic, written):
        anew = [one for one in later if _shows_by_others(cursor, statistic, one)]
        compared, cells = _all_of_them(cursor, told, written)
        periods = {period for one in anew for period in one.ref_periods}
        return compared, [cell for cell in cells if cell.ref_period not in periods]
    match(cursor, statistic, told)
    (compared,) = cursor.execute(
        f"select count(*) from delivered_cells where \"OBS_STATUS\" = '{SHOWN}'"
    ).fetchone()
    carriers = [carrier for one in later if (carrier := carrier_of(cursor, statistic, one))]
    leave_out_carried(cursor, statistic, carriers)
    keys = ", ".join(f'"{name}"' for name in key_names(statistic))
    rows = cursor.execute(
        f"select {keys}, old, new, total from {RESTATED} order by {keys}"
    ).fetchall()
    ratios = {m.name for m in statistic.measures if is_ratio(m.unit)}
    return compared, [_restated(statistic, ratios, row) for row in rows]


def has_breakdowns(statistic: Statistic, written: set[str]) -> bool:
    """Say whether a package has the breakdowns of today, by the columns of its cells."""
    return {name.upper() for name in key_names(statistic)} <= written


def _shows_by_others(cursor, statistic: Statistic, told: Told) -> bool:
    """Whether a package shows anything of a statistic by the breakdowns of today: there are no
    cells in common with what was given by others, so it stands in place of all of that.
    """
    carrier = carrier_of(cursor, statistic, told)
    if carrier is None:
        return False
    return cursor.execute(f"select count(*) from ({carrier.shown})").fetchone()[0] > 0


def load_given(cursor, told: Told) -> set[str]:
    """Load the cells of a package as the table `delivered_cells`; return its columns."""
    cursor.execute(
        "create or replace temp table delivered_cells as"
        " select * from read_csv($file, header = true, all_varchar = true, delim = ',',"
        " hive_partitioning = false)",
        {"file": glob.escape(str(told.file))},
    )
    return {row[0] for row in cursor.execute("describe delivered_cells").fetchall()}


def _all_of_them(cursor, told: Told, written: set[str]) -> tuple[int, list[Restated]]:
    fixed = ("REF_PERIOD", "MEASURE", "OBS_VALUE", "UNIT", "OBS_STATUS", "CONF_STATUS")
    codes = sorted(written - {*fixed, "COUNT_BASIS", "SNAPSHOT_DATE"})
    listed = "".join(f', "{name}"' for name in codes)
    rows = cursor.execute(
        f'select "REF_PERIOD", "MEASURE", cast("OBS_VALUE" as decimal(38, 6)){listed}'
        f" from delivered_cells where \"OBS_STATUS\" = '{SHOWN}' order by all"
    ).fetchall()
    found = []
    for period, measure, old, *values in rows:
        said = {
            name.lower(): code
            for name, code in zip(codes, values, strict=True)
            if code not in (TOTAL, None)
        }
        found.append(Restated(told.code, period, said, measure, old, None, None))
    return len(rows), found


def match(cursor, statistic: Statistic, told: Told) -> None:
    """Put both states of every cell that differs side by side, in the precision in which it was
    written, into the table `restated_cells`: ref_period, dimensions, measure, old, new, total.
    """
    names = ("ref_period", *statistic.dimension_names, "measure")
    keys = ", ".join(f'"{name}"' for name in names)
    theirs = ", ".join(f'"{name.upper()}" as "{name}"' for name in names)
    rounded = " ".join(
        f"when '{m.name}' then round(obs_value, {digits})"
        for m in statistic.measures
        if (digits := places(m.unit, m.decimals)) is not None
    )
    whole = {
        name: f"coalesce(bool_or(\"{name}\" = '{TOTAL}'), false)"
        for name in statistic.dimension_names
    }
    totals = "".join(f', {sql} as "total_{name}"' for name, sql in whole.items())
    at_total = "".join(
        f' and total."{name}" = case when axes."total_{name}" then \'{TOTAL}\''
        f' else held."{name}" end'
        for name in statistic.dimension_names
    )
    cursor.execute(
        f"""
        create or replace temp table {RESTATED} as
        with given as (
            select {theirs}, cast("OBS_VALUE" as decimal(38, 6)) as old, "OBS_STATUS" as status
            from delivered_cells
        ),
        today as (
            select {keys}, cast(case measure {rounded} else obs_value end as decimal(38, 6)) as new
            from {statistic.table} where list_contains($periods, ref_period)
        ),
        axes as (select measure, ref_period{totals} from today group by all),
        different as (
            select {keys}, given.old, today.new
            from given full join today using ({keys})
            where coalesce(given.status, '') <> '{HIDDEN}'
                and (given.status is not null or ({where_given(statistic, told)}))
                and (given.old is null) <> (today.new is null)
                or given.status = '{SHOWN}' and abs(given.old - today.new) > {_CLOSE}
        )
        select held.*, total.new as total
        from different as held
        left join axes using (measure, ref_period)
        left join today as total on total.measure = held.measure
            and total.ref_period = held.ref_period{at_total}""",
        {"periods": list(told.ref_periods)},
    )


def _restated(statistic: Statistic, ratios: set[str], row: tuple) -> Restated:
    period, *codes, measure, old, new, total = row
    said = {
        name: code
        for name, code in zip(statistic.dimension_names, codes, strict=True)
        if code != TOTAL
    }
    share = None
    if measure not in ratios and total:
        share = abs((new or Decimal(0)) - (old or Decimal(0))) / abs(total)
    return Restated(statistic.code, period, said, measure, old, new, share)
