"""A package that was delivered, as its manifest says it.

Belongs here: reading what a comparison needs. Does not belong here: whether the package is whole
and unchanged (verify).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from exports.errors import NotAPackage
from exports.names import MANIFEST
from exports.texts import sentence


@dataclass(frozen=True)
class Told:
    """What a package tells of one statistic.

    Attributes:
        left_out: its blocks that were not given: (name, frequency), the frequency empty for all.
    """

    code: str
    file: Path
    ref_periods: tuple[str, ...]
    definition_version: str
    left_out: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Delivered:
    """One package: of which release, for whom, of which period, with which statistics."""

    folder: Path
    release_id: str
    business_date: date
    built_at: datetime
    code_version: str
    profile: str
    period: str
    statistics: tuple[Told, ...]


def read_delivered(folder: Path, lang: str = "fr") -> Delivered:
    """Read the manifest of a package.

    Raises:
        NotAPackage: the folder is none, or a file of it is not there.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = Delivered(
            folder=folder,
            release_id=said["release_id"],
            business_date=date.fromisoformat(said["business_date"]),
            built_at=datetime.fromisoformat(said["built_at"]),
            code_version=said["code_version"],
            profile=said["profile"],
            period=said["period"],
            statistics=tuple(_told(folder, entry) for entry in said["statistics"]),
        )
        absent = [told.file.name for told in found.statistics if not told.file.is_file()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        words = sentence("not_a_package", lang, folder=folder.name, what=MANIFEST)
        raise NotAPackage(words) from error
    if absent:
        raise NotAPackage(
            sentence("not_a_package", lang, folder=folder.name, what=", ".join(absent))
        )
    return found


def _told(folder: Path, entry: dict) -> Told:
    left_out = {tuple(said.partition(" ")[::2]) for said in entry["blocks_left_out"]}
    return Told(
        code=entry["code"],
        file=folder / entry["file"],
        ref_periods=tuple(entry["ref_periods"]),
        definition_version=entry["definition_version"],
        left_out=frozenset(left_out),
    )
