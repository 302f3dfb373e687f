"""The files of a package against its manifest.

Belongs here: names, bytes, hashes. Does not belong here: what is in them.
"""

from exports.manifest import sha256_of
from exports.package import MANIFEST, SIGNATURE
from exports.verify.case import Case
from exports.verify.check import Check, ok, some, wrong


def check_files(case: Case) -> Check:
    """Every file that the manifest lists is there, and no other."""
    listed = [one["name"] for one in case.manifest["files"]]
    expected = {*listed, MANIFEST, SIGNATURE}
    present = set(case.files)
    # A missing signature is told by its own check.
    missing = sorted(expected - present - {SIGNATURE})
    more = sorted(present - expected)
    linked = [name for name in sorted(present) if (case.folder / name).is_symlink()]
    if missing:
        return wrong("files", "missing", names=some(missing))
    if more or linked or len(set(listed)) < len(listed):
        return wrong("files", "more", names=some(more or linked or listed))
    return ok("files", count=len(listed))


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
