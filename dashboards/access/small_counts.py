"""Marts in which small counts stay small: cells of too few persons are merged before anybody asks.

Belongs here: the SQL that makes a protected mart. Does not belong here: what one is declared to be
(cells.py), which marts there are (access.yaml), who gets them (person.py), statistics that leave
the house (exports.disclosure).

A mart is cut into atoms of at least `threshold` persons, once, before any filter; a view of a page
is a sum of whole atoms, and so is the difference of two views. Within a period a cell of fewer
persons is merged with the other small ones along the last dimension; while the merged one is still
too small, with the smallest shown cell at that level; then along the dimension before. What is
still too small when the dimensions are used up is left out. Persons are added only along
dimensions in which nobody stands twice; along others the largest count is taken, which is never
more than there are.

What counts persons of a kind inside an atom (refused, late, exempt) may be one or two of them. Such
columns are told in steps of the threshold: what rounding leaves of an atom is carried to the next
one, so that sums stay within one step of the truth, nothing stays nothing, and a total that is
known from elsewhere gives no part back. Decision 017.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dashboards.access.cells import Cells
from dashboards.access.shares import as_minimum

#: The code of what was merged, in every dimension.
FEW = "_few"


def statements(
    cells: Cells, threshold: int, made: str, *, is_coarse: bool = False
) -> Iterator[str]:
    """Yield the SQL that makes the protected mart as table `made`, in order, and beside it
    `<made>_told` (merged, left_out: how many cells). The release is the database `whole`.
    `is_coarse`: amounts are thousands of euros, so that the same cell of another release beside it
    does not give the amount of the one person who came between.

    What is made on the way are temporary tables: `mart` (its rows, periods numbered, labels o0 …),
    `atom` (labels of each cell, and what they are by now: d0 …), `current` (merged cells).
    """
    count = len(cells.dimensions)
    yield f"create or replace temp table mart as {_rows(cells)}"
    yield f"create or replace temp table part as {_parts(cells)}"
    now = ", ".join(f"o{n} as d{n}" for n in range(count))
    persons = ", ".join(cells.persons)
    small = _too_small(cells.persons, threshold)
    yield (
        "create or replace temp table atom as"
        f" select period_id, {_each('o{}', count)}, {now} from part"
    )
    yield (
        "create or replace temp table current as"
        f" select period_id, {now}, {persons}, {small} as is_small from part"
    )
    for level in reversed(range(count)):
        yield from _merge(cells, level, "is_small", threshold)
        yield _partners(cells, level, threshold)
        joins = "exists (from partner where partner.cell_id = current.rowid)"
        # The partner and the merged cell that waits for it are one now.
        yield from _merge(cells, level, f"is_small or {joins}", threshold)
    if cells.margin:
        # One part left out is the total less the others: then none of that period is shown.
        yield (
            "update current set is_small = true"
            " where period_id in (select period_id from current where is_small)"
        )
    yield f"create or replace table {made} as {_protected(cells, threshold, is_coarse)}"
    yield f"create or replace table {made}_told as {_told(count)}"


def _each(form: str, count: int) -> str:
    return ", ".join(form.format(n) for n in range(count))


def _label(column: str) -> str:
    """No code is a code like others."""
    return f"coalesce(cast({column} as varchar), '')"


def _rows(cells: Cells) -> str:
    """The rows of the mart that are cut, with the number of their period and their labels."""
    source = f"whole.{cells.table}"
    replaced = ", ".join(f"{made} as {column}" for column, made in cells.rounded.items())
    rows = f"select * {f'replace ({replaced})' if replaced else ''} from {source}"
    if cells.margin:
        column, total = cells.margin
        rows += f" where {column} <> '{total}' union all by name {_rest(cells, source)}"
    periods = ", ".join(f"{column} nulls first" for column in cells.period) or "1"
    labels = ", ".join(f"{_label(d)} as o{n}" for n, d in enumerate(cells.dimensions))
    return f"select *, dense_rank() over (order by {periods}) as period_id, {labels} from ({rows})"


def _rest(cells: Cells, source: str) -> str:
    """What belongs to no part: the total less all of them."""
    column, total = cells.margin
    keys = [*cells.period, *cells.along, *(d for d in cells.dimensions if d != column)]
    sums = (
        f"sum(case when {column} = '{total}' then {name} else -{name} end) as {name}"
        for name in cells.sums
    )
    there = " or ".join(f"{name} <> 0" for name in cells.sums)
    return f"""
        select {", ".join(keys)}, '' as {column}, {", ".join(sums)}
        from {source} group by all having {there}
    """


def _parts(cells: Cells) -> str:
    """One row per period and codes, with the persons in it. Several rows of one cell (ages of a
    cohort, quarters of a year) may hold the same persons.
    """
    count = len(cells.dimensions)
    keys = f"period_id, {_each('o{}', count)}"
    counted = ", ".join(f"max({made}) as {name}" for name, made in cells.persons.items())
    if not cells.persons_of:
        return f"select {keys}, {counted} from mart group by all"
    # A cell of which no person is found counts none, and is too small.
    same = [f"mart.{c} is not distinct from found.{c}" for c in cells.period]
    same += [f"mart.o{n} = {_label(f'found.{d}')}" for n, d in enumerate(cells.dimensions)]
    counted = ", ".join(
        f"coalesce(max({made}), 0) as {name}" for name, made in cells.persons.items()
    )
    return f"""
        select {keys}, {counted} from mart left join ({cells.persons_of}) as found
        on {" and ".join(same)} group by all
    """


def _too_small(counts: Iterable[str], threshold: int) -> str:
    """Whether a cell is too small: a count between nothing and the threshold, or no person."""
    counts = list(counts)
    few = " or ".join(f"({count} <> 0 and {count} < {threshold})" for count in counts)
    return f"({few} or ({' and '.join(f'{count} = 0' for count in counts)}))"


def _apart(cells: Cells, level: int, name: str) -> bool:
    """Whether cells that differ from this dimension on have no person of a count in common."""
    return set(cells.dimensions[level:]) <= set(cells.disjoint.get(name, ()))


def _merge(cells: Cells, level: int, which: str, threshold: int) -> Iterator[str]:
    """Make one cell of those of a group (the same period and labels before `level`) of which
    `which` holds.
    """
    count = len(cells.dimensions)
    labels = ", ".join(
        f"case when {which} then '{FEW}' else d{n} end as n{n}" if n >= level else f"d{n} as n{n}"
        for n in range(count)
    )
    yield f"create or replace temp table step as select *, {labels} from current"
    same = " and ".join(f"atom.d{n} = step.d{n}" for n in range(count))
    yield f"""create or replace temp table atom as
        select atom.period_id, {_each("atom.o{0}", count)}, {_each("step.n{0} as d{0}", count)}
        from atom inner join step on atom.period_id = step.period_id and {same}"""
    merged = ", ".join(
        f"{'sum' if _apart(cells, level, name) else 'max'}({name}) as {name}"
        for name in cells.persons
    )
    yield f"""create or replace temp table current as
        select *, {_too_small(cells.persons, threshold)} as is_small
        from (select period_id, {_each("n{0} as d{0}", count)}, {merged} from step group by all)"""


def _partners(cells: Cells, level: int, threshold: int) -> str:
    """Of each group whose merged cell is still too small: the smallest other one that makes it
    large enough.
    """
    together = [
        f"(few.{name} + shown.{name})"
        if _apart(cells, level, name)
        else f"greatest(few.{name}, shown.{name})"
        for name in cells.persons
    ]
    group = ["few.period_id", *(f"few.d{n}" for n in range(level))]
    same = " and ".join(f"{column} = {column.replace('few', 'shown')}" for column in group)
    first = next(iter(cells.persons))
    smallest = f"shown.{first}, {_each('shown.d{}', len(cells.dimensions))}"
    return f"""create or replace temp table partner as
        select shown.cell_id
        from (from current where is_small) as few
        inner join (select rowid as cell_id, * from current where not is_small) as shown on {same}
        where not {_too_small(together, threshold)}
        qualify row_number() over (partition by {", ".join(group)} order by {smallest}) = 1"""


def _protected(cells: Cells, threshold: int, is_coarse: bool) -> str:
    """The mart by atoms: what adds up, what follows from it; what a merged cell has no more is
    empty.
    """
    count = len(cells.dimensions)
    columns = [
        *(f"m.{column}" for column in (*cells.period, *cells.along)),
        *(f"nullif(atom.d{n}, '') as {name}" for n, name in enumerate(cells.dimensions)),
        *(_sum(cells, column) for column in cells.sums),
        *(f"case when count(*) = 1 then any_value(m.{c}) end as {c}" for c in cells.kept),
        *(f"{made} as {column}" for column, made in cells.aggregates.items()),
    ]
    atoms = f"""
        select {", ".join(columns)}
        from mart as m
        inner join atom on m.period_id = atom.period_id and {_same("m.o", "atom.o", count)}
        inner join current
            on current.period_id = atom.period_id and {_same("current.d", "atom.d", count)}
            and not current.is_small
        group by all
    """
    if cells.margin:
        column, total = cells.margin
        enough = _too_small(cells.persons.values(), threshold)
        plain = ", ".join(sorted(cells.columns - set(cells.derived)))
        atoms = f"""
            select * from ({atoms}) where {column} is not null
            union all by name
            select {plain} from whole.{cells.table} where {column} = '{total}' and not {enough}
        """
    if cells.parts:
        atoms = f"select * replace ({', '.join(_stepped(cells, threshold))}) from ({atoms})"
    if cells.shares:
        atoms = as_minimum(cells, atoms, threshold)
    if is_coarse and cells.amounts:
        # What follows from amounts (rates) follows from these.
        coarse = ", ".join(
            f"cast(round({c}, -3) as decimal(18, 2)) as {c}" for c in sorted(cells.amounts)
        )
        atoms = f"select * replace ({coarse}) from ({atoms})"
    derived = "".join(f", {made} as {column}" for column, made in cells.derived.items())
    return f"select *{derived} from ({atoms})"


def _sum(cells: Cells, column: str) -> str:
    """Sums keep their kind: money is decimal, a count is whole."""
    kind = "decimal(18, 2)" if column in cells.decimals else "bigint"
    return f"sum(m.{column})::{kind} as {column}"


def _stepped(cells: Cells, threshold: int) -> Iterator[str]:
    """Each column of `parts` in steps of the threshold, each whole as the sum of its own."""
    order = ", ".join((*cells.period, *cells.along, *cells.dimensions))

    def told(counted: str) -> str:
        so_far = f"sum({counted}) over (order by {order} rows unbounded preceding)"
        steps = f"round({so_far} / {threshold}) - round(({so_far} - ({counted})) / {threshold})"
        return f"{threshold} * ({steps})"

    for whole, parts in cells.parts.items():
        for part in parts:
            yield f"cast({told(part)} as bigint) as {part}"
        left = " - ".join((whole, *parts))
        yield f"cast({' + '.join(told(one) for one in (*parts, left))} as bigint) as {whole}"


def _same(left: str, right: str, count: int) -> str:
    return " and ".join(f"{left}{n} = {right}{n}" for n in range(count))


def _told(count: int) -> str:
    changed = " or ".join(f"atom.o{n} <> atom.d{n}" for n in range(count))
    return f"""
        select count(*) filter (where not current.is_small and ({changed})) as merged,
            count(*) filter (where current.is_small) as left_out
        from atom inner join current
            on current.period_id = atom.period_id and {_same("current.d", "atom.d", count)}
    """
