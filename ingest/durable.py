"""Files that are there whole, and on disk, before they show: one rename each.

Belongs here: how a file or a folder is put in its place so that a kill at any moment leaves the
one before or the new one, and by which hash it is known again. Does not belong here: which files,
and where they lie (`raw.py`).
"""

import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

INCOMING, REPLACED = ".incoming-", ".replaced-"


def sealed(data: dict) -> dict:
    """The content of a small file with `seal`, the hash of the rest: `seal_holds` proves it."""
    return {**data, "seal": _seal(data)}


def seal_holds(data: dict) -> bool:
    """Whether content is what was sealed. Takes `seal` away; what never had one (files of the
    version before) holds.
    """
    seal = data.pop("seal", None)
    return seal is None or seal == _seal(data)


def _seal(data: dict) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each Parquet file below a folder, by its path there."""
    files = sorted(folder.rglob("*.parquet"))
    with ThreadPoolExecutor() as pool:
        return {str(file.relative_to(folder)): found
                for file, found in zip(files, pool.map(sha256, files), strict=True)}


def sha256(file: Path) -> str:
    """SHA-256 of a file, hexadecimal. Errors: OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_json(path: Path, data: dict) -> None:
    """Write a small file whole or not at all, and durably."""
    incoming = path.with_name(f".{path.name}.incoming")
    try:
        with open(incoming, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1, ensure_ascii=False, default=str)
            file.flush()
            os.fsync(file.fileno())
        os.replace(incoming, path)
    finally:
        incoming.unlink(missing_ok=True)


def clear_leftovers(folder: Path) -> None:
    """Clear what a killed process left of `put_in_place` in a folder: a folder that was put aside
    comes back where the new one is not there.
    """
    for leftover in folder.glob(f"{REPLACED}*"):
        original = folder / leftover.name.removeprefix(REPLACED)
        if not original.exists():
            os.rename(leftover, original)
    for leftover in [*folder.glob(f"{INCOMING}*"), *folder.glob(f"{REPLACED}*")]:
        shutil.rmtree(leftover)


def flush(folder: Path) -> None:
    """Everything below `folder` is on disk before the rename that shows it."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put_in_place(incoming: Path, final: Path) -> None:
    """Show a finished folder under its name; an earlier one is put aside first, then removed."""
    aside = final.with_name(f"{REPLACED}{final.name}")
    if final.exists():
        os.rename(final, aside)
    os.rename(incoming, final)
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    shutil.rmtree(aside, ignore_errors=True)
