"""What changed since a package that was given before: the totals, and what moved them.

Belongs here: finding the package to compare with, and its cells beside ours. Does not belong here:
the words of the note. A cell is compared only where both packages show it: a difference never tells
what one of them hides. Packages for another recipient are not looked at, for the same reason.
"""

import glob
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from exports.catalogue import TOTAL, Block
from exports.errors import NotAPackage
from exports.names import MANIFEST
from exports.package import Contents, Part
from exports.periods import frequency, read_period
from exports.signs import SHOWN, is_ratio, status_sql, value_sql
from exports.tables import blocks_of, held_frequencies, where_block
from exports.texts import sentence

#: Measures and cells that a short note has room for.
_MEASURES = 3
_TOTALS = 9
_CELLS = 4
#: Cells of a correction that are said one by one.
MOVED = 20


@dataclass(frozen=True)
class Package:
    """What the manifest of an earlier package says of one statistic."""

    file: Path
    release_id: str
    business_date: date
    period: str
    definition_version: str


@dataclass(frozen=True)
class Change:
    """One cell in both packages; `codes` by dimension, those at their total left out."""

    measure: str
    codes: dict[str, str]
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """Return what was added."""
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Our main period beside one of an earlier package, which is the same one (a revision) or not.

    `compared` and `changed` count cells of a revision; `totals` and `drivers` are of the main
    period: the totals of the first block, and the codes of its first axis by which the first
    measure that moved did so most. `moved`: the cells of a revision that changed most, of all
    blocks and measures, the largest first (rates and means last: they are of another size).
    """

    earlier: Package
    ref_period: str
    before_period: str
    compared: int
    changed: int
    totals: tuple[Change, ...]
    drivers: tuple[Change, ...]
    # The measure that the drivers are of.
    explained: str
    same_definitions: bool
    moved: tuple[Change, ...] = ()

    @property
    def is_revision(self) -> bool:
        """Say whether both tell of the same period."""
        return self.ref_period == self.before_period


def compare(cursor, part: Part, contents: Contents, earlier: Sequence[Path]) -> list[Comparison]:
    """Compare a statistic with the last answer about the same period, and about the one before."""
    known = known_packages(part, contents, earlier)
    found = []
    main = read_period(part.main_period)
    pairs: dict[bool, tuple[Package, str]] = {}
    for one in known:
        held = _periods(cursor, one)
        if part.main_period in held:
            pairs[True] = (one, part.main_period)
        else:
            alike = [ref for ref in held if len(ref) == len(part.main_period)]
            before = [ref for ref in alike if read_period(ref).start < main.start]
            if before:
                pairs[False] = (one, max(before))
    for _, (one, before) in sorted(pairs.items(), reverse=True):
        found.append(_compared(cursor, part, one, before))
    return found


def known_packages(part: Part, contents: Contents, earlier: Sequence[Path]) -> list[Package]:
    """Return the earlier packages that hold the statistic, for the same recipient, oldest first.

    Raises NotAPackage when a folder is none.
    """
    found = []
    for folder in earlier:
        said = _manifest(Path(folder), contents.lang)
        same = (said["release_id"], said["period"]) == (contents.release_id, contents.period.text)
        if same or said["profile"] != contents.profile.name:
            continue
        found += [
            Package(
                Path(folder) / one["file"],
                said["release_id"],
                said["business_date"],
                said["period"],
                one["definition_version"],
            )
            for one in said["statistics"]
            if one["code"] == part.statistic.code
        ]
    return sorted(found, key=lambda one: (one.business_date, one.release_id))


def _manifest(folder: Path, lang: str) -> dict:
    """Return the manifest of an earlier package.

    Raises NotAPackage when there is none, or a file of it is not there.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        absent = [one["file"] for one in said["statistics"] if not (folder / one["file"]).is_file()]
        said["business_date"] = date.fromisoformat(said["business_date"])
    except (OSError, ValueError, KeyError, TypeError):
        absent = [MANIFEST]
    if absent:
        what = ", ".join(absent)
        raise NotAPackage(sentence("not_a_package", lang, folder=folder.name, what=what))
    return said


def load_package(cursor, earlier: Package) -> None:
    """Put the cells of an earlier package into the temporary table `earlier_answer`, as text."""
    cursor.execute(
        "create or replace temp table earlier_answer as"
        " select * from read_csv($file, header = true, all_varchar = true, delim = ',',"
        " hive_partitioning = false)",
        {"file": glob.escape(str(earlier.file))},
    )


def _varying(cursor, part: Part) -> list[str]:
    """Return the dimensions but for those that repeat the period (the contribution year)."""
    names = part.statistic.dimension_names
    if not names:
        return []
    asked = ", ".join(f'bool_and("{name}" = ref_period)' for name in names)
    row = cursor.execute(f"select {asked} from {part.table}").fetchone()
    return [name for name, repeats in zip(names, row, strict=True) if not repeats]


def _periods(cursor, earlier: Package) -> list[str]:
    load_package(cursor, earlier)
    rows = cursor.execute("select distinct ref_period from earlier_answer").fetchall()
    return [row[0] for row in rows if read_period(row[0])]


