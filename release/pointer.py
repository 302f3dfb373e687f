"""Pointers: small JSON files that name the release readers should open; replaced atomically, last
of all.

Belongs here: reading and replacing a pointer. Does not belong here: what the pointed file holds
(reader.py).
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from release.errors import BrokenReleaseError, DamagedReleaseError, NoReleaseError
from release.home import pointer_name, releases_folder
from release.proof import kept_hash


@dataclass(frozen=True)
class Rollback:
    """Why a pointer names an earlier release. It stands in the pointer itself, and so ends with it:
    whatever is published next takes its place.

    Attributes:
        reason: in the words of who went back.
        by: who did.
        at: when (UTC, ISO 8601).
        left: id of the release that was current before; None where none could be read.
        plan: the deliveries that stood then (meta.release.plan_fingerprint): it holds until there
            are others. None: it holds until the next run.
    """

    reason: str
    by: str
    at: str
    left: str | None
    plan: str | None


@dataclass(frozen=True)
class Pointer:
    """What a pointer says. `path` is absolute; in the file it is a name in the same folder."""

    release_id: str
    path: Path
    business_date: date
    #: Of the file when it was published; None where that is not known.
    size: int | None = None
    sha256: str | None = None
    #: Where somebody went back to it; None where it was published last.
    rollback: Rollback | None = None


def read_pointer(home: str | os.PathLike[str] | None = None, as_of: date | None = None) -> Pointer:
    """The pointer of the current release, or of the release as of a date.

    Raises:
        NoReleaseError: there is no such pointer.
        BrokenReleaseError: the pointer cannot be read, or the file it names is missing or of
            another size than the one that was published.
    """
    folder = releases_folder(home)
    file = folder / pointer_name(as_of)
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise NoReleaseError(folder, as_of) from None
    except PermissionError as error:
        raise BrokenReleaseError("pointer_denied", file=file) from error
    except OSError as error:
        raise _unreadable(file, error) from error
    pointer = _parse(file, content)
    if not pointer.path.is_file():
        raise BrokenReleaseError("pointer_to_nothing", file=file, name=pointer.path.name)
    if pointer.size is not None and pointer.path.stat().st_size != pointer.size:
        raise DamagedReleaseError(pointer.path)
    return pointer


def find_pointer(
    home: str | os.PathLike[str] | None = None, as_of: date | None = None
) -> Pointer | None:
    """As `read_pointer`, but None when there is none or when it is of no use: the writer then
    starts afresh.
    """
    try:
        return read_pointer(home, as_of)
    except (NoReleaseError, BrokenReleaseError):
        return None


def named_files(folder: Path) -> set[str]:
    """Names of the release files that any pointer of the folder names. A pointer that cannot be
    read counts for none.
    """
    names = set()
    for file in folder.glob("*.json"):
        try:
            names.add(_parse(file, file.read_bytes()).path.name)
        except (BrokenReleaseError, OSError):
            continue
    return names


def pointed_dates(folder: Path) -> set[date]:
    """The business dates that pointers of the folder name. One that cannot be read counts for
    none.
    """
    dates = set()
    for file in folder.glob("*.json"):
        try:
            dates.add(_parse(file, file.read_bytes()).business_date)
        except (BrokenReleaseError, OSError):
            continue
    return dates


def move_pointer(
    folder: Path,
    release_id: str,
    file: str,
    business_date: date,
    as_of: date | None = None,
    rollback: Rollback | None = None,
) -> None:
    """Make the pointer name a release. A reader sees the old pointer or the new one, never a half
    of either.

    The new text is on the disk before it takes the place of the old one, and so is the folder's
    entry: after a loss of power the pointer names a file that is whole.
    """
    content: dict[str, Any] = {
        "release_id": release_id,
        "path": file,
        "business_date": business_date.isoformat(),
    }
    if sha256 := kept_hash(folder / file):
        content |= {"sha256": sha256, "size": (folder / file).stat().st_size}
    if rollback is not None:
        content["rollback"] = asdict(rollback)
    target = folder / pointer_name(as_of)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with open(draft, "w", encoding="utf-8") as out:
        json.dump(content, out)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, target)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Bring the entries of a folder (renames) to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parse(file: Path, read: bytes) -> Pointer:
    try:
        content = json.loads(read.decode("utf-8"))
        name = content["path"]
        if not isinstance(name, str) or Path(name).name != name:
            raise ValueError("path")
        return Pointer(
            release_id=str(content["release_id"]),
            path=(file.parent / name).resolve(),
            business_date=date.fromisoformat(content["business_date"]),
            size=None if content.get("size") is None else int(content["size"]),
            sha256=None if content.get("sha256") is None else str(content["sha256"]),
            rollback=Rollback(**content["rollback"]) if content.get("rollback") else None,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> BrokenReleaseError:
    kind = type(error).__name__
    return BrokenReleaseError("pointer_unreadable", file=file, kind=kind)
