"""The cells of a delivered package beside those of a release: which are not what they were.

Belongs here: every cell whose value was given and is another one today, or is not there any more,
and cells of what was given that were not there then (nobody was in them). Does not belong here: why
(reasons.py), cells that were hidden: their value was never told.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass
from decimal import Decimal

from exports.catalogue import TOTAL, Statistic
from exports.periods import frequency
from exports.restatement.delivered import Told
from exports.signs import HIDDEN, SHOWN, is_ratio
from exports.tables import blocks_of, held_frequencies, where_block
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


def compare(cursor, statistic: Statistic, told: Told) -> tuple[int, list[Restated]]:
    """Return how many given cells were compared, and those that are different today.

    A statistic whose breakdowns are others today has no cells in common: every given one differs.
    """
    _load(cursor, told)
    written = {row[0] for row in cursor.execute("describe delivered_cells").fetchall()}
    names = ("ref_period", *statistic.dimension_names, "measure")
    if not {name.upper() for name in names} <= written:
        return _all_of_them(cursor, told, written)
    _match(cursor, statistic, told)
    (compared,) = cursor.execute(
        f"select count(*) from delivered_cells where \"OBS_STATUS\" = '{SHOWN}'"
    ).fetchone()
    keys = ", ".join(f'"{name}"' for name in names)
    rows = cursor.execute(
        f"select {keys}, old, new, total from restated_cells order by {keys}"
    ).fetchall()
    ratios = {m.name for m in statistic.measures if is_ratio(m.unit)}
    return compared, [_restated(statistic, ratios, row) for row in rows]


def _load(cursor, told: Told) -> None:
    cursor.execute(
        "create or replace temp table delivered_cells as"
        " select * from read_csv($file, header = true, all_varchar = true, delim = ',',"
        " hive_partitioning = false)",
        {"file": glob.escape(str(told.file))},
    )


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


def _match(cursor, statistic: Statistic, told: Told) -> None:
    """Put both states of every cell side by side, in the precision in which it was written."""
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
        create or replace temp table restated_cells as
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
                and (given.status is not null or ({_given_blocks(statistic, told)}))
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


def _given_blocks(statistic: Statistic, told: Told) -> str:
    """SQL that keeps the cells of the blocks that the package gave."""
    tests = []
    for block in blocks_of(statistic):
        periods = [
            ref
            for ref in told.ref_periods
            if frequency(ref) in held_frequencies(block)
            and not {(block.name, ""), (block.name, frequency(ref))} & told.left_out
        ]
        if periods:
            listed = ", ".join(f"'{period}'" for period in periods)
            tests.append(f"(ref_period in ({listed}) and {where_block(statistic, block)})")
    return " or ".join(tests) or "false"


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
