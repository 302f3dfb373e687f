"""Readable cross tables of a statistic, derived from its declared dimensions.

Belongs here: which tables a workbook shows, and their cells in rows and columns. Does not belong
here: how a sheet looks (writers/xlsx.py), or any figure: every number, totals included, is read
as it stands in the release.

Choice: each dimension against the first one, everything else at its total. The first dimension
goes across when it is short and there is one measure; with several measures those go across. A
dimension that has no meaning without another (a category within its nature, a commune within its
level of residence) is shown with it; which ones is seen in the table itself. A statistic may
declare more (`cross_tables: [{rows: [sex, age_class], columns: nature}]`).
"""

from dataclasses import dataclass

from exports.catalogue import TOTAL, Code, Measure, Statistic, order_of
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
class Structure:
    """What the cells say about the dimensions of a statistic.

    `sizes`: number of codes (totals left out), of the dimensions that say something. `parents`:
    the dimensions that are never at their total where this one is not, coarsest first. `levels`:
    dimensions that only say at which level another one is (region, commune …). `constants`: the
    value of a dimension that has one value only here (the year of a table of one year).
    """

    sizes: dict[str, int]
    parents: dict[str, tuple[str, ...]]
    levels: frozenset[str]
    constants: dict[str, str]


def structure(cursor, statistic: Statistic, ref_periods: list[str]) -> Structure:
    """Look at the cells of `ref_periods`: two queries, whatever the number of dimensions."""
    table = f"from {statistic.table} where list_contains($periods, ref_period)"
    known = {"periods": ref_periods}
    declared = statistic.dimension_names
    if not declared:
        return Structure({}, {}, frozenset(), {})
    ends = ", ".join(f'min("{n}"), max("{n}")' for n in declared)
    row = cursor.execute(f"select {ends} {table}", known).fetchone()
    first_last = dict(zip(declared, zip(row[::2], row[1::2], strict=True), strict=True))
    constants = {n: first for n, (first, last) in first_last.items() if first == last}
    names = [name for name in declared if name not in constants]
    if not names:
        return Structure({}, {}, frozenset(), constants)

    pairs = [(child, other) for child in names for other in names if child != other]
    counts = [f'count(distinct "{n}") filter (where "{n}" <> \'{TOTAL}\')' for n in names]
    alone = [
        f"coalesce(bool_or(\"{child}\" <> '{TOTAL}' and \"{other}\" = '{TOTAL}'), false)"
        for child, other in pairs
    ]
    row = cursor.execute(f"select {', '.join(counts + alone)} {table}", known).fetchone()
    sizes = dict(zip(names, row[: len(names)], strict=True))
    bound = {pair for pair, free in zip(pairs, row[len(names) :], strict=True) if not free}

    def coarser(one: str, than: str) -> bool:
        """Of two dimensions bound to each other the one with fewer codes is the level."""
        if (than, one) not in bound:
            return False
        if (one, than) not in bound:
            return True
        return (sizes[one], names.index(one)) < (sizes[than], names.index(than))

    parents = {
        child: tuple(
            sorted((o for o in names if o != child and coarser(o, child)), key=names.index)
        )
        for child in names
    }
    levels = frozenset(one for one, than in bound if (than, one) in bound and coarser(one, than))
    return Structure(sizes, parents, levels, constants)


def layouts(statistic: Statistic, seen: Structure) -> list[Layout]:
    """Return the tables of a statistic, the derived ones before those it declares."""
    names = list(seen.sizes)
    if not names:
        return [Layout((), None)]
    across = next((n for n in names if _may_go_across(n, seen)), None)
    several = len(statistic.measures) > 1
    found = []
    if several or across is None:
        leading = across or names[0]
        found.append(Layout(_with_parents((leading,), seen), None))
        for name in names:
            if name != leading and name not in seen.levels:
                found.append(Layout(_with_parents((leading, name), seen), None))
    else:
        found.append(Layout((), across))
        for name in names:
            if name == across or name in seen.levels:
                continue
            rows = _with_parents((name,), seen)
            # Parts of the dimension that would go across: side by side they would be mostly empty.
            found.append(Layout(rows, None if across in rows else across))
    for asked in statistic.cross_tables:
        found.append(Layout(tuple(asked.get("rows") or ()), asked.get("columns")))
    return list(dict.fromkeys(found))


def _may_go_across(name: str, seen: Structure) -> bool:
    short = seen.sizes[name] <= MAX_COLUMNS
    return short and not seen.parents[name] and name not in seen.levels


def _with_parents(shown: tuple[str, ...], seen: Structure) -> tuple[str, ...]:
    wanted: list[str] = []
    for name in shown:
        wanted += [*seen.parents.get(name, ()), name]
    return tuple(dict.fromkeys(wanted))


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

    columns = _columns(statistic, layout, across, codes)
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
    statistic: Statistic, layout: Layout, across: set[str], codes: dict[str, dict[str, Code]]
) -> tuple[Column, ...]:
    if not layout.columns:
        return tuple(Column(None, measure) for measure in statistic.measures)
    known = codes[statistic.dimension(layout.columns).list_name]
    ordered = sorted(across, key=lambda code: order_of(known, code))
    return tuple(Column(code, measure) for code in ordered for measure in statistic.measures)


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
