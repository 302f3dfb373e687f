"""The package that is looked at, and what may be asked besides.

Belongs here: its manifest read without trust, other packages by the hash of their manifest. Does
not belong here: any check.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.manifest import FORMAT, manifest_hash, read_manifest
from exports.names import MANIFEST
from exports.package import files_of
from exports.verify.faults import Unreadable

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"T[0-9]{2}")
#: What the desk puts beside the files of a package when it leaves.
DELIVERY = ("delivery.json", "delivery.sig.json")


class MissingFigures(Exception):
    """The figures of a statistic are listed and not there: its text names their file."""


@dataclass(frozen=True)
class Case:
    """One package.

    Attributes:
        home: the data folder of who looks.
        lent: other packages given to look at.
        keys: the keys that count as the desk's; None: those that `home` knows.
        is_unnamed: its folder was made here, for a zip that has none; the name says nothing.

    `lang` is a language of packages (fr or nl).
    """

    folder: Path
    home: Path
    lang: str
    lent: tuple[Path, ...] = ()
    keys: tuple[Ed25519PublicKey, ...] | None = None
    is_unnamed: bool = False

    @cached_property
    def manifest(self) -> dict:
        """The manifest; names that become SQL are names, and nothing else."""
        said = read_manifest(self.folder, self.lang)
        if "statistics" not in said and "pseudonyms" in said:
            return said  # microdata, of which no name becomes SQL
        if said.get("format") != FORMAT:
            raise Unreadable("format")
        for statistic in said["statistics"]:
            measures = [one["name"] for one in statistic["measures"]]
            if not _CODE.fullmatch(statistic["code"]):
                raise Unreadable("code")
            if not all(_NAME.fullmatch(one) for one in (*statistic["dimensions"], *measures)):
                raise Unreadable(statistic["code"])
            if statistic["file"] not in files_of(self.folder):
                listed = [one["name"] for one in said["files"]]
                kind = MissingFigures if statistic["file"] in listed else Unreadable
                raise kind(statistic["file"])
        return said

    @property
    def statistics(self) -> list[dict]:
        """What the manifest says of each statistic."""
        return self.manifest["statistics"]

    @property
    def files(self) -> list[str]:
        """The files that are there and belong to the package itself."""
        return [name for name in files_of(self.folder) if name not in DELIVERY]

    @cached_property
    def others(self) -> dict[str, Path]:
        """Other packages at hand, by the hash of their manifest: lent, beside it, in the desk."""
        return {
            manifest_hash(folder): folder for folder in self._candidates() if folder != self.folder
        }

    def _candidates(self) -> Iterator[Path]:
        around: Sequence[Path] = (self.folder.parent, self.home / "desk" / "requests")
        for pattern, root in (("*", around[0]), ("*/v*/*", around[1])):
            yield from (path.parent for path in sorted(root.glob(f"{pattern}/{MANIFEST}")))
        yield from (folder for folder in self.lent if (folder / MANIFEST).is_file())
