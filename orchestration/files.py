"""What a build leaves for the next step and for who looks afterwards: small JSON files in
`$VIGIE_HOME/warehouse`.

| file | written by | read by |
|---|---|---|
| `candidate.json` | the build, before dbt starts (build.py) | audit, gate |
| `build.json` | the build, when dbt has ended (dbt_runner.py) | audit |
| `audit.json` | the audit (audit.py) | gate, `vigie status` |

Each holds `release_id`, the name the candidate bears from the beginning, so that no step takes what
another build left. Does not belong here: what the files say.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

CANDIDATE, BUILD, AUDIT = "candidate.json", "build.json", "audit.json"


def write(settings: Settings, name: str, content: Any) -> None:
    """Write one of the files, whole or not at all. Dates become text."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    write_whole(_path(settings, name), text)


def write_whole(file: Path, said: str | bytes) -> None:
    """Put a small file in its place whole, on the disk before it shows; nothing where it says
    that already. What a killed process left half written is never under the name that is read.
    """
    content = said if isinstance(said, bytes) else said.encode("utf-8")
    with contextlib.suppress(OSError):
        if file.read_bytes() == content:
            return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    # For this account alone, whatever the mask of the process that writes.
    with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def read(settings: Settings, name: str) -> Any:
    """What one of the files holds; None when it is not there, cannot be read, or is not the JSON
    object it was written as.
    """
    try:
        content = json.loads(_path(settings, name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def remove(path: Path) -> None:
    """Remove what lies under a name in a folder of ours, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _path(settings: Settings, name: str) -> Path:
    return settings.warehouse / name
