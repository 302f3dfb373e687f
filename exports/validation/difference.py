"""Whether what changed since an earlier package is about few people.

Belongs here: rules V32 and V33. Does not belong here: what follows from shown and hidden cells of
both (protection/former.py proves that); V32 is about who has moved between two shown values, V33
asks whether the proof had what it needs.

One dossier that was corrected is seen at once by whoever subtracts two tables: every cell it left
or entered moves, and those cells together describe it. Who is behind a change, a release does not
hold; but what it holds of contributors (rule S5) bounds from below how many people changed:

- in a cell of a count of contributors, as many as it moved by;
- in any other cell one; where the release of the earlier package stands too, as many as its number
  of contributors moved by, and no fewer than the change takes if each of them changed by as much as
  anybody contributes: of a count of things (charges, quarters, requests) the largest contribution
  of then or now, of an amount, which may change its sign, both together;
- in cells of one breakdown of which nobody is in two (their contributors add up to those of the
  total) half of all cells together: who moves leaves one and enters one. Otherwise the largest of
  them: one debtor who pays has charges in many.

A mean or a rate counts as one, unless the cell shows what it is taken of: then these are judged.

Each measure and period is judged on its own, as is each code of a breakdown that is never added up:
eight who changed in one respect do not hide the one who changed in another. Nor do those who moved
from cell to cell hide who paid and stayed: of an amount or a count of things, the cells whose
contributors are as many as before are judged apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from exports.catalogue import TOTAL, Statistic
from exports.days import day
from exports.note.changes import Package, known_packages, load_package
from exports.protection.former import Former, read_former
from exports.protection.packages import read_packages
from exports.signs import SHOWN
from exports.units import unit_of
from exports.validation.rule import Result
from exports.validation.view import View


def few(view: View, _: Mapping) -> Result:
    """Nothing changed since any earlier package, or for as many people as a cell must have."""
    profile = view.contents.profile
    looked_at = 0
    if not profile.protects:
        return Result(0)
    threshold = profile.count_threshold
    if view.statistic.is_health_related:
        threshold = max(threshold, profile.health_threshold)
    for package in _compared(view):
        query = _few(view, _former(view, package))
        cells, failing, example = view.cursor.execute(query, {"least": threshold}).fetchone()
        looked_at += cells
        if failing:
            return Result(looked_at, failing, example)
    return Result(looked_at)


def standing(view: View, _: Mapping) -> Result:
    """Of each earlier package that has other values today, the release stands: what it hid could be
    protected together with what this one hides.
    """
    if not view.contents.profile.protects:
        return Result(0)
    looked_at, gone = 0, []
    for package in _compared(view):
        anything = f"with {_both(view, None)} select count(*) from both_ where moved > 0"
        if not view.cursor.execute(anything).fetchone()[0]:
            continue
        looked_at += 1
        if _read_former(view, package) is None:
            gone.append(f"{view.code} {day(package.business_date, view.contents.lang)}")
    return Result(looked_at, len(gone), gone[0] if gone else "")


def _compared(view: View) -> Iterator[Package]:
    """Give the earlier packages that tell of the same cells, each loaded while it is looked at."""
    for package in known_packages(view.part, view.contents, view.earlier):
        load_package(view.cursor, package)
        columns = {row[0] for row in view.cursor.execute("describe earlier_answer").fetchall()}
        if {name.strip('"').upper() for name in view.keys} <= columns:
            yield package


def _read_former(view: View, package: Package) -> list[Former] | None:
    """Read the release of an earlier package; None where it does not stand any more."""
    asked = [(view.statistic, list(view.part.ref_periods))]
    told = read_packages([package.file.parent], view.contents.profile, view.contents.lang)
    return read_former(view.cursor, asked, told) or None


def _former(view: View, package: Package) -> str | None:
    """Return the table of the former cells of a package; None where it is not to be had."""
    for one in _read_former(view, package) or ():
        same_names = set(one.statistic.dimension_names) == set(view.statistic.dimension_names)
        if one.of == view.code and same_names:
            return one.statistic.table
    return None


def _both(view: View, former: str | None) -> str:
    """SQL: the cells that both show, by how much they moved, who contributed then (nobody knows
    without the `former` cells), and whether they are `told` by others: a ratio of which the same
    cell shows the numerator and the denominator, then and now.
    """
    joined = " and ".join(
        f'now.{name} = theirs."{name.strip(chr(34)).upper()}"' for name in view.keys
    )
    names = ", ".join(f'now."{name}"' for name in ("ref_period", *view.statistic.dimension_names))
    told = " or ".join(
        f"(now.measure = '{m.name}' and count(*) filter"
        f" (where now.measure in ('{m.numerator}', '{m.denominator}')) over beside = 2)"
        for m in view.statistic.measures
        if m.numerator and m.denominator
    )
    then, beside = "false as is_known, null as contributors_then, null as largest_then", ""
    if former:
        then = (
            "former.ref_period is not null as is_known,"
            " coalesce(former.contributors, 0) as contributors_then,"
            " coalesce(former.largest_contribution, 0) as largest_then"
        )
        same = " and ".join(f"now.{name} = former.{name}" for name in view.keys)
        beside = f"left join {former} as former on {same}"
    return f"""
        both_ as (
            select now.*, {told or "false"} as told,
                abs(cast(now.shown as decimal(38, 6)) - cast(theirs."OBS_VALUE" as decimal(38, 6)))
                    as moved,
                {then}
            from (select *, {view.in_words} as cell from {view.table}) as now
            inner join earlier_answer as theirs on {joined}
            {beside}
            where now.shown is not null and theirs."OBS_STATUS" = '{SHOWN}'
            window beside as (partition by {names})
        )"""


def _few(view: View, former: str | None) -> str:
    """SQL: cells that both show, those that moved for fewer than `$least` people, one of these.

    Cells of one period and measure whose breakdowns are at their total alike, and whose places are
    of one level, are a group. All groups are of the same people, so what any of them says holds for
    the measure. But who moved between the cells of one group need not have moved between those of
    another; only who moved in a coarser one did. So where several cells of a count moved, their
    group is judged too.
    """
    names = view.statistic.dimension_names
    kinds = {m.name: unit_of(m.unit) for m in view.statistic.measures}
    counts = _listed(name for name, unit in kinds.items() if unit.kind == "count")
    once = _listed(name for name, unit in kinds.items() if unit.each_once)
    ratios = _listed(name for name, unit in kinds.items() if unit.kind == "ratio")
    # Never added up: each code has people of its own, or the same ones once more.
    apart = sorted(_never_added(view.statistic))
    judged = ", ".join(["ref_period", "measure", *(f'"{name}"' for name in apart)])
    whole = f"{judged}, stayed"
    alike = {
        f"at_{place}": f'"{name}"' if name.endswith("_level") else f"(\"{name}\" = '{TOTAL}')"
        for place, name in enumerate(names)
        if name not in apart
    }
    columns = "".join(f", cast({sql} as varchar) as {name}" for name, sql in alike.items())
    pattern = ", ".join([judged, *alike])
    group = ", ".join([whole, *alike])
    totals = " + ".join(f"({name} in ('true', '{TOTAL}'))::int" for name in alike) or "0"
    coarser = "".join(f" and c.{name} in (g.{name}, 'true', '{TOTAL}')" for name in alike)
    same = " and ".join(f"c.{name} = g.{name}" for name in whole.split(", "))
    return f"""
        with {_both(view, former)},
        held as (
            select {judged}{columns}, contributors from {view.table}
        ),
        patterns as (
            select {pattern}, {totals} as totals, count(*) as rows,
                sum(contributors) as contributors
            from held group by {pattern}
        ),
        topped as (
            select *, arg_max({{'rows': rows, 'contributors': contributors}}, totals)
                over (partition by {judged}) as top
            from patterns
        ),
        exclusive as (
            select {pattern},
                rows = 1 or (top.rows = 1 and top.contributors = contributors) as is_exclusive
            from topped
        ),
        weighed as (
            select {judged}{columns}, cell, moved,
                is_known and measure not in ({once}) and measure not in ({ratios})
                    and contributors = contributors_then as stayed,
                case
                    when measure in ({once}) then moved
                    when measure in ({ratios}) or not is_known then 1
                    else greatest(
                        1, abs(contributors - contributors_then),
                        moved / nullif(
                            case when measure in ({counts}) then greatest(largest, largest_then)
                            else largest + largest_then end, 0
                        )
                    )
                end as people
            from both_ where moved > 0 and not told
        ),
        grouped as (
            select {group}, count(*) as cells,
                case when coalesce(bool_and(is_exclusive), false)
                    then greatest(max(people), sum(people) / 2) else max(people) end as people
            from weighed left join exclusive using ({pattern})
            group by {group}
        ),
        judged as (
            select g.*, max(g.people) over (partition by {whole}) as at_least,
                (select max(c.people) from grouped as c where {same}{coarser}) as in_group
            from grouped as g
        ),
        failing as (
            from judged
            where at_least < $least or (in_group < $least and cells > 1 and measure in ({counts}))
        )
        select (select count(*) from both_), count(*), coalesce(min(cell), '')
        from weighed semi join failing using ({group})"""


def _never_added(statistic: Statistic) -> set[str]:
    axes = [axis for block in statistic.blocks for axis in block.axes]
    return {axis.dimensions[0] for axis in axes if not axis.has_total and not axis.levels}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "''"
