"""Whether what changed since an earlier package is about few people.

Belongs here: rules V32 and V33. Does not belong here: what follows from shown and hidden cells of
both (protection/former.py proves that); V32 is about who has moved between two shown values, V33
asks whether the proof had what it needs.

One dossier that was corrected is seen at once by whoever subtracts two tables: every cell it left
or entered moves by one, and those cells together describe it. Who is behind a change, a release
does not hold; but cells that exclude each other bound it from below: half of what they moved by,
all of what one of them moved by. An amount says nothing of how many moved it: a cell counts one.
Nor does a mean or a rate, unless the cell shows what it is taken of: then these are judged.

Each measure and period is judged on its own, as is each code of a breakdown that is never added up:
eight who changed in one respect do not hide the one who changed in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exports.catalogue import TOTAL, Statistic
from exports.note.changes import known_packages, load_package
from exports.protection.former import read_former
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
    for package in known_packages(view.part, view.contents, view.earlier):
        load_package(view.cursor, package)
        columns = {row[0] for row in view.cursor.execute("describe earlier_answer").fetchall()}
        if not {name.strip('"').upper() for name in view.keys} <= columns:
            continue
        cells, failing, example = view.cursor.execute(_few(view), {"least": threshold}).fetchone()
        looked_at += cells
        if failing:
            return Result(looked_at, failing, example)
    return Result(looked_at)


def standing(view: View, _: Mapping) -> Result:
    """Of each earlier package that has other values today, the release stands: what it hid could be
    protected together with what this one hides.
    """
    profile, lang = view.contents.profile, view.contents.lang
    asked = [(view.statistic, list(view.part.ref_periods))]
    looked_at, gone = 0, []
    for package in known_packages(view.part, view.contents, view.earlier):
        load_package(view.cursor, package)
        columns = {row[0] for row in view.cursor.execute("describe earlier_answer").fetchall()}
        if not profile.protects or not {n.strip('"').upper() for n in view.keys} <= columns:
            continue
        anything = f"with {_both(view)} select count(*) from both_ where moved > 0"
        if not view.cursor.execute(anything).fetchone()[0]:
            continue
        looked_at += 1
        told = read_packages([package.file.parent], profile, lang)
        if not read_former(view.cursor, asked, told):
            gone.append(f"{view.code} {package.business_date}")
    return Result(looked_at, len(gone), gone[0] if gone else "")


def _both(view: View) -> str:
    """SQL: the cells that both show, by how much they moved, and whether they are `told` by others:
    a ratio of which the same cell shows the numerator and the denominator, then and now.
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
    return f"""
        both_ as (
            select now.*, {told or "false"} as told,
                abs(cast(now.shown as decimal(38, 6)) - cast(theirs."OBS_VALUE" as decimal(38, 6)))
                    as moved
            from (select *, {view.in_words} as cell from {view.table}) as now
            inner join earlier_answer as theirs on {joined}
            where now.shown is not null and theirs."OBS_STATUS" = '{SHOWN}'
            window beside as (partition by {names})
        )"""


def _few(view: View) -> str:
    """SQL: cells that both show, those that moved for fewer than `$least` people, one of these.

    Cells of one period and measure whose breakdowns are at their total alike, and whose places are
    of one level, exclude each other: a group. All groups are of the same people, so what any of
    them says holds for the measure. But who moved between the cells of one group need not have
    moved between those of another; only who moved in a coarser one did. So where several cells of
    a count moved, their group is judged too.
    """
    names = view.statistic.dimension_names
    counts = _listed(m.name for m in view.statistic.measures if unit_of(m.unit).kind == "count")
    # Never added up: each code has people of its own, or the same ones once more.
    apart = sorted(_never_added(view.statistic))
    whole = ", ".join(["ref_period", "measure", *(f'"{name}"' for name in apart)])
    alike = {
        f"at_{place}": f'"{name}"' if name.endswith("_level") else f"(\"{name}\" = '{TOTAL}')"
        for place, name in enumerate(names)
        if name not in apart
    }
    columns = "".join(f", cast({sql} as varchar) as {name}" for name, sql in alike.items())
    group = ", ".join([whole, *alike])
    coarser = "".join(f" and c.{name} in (g.{name}, 'true', '{TOTAL}')" for name in alike)
    same = " and ".join(f"c.{name} = g.{name}" for name in whole.split(", "))
    return f"""
        with {_both(view)},
        weighed as (
            select {whole}{columns}, cell, moved,
                case when measure in ({counts}) then moved else 1 end as people
            from both_ where moved > 0 and not told
        ),
        grouped as (
            select {group}, count(*) as cells, greatest(max(people), sum(people) / 2) as people
            from weighed group by {group}
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
