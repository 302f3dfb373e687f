"""Codes of the breakdowns: in their lists, with labels, none of those missing that belong there.

Belongs here: rules V05 to V09. Does not belong here: values.
"""

from __future__ import annotations

from collections.abc import Mapping

from exports.catalogue import TOTAL
from exports.periods import frequency, read_period
from exports.validation.rule import Result
from exports.validation.view import View


def complete(view: View, settings: Mapping) -> Result:
    """Each expected code occurs in each period in which its breakdown occurs."""
    looked_at, absent = 0, []
    for entry in settings["expected"]:
        name = entry["dimension"]
        if view.code not in entry["tables"] or name not in view.statistic.dimension_names:
            continue
        held: dict[str, set[str]] = {}
        for period, code in view.cursor.execute(
            f'select distinct ref_period, "{name}" from {view.table}'
            f" where is_there and \"{name}\" <> '{TOTAL}' order by all"
        ).fetchall():
            held.setdefault(period, set()).add(code)
        for period, codes in held.items():
            looked_at += len(entry["codes"])
            absent += [
                f"{view.code} {period} {name} {code}"
                for code in entry["codes"]
                if code not in codes
            ]
    return Result(looked_at, len(absent), absent[0] if absent else "")


def vanished(view: View, settings: Mapping) -> Result:
    """Each code that all of the last periods had is there still. Years as codes are not looked at:
    they come and go, and so do the ages of a cohort.
    """
    before = {
        period: earlier
        for period in view.part.ref_periods
        if len(earlier := _before(period, settings["periods"])) == settings["periods"]
    }
    looked_at, gone = 0, []
    for dimension in view.statistic.dimensions:
        name = dimension.list_name
        if not before or name in settings["ages"] or not view.contents.codes.get(name):
            continue
        held: dict[str, dict[str, int]] = {}
        for period, code, contributors in view.cursor.execute(
            f'select ref_period, "{dimension.name}", max(contributors) from {view.statistic.table}'
            f" where list_contains($periods, ref_period) and \"{dimension.name}\" <> '{TOTAL}'"
            " group by all order by all",
            {"periods": sorted({p for ps in before.values() for p in ps} | set(before))},
        ).fetchall():
            held.setdefault(period, {})[code] = contributors or 0
        for period, earlier in before.items():
            if not held.get(period) or any(ref not in held for ref in earlier):
                continue
            lasting = [
                code
                for code in held[earlier[0]]
                if all(held[ref].get(code, 0) >= settings["contributors"] for ref in earlier)
            ]
            looked_at += len(lasting)
            gone += [
                f"{view.code} {period} {dimension.name} {code}"
                for code in lasting
                if code not in held[period]
            ]
    return Result(looked_at, len(gone), gone[0] if gone else "")


def _before(ref_period: str, number: int) -> list[str]:
    """Return the periods of the same frequency before one, the nearest first."""
    period = read_period(ref_period)
    if period is None:
        return []
    steps = {"year": 1, "quarter": 4, "month": 12}[frequency(ref_period)]
    place = period.start.year * steps + (period.start.month - 1) * steps // 12
    found = []
    for earlier in range(place - 1, place - 1 - number, -1):
        year, part = divmod(earlier, steps)
        end = {1: "", 4: f"Q{part + 1}", 12: f"-{part + 1:02}"}[steps]
        found.append(f"{year:04}{end}")
    return found


def listed(view: View, settings: Mapping) -> Result:
    """Each code is in its list, for the lists that are ours."""
    return _listed(view, lambda name: name not in settings["not_ours"])


def listed_elsewhere(view: View, settings: Mapping) -> Result:
    """Each code is in its list, for the lists that others keep."""
    return _listed(view, lambda name: name in settings["lists"])


def _listed(view: View, is_meant) -> Result:
    looked_at, unknown = 0, []
    for dimension in view.statistic.dimensions:
        # What has no list (a year) says what it is.
        known = view.contents.codes.get(dimension.list_name)
        if not known or not is_meant(dimension.list_name):
            continue
        used = [code for code in view.part.used[dimension.name] if code != TOTAL]
        looked_at += len(used)
        unknown += [f"{view.code} {dimension.name} {code}" for code in used if code not in known]
    return Result(looked_at, len(unknown), unknown[0] if unknown else "")


def labelled(view: View, _: Mapping) -> Result:
    """Title, breakdowns, measures and codes have a label of their own in both languages."""
    statistic = view.statistic
    said = [(statistic.code, statistic.title_fr, statistic.title_nl)]
    said += [(one.name, one.label_fr, one.label_nl) for one in statistic.dimensions]
    said += [(one.name, one.label_fr, one.label_nl) for one in statistic.measures]
    # What a declaration leaves out is filled in with the name.
    bare = [f"{view.code} {name}" for name, *labels in said if name in labels or "" in labels]
    used = view.contents.used
    rows = view.cursor.execute(
        "select list_name, code, trim(coalesce(label_fr, '')) = '' or trim(coalesce(label_nl, ''))"
        " = '' from core.dim_code where list_contains($lists, list_name) order by all",
        {"lists": sorted({one.list_name for one in statistic.dimensions})},
    ).fetchall()
    mine = [(name, code, is_bare) for name, code, is_bare in rows if code in used[name]]
    bare += [f"{view.code} {name} {code}" for name, code, is_bare in mine if is_bare]
    return Result(len(said) + len(mine), len(bare), bare[0] if bare else "")
