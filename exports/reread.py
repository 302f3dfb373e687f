"""A package that lies on disk, as the tables that its reader sees: for whoever must judge it.

Belongs here: from the CSVs and the manifest of a package back to parts with their tables. Does not
belong here: whether it is sound (verify), how a page shows it (dashboards).

What is read is what would leave: nothing is protected or computed anew. Labels are those of the
release that is given.
"""

import glob
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.catalogue import Code, Statistic, find_statistics, load_catalogue, load_codes
from exports.cells import Cells, LeftOut
from exports.errors import NotAPackage
from exports.names import MANIFEST
from exports.note.changes import Comparison, compare
from exports.package import Part, part_of
from exports.periods import Period, parse_period
from exports.profiles import Profile, find_profile
from exports.tables import FREQUENCIES
from exports.texts import sentence
from release.dictionary import read_dictionary
from release.reader import Release


@dataclass(frozen=True)
class Reread:
    """A package as it lies there; `changes`: beside what the recipient has, by statistic."""

    release_id: str
    period: Period
    profile: Profile
    lang: str
    parts: tuple[Part, ...]
    codes: dict[str, dict[str, Code]]
    changes: dict[str, list[Comparison]]

    def part(self, code: str) -> Part:
        """Return one statistic of it."""
        return next(part for part in self.parts if part.statistic.code == code)


def reread(folder: Path, release: Release, lang: str, earlier: Sequence[Path] = ()) -> Reread:
    """Read a package; `earlier` are folders of packages that its recipient has.

    Raises:
        NotAPackage: the folder holds none, or a file of it cannot be read.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        named = {one["code"]: one for one in said["statistics"]}
        profile = find_profile(said["profile"], lang)
        period = parse_period(said["period"], lang)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAPackage(
            sentence("not_a_package", lang, folder=folder.name, what=MANIFEST)
        ) from error
    cursor = release.cursor()
    catalogue = load_catalogue(read_dictionary(release))
    statistics = find_statistics(catalogue, list(named), release.id, lang)
    lists = {d.list_name for statistic in statistics for d in statistic.dimensions}
    codes = load_codes(cursor, lists)
    parts = []
    for statistic in statistics:
        one = named[statistic.code]
        cells = _cells(cursor, folder, statistic, one, lang)
        parts.append(part_of(cursor, statistic, one["ref_periods"], cells, codes, one["file"]))
    found = Reread(said["release_id"], period, profile, lang, tuple(parts), codes, {})
    for part in parts:
        found.changes[part.statistic.code] = compare(cursor, part, found, earlier)
    return found


def _cells(cursor, folder: Path, statistic: Statistic, said: dict, lang: str) -> Cells:
    """Load a CSV as the cells that it was written from."""
    table = f"reread_{statistic.code.lower()}"
    names = ("ref_period", *statistic.dimension_names, "measure")
    keys = ", ".join(f'"{name.upper()}" as "{name}"' for name in names)
    path = folder / said["file"]
    if not path.is_file():
        raise NotAPackage(sentence("not_a_package", lang, folder=folder.name, what=path.name))
    cursor.execute(
        f"create or replace temp table {table} as select {keys},"
        ' cast("OBS_VALUE" as decimal(38, 10)) as obs_value, "OBS_STATUS" as obs_status,'
        ' "CONF_STATUS" as conf_status, cast(null as varchar) as reason'
        " from read_csv($file, header = true, all_varchar = true, delim = ',',"
        " hive_partitioning = false)",
        {"file": glob.escape(str(path))},
    )
    return Cells(table, tuple(_left_out(one) for one in said["blocks_left_out"]))


def _left_out(said: str) -> LeftOut:
    """Return a block that was left out; how much of it would have been hidden is not told."""
    block, _, frequency = said.partition(" ")
    return LeftOut(block, 0, 0, frequency if frequency in FREQUENCIES else "")
