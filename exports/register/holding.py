"""What a package gives of what was asked, statistic by statistic, as its manifest says it.

Belongs here: how much is hidden, and what is not given at all: who produces and who checks must
know it without opening the files. Does not belong here: why (exports.writers.words), the words.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from exports.names import MANIFEST


@dataclass(frozen=True)
class Holding:
    """One statistic of a package; `blocks_left_out`: codes of the blocks that are not given."""

    code: str
    cells: int
    hidden: int
    blocks_left_out: tuple[str, ...]
    is_left_out: bool


def held_by(folder: Path) -> list[Holding]:
    """Return what a package holds; nothing where it cannot be read (a changed file is told by the
    look at its hashes).
    """
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return [
            Holding(
                one["code"],
                one["cells"],
                one["hidden_cells"],
                tuple(one["blocks_left_out"]),
                one["left_out"],
            )
            for one in said["statistics"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
