"""Where packages of requests lie, and whether they are still what was produced.

Belongs here: names and hashes of files. Does not belong here: what is in a package.
"""

import hashlib
import shutil
from pathlib import Path

#: What says, beside a package, that it left: whose line of the register says so.
SLIP = "delivery.json"
SLIP_SIGNATURE = "delivery.sig.json"


def request_folder(home: Path, request_id: str) -> Path:
    """Return the folder of a request."""
    return home / "desk" / "requests" / request_id


def version_folder(home: Path, request_id: str, version: int) -> Path:
    """Return the folder of one version; the package is a folder in it, `delivery.json` beside."""
    return request_folder(home, request_id) / f"v{version}"


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path in it; what is no plain file
    counts as changed, and a folder that is gone has none.
    """
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found[name] = "no plain file"
        elif path.is_file():
            found[name] = sha256(path)
    return found


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def differing(one: dict[str, str], other: dict[str, str]) -> tuple[str, ...]:
    """Return the names of files that are not the same in both."""
    return tuple(sorted(name for name in {*one, *other} if one.get(name) != other.get(name)))


def removed(folder: Path) -> Path:
    """Return the folder, nothing left of it: what a killed process wrote was never voted on."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
