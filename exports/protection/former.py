"""What was delivered before and has other values now: the former cells as numbers of their own.

Belongs here: reading the rows that an earlier package tells of from the release it was made of, and
which of them are the same number as a row of today. Does not belong here: choosing what is hidden
(choice.py), earlier packages whose values are those of today (earlier.py).

A restated cell is another number than the one it replaces; a cell that did not change is the same
one, and whoever has both packages may guess that. So both are protected, and attacked, as one
system: the equations of then, those of now, and the cells that did not change tie them together.
What the former release held of hidden cells is needed for that. Where it does not stand any more,
cells that were shown with another value are at least never what others hide behind.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from exports.catalogue import Statistic, load_catalogue
from exports.protection.book import Book, kind_of
from exports.protection.packages import Package
from release.dictionary import read_dictionary
from release.home import SUFFIX, file_name
from release.reader import Release

_SAME = 1e-6
#: What the decimals of a file leave of a value.
_ROUNDED = 0.0051
_FREQUENCIES = ("year", "quarter", "month")
#: Between the code of a statistic and the number of the package that tells of it.
MARK = "@"

Given = tuple[str, str]
Key = tuple[str, tuple[str, ...], str]


@dataclass(frozen=True)
class Former:
    """One statistic of an earlier package.

    Attributes:
        statistic: as its release declared it, under names of its own.
        of: the code of the statistic it is a former state of, whether it is asked for now or not.
        ref_periods: what was given of it.
        shown: the cells whose value was given.
        left_out: its blocks that were not given.
    """

    statistic: Statistic
    of: str
    ref_periods: tuple[str, ...]
    shown: frozenset[Key]
    left_out: frozenset[Given]


@dataclass(frozen=True)
class Ties:
    """How former rows hang together with today's, as numbers of rows.

    Attributes:
        same: pairs that are one number: the value did not change.
        alone: pairs whose one contributor is the same person.
        shown: mask of the former rows whose value was given.
        covered: mask of today's rows that have a former one.
    """

    same: tuple[tuple[int, int], ...]
    alone: tuple[tuple[int, int], ...]
    shown: np.ndarray
    covered: np.ndarray


def read_former(
    cursor,
    told: Sequence[tuple[Statistic, list[str]]],
    packages: Sequence[Package],
) -> list[Former]:
    """Give the statistics of earlier packages that have other values today. Their rows are put into
    temporary tables of the connection. `told`: what is asked for and told besides.
    """
    found = []
    for number, package in enumerate(packages, start=1):
        for release in _releases_of(cursor, package.said):
            states = _states(cursor, release, told, package, number)
            if states is not None:
                found += states if any(_has_changed(cursor, one, told) for one in states) else []
                break
    return found


def _states(cursor, release: Release, told, package: Package, number: int) -> list[Former] | None:
    """Read what a package tells from a release; None when it was not made of its figures."""
    declared = catalogue_of(release, [statistic for statistic, _ in told])
    entries = {entry["code"]: entry for entry in package.said["statistics"]}
    states = []
    for statistic, ref_periods in told:
        code = statistic.code
        if code not in entries or code not in declared:
            continue
        file = package.file_of(entries[code])
        state = _read(cursor, release, declared[code], file, entries[code], number)
        if state is None:
            return None
        if set(state.ref_periods) & set(ref_periods):
            states.append(state)
    return states


def _releases_of(cursor, said: dict) -> list[Release]:
    """Give the releases beside that of the connection that a package may have been made of: its
    own, else those as of the same day (`vigie run --as-of` makes one again from the raw history).
    """
    (path,) = cursor.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    if path is None:
        return []
    current = Path(path)
    own = current.with_name(Path(file_name(str(said.get("release_id")))).name)
    if own == current:
        return []
    day = date.fromisoformat(said["business_date"])
    same_day = sorted(current.parent.glob(f"{day.isoformat()}_*{SUFFIX}"), reverse=True)
    files = [own, *(file for file in same_day if file not in (own, current))]
    return [Release(file.stem, file, day) for file in files if file.is_file()]


def catalogue_of(release: Release, today: Sequence[Statistic]) -> dict[str, Statistic]:
    """Give the statistics as a former release declared them; as they are `today` where it declares
    none itself.
    """
    try:
        return load_catalogue(read_dictionary(release))
    except duckdb.CatalogException:
        return {statistic.code: statistic for statistic in today}


def _read(
    cursor, release: Release, statistic: Statistic, file: Path, entry: dict, number: int
) -> Former | None:
    names = ("ref_period", *statistic.dimension_names, "measure")
    held = ", ".join(f'held."{name}"' for name in names)
    same = " and ".join(f'held."{name}" = given."{name.upper()}"' for name in names)
    try:
        rows = (
            release.cursor()
            .execute(
                f"""
            select {held}, cast(held.obs_value as double), held.contributors,
                cast(held.largest_contribution as double),
                cast(held.second_contribution as double),
                coalesce(given."OBS_VALUE", '') <> '' as is_shown,
                abs(try_cast(given."OBS_VALUE" as double) - held.obs_value) > {_ROUNDED}
                    or held.ref_period is null as is_other
            from {statistic.table} as held
            right join read_csv($file, header = true, all_varchar = true, delim = ',',
                hive_partitioning = false) as given on {same}""",
                {"file": glob.escape(str(file))},
            )
            .fetchall()
        )
    except duckdb.Error:
        # The package has other columns than the release: it was not made of it.
        return None
    if not rows or any(row[-1] for row in rows):
        return None
    rows = [row[:-1] for row in rows]
    renamed = _renamed(statistic, number)
    _write(cursor, renamed, names, rows)
    width = len(names)
    shown = frozenset(
        (period, tuple(rest[: width - 2]), rest[width - 2]) for period, *rest in rows if rest[-1]
    )
    left_out = frozenset(
        (f"{block}{MARK}{number}", one)
        for said in entry.get("blocks_left_out") or ()
        for block, _, often in [said.partition(" ")]
        for one in ([often] if often else _FREQUENCIES)
    )
    periods = tuple(sorted({row[0] for row in rows}))
    return Former(renamed, statistic.code, periods, shown, left_out)


def _write(cursor, statistic: Statistic, names: Sequence[str], rows: list[tuple]) -> None:
    """Make the temporary table of a former statistic."""
    columns = list(zip(*rows, strict=True))
    texts = ", ".join(f'unnest($c{place}) as "{name}"' for place, name in enumerate(names))
    values = ("obs_value", "contributors", "largest_contribution", "second_contribution")
    kinds = ("double", "bigint", "double", "double")
    numbers = ", ".join(
        f"unnest(cast($c{place} as {kind}[])) as {name}"
        for place, (name, kind) in enumerate(zip(values, kinds, strict=True), start=len(names))
    )
    cursor.execute(
        f"create or replace temp table {statistic.table} as select {texts}, {numbers}",
        {f"c{place}": list(column) for place, column in enumerate(columns[:-1])},
    )


def _renamed(statistic: Statistic, number: int) -> Statistic:
    """Give a statistic names of its own: it shares nothing with today's but what did not change."""
    mark = f"{MARK}{number}"

    def terms(entry: dict) -> dict:
        return entry | {
            side: [
                term | ({"statistic": f"{term['statistic']}{mark}"} if "statistic" in term else {})
                for term in entry.get(side) or ()
            ]
            for side in ("plus", "minus")
        }

    return replace(
        statistic,
        code=f"{statistic.code}{mark}",
        table=f"former_{number}_{statistic.code.lower()}",
        blocks=tuple(replace(block, name=f"{block.name}{mark}") for block in statistic.blocks),
        populations=tuple(
            entry | {"name": f"{entry['name']}{mark}"} for entry in statistic.populations
        ),
        equations=tuple(terms(entry) for entry in statistic.equations),
    )


