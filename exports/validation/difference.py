"""Whether what changed since an earlier package is about few people.

Belongs here: rules V32 and V33. Does not belong here: what follows from shown and hidden cells of
both (protection/former.py proves that); V32 is about who has moved between two shown values, V33
asks whether the proof had what it needs.

One dossier that was corrected is seen at once by whoever subtracts two tables: every cell it left
or entered moves by one, and those cells together describe it. Who is behind a change, a release
does not hold; but cells that exclude each other bound it from below: half of what they moved by,
all of what one of them moved by. An amount says nothing of how many moved it: a cell counts one.
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.catalogue import TOTAL
from exports.note.changes import known_packages, load_package
from exports.protection.former import read_former
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
        cells, changed, people, example = view.cursor.execute(_moved(view)).fetchone()
        looked_at += cells
        if changed and people < threshold:
            return Result(looked_at, changed, example or "")
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
        if not view.cursor.execute(_moved(view)).fetchone()[1]:
            continue
        looked_at += 1
        folder = package.file.parent
        if not read_former(view.cursor, asked, [folder], profile.name, lang):
            gone.append(f"{view.code} {package.business_date}")
    return Result(looked_at, len(gone), gone[0] if gone else "")


def _moved(view: View) -> str:
    """SQL: cells that both show, those that moved, the people who did at least, one of the cells.

    Cells of one period and measure whose breakdowns are at their total alike, and whose places are
    of one level, exclude each other.
    """
    kinds = {m.name: unit_of(m.unit).kind for m in view.statistic.measures}
    counts, amounts = (
        ", ".join(f"'{name}'" for name, found in kinds.items() if found == kind) or "''"
        for kind in ("count", "amount")
    )
    joined = " and ".join(
        f'now.{name} = theirs."{name.strip(chr(34)).upper()}"' for name in view.keys
    )
    alike = ", ".join(
        f'now."{name}"' if name.endswith("_level") else f"now.\"{name}\" = '{TOTAL}'"
        for name in view.statistic.dimension_names
    )
    return f"""
        with both_ as (
            select now.ref_period, now.measure, now.cell, [{_texts(alike)}] as alike,
                abs(now.shown - cast(theirs."OBS_VALUE" as decimal(38, 6))) as moved
            from (select *, {view.in_words} as cell from {view.table}) as now
            inner join earlier_answer as theirs on {joined}
            where now.shown is not null and theirs."OBS_STATUS" = '{SHOWN}'
                and now.measure in ({counts}, {amounts})
        ),
        weighed as (
            select *, case when measure in ({counts}) then moved
                when moved > 0 then 1 else 0 end as people
            from both_
        ),
        together as (
            select greatest(max(people), sum(people) / 2) as people
            from weighed group by ref_period, measure, alike
        )
        select count(*), count(*) filter (where moved > 0),
            coalesce((select max(people) from together), 0),
            min(cell) filter (where moved > 0)
        from weighed"""


def _texts(columns: str) -> str:
    return ", ".join(f"cast({column} as varchar)" for column in columns.split(", ")) or "''"
