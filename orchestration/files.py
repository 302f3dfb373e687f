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

import json
import os
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

CANDIDATE, BUILD, AUDIT = "candidate.json", "build.json", "audit.json"


def write(settings: Settings, name: str, content: Any) -> None:
    """Write one of the files, whole or not at all. Dates become text."""
    file = _path(settings, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{name}.{os.getpid()}.tmp")
    draft.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
    )
    draft.replace(file)


def read(settings: Settings, name: str) -> Any:
    """What one of the files holds; None when it is not there or cannot be read."""
    try:
        return json.loads(_path(settings, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _path(settings: Settings, name: str) -> Path:
    return settings.warehouse / name
