"""What the deliveries say of the register: each names the line that says that it left.

The head (head.py) tells where the register ends, but whoever puts an old register back can put its
old head back with it, or take both away. The slips of the deliveries lie beside the packages, and
the recipients have them, signed. Belongs here: reading the desk's own slips and comparing them with
the lines. Does not belong here: what stands in a slip (delivery.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.register.folder import SLIP


@dataclass(frozen=True)
class Anchor:
    """The line that a delivery names. `line` is None where the slip cannot be read."""

    slip: str
    line: int | None
    hash: str = ""

    def holds(self, hashes: Sequence[object]) -> bool:
        """Whether the register, the hashes of its lines given, has that line."""
        return (
            self.line is not None
            and 0 < self.line <= len(hashes)
            and hashes[self.line - 1] == self.hash
        )


def loose(home: Path, hashes: Sequence[object]) -> list[Anchor]:
    """Return the deliveries whose line the register has not, or not as it was."""
    slips = sorted((home / "desk" / "requests").glob(f"*/v*/{SLIP}"))
    return [one for one in (_read(home, slip) for slip in slips) if not one.holds(hashes)]


def _read(home: Path, slip: Path) -> Anchor:
    name = slip.relative_to(home).as_posix()
    try:
        named = json.loads(slip.read_bytes())["register"]
        line, own = named["count"], named["hash"]
    except (OSError, ValueError, KeyError, TypeError):
        return Anchor(name, None)
    return Anchor(name, line, own) if isinstance(line, int) else Anchor(name, None)
