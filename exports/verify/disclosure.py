"""What the cells of a package give away to somebody who adds and subtracts.

Belongs here: the attack of a reader who has the package alone: what is hidden must not follow from
what is shown. Does not belong here: what only the release knows (how many people are in a cell, the
geography): writing the package again attacks with all of it (rebuild.py).

A reader knows that counts are not negative and that the codes of a breakdown add up to their total.
From that the least and the most that each hidden cell can be are narrowed down, one equation at a
time, until nothing moves. A protected cell of which both are the same is no longer hidden. Other
packages of the same release that this reader has tell more.
"""

from pathlib import Path

import duckdb
import numpy as np

from exports.errors import NotAPackage
from exports.profiles import find_profile
from exports.protection.written import SECONDARY
from exports.signs import HIDDEN, SHOWN, is_ratio
from exports.units import unit_of
from exports.verify.case import Case
from exports.verify.check import OK, Check, ok, wrong
from exports.verify.figures import where_sheet
from exports.verify.reading import keys_of, load_long

_ROUNDS = 100
_FINE = {"quarter": "month", "year": "quarter"}


def check_disclosure(case: Case, connection: duckdb.DuckDBPyConnection) -> Check:
    """Nothing that is hidden can be worked out exactly from the package alone."""
    profile = find_profile(case.manifest["profile"], case.lang)
    hidden = exposed = 0
    for statistic in case.statistics:
        table = load_long(connection, case, statistic)
        marked = _marked_wrongly(connection, table, statistic, profile.conf_status)
        if marked:
            return wrong("disclosure", "marks", name=statistic["code"], count=marked)
        ids = connection.execute(
            f"select id, measure, conf_status <> '{SECONDARY}' from {table}"
            f" where obs_status = '{HIDDEN}' order by id"
        ).fetchall()
        hidden += len(ids)
        _learn(connection, case, statistic, table)
        exposed += len(_exposed(connection, table, statistic, ids))
    if hidden and not profile.protects:
        return wrong("disclosure", "marks", name=profile.name, count=hidden)
    if exposed:
        return wrong("disclosure", "exposed", count=exposed)
    if not hidden:
        return Check("disclosure", OK, "disclosure_open")
    return ok("disclosure", hidden=hidden)


def _learn(connection, case: Case, statistic: dict, table: str) -> None:
    """Fill in what another package at hand shows of the same cells of the same release."""
    keys = " and ".join(f'{table}."{one}" = theirs."{one}"' for one in keys_of(statistic))
    for folder in _known(case):
        other = Case(folder, case.home, case.lang)
        try:
            said = other.manifest
        except (NotAPackage, ValueError, LookupError, TypeError):
            # What lies beside it is not what is looked at.
            continue
        same = [said[key] == case.manifest[key] for key in ("release_id", "profile")]
        theirs = [one for one in other.statistics if one["code"] == statistic["code"]]
        if all(same) and theirs:
            known = load_long(connection, other, theirs[0], prefix="known")
            connection.execute(
                f"update {table} set value = theirs.value, obs_status = '{SHOWN}'"
                f" from {known} as theirs"
                f" where {keys} and {table}.obs_status = '{HIDDEN}' and theirs.value is not null"
            )


def _known(case: Case) -> list[Path]:
    """Packages that who has this one has too: those lent, those it was made with, and for the
    public all at hand.
    """
    made_with = {one["sha256"] for one in case.manifest["earlier"]}
    everybody = case.manifest["profile"] == "public"
    return [
        folder
        for sha256, folder in case.others.items()
        if everybody or sha256 in made_with or folder in case.lent
    ]


def _marked_wrongly(connection, table: str, statistic: dict, free: str) -> int:
    """Cells that are shown and marked confidential or the other way round, and rates of something
    that is hidden.
    """
    (count,) = connection.execute(
        f"""
        select count(*) from {table}
        where (obs_status = '{HIDDEN}') <> (conf_status <> $free)
            or (obs_status = '{SHOWN}') <> (value is not null)""",
        {"free": free},
    ).fetchone()
    same = " and ".join(f'ratio."{one}" = base."{one}"' for one in keys_of(statistic)[:-1])
    for measure in statistic["measures"]:
        bases = [one for one in (measure["numerator"], measure["denominator"]) if one]
        if is_ratio(measure["unit"]) and bases:
            (more,) = connection.execute(
                f"""
                select count(*) from {table} as ratio inner join {table} as base on {same}
                where ratio.measure = $measure and list_contains($bases, base.measure)
                    and ratio.value is not null and base.obs_status = '{HIDDEN}'""",
                {"measure": measure["name"], "bases": bases},
            ).fetchone()
            count += more
    return count


