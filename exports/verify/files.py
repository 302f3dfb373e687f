"""The files of a package against its manifest.

Belongs here: names, bytes, hashes. Does not belong here: what is in them.
"""

import json
from pathlib import PurePosixPath

from exports.manifest import sha256_of
from exports.names import MANIFEST, SIGNATURE
from exports.verify.case import DELIVERY, Case
from exports.verify.check import Check, ok, some, wrong


def check_files(case: Case) -> Check:
    """Every file that the manifest lists is there, and no other, nor a folder that holds none of
    them; a package that was delivered bears the name that its delivery says: a period in a name is
    believed by whoever does not open it.
    """
    listed = [one["name"] for one in case.manifest["files"]]
    expected = {*listed, MANIFEST, SIGNATURE}
    present = set(case.files)
    # A missing signature is told by its own check.
    missing = sorted(expected - present - {SIGNATURE})
    more = sorted((present - expected) | _idle_folders(case, expected))
    linked = [name for name in sorted(present) if (case.folder / name).is_symlink()]
    if missing:
        return wrong("files", "missing", names=some(missing))
    if more or linked or len(set(listed)) < len(listed):
        return wrong("files", "more", names=some(more or linked or listed))
    named = _delivered_name(case)
    if named is not None and named != case.folder.name and not case.is_unnamed:
        return wrong("files", "named", name=case.folder.name, delivered=named)
    return ok("files", count=len(listed))


def _idle_folders(case: Case, expected: set[str]) -> set[str]:
    """Return the folders in which no file of the package belongs."""
    needed = {parent.as_posix() for name in expected for parent in PurePosixPath(name).parents}
    return {
        f"{name}/"
        for path in case.folder.rglob("*")
        if path.is_dir() and not path.is_symlink()
        if (name := path.relative_to(case.folder).as_posix()) not in needed
    }


def _delivered_name(case: Case) -> str | None:
    """Return the name that the slip of the delivery says; None where there is none to be read,
    which the check of the delivery tells.
    """
    try:
        said = json.loads((case.folder / DELIVERY[0]).read_text(encoding="utf-8"))
        return str(said["package"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def check_hashes(case: Case) -> Check:
    """Every file has the bytes and the hash that the manifest says."""
    changed = []
    for one in case.manifest["files"]:
        path = case.folder / one["name"]
        if one["name"] not in case.files:
            continue
        if path.stat().st_size != one["bytes"] or sha256_of(path) != one["sha256"]:
            changed.append(one["name"])
    if changed:
        return wrong("hashes", "changed", names=some(changed))
    return ok("hashes", count=len(case.manifest["files"]))
