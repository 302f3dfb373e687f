"""Files that are there whole, and on disk, before they show: one rename each.

Belongs here: how a file or a folder is put in its place so that a kill at any moment leaves the
one before or the new one. Does not belong here: which files, and where they lie (`raw.py`).
"""

import json
import os
import shutil
from pathlib import Path

INCOMING, REPLACED = ".incoming-", ".replaced-"


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
