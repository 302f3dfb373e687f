"""Which earlier packages count for a recipient: those that are whole, and that they can have.

Belongs here: opening the folders, their hashes against the manifest, whom they were made for. Does
not belong here: the cells in them (earlier.py, former.py), the signature (verify).

What was made for the public everybody has. What was made for another protected recipient, or for
internal use, tells cells that this one may not see: to count it as known would be as wrong as to
forget it, so it is refused. But for an answer to the public: who has such a package will have that
answer too, and what they may not know must not follow from both (answer.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.errors import AlteredPackage, NotAPackage, OtherRecipient
from exports.manifest import read_manifest, sha256_of
from exports.names import MANIFEST
from exports.profiles import Profile, profiles
from exports.texts import sentence

_EVERYBODY = "PUBLIC"


@dataclass(frozen=True)
class Package:
    """An earlier package: its folder and what its manifest says."""

    folder: Path
    said: dict

    def file_of(self, entry: dict) -> Path:
        """Return the file of one of its statistics."""
        return self.folder / entry["file"]


def is_held(package: Package, recipient: Profile) -> bool:
    """Whether a recipient has a package: it was made for them, or for everybody. Where nothing is
    protected, every one that is named.
    """
    name = package.said.get("profile")
    known = profiles().get(name)
    is_public = known is not None and known.access == _EVERYBODY
    return name == recipient.name or is_public or not recipient.protects


def held_by(folders: Iterable[Path], recipient: Profile, lang: str) -> list[Path]:
    """Return the folders of the packages that a recipient has itself, in their order."""
    packages = [Package(Path(folder), read_manifest(Path(folder), lang)) for folder in folders]
    return [package.folder for package in packages if is_held(package, recipient)]


def by_other_holders(
    packages: Sequence[Package], recipient: Profile
) -> list[tuple[Profile, list[Package]]]:
    """Return, by the profile they were made for, the packages that the recipient has not."""
    theirs: dict[str, list[Package]] = {}
    for package in packages:
        if not is_held(package, recipient):
            theirs.setdefault(package.said["profile"], []).append(package)
    return [(profiles()[name], found) for name, found in sorted(theirs.items())]


def read_packages(folders: Iterable[Path], recipient: Profile, lang: str) -> list[Package]:
    """Open the packages that a recipient has already; for the public also those of others who are
    protected.

    Raises:
        NotAPackage: a folder has no manifest, or a file is missing that it names.
        AlteredPackage: a file is not as the package left.
        OtherRecipient: one was made for somebody else, who sees what this one may not.
    """
    found = []
    for folder in map(Path, folders):
        package = Package(folder, read_manifest(folder, lang))
        _check_whole(package, lang)
        _check_recipient(package, recipient, lang)
        found.append(package)
    return found


def _check_whole(package: Package, lang: str) -> None:
    said, folder = package.said, package.folder
    try:
        listed = [(one["name"], one["bytes"], one["sha256"]) for one in said["files"]]
        told = [one["file"] for one in said["statistics"] if isinstance(one["code"], str)]
    except (KeyError, TypeError) as error:
        words = sentence("not_a_package", lang, folder=folder.name, what=MANIFEST)
        raise NotAPackage(words) from error
    names = [name for name, _, _ in listed]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        words = sentence("package_incomplete", lang, folder=folder.name, what=_some(missing))
        raise NotAPackage(words)
    changed = [
        name
        for name, size, sha256 in listed
        if (folder / name).stat().st_size != size or sha256_of(folder / name) != sha256
    ]
    # A statistic whose file the manifest does not vouch for could say anything.
    changed += [name for name in told if name not in names]
    if changed:
        words = sentence("package_altered", lang, folder=folder.name, what=_some(changed))
        raise AlteredPackage(words)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3])


def _check_recipient(package: Package, recipient: Profile, lang: str) -> None:
    name = package.said.get("profile")
    known = profiles().get(name)
    is_looked_at = known is not None and known.protects and recipient.access == _EVERYBODY
    if not is_held(package, recipient) and not is_looked_at:
        label = known.label(lang) if known else str(name)
        words = sentence(
            "other_recipient",
            lang,
            folder=package.folder.name,
            made_for=label,
            asked=recipient.name,
        )
        raise OtherRecipient(words)
