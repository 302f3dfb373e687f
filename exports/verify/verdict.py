"""All checks of a package, one after the other.

Belongs here: their order, what becomes of a file that cannot be read, a package that comes as a
zip. Does not belong here: the checks.
"""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.errors import NotAPackage
from exports.names import MANIFEST
from exports.package import files_of
from exports.texts import sentence
from exports.verify.case import Case, MissingFigures
from exports.verify.check import Check, some, wrong
from exports.verify.disclosure import check_disclosure
from exports.verify.faults import is_of_machine, of_package
from exports.verify.figures import check_formats, check_structure, check_totals
from exports.verify.files import check_files, check_hashes
from exports.verify.microdata import check_again, check_equations, is_microdata
from exports.verify.origin import (
    check_approval,
    check_chain,
    check_delivery,
    check_signature,
    is_overridden,
)
from exports.verify.rebuild import check_rebuild
from release.home import vigie_home
from storage import databases


def verify_package(
    package: Path,
    home: Path | None = None,
    lang: str = "fr",
    lent: Sequence[Path] = (),
    keys: Sequence[Ed25519PublicKey] | None = None,
) -> tuple[Check, ...]:
    """Look at a package, a folder or the zip of one.

    Args:
        lent: other packages that it may name.
        keys: the public keys that count as the desk's (default: those that `home` knows).

    Raises:
        NotAPackage: there is no folder and no zip of that name, or no manifest in it.
    """
    package = Path(package)
    if not (package.is_file() and zipfile.is_zipfile(package)):
        return _verified(package, home, lang, lent, keys)
    with tempfile.TemporaryDirectory() as folder:
        try:
            inside = _unpacked(package, Path(folder) / package.stem, lang)
        except NotAPackage:
            raise
        except Exception as error:
            if is_of_machine(error):
                raise
            return (wrong("files", "zip", name=package.name),)
        if isinstance(inside, Check):
            return (inside,)
        is_unnamed = inside == Path(folder) / package.stem
        return _verified(inside, home, lang, lent, keys, is_unnamed)


def _unpacked(package: Path, folder: Path, lang: str) -> Path | Check:
    """The folder of a zip that has the manifest; what lies beside it or twice is not ours."""
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        archive.extractall(folder)
    found = sorted((path.parent for path in folder.rglob(MANIFEST)), key=lambda one: len(one.parts))
    if not found:
        raise NotAPackage(sentence("no_package", lang, name=package.name, what=MANIFEST))
    inside = found[0].relative_to(folder)
    stray = [
        one
        for one in names
        if names.count(one) > 1
        or (
            not Path(one).is_relative_to(inside)
            # The folders around it are named too.
            and not (one.endswith("/") and inside.is_relative_to(one))
        )
    ]
    return wrong("files", "more", names=some(sorted(set(stray)))) if stray else found[0]


def _verified(
    folder: Path,
    home,
    lang: str,
    lent: Sequence[Path],
    keys: Sequence[Ed25519PublicKey] | None,
    is_unnamed: bool = False,
) -> tuple[Check, ...]:
    if not (folder / MANIFEST).is_file():
        raise NotAPackage(sentence("no_package", lang, name=folder.name, what=MANIFEST))
    if odd := [name for name in files_of(folder) if not (folder / name).is_file()]:
        # A pipe would be waited for, a link to a folder leads away.
        return (wrong("files", "more", names=some(odd)),)
    case = Case(
        folder.resolve(),
        vigie_home(home),
        lang,
        tuple(one.resolve() for one in lent),
        None if keys is None else tuple(keys),
        is_unnamed,
    )
    try:
        case.manifest  # noqa: B018
    except MissingFigures as error:
        # Nothing that looks at figures can look.
        return (wrong("files", "missing", names=str(error)),)
    except Exception as error:
        if is_of_machine(error):
            raise
        return (wrong("manifest", "unreadable", reason=of_package(error, lang)),)
    if is_microdata(case):
        looks = {"files": check_files, "hashes": check_hashes, "signature": check_signature}
        looks |= {"equations": check_equations, "again": check_again}
        return tuple(_run(name, lang, partial(look, case)) for name, look in looks.items())
    with databases.connect() as connection:
        checks: list[tuple[str, Callable[[], Check]]] = [
            ("files", lambda: check_files(case)),
            ("hashes", lambda: check_hashes(case)),
            ("signature", lambda: check_signature(case)),
            ("delivery", lambda: check_delivery(case)),
            ("chain", lambda: check_chain(case)),
            ("totals", lambda: check_totals(case, connection)),
            ("formats", lambda: check_formats(case, connection)),
            ("structure", lambda: check_structure(case, connection)),
            ("disclosure", lambda: check_disclosure(case, connection)),
            ("rebuild", lambda: check_rebuild(case)),
        ]
        if is_overridden(case):
            checks.insert(0, ("approval", lambda: check_approval(case)))
        return tuple(_run(name, lang, look) for name, look in checks)


def _run(name: str, lang: str, look: Callable[[], Check]) -> Check:
    """Run a check. Foreign bytes may make any reader of them fail in any way: that is a result."""
    try:
        return look()
    except Exception as error:
        if is_of_machine(error):
            raise
        return wrong(name, "unreadable", reason=of_package(error, lang))
