"""The ways in which a file is damaged: cut off, not text, empty, a folder in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

DAMAGES = ("cut", "binary", "empty", "folder")


def damage(file: Path, kind: str) -> None:
    """Damage a file; it need not be there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = file.read_bytes() if file.is_file() else b'{"a": 1}'
    for beside in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        if beside.is_dir():
            shutil.rmtree(beside)
        beside.unlink(missing_ok=True)
    if kind == "folder":
        file.mkdir()
        (file / "inside").touch()
        return
    kept = {"cut": content[: len(content) // 2], "binary": b"\xff\xfe\x00\x81" * 400, "empty": b""}
    file.write_bytes(kept[kind])
