"""Whether parts add up to their totals: over every axis of every block, level by level, and over
months, quarters and years where the figures are flows (rule S13).

Belongs here: rules V10 (what is shown) and V11 (what the release holds). Does not belong here:
equations that a statistic declares between its measures (coherence, protection).

A distinct count has no equation: its total is at least the largest part and at most their sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exports.catalogue import TOTAL, Axis, Block
from exports.periods import frequency
from exports.signs import is_ratio
from exports.tables import held_frequencies
from exports.validation.rule import Result
from exports.validation.view import View, where_given

_CENT = "0.0001"


@dataclass(frozen=True)
class _Sum:
    """Rows `where` (SQL) of the same `kept` columns: those where `is_total` (SQL) is true are what
    the others add up to.
    """

    where: str
    kept: tuple[str, ...]
    is_total: str


def shown(view: View, settings: Mapping) -> Result:
    """Wherever a total and all its parts are shown, they add up."""
    return _summed(view, settings, "shown")


def held(view: View, settings: Mapping) -> Result:
    """In the release they add up everywhere."""
    return _summed(view, settings, "held")


def _summed(view: View, settings: Mapping, value: str) -> Result:
    looked_at, failed, example = 0, 0, ""
    exact = {m.name for m in view.statistic.measures if m.additive and not is_ratio(m.unit)}
    distinct = {m.name for m in view.statistic.measures if not m.additive and not is_ratio(m.unit)}
    never = (settings.get("not_added") or {}).get(view.code, ())
    for one in _sums(view, never):
        row = view.cursor.execute(_query(view, one, value, exact, distinct)).fetchone()
        looked_at += row[0]
        failed += row[1]
        example = example or row[2] or ""
    return Result(looked_at, failed, example)


def _query(view: View, one: _Sum, value: str, exact: set[str], distinct: set[str]) -> str:
    kept = ", ".join(one.kept)
    listed = ", ".join(f"'{name}'" for name in sorted(exact | distinct))
    additive = ", ".join(f"'{name}'" for name in sorted(exact)) or "''"
    return f"""
        with groups as (
            select concat_ws(' ', '{view.code}', {kept}) as cell, measure,
                sum({value}) filter (where {one.is_total}) as total,
                sum({value}) filter (where not ({one.is_total})) as parts,
                max({value}) filter (where not ({one.is_total})) as largest,
                bool_and({value} is not null) as is_whole
            from {view.table}
            where {one.where} and measure in ({listed or "''"})
            group by measure, {kept}
        ),
        judged as (
            select *, case when measure in ({additive}) then abs(total - parts) > {_CENT}
                else total > parts + {_CENT} or total < largest - {_CENT} end as is_wrong
            from groups where is_whole and total is not null and parts is not null
        )
        select count(*), count(*) filter (where is_wrong), min(cell) filter (where is_wrong)
        from judged"""


def _sums(view: View, never: tuple[str, ...]) -> Iterator[_Sum]:
    for block, periods in view.given():
        inside = where_given(view.statistic, block, periods)
        names = [f'"{name}"' for name in ("ref_period", "measure", *block.dimension_names)]
        for axis in block.axes:
            for where, over in _parts_of(axis):
                # `over`: the columns that differ from part to part; a level says nothing by itself.
                kept = tuple(name for name in names if name not in over)
                yield _Sum(f"{inside} and {where}", kept, f"{over[-1]} = '{TOTAL}'")
        yield from _over_periods(view, block, periods, never)


def _parts_of(axis: Axis) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What adds up along an axis: which rows, and the columns that differ."""
    columns = tuple(f'"{name}"' for name in axis.dimensions)
    if axis.levels:
        for level in axis.levels:
            yield f"{columns[0]} in ('{TOTAL}', '{level}')", columns
        return
    if len(columns) > 1:
        yield f"{columns[0]} <> '{TOTAL}'", columns[1:]
    if axis.has_total:
        yield (f"{columns[1]} = '{TOTAL}'" if len(columns) > 1 else "true"), columns[:1]


def _over_periods(
    view: View, block: Block, periods: list[str], never: tuple[str, ...]
) -> Iterator[_Sum]:
    """Months to their quarter, quarters to their year."""
    often = held_frequencies(block)
    names = [f'"{name}"' for name in block.dimension_names]
    flows = [
        measure.name
        for measure in view.statistic.measures
        if measure.name in block.measures
        and measure.additive
        and measure.name not in never
        and not is_ratio(measure.unit)
        and not measure.basis_of(view.part.main_period).startswith("stock")
    ]
    for coarse, fine in (("quarter", "month"), ("year", "quarter")):
        wholes = [ref for ref in periods if frequency(ref) == coarse]
        parts = [ref for ref in periods if frequency(ref) == fine]
        if not (flows and wholes and parts and {coarse, fine} <= often):
            continue
        measures = ", ".join(f"'{name}'" for name in flows)
        width = len(wholes[0])
        yield _Sum(
            f"{where_given(view.statistic, block, [*wholes, *parts])} and measure in ({measures})",
            (_WHOLE[coarse], "measure", *names),
            f"length(ref_period) = {width}",
        )


_WHOLE = {
    "year": "left(ref_period, 4)",
    "quarter": "case when length(ref_period) = 7 then left(ref_period, 4) || 'Q'"
    " || ((cast(right(ref_period, 2) as integer) + 2) // 3) else ref_period end",
}
