"""Readable tables of a statistic: one for each block and frequency, its cells in rows.

Belongs here: which tables a workbook shows, and their cells: a row for each combination of codes,
a column for each measure. Does not belong here: how a sheet looks (writers), which cells may be
seen (cells.py), or any figure: every number, totals included, stands in the release.

A table never mixes frequencies: a year beside its quarters would be counted twice by whoever adds
up the column.
"""

from dataclasses import dataclass
from typing import NamedTuple

from exports.catalogue import TOTAL, Axis, Block, Code, Dimension, Measure, Statistic, order_of
from exports.cells import Cells
from exports.periods import frequency
from exports.signs import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, is_ratio, status_sql, value_sql

FREQUENCIES = ("year", "quarter", "month")


class Shown(NamedTuple):
    """One cell as its reader gets it: a value, or none and the status that says why."""

    value: object
    obs_status: str
    conf_status: str


class Row(NamedTuple):
    """The cells of one combination of codes, one for each measure of the table. `is_total`: every
    breakdown that has a total is at it.
    """

    ref_period: str
    codes: tuple[str, ...]
    cells: tuple[Shown, ...]
    is_total: bool


@dataclass(frozen=True)
class BlockTable:
    """One block of a statistic at one frequency."""

    statistic: Statistic
    block: Block
    frequency: str
    ref_periods: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """Return the statuses other than a value that occur, in the order of the legend."""
        found = {cell.obs_status for row in self.rows for cell in row.cells if cell.value is None}
        return tuple(s for s in (HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE) if s in found)

    @property
    def hidden(self) -> int:
        """Return the number of cells that are not shown on purpose."""
        return sum(cell.obs_status == HIDDEN for row in self.rows for cell in row.cells)


def blocks_of(statistic: Statistic) -> tuple[Block, ...]:
    """Return the declared blocks; one of everything where a statistic declares none."""
    if statistic.blocks:
        return statistic.blocks
    axes = tuple(Axis((name,)) for name in statistic.dimension_names)
    return (Block(statistic.code, FREQUENCIES, axes, tuple(m.name for m in statistic.measures)),)


def tables_of(
    cursor,
    statistic: Statistic,
    cells: Cells,
    ref_periods: list[str],
    codes: dict[str, dict[str, Code]],
) -> tuple[BlockTable, ...]:
    """Return the tables of `ref_periods`, block by block, without the blocks that are left out."""
    left_out = {(left.block, left.frequency) for left in cells.left_out}
    free = cursor.execute(
        f"select max(conf_status) from {cells.table} where obs_status <> '{HIDDEN}'"
    ).fetchone()[0]
    found = []
    for block in blocks_of(statistic):
        if (block.name, "") in left_out:
            continue
        for one in FREQUENCIES:
            periods = [ref for ref in ref_periods if frequency(ref) == one]
            if periods and one in held_frequencies(block) and (block.name, one) not in left_out:
                table = _table(cursor, statistic, block, cells, one, periods, codes, free)
                if table.rows:
                    found.append(table)
    return tuple(found)


def held_frequencies(block: Block) -> set[str]:
    """Return the frequencies of the periods of a block; a contribution year is one like others."""
    return {"year" if one == "contribution_year" else one for one in block.frequencies}


def where_block(statistic: Statistic, block: Block) -> str:
    """SQL that keeps the cells of a block: what is no axis of it stands at its total."""
    tests = [
        f"\"{name}\" = '{TOTAL}'"
        for name in statistic.dimension_names
        if name not in block.dimension_names
    ]
    for axis in block.axes:
        whole = axis.dimensions[0]
        if axis.levels:
            levels = ", ".join(f"'{level}'" for level in (TOTAL, *axis.levels))
            tests.append(f'"{whole}" in ({levels})')
        elif not axis.has_total:
            tests.append(f"\"{whole}\" <> '{TOTAL}'")
    measures = ", ".join(f"'{name}'" for name in block.measures)
    return " and ".join([f"measure in ({measures})", *tests])


def _table(
    cursor,
    statistic: Statistic,
    block: Block,
    cells: Cells,
    one: str,
    ref_periods: list[str],
    codes: dict[str, dict[str, Code]],
    free: str | None,
) -> BlockTable:
    measures = tuple(m for m in statistic.measures if m.name in block.measures)
    names = list(block.dimension_names)
    keys = ", ".join(f'"{name}"' for name in ("ref_period", *names))
    picked = ", ".join(
        f"max({column}) filter (where measure = '{measure.name}')"
        for measure in measures
        for column in ("shown", "status", "conf_status")
    )
    found = cursor.execute(
        f"""
        select {keys}, {picked}
        from (
            select *, {value_sql()} as shown, {status_sql(statistic)} as status
            from {cells.table}
            where list_contains($periods, ref_period) and {where_block(statistic, block)}
        )
        group by {keys}""",
        {"periods": ref_periods},
    ).fetchall()

    # What repeats the period in every row (the contribution year) says nothing.
    depth = 1 + len(names)
    kept = [place for place in range(1, depth) if any(row[place] != row[0] for row in found)]
    dimensions = tuple(statistic.dimension(names[place - 1]) for place in kept)
    lists = [codes[dimension.list_name] for dimension in dimensions]
    position = {ref: place for place, ref in enumerate(ref_periods)}

    never_total = {axis.dimensions[0] for axis in block.axes if not axis.has_total}
    totalled = [at for at, one in enumerate(dimensions) if one.name not in never_total]

    rows = []
    for row in found:
        held = [Shown(*row[at : at + 3]) for at in range(depth, len(row), 3)]
        shown = tuple(row[place] for place in kept)
        is_total = all(shown[at] == TOTAL for at in totalled)
        at = dict(zip(names, row[1:depth], strict=True))
        rows.append(Row(row[0], shown, tuple(_filled(held, measures, at, free)), is_total))
    rows.sort(key=lambda row: (position[row.ref_period], *map(order_of, lists, row.codes)))
    return BlockTable(statistic, block, one, tuple(ref_periods), dimensions, measures, tuple(rows))


def _filled(
    held: list[Shown], measures: tuple[Measure, ...], codes: dict[str, str], free: str | None
) -> list[Shown]:
    """Give a status to what has no cell. A rate of which the base is hidden is hidden too: that it
    does not exist would tell that its base is 0. What never exists at these codes tells nothing.
    `free`: confidentiality of what is not hidden.
    """
    by_name = {m.name: cell for m, cell in zip(measures, held, strict=True)}
    conf = next(cell.conf_status for cell in held if cell.obs_status)
    filled = []
    for measure, cell in zip(measures, held, strict=True):
        if cell.obs_status:
            filled.append(cell)
            continue
        # A base that is no measure of the block lies behind all of them.
        bases = [by_name[measure.denominator]] if measure.denominator in by_name else held
        hidden = next((base for base in bases if base.obs_status == HIDDEN), None)
        if not measure.exists_at(codes):
            filled.append(Shown(None, NOT_APPLICABLE, free or conf))
        elif not is_ratio(measure.unit):
            filled.append(Shown(None, NOT_AVAILABLE, conf))
        else:
            filled.append(hidden or Shown(None, NOT_APPLICABLE, conf))
    return filled