def _exposed(connection, table: str, statistic: dict, ids: list) -> list[int]:
    """Positions of protected cells that have one possible value; what was hidden only to protect
    others may be known.
    """
    if not ids:
        return []
    units = {one["name"]: one["unit"] for one in statistic["measures"]}
    counts = np.array([unit_of(units[measure]).kind == "count" for _, measure, _ in ids])
    protected = np.array([is_protected for *_, is_protected in ids])
    place = {number: at for at, (number, *_) in enumerate(ids)}
    equations = _equations(connection, table, statistic)
    row = np.array([at for at, (_, entries) in enumerate(equations) for _ in entries], dtype=int)
    column = np.array([place[n] for _, entries in equations for n, _ in entries], dtype=int)
    factor = np.array([float(f) for _, entries in equations for _, f in entries])
    rest = np.array([float(known) for known, _ in equations])
    low = np.where(counts, 0.0, -np.inf)
    high = np.full(len(ids), np.inf)
    left = connection.execute(f"select id from {table} where obs_status = '{HIDDEN}'").fetchall()
    learned = ~np.isin([number for number, *_ in ids], [number for (number,) in left])
    low[learned] = high[learned] = 0.0
    low, high = _narrowed(low, high, row, column, factor, rest)
    return np.flatnonzero((high - low < 1e-6) & protected).tolist()


def _equations(connection, table: str, statistic: dict) -> list[tuple]:
    """(known, [(hidden cell, factor) …]): the hidden cells so weighted add up to what is known."""
    additive = [
        one["name"]
        for one in statistic["measures"]
        if one["additive"] and not is_ratio(one["unit"])
    ]
    sums = [
        one
        for sheet in statistic["tables"]
        for axis in sheet["axes"]
        for one in _sums(table, statistic, sheet, axis)
    ]
    if not additive or not sums:
        return []
    connection.execute(f"create or replace temp table pairs as {' union '.join(sums)}")
    return connection.execute(
        f"""
        with members as (
            select distinct whole, axis, whole as cell, -1 as factor from pairs
            union all select distinct whole, axis, part, 1 from pairs
        )
        select
            coalesce(
                -sum(factor * cast(coalesce(value, '0') as decimal(38, 6)))
                    filter (where obs_status <> '{HIDDEN}'), 0
            ),
            list((cell, factor) order by cell) filter (where obs_status = '{HIDDEN}')
        from members inner join {table} on id = cell
        where list_contains($additive, measure)
        group by whole, axis
        having bool_or(obs_status = '{HIDDEN}')""",
        {"additive": additive},
    ).fetchall()


def _sums(table: str, statistic: dict, sheet: dict, axis: dict) -> list[str]:
    """SQL for (whole, part, axis): the parts of each total of a sheet along one of its axes."""
    where = where_sheet(statistic, sheet)
    names = axis["dimensions"]
    at = f"{sheet['block']} {sheet['frequency']} {names[0]}".replace("'", "''")
    keys = [name for name in keys_of(statistic) if name not in names]
    cells = f"(select * from {table} where {where})"

    def pairs(moved: dict[str, str], only: str, label: str = "''") -> str:
        """`moved`: SQL for the code that the total has, by breakdown."""
        same = [f'whole."{key}" = part."{key}"' for key in keys]
        same += [f'whole."{name}" = {code}' for name, code in moved.items()]
        return (
            f"select whole.id as whole, part.id as part, '{at} ' || {label} as axis"
            f" from {cells} as part inner join {cells} as whole on {' and '.join(same)}"
            f" where {only} and whole.id <> part.id"
        )

    first, last = names[0], names[-1]
    if axis["levels"]:
        total = dict.fromkeys(names, "'_T'")
        return [pairs(total, f"part.\"{first}\" <> '_T'", f'part."{first}"')]
    found = []
    if len(names) > 1:
        own = {first: f'part."{first}"', last: "'_T'"}
        found.append(pairs(own, f"part.\"{last}\" <> '_T'"))
    if axis["has_total"]:
        alone = f" and part.\"{last}\" = '_T'" if len(names) > 1 else ""
        found.append(pairs(dict.fromkeys(names, "'_T'"), f"part.\"{first}\" <> '_T'{alone}"))
    return found


def _narrowed(low, high, row, column, factor, rest):
    """Bounds that follow from one equation at a time, until nothing moves."""
    if not len(rest):
        return low, high
    positive = factor > 0
    for _ in range(_ROUNDS):
        least = factor * np.where(positive, low[column], high[column])
        most = factor * np.where(positive, high[column], low[column])
        top = (rest[row] - _others(least, row, len(rest), -np.inf)) / factor
        bottom = (rest[row] - _others(most, row, len(rest), np.inf)) / factor
        new_low, new_high = low.copy(), high.copy()
        np.minimum.at(new_high, column, np.where(positive, top, bottom))
        np.maximum.at(new_low, column, np.where(positive, bottom, top))
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high


def _others(terms, row, rows: int, endless: float):
    """For each entry, the sum of its equation without itself; infinities are counted, not added."""
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    sums = np.bincount(row, finite, rows)[row] - finite
    others = np.bincount(row, infinite, rows)[row] - infinite
    return np.where(others > 0.5, endless, sums)