def _has_changed(cursor, former: Former, told) -> bool:
    """Say whether any cell of the periods in common is not as it was."""
    mine = next((one for one in told if one[0].code == former.of), None)
    shared = sorted(set(mine[1]) & set(former.ref_periods)) if mine else []
    if not shared:
        return False
    statistic = mine[0]
    names = ", ".join(f'"{name}"' for name in ("ref_period", *statistic.dimension_names, "measure"))
    if set(statistic.dimension_names) != set(former.statistic.dimension_names):
        return True
    now, before = (
        f"select {names}, round(cast(obs_value as double), 6), contributors from {table}"
        " where list_contains($shared, ref_period)"
        for table in (statistic.table, former.statistic.table)
    )
    (gone,) = cursor.execute(
        f"select count(*) from ({before} except {now})", {"shared": shared}
    ).fetchone()
    return gone > 0


def tie(book: Book, former: Sequence[Former]) -> Ties:
    """Find what former rows (the last statistics of a book) have in common with today's."""
    shown, covered = np.zeros(len(book), dtype=bool), np.zeros(len(book), dtype=bool)
    same, alone = [], []
    place_of = {statistic.code: place for place, statistic in enumerate(book.statistics)}
    for one in former:
        mine, today = place_of[one.statistic.code], place_of.get(one.of)
        _note_shown(book, mine, one, shown)
        if today is None:
            continue
        as_today = _reordered(one.statistic, book.statistics[today])
        for number, (place, period, codes) in enumerate(book.crossings):
            if place != mine:
                continue
            beside = book.number_of.get((today, period, as_today(codes)))
            for name, row in book.rows_at[number].items():
                if kind_of(book.measures[row]) == "ratio":
                    continue
                other = None if beside is None else book.rows_at[beside].get(name)
                if other is None:
                    continue
                covered[other] = True
                if abs(book.value[row] - book.value[other]) <= _SAME:
                    same.append((other, row))
                if book.contributors[row] == book.contributors[other] == 1:
                    alone.append((other, row))
    return Ties(tuple(same), tuple(alone), shown, covered)


def _note_shown(book: Book, mine: int, one: Former, shown: np.ndarray) -> None:
    for number, (place, period, codes) in enumerate(book.crossings):
        if place == mine:
            for name, row in book.rows_at[number].items():
                if kind_of(book.measures[row]) != "ratio":
                    shown[row] = (period, codes, name) in one.shown


def _reordered(former: Statistic, today: Statistic):
    """Give a function from the codes of a former crossing to those of the same one today."""
    if former.dimension_names == today.dimension_names:
        return lambda codes: codes
    if set(former.dimension_names) != set(today.dimension_names):
        return lambda codes: None
    places = [former.dimension_names.index(name) for name in today.dimension_names]
    return lambda codes: tuple(codes[place] for place in places)
