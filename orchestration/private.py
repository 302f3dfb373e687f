"""Who may read what Vigie writes: the account it runs under alone (files 0600, folders 0700).

Belongs here: the mask of a process, closing what earlier versions left open, whether deliveries lie
open, whether something is closed to this account itself. Does not belong here: what is in the
files.

Choices: of the data folder only what Vigie writes is closed; `landing` and the folder itself are
the operator's, who may let another account put deliveries there. A release stays read-only (0400).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from orchestration.settings import Settings

MASK = 0o077
_OTHERS_PASS, _OTHERS_LIST = stat.S_IXOTH, stat.S_IROTH
#: What Vigie makes in a data folder (patterns); anything else there was put by somebody.
OURS = (
    "accepted",
    "access",
    "alarms",
    "backup",
    "dagster",
    "dbt",
    "desk",
    "encryption.json",
    "feeds",
    "forgotten",
    "format.json",
    "held",
    "judgements",
    "keys",
    "loads",
    "logs",
    "metrics",
    "notebook",
    "notices",
    "out",
    "outbox",
    "raw",
    "refusals",
    "releases",
    "rollbacks",
    "run.lock",
    "runs",
    "sources/*/last.json",
    "sources/*/state",
    "subscriptions",
    "warehouse",
)


def set_mask() -> None:
    """From here on this process and its children write for their own account alone."""
    os.umask(MASK)


def shut_out(home: Path) -> list[OSError]:
    """What the system says of each folder that this account may not look into. Looking for files in
    one finds none and says nothing: who changes a whole data folder asks here first.
    """
    met: list[OSError] = []
    for _ in os.walk(home, onerror=met.append):
        pass
    # One that went away meanwhile is no such folder.
    return [error for error in met if not isinstance(error, FileNotFoundError)]


def refuse_shut_out(home: Path) -> None:
    """Stop where a folder is closed to this account.

    Raises:
        OSError: which, and why.
    """
    if met := shut_out(home):
        raise met[0]


def close(settings: Settings) -> int:
    """Take every right of others from what lies in the data folder and is ours; how many files and
    folders had one. What belongs to another account, or is a link, is left alone.
    """
    closed = 0
    for top in (path for one in OURS for path in settings.home.glob(one)):
        if top.is_symlink():
            continue
        closed += _close(top)
        for folder, folders, files in os.walk(top):
            closed += sum(_close(Path(folder) / one) for one in (*folders, *files))
    return closed


def lies_open(folder: Path) -> bool:
    """Whether any account of this machine can list a folder: it has the right and the way there."""
    try:
        modes = [one.stat().st_mode for one in (folder, *folder.parents)]
    except OSError:
        return False
    return bool(modes[0] & _OTHERS_LIST) and all(mode & _OTHERS_PASS for mode in modes)


def _close(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not mode & MASK:
            return False
        path.chmod(stat.S_IMODE(mode) & ~MASK)
    except OSError:  # gone meanwhile, or of another account
        return False
    return True
