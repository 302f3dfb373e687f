"""A package written again from its release, and compared byte for byte.

Belongs here: finding the release and the earlier packages, writing, comparing. Does not belong
here: how a package is written (files.py). Writing it again protects and attacks it with all that
the release knows.

Where its release was cleared away, one as of the same day does as well when it has the same
figures: `vigie run --as-of` builds it from the raw history.
"""

import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from exports.answer import prepare, validated
from exports.errors import ExportError
from exports.files import write_unsigned
from exports.manifest import commission_of, read_manifest
from exports.names import SIGNATURE
from exports.package import files_of
from exports.verify.case import Case
from exports.verify.check import Check, not_checked, ok, some, wrong
from exports.verify.faults import of_package
from release.reader import Release, standing


def check_rebuild(case: Case) -> Check:
    """The release gives the same bytes for the same request."""
    said = case.manifest
    release = _release(case)
    if release is None:
        return not_checked(
            "rebuild", "release", release=said["release_id"], date=said["business_date"]
        )
    earlier = [(one["name"], case.others.get(one["sha256"])) for one in said["earlier"]]
    missing = [name for name, folder in earlier if folder is None]
    if missing:
        return not_checked("rebuild", "earlier", names=some(missing))
    folders = tuple(folder for _, folder in earlier)
    try:
        differing, refused = _differing(case, release, folders), None
    except ExportError as error:
        differing, refused = [], error
    if not differing and refused is None:
        return ok("rebuild", count=len(case.files) - 1, release=release.id)
    if gone := _gone(case, folders):
        # A correction is protected together with what it corrects, as its release holds it.
        return not_checked("rebuild", "former", releases=some(gone))
    if refused is not None:
        return wrong("rebuild", "refused", reason=of_package(refused, case.lang))
    if release.id != said["release_id"]:
        return not_checked("rebuild", "alike", release=release.id, date=release.business_date)
    return wrong("rebuild", "differ", names=some(differing), release=release.id)


def _release(case: Case) -> Release | None:
    """The release of the package, else the newest as of the same day."""
    known = standing(case.home)
    day = date.fromisoformat(case.manifest["business_date"])
    same = [one for one in known if one.id == case.manifest["release_id"]]
    return next(iter([*same, *(one for one in known if one.business_date == day)]), None)


def _gone(case: Case, earlier: tuple[Path, ...]) -> list[str]:
    """The releases of earlier packages that do not stand any more."""
    known = {one.id for one in standing(case.home)}
    made_of = {str(read_manifest(folder).get("release_id")) for folder in earlier}
    return sorted(made_of - known)


def _differing(case: Case, release: Release, earlier: tuple[Path, ...]) -> list[str]:
    said = case.manifest
    contents, cursor = prepare(
        release,
        [one["code"] for one in said["statistics"]],
        said["period"],
        profile=said["profile"],
        lang=said["lang"],
        earlier=earlier,
        commission=commission_of(said),
    )
    contents = replace(
        validated(contents, cursor, earlier),
        release_id=said["release_id"],
        built_at=datetime.fromisoformat(said["built_at"]),
        code_version=said["code_version"],
        checks=tuple(said["checks"]),
    )
    if release.id == said["release_id"]:
        about = release.about
        known = (str(about["built_at"]), str(about["code_version"]))
        if known != (str(contents.built_at), contents.code_version):
            return ["manifest.json"]
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder)
        write_unsigned(again, contents, cursor, earlier)
        names = {*files_of(again), *case.files} - {SIGNATURE}
        return [name for name in sorted(names) if not _same(case.folder / name, again / name)]


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()
