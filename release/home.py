"""Where the releases are: `$VIGIE_HOME/releases`, and the names of what lies in it.

Belongs here: names of releases, of their files and of the pointers. Does not belong here: landing,
raw history and warehouse folders (ingest and orchestration know them; readers of a release must
not).
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

DEFAULT_HOME = "data"
SUFFIX = ".duckdb"
CURRENT = "current.json"


def vigie_home(home: str | os.PathLike[str] | None = None) -> Path:
    """Absolute path of the data folder: the argument, else VIGIE_HOME, else ./data."""
    return Path(home or os.environ.get("VIGIE_HOME") or DEFAULT_HOME).expanduser().resolve()


def releases_folder(home: str | os.PathLike[str] | None = None) -> Path:
    """Absolute path of the folder of releases (it may not exist yet)."""
    return vigie_home(home) / "releases"


def pointer_name(as_of: date | None = None) -> str:
    """File name of the pointer: `current.json`, or `as-of-<DATE>.json` for a release as of a
    date.
    """
    return CURRENT if as_of is None else f"as-of-{as_of.isoformat()}.json"


def file_name(release_id: str) -> str:
    """File name of a release in its folder."""
    return release_id + SUFFIX


def new_release_id(business_date: date, built_at: datetime) -> str:
    """Name of a release: the business date it is as of, then when it was built (UTC, to the
    second).

    The second part orders releases by age whatever date they are as of (`built_part`).
    """
    return f"{business_date.isoformat()}_{built_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def built_part(release_id: str) -> str:
    """The part of a release id that sorts by time of building."""
    return release_id.rpartition("_")[2]


def built_moment(release_id: str) -> datetime | None:
    """When a release was built, by its id; None when it is no release id of ours."""
    try:
        return datetime.strptime(built_part(release_id), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
