"""Whether a figure changes more than its own past explains.

Belongs here: rules V30 (from one year to the next) and V31 (the same period, delivered before).
Does not belong here: the list of what has to be delivered anew (restatement), the words of the note
about changes (note/changes.py).

Only what leaves is judged, and no value stands in a finding: a former value may be hidden from its
reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.note.changes import known_packages, load_package
from exports.periods import frequency
from exports.signs import SHOWN, is_ratio
from exports.validation.rule import Result
from exports.validation.view import View

_YEAR_BEFORE = "cast(cast(left(ref_period, 4) as integer) - 1 as varchar) || substr(ref_period, 5)"


def changes(view: View, settings: Mapping) -> Result:
    """Each change from the year before (the same quarter or month of it) lies within what the
    former changes of the cell explain (see rules.yaml). The value before is the one last delivered,
    where one was; else that of the release.
    """
    measures = _judged(view, (settings.get("not_compared") or {}).get(view.code, ()))
    if not measures:
        return Result(0)
    _series(view, measures)
    _delivered_before(view)
    names = ", ".join(_stable(view))
    looked_at, failed, example = view.cursor.execute(
        f"""
        with changes as (
            select {names}, now.ref_period, length(now.ref_period) as width,
                ln(now.value / before.value) as change
            from plausible_series as now
            inner join plausible_series as before using ({names})
            where before.ref_period = now.year_before and before.value > 0 and now.value > 0
        ),
        leaving as (
            select {names}, now.ref_period, length(now.ref_period) as width, now.cell,
                ln(now.value / coalesce(given.value, before.value)) as change,
                1.0 / now.contributors + 1.0 / before.contributors as chance
            from plausible_series as now
            inner join plausible_series as before using ({names})
            left join plausible_delivered as given
                on {" and ".join(f"given.{name} = now.{name}" for name in _stable(view))}
                and given.ref_period = now.year_before
            where before.ref_period = now.year_before and now.is_leaving
                and least(now.contributors, before.contributors) >= $contributors
                and now.value > 0 and coalesce(given.value, before.value) > 0
        ),
        past as (
            select leaving.*, former.change as former,
                median(former.change) over (partition by {names}, leaving.ref_period) as middle,
                count(*) over (partition by {names}, leaving.ref_period) as known
            from leaving inner join changes as former using ({names}, width)
            where former.ref_period < leaving.ref_period
        ),
        judged as (
            select {names}, ref_period, cell,
                abs(any_value(change) - any_value(middle))
                / sqrt(pow(1.4826 * median(abs(former - middle)), 2) + pow($floor, 2)
                    + any_value(chance)) as distance
            from past where known >= $history group by {names}, ref_period, cell
        )
        select count(*), count(*) filter (where distance > $times),
            first(cell order by distance desc, cell) filter (where distance > $times)
        from judged""",
        {key: settings[key] for key in ("times", "floor", "history", "contributors")},
    ).fetchone()
    return Result(looked_at, failed, example or "")


def _judged(view: View, left_out: tuple[str, ...]) -> list[str]:
    return [
        measure.name
        for measure in view.statistic.measures
        if measure.additive and not is_ratio(measure.unit) and measure.name not in left_out
    ]


def _stable(view: View) -> list[str]:
    """Return the columns that name a cell in every period: breakdowns by year do not."""
    lists = view.contents.codes
    return [
        *(f'"{one.name}"' for one in view.statistic.dimensions if lists.get(one.list_name)),
        "measure",
    ]


def _series(view: View, measures: list[str]) -> None:
    """Make the table of what the release holds of every period, at its frequencies in the answer;
    of a breakdown by year only what it repeats or adds up.
    """
    lists = view.contents.codes
    years = [one.name for one in view.statistic.dimensions if not lists.get(one.list_name)]
    tests = "".join(f" and \"{name}\" in ('_T', ref_period)" for name in years)
    # A breakdown that repeats the period holds both in a table: one of them is a cell twice.
    once = f" qualify row_number() over (partition by {', '.join(_stable(view))}, ref_period" + (
        f" order by {', '.join(f'{chr(34)}{name}{chr(34)}' for name in years)}) = 1"
        if years
        else ") = 1"
    )
    widths = sorted({len(ref) for ref in view.part.ref_periods if frequency(ref)})
    listed = ", ".join(f"'{name}'" for name in measures)
    same = " and ".join(f"leaving.{name} = held.{name}" for name in view.keys)
    view.cursor.execute(
        f"""
        create or replace temp table plausible_series as
        select {", ".join(_stable(view))}, ref_period, {_YEAR_BEFORE} as year_before,
            cast(obs_value as double) as value, contributors, {view.in_words} as cell,
            exists (select 1 from {view.table} as leaving where {same} and shown is not null)
                as is_leaving
        from {view.statistic.table} as held
        where measure in ({listed}) and contributors > 0{tests}
            and list_contains($widths, length(ref_period)) and ref_period <> '_T'
        {once}""",
        {"widths": widths},
    )


def _delivered_before(view: View) -> None:
    """Make the table of the values that were delivered last, by cell and period."""
    names = _stable(view)
    view.cursor.execute(
        f"create or replace temp table plausible_delivered as select {', '.join(names)},"
        " ref_period, value from plausible_series where false"
    )
    for package in known_packages(view.part, view.contents, view.earlier):
        load_package(view.cursor, package)
        columns = {row[0] for row in view.cursor.execute("describe earlier_answer").fetchall()}
        written = [name.upper() for name in (*names, "ref_period")]
        if not {name.strip('"') for name in written} <= columns:
            continue
        theirs = ", ".join(f"theirs.{name}" for name in written)
        joined = " and ".join(
            f"theirs.{theirs_name} = given.{name}"
            for name, theirs_name in zip((*names, "ref_period"), written, strict=True)
        )
        view.cursor.execute(
            f"""
            delete from plausible_delivered as given where exists (
                select 1 from earlier_answer as theirs where {joined}
            );
            insert into plausible_delivered
            select {theirs}, cast(theirs."OBS_VALUE" as double)
            from earlier_answer as theirs where theirs."OBS_STATUS" = '{SHOWN}'
            qualify count(*) over (partition by {theirs}) = 1"""
        )


def revisions(view: View, settings: Mapping) -> Result:
    """No cell that leaves differs much from what was last delivered of the same cell."""
    results = Result(0)
    measures = [m.name for m in view.statistic.measures if not is_ratio(m.unit)]
    for package in known_packages(view.part, view.contents, view.earlier):
        load_package(view.cursor, package)
        columns = {row[0] for row in view.cursor.execute("describe earlier_answer").fetchall()}
        names = [name for name in view.keys if name.strip('"').upper() in columns]
        if len(names) < len(view.keys):
            continue
        joined = " and ".join(f"now.{name} = theirs.{name.upper()}" for name in names)
        far = "abs(now.shown - theirs.value) > $share * abs(theirs.value)"
        looked_at, failed, example = view.cursor.execute(
            f"""
            select count(*), count(*) filter (where {far}),
                first(now.cell order by abs(now.shown - theirs.value) desc, now.cell)
                    filter (where {far})
            from (select *, {view.in_words} as cell from {view.table}) as now
            inner join (
                select *, cast("OBS_VALUE" as double) as value from earlier_answer
                where "OBS_STATUS" = '{SHOWN}'
            ) as theirs on {joined}
            where now.shown is not null and now.contributors >= $contributors
                and list_contains($measures, now.measure)""",
            {
                "share": settings["percent"] / 100,
                "contributors": settings["contributors"],
                "measures": measures,
            },
        ).fetchone()
        if looked_at:
            # The last one counts: what it corrected before was told then.
            results = Result(looked_at, failed, example or "")
    return results
