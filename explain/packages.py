"""Which packages hold a statistic, by what their manifests say.

Belongs here: looking through the folders of packages. Does not belong here: whether a package is
what the desk wrote (exports/verify), what it would hold today (exports/restatement).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def holding(code: str, home: Path, out: Path | None) -> list[dict[str, Any]]:
    """Packages that hold a statistic: `package`, `release_id`, `profile`, `period`, `is_delivered`,
    those of the desk first. A manifest that cannot be read counts for none.
    """
    desk = sorted((home / "desk" / "requests").glob(f"*/v*/{MANIFEST}"))
    runs = sorted(out.glob(f"*/{MANIFEST}")) if out else []
    found = []
    for file in (*desk, *runs):
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            codes = {one["code"] for one in said["statistics"]}
            row = {name: said[name] for name in ("release_id", "profile", "period")}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if code in codes:
            name = "/".join(file.parts[-3:-1] if file in desk else file.parts[-2:-1])
            delivered = (file.parent / "delivery.json").is_file()
            found.append({"package": name, **row, "is_delivered": delivered})
    return found
