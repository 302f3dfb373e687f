"""A delivery of microdata: its equations, and the same files made again from its release.

Belongs here: what only microdata has. Does not belong here: names, hashes, signature, which they
share with packages of statistics (files.py, origin.py).
"""

import csv
import tempfile
from pathlib import Path

from exports.manifest import sha256_of
from exports.microdata import pseudonym, reconciliation
from exports.microdata.delivery import KIND, write_of
from exports.names import SIGNATURE
from exports.periods import parse_period
from exports.profiles import find_profile
from exports.verify.case import Case
from exports.verify.check import Check, not_checked, ok, some, wrong
from exports.verify.faults import reading
from release.reader import standing


def is_microdata(case: Case) -> bool:
    """Say whether the manifest is that of microdata."""
    return case.manifest.get("kind") == KIND


def check_equations(case: Case) -> Check:
    """Every file has the rows that the manifest says, and every equation holds."""
    for name, rows in case.manifest["rows"].items():
        if len(_rows(case.folder / name)) != rows:
            return wrong("equations", "rows", name=name)
    equations = _rows(case.folder / reconciliation.FILE)
    differing = [one for one in equations if one["DELIVERED"] != one["RELEASE"]]
    if differing or len(equations) != case.manifest["equations"]:
        return wrong("equations", "differ", count=len(differing))
    return ok("equations", count=len(equations))


def check_again(case: Case) -> Check:
    """The release gives the same files again, byte for byte, under the same pseudonyms."""
    said = case.manifest
    release = next((one for one in standing(case.home) if one.id == said["release_id"]), None)
    if release is None:
        return not_checked("again", "release", release=said["release_id"])
    named = said["pseudonyms"]["key_id"]
    if not pseudonym.has_key(case.home) or named != pseudonym.key_id(
        pseudonym.recipient_key(case.home, said["profile"], case.lang)
    ):
        return not_checked("again", "key", key_id=named)
    with tempfile.TemporaryDirectory() as out:
        made = write_of(
            release,
            parse_period(said["period"], case.lang),
            find_profile(said["profile"], case.lang),
            Path(out),
            case.home,
            said["lang"],
        )
        again = {path.name: sha256_of(path) for path in made.folder.iterdir()}
    # The key that signs may have changed meanwhile; its signature has a check of its own.
    names = sorted((set(again) | set(case.files)) - {SIGNATURE})
    held = set(case.files)
    differing = [
        name
        for name in names
        if name not in held or again.get(name) != sha256_of(case.folder / name)
    ]
    if differing:
        return wrong("again", "differ", release=release.id, names=some(differing))
    return ok("again", release=release.id, count=len(names))


def _rows(path: Path) -> list[dict[str, str]]:
    with reading("csv", path.name), open(path, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