def _compared(cursor, part: Part, earlier: Package, before_period: str) -> Comparison:
    load_package(cursor, earlier)
    held = {row[0] for row in cursor.execute("describe earlier_answer").fetchall()}
    names = [name for name in _varying(cursor, part) if name.upper() in held]
    _join(cursor, part, names, before_period)
    counts, moved = (0, 0), ()
    if before_period == part.main_period:
        counts = cursor.execute(
            "select count(*), count(*) filter (where after <> before) from compared_answer"
        ).fetchone()
        moved = _moved(cursor, part, names)
    totals, drivers, explained = _headlines(cursor, part, names)
    return Comparison(
        earlier,
        part.main_period,
        before_period,
        *counts,
        totals,
        drivers,
        explained,
        earlier.definition_version == part.statistic.definition_version,
        moved,
    )


def _moved(cursor, part: Part, names: list[str]) -> tuple[Change, ...]:
    selected = "".join(f', "{name}"' for name in names)
    ratios = ", ".join(f"'{m.name}'" for m in part.statistic.measures if is_ratio(m.unit)) or "''"
    rows = cursor.execute(
        f"select measure, before, after{selected} from compared_answer where after <> before"
        f" order by measure in ({ratios}), abs(after - before) desc, measure{selected}"
        f" limit {MOVED}"
    ).fetchall()
    return tuple(Change(row[0], _said(names, row[3:]), row[1], row[2]) for row in rows)


def _said(names: list[str], codes: Sequence[str]) -> dict[str, str]:
    """Return the codes by dimension, those at their total left out."""
    return {n: c for n, c in zip(names, codes, strict=False) if c not in (TOTAL, "", None)}


def _join(cursor, part: Part, names: list[str], before_period: str) -> None:
    """Put the cells that both show beside each other; a year in a code moves with the period."""
    keys = ", ".join(f'ours."{name}"' for name in (*names, "measure"))
    on = " and ".join(f'ours."{name}" = theirs."{name.upper()}"' for name in (*names, "measure"))
    cursor.execute(
        f"""
        create or replace temp table compared_answer as
        select {keys}, cast(ours.shown as decimal(38, 6)) as after,
            cast(theirs."OBS_VALUE" as decimal(38, 6)) as before
        from (
            select *, {value_sql()} as shown, {status_sql(part.statistic)} as status
            from {part.table}
            where ref_period = $main
        ) as ours
        inner join earlier_answer as theirs on {on}
        where theirs."REF_PERIOD" = $before
            and ours.status = '{SHOWN}' and theirs."OBS_STATUS" = '{SHOWN}'""",
        {"main": part.main_period, "before": before_period},
    )


def _headlines(
    cursor, part: Part, names: list[str]
) -> tuple[tuple[Change, ...], tuple[Change, ...], str]:
    """Totals of the first measures, those that moved before others; the cells of the first axis
    that moved most, and of which measure.
    """
    statistic = part.statistic
    one = frequency(part.main_period)
    blocks = [b for b in blocks_of(statistic) if one in held_frequencies(b)]
    if not blocks:
        return (), (), ""
    block = blocks[0]
    axis = _first_axis(block, names)
    at_total = " and ".join(
        f"\"{name}\" = '{TOTAL}'"
        for name in names
        if name not in _never_total(block) and (axis is None or name != axis)
    )
    where = f"{where_block(statistic, block)}{f' and {at_total}' if at_total else ''}"
    selected = ", ".join(f'"{name}"' for name in names) or "''"
    rows = cursor.execute(
        f"select measure, before, after, {selected} from compared_answer where {where} order by all"
    ).fetchall()
    units = {m.name: m.unit for m in statistic.measures}
    moved = {measure for measure, before, after, *_ in rows if before != after}
    known = sorted((name for name in block.measures if name in units), key=lambda n: n not in moved)
    wanted = [name for name in block.measures if name in known[:_MEASURES]]
    totals, drivers = [], []
    for measure, before, after, *codes in rows:
        if measure not in wanted:
            continue
        shown = _said(names, codes)
        change = Change(measure, shown, before, after)
        if axis is None or axis not in shown:
            totals.append(change)
        elif change.difference and not is_ratio(units[measure]):
            drivers.append(change)
    place = {name: at for at, name in enumerate(wanted)}
    if len(totals) > _TOTALS:
        # What is never added up has a total of each kind: those that moved most.
        totals = [total for total in totals if total.measure == wanted[0]]
        totals = sorted(totals, key=lambda change: -abs(change.difference))[:_TOTALS]
    totals.sort(key=lambda change: place[change.measure])
    # What is explained is what moved: as a whole if any did, or within an unmoved whole.
    explained = next((t.measure for t in totals if t.difference and _in(t.measure, drivers)), "")
    explained = explained or next((name for name in wanted if _in(name, drivers)), "")
    drivers = [change for change in drivers if change.measure == explained]
    drivers.sort(key=lambda change: -abs(change.difference))
    return tuple(totals), tuple(drivers[:_CELLS]), explained


def _in(measure: str, changes: Sequence[Change]) -> bool:
    return any(change.measure == measure for change in changes)


def _first_axis(block: Block, names: list[str]) -> str | None:
    """Return the first breakdown that has a total, by which the totals are explained."""
    axes = [axis for axis in block.axes if axis.has_total and not axis.levels]
    return next((a.dimensions[0] for a in axes if a.dimensions[0] in names), None)


def _never_total(block: Block) -> set[str]:
    return {axis.dimensions[0] for axis in block.axes if not axis.has_total}
