"""Readable cross tables of a statistic, derived from its declared dimensions.

Belongs here: which tables a workbook shows, and their cells in rows and columns. Does not belong
here: how a sheet looks (writers/xlsx.py), or any figure: every number, totals included, is read
as it stands in the release.

Choice: block by block, each axis against the first one, everything else at its total. The first
axis goes across when it is short and there is one measure; with several measures those go across.
What has no total in a block (contributions and costs are never added) stands in each of its
tables. A part is shown with its whole (a category within its nature), a commune with its level. A
statistic may declare more (`cross_tables: [{rows: [sex, age_class], columns: nature}]`).
"""

from dataclasses import dataclass

from exports.catalogue import TOTAL, Block, Code, Measure, Statistic, order_of
from exports.units import unit_of

MAX_COLUMNS = 12


@dataclass(frozen=True)
class Layout:
    """What one table shows: dimension names down, one dimension (or the measures) across."""

    rows: tuple[str, ...]
    columns: str | None


@dataclass(frozen=True)
class Column:
    """One column of numbers: the code and the measure it holds."""

    code: str | None
    measure: Measure


@dataclass(frozen=True)
class CrossTable:
    """A table ready to be written; `rows` = (ref_period, codes…), values in column order."""

    statistic: Statistic
    layout: Layout
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], tuple], ...]

    def is_total(self, key: tuple[str, ...]) -> bool:
        """Say whether a row sums over the innermost dimension."""
        return len(key) > 1 and key[-1] == TOTAL


@dataclass(frozen=True)
class Seen:
    """What the cells say: `sizes` is the number of codes of each dimension, totals left out;
    `constants` the value of a dimension that has one only here (the year of a table of one year).
    """

    sizes: dict[str, int]
    constants: dict[str, str]


def look_at(cursor, statistic: Statistic, ref_periods: list[str]) -> Seen:
    """Look at the cells of `ref_periods`, in one query."""
    names = statistic.dimension_names
    if not names:
        return Seen({}, {})
    asked = ", ".join(
        f'min("{n}"), max("{n}"), count(distinct "{n}") filter (where "{n}" <> \'{TOTAL}\')'
        for n in names
    )
    row = cursor.execute(
        f"select {asked} from {statistic.table} where list_contains($periods, ref_period)",
        {"periods": ref_periods},
    ).fetchone()
    found = zip(names, row[::3], row[1::3], row[2::3], strict=True)
    sizes, constants = {}, {}
    for name, first, last, size in found:
        if first == last:
            constants[name] = first
        else:
            sizes[name] = size
    return Seen(sizes, constants)


def layouts(statistic: Statistic, seen: Seen) -> list[Layout]:
    """Return the tables of a statistic: those of its blocks, each once, then those it declares."""
    found = [layout for block in statistic.blocks for layout in _of_block(block, seen)]
    for asked in statistic.cross_tables:
        found.append(Layout(tuple(asked.get("rows") or ()), asked.get("columns")))
    return list(dict.fromkeys(found)) or [Layout((), None)]


def _of_block(block: Block, seen: Seen) -> list[Layout]:
    """Return the tables of one block; a dimension with one value here says nothing."""
    axes = [
        (tuple(name for name in axis.dimensions if name in seen.sizes), axis) for axis in block.axes
    ]
    axes = [(names, axis) for names, axis in axes if names]
    # The whole of an axis without a total is told in each table.
    always = tuple(names[0] for names, axis in axes if not axis.has_total)
    short = [
        names[0]
        for names, axis in axes
        if not axis.levels and axis.has_total and seen.sizes[names[0]] <= MAX_COLUMNS
    ]
    if not always and short and len(block.measures) == 1:
        across = short[0]
        # Parts of what would go across: side by side they would be mostly empty.
        return [Layout((), across)] + [
            Layout(names, None if across in names else across)
            for names, _ in axes
            if names != (across,)
        ]
    leading = always or tuple(short[:1]) or (axes[0][0][:1] if axes else ())
    return [Layout(leading, None)] + [
        Layout(tuple(dict.fromkeys(leading + names)), None) for names, _ in axes if names != leading
    ]


