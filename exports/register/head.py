"""The head of the register: how many lines it has and the hash of the last one, signed by the desk
and kept outside the database.

The chain of hashes tells a line that was changed; only something outside can tell that the last
lines are missing, or that all were written anew. So whoever writes a line first says here, signed,
what is about to be written (`pending`), then writes it, then confirms: killed in between, the
register is at one of the two ends, and anything else was done by somebody without the desk's key.

Belongs here: this file. Does not belong here: the chain within the register (chain.py).
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from exports.register.event import GENESIS, canonical
from exports.signature import check, sign

_FOLDER, _NAME = "desk", "head.json"


@dataclass(frozen=True)
class End:
    """Where a register ends: the number of its lines, the hash of the last one."""

    count: int
    hash: str


START = End(0, GENESIS)


@dataclass(frozen=True)
class Head:
    """What the desk signed last. `pending`: the end that was about to be reached, or None."""

    end: End
    pending: End | None
    trusted: bool = True

    @property
    def ends(self) -> tuple[End, ...]:
        """Return where a register may end that nobody but the desk wrote."""
        return (self.end, self.pending) if self.pending else (self.end,)


def head_file(home: Path) -> Path:
    """Return where the head lies."""
    return home / _FOLDER / _NAME


def read_head(home: Path) -> Head | None:
    """Return what the desk signed last; None where there is no file. A file that cannot be read,
    or that the desk did not sign, is not trusted.
    """
    try:
        said = json.loads(head_file(home).read_text(encoding="utf-8"))
        signed = said.pop("signature")
        end, pending = End(**said["end"]), said["pending"] and End(**said["pending"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Head(START, None, trusted=False)
    trusted = check(home, canonical(said).encode(), signed).trusted
    return Head(end, pending, trusted)


def write_head(home: Path, end: End, pending: End | None, lang: str) -> None:
    """Sign where the register ends, on the disk before it shows."""
    said = {
        "format": 1,
        "what": "vigie register head",
        "end": vars(end),
        "pending": vars(pending) if pending else None,
    }
    said["signature"] = sign(home, canonical(said).encode(), lang)
    target = head_file(home)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(json.dumps(said, indent=1, sort_keys=True) + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, target)
