"""Recipient profiles and the cells that may not leave for them unprotected.

Belongs here: reading profiles.yaml, and counting unsafe cells by the primary rules. Does not
belong here: protecting them (suppression, attacker), the work of exports/disclosure. Until that
engine is there a package with an unsafe cell is refused whole: nothing is silently published.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from exports.catalogue import Statistic
from exports.errors import UnknownProfile, UnprotectedCells
from exports.texts import text
from exports.units import unit_of


@dataclass(frozen=True)
class Profile:
    """One recipient: thresholds in contributors, shares in percent, None or 0 for no rule."""

    name: str
    label_fr: str
    label_nl: str
    count_threshold: int
    health_threshold: int
    dominance_pct: float | None
    p_percent: float | None
    range_pct: float
    conf_status: str
    left_out_pct: float = 100.0

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr

    @property
    def protects(self) -> bool:
        """Say whether any rule applies at all."""
        return bool(
            self.count_threshold or self.health_threshold or self.dominance_pct or self.p_percent
        )


@cache
def profiles() -> dict[str, Profile]:
    """Return every profile of the reference list by name."""
    path = Path(__file__).parent / "profiles.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Profile(name=name, **entry) for name, entry in entries.items()}


def find_profile(name: str, lang: str = "fr") -> Profile:
    """Return the profile; raise UnknownProfile, naming those that exist."""
    found = profiles().get(name)
    if found is None:
        existing = ", ".join(profiles())
        raise UnknownProfile(text("unknown_profile", lang, asked=name, existing=existing))
    return found


def count_unsafe(cursor, statistic: Statistic, ref_periods: list[str], profile: Profile) -> int:
    """Count the cells of `ref_periods` that no rule of `profile` lets out.

    A cell is one measure at one crossing of dimensions. When one measure of a crossing is unsafe
    all are: a published share or mean gives the hidden count back. A crossing whose number of
    contributors nobody knows counts as unsafe, and so does an amount whose largest contributions
    are unknown while the profile looks at them.
    """
    if not profile.protects:
        return 0
    crossing = ", ".join(f'"{name}"' for name in ("ref_period", *statistic.dimension_names))
    counts = [m.name for m in statistic.measures if unit_of(m.unit).kind == "count"]
    ratios = [m.name for m in statistic.measures if unit_of(m.unit).kind == "ratio"]
    query = f"""
        with cells as (
            select {crossing}, measure, obs_value, largest_contribution as largest,
                second_contribution as second, {_threshold(statistic, profile)} as threshold,
                coalesce(
                    contributors, case when list_contains($counts, measure) then obs_value end
                ) as contributors,
                list_contains($counts, measure) as is_count,
                list_contains($ratios, measure) as is_ratio
            from {statistic.table}
            where list_contains($periods, ref_period)
        ),
        judged as (
            select *, case
                when is_ratio then false
                when obs_value is null then true
                when contributors is null then true
                when contributors = 0 then obs_value <> 0
                when contributors < threshold then true
                when is_count then false
                else {_magnitude_rules(profile)}
            end as unsafe
            from cells
        ),
        crossings as (
            select {crossing}, count(*) as cells,
                bool_or(unsafe) or bool_and(is_ratio) as unsafe
            from judged group by all
        )
        select coalesce(sum(cells) filter (where unsafe), 0) from crossings"""
    found = cursor.execute(query, {"counts": counts, "ratios": ratios, "periods": ref_periods})
    return int(found.fetchone()[0])


def refuse_unsafe(
    cursor, asked: list[tuple[Statistic, list[str], int]], profile: Profile, lang: str
) -> None:
    """Raise UnprotectedCells when any cell of `asked` (statistic, periods, cells) is unsafe."""
    refused = []
    for statistic, ref_periods, cells in asked:
        unsafe = count_unsafe(cursor, statistic, ref_periods, profile)
        if unsafe:
            refused.append(
                text("unprotected_table", lang, code=statistic.code, unsafe=unsafe, cells=cells)
            )
    if refused:
        tables = ", ".join(refused)
        raise UnprotectedCells(text("unprotected", lang, profile=profile.name, tables=tables))


def _threshold(statistic: Statistic, profile: Profile) -> str:
    """SQL for the threshold of a cell: the health one where the statistic declares it so."""
    if statistic.is_health_related:
        return str(max(profile.count_threshold, profile.health_threshold))
    tests = []
    for dimension in statistic.dimensions:
        if dimension.health_codes:
            codes = ", ".join(
                "'" + code.replace("'", "''") + "'" for code in dimension.health_codes
            )
            tests.append(f'"{dimension.name}" in ({codes})')
    if not tests:
        return str(profile.count_threshold)
    stricter = max(profile.count_threshold, profile.health_threshold)
    return f"case when {' or '.join(tests)} then {stricter} else {profile.count_threshold} end"


def _magnitude_rules(profile: Profile) -> str:
    """SQL that is true when dominance or the p % rule calls an amount unsafe."""
    rules = []
    if profile.dominance_pct:
        rules.append(
            f"largest is null or abs(largest) * 100 > {profile.dominance_pct} * abs(obs_value)"
        )
    if profile.p_percent:
        rules.append(
            "abs(obs_value) - abs(largest) - abs(coalesce(second, 0))"
            f" < abs(largest) * {profile.p_percent} / 100.0"
        )
    return " or ".join(f"coalesce({rule}, true)" for rule in rules) or "false"