def build(
    cursor,
    statistic: Statistic,
    layout: Layout,
    ref_periods: list[str],
    codes: dict[str, dict[str, Code]],
    constants: dict[str, str] | None = None,
) -> CrossTable:
    """Read the cells of one table: rows in calendar and list order, the total before its parts."""
    shown = [*layout.rows, *([layout.columns] if layout.columns else [])]
    known = constants or {}
    fixed = {n: known.get(n, TOTAL) for n in statistic.dimension_names if n not in shown}
    where = "".join(f' and "{name}" = $fixed_{name}' for name in fixed)
    selected = "".join(f', "{name}"' for name in shown)
    found = cursor.execute(
        f"select ref_period{selected}, measure, obs_value from {statistic.table}"
        f" where list_contains($periods, ref_period){where}",
        {"periods": ref_periods, **{f"fixed_{name}": code for name, code in fixed.items()}},
    ).fetchall()

    depth = 1 + len(layout.rows)
    cells: dict[tuple[str, ...], dict[tuple[str | None, str], object]] = {}
    across: set[str] = set()
    for row in found:
        code = row[depth] if layout.columns else None
        if code is not None:
            across.add(code)
        cells.setdefault(row[:depth], {})[code, row[-2]] = row[-1]

    held_measures = {row[-2] for row in found}
    columns = _columns(statistic, layout, across, codes, held_measures)
    position = {ref: place for place, ref in enumerate(ref_periods)}
    lists = [codes[statistic.dimension(name).list_name] for name in layout.rows]

    def order(key: tuple[str, ...]) -> tuple:
        parts = zip(lists, key[1:], strict=True)
        return (position[key[0]], *(order_of(known, code) for known, code in parts))

    held = _held(cells)
    rows = tuple(
        (key, tuple(_value(key, cells[key], column, held) for column in columns))
        for key in sorted(cells, key=order)
    )
    return CrossTable(statistic, layout, columns, rows)


def _columns(
    statistic: Statistic,
    layout: Layout,
    across: set[str],
    codes: dict[str, dict[str, Code]],
    held: set[str],
) -> tuple[Column, ...]:
    # A block has some of the measures of its statistic.
    measures = [measure for measure in statistic.measures if measure.name in held]
    if not layout.columns:
        return tuple(Column(None, measure) for measure in measures)
    known = codes[statistic.dimension(layout.columns).list_name]
    ordered = sorted(across, key=lambda code: order_of(known, code))
    return tuple(Column(code, measure) for code in ordered for measure in measures)


def _held(cells: dict) -> set:
    """What the table holds: (rows but for their last code, place), and which measure varies by
    which dimension (number of the dimension, measure)."""
    parts = {(key[:-1], place) for key, row in cells.items() for place in row}
    varies = {
        (depth, measure)
        for key, row in cells.items()
        for depth, code in enumerate(key[1:], start=1)
        if code != TOTAL
        for _, measure in row
    }
    return parts | varies


def _value(key: tuple[str, ...], cells: dict, column: Column, held: set):
    """Return a cell; an absent one is 0 (no case) where it adds up, with two exceptions.

    A total that is absent though its parts are there was left out on purpose (natures have
    categories, the whole has not), and so is a measure that does not vary by a dimension (what is
    claimed by year of collection): both stay empty rather than say 0.
    """
    measure = column.measure.name
    place = (column.code, measure)
    value = cells.get(place)
    if value is not None or unit_of(column.measure.unit).kind == "ratio":
        return value
    if column.code == TOTAL or (key[-1] == TOTAL and (key[:-1], place) in held):
        return None
    depths = (depth for depth, code in enumerate(key[1:], start=1) if code != TOTAL)
    return 0 if all((depth, measure) in held for depth in depths) else None
