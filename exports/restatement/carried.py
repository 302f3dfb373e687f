"""What a later answer gives anew of the cells that are not what they were.

Belongs here: which restated cells an answer carries, whether it is a package on the disk or one
that is about to be written, and what a correction withdraws in place of it. Does not belong here:
which cells are not what they were (compare.py), whether that may leave (validation).

A cell is carried where it is shown again, and where nobody is in it any more and its block is
given. What an answer hides or leaves out it does not carry: its reader goes on with the old value.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exports.catalogue import Statistic
from exports.periods import frequency
from exports.restatement.delivered import Told
from exports.signs import SHOWN
from exports.tables import FREQUENCIES, blocks_of, held_frequencies, where_block

#: The table of compare.py: cells that are not what they were.
RESTATED = "restated_cells"


@dataclass(frozen=True)
class Carrier:
    """What an answer gives of a statistic, as SQL.

    Attributes:
        shown: query for the cells that it shows: ref_period, dimensions, measure.
        given: condition that keeps the cells of the blocks that it gives.
        ref_periods: the periods that it answers.
    """

    shown: str
    given: str
    ref_periods: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    """What a correction does not give anew of one statistic that it corrects.

    Attributes:
        changed: delivered cells that are different today.
        cells: those of them that are not carried; `example`: the name of one.
        blocks: blocks that were given then and are not now, in which such cells lie: (name,
            frequency).
    """

    code: str
    changed: int
    cells: int = 0
    example: str = ""
    blocks: tuple[tuple[str, str], ...] = ()


def carrier_of(cursor, statistic: Statistic, told: Told) -> Carrier | None:
    """Return what a package on the disk gives of a statistic; None where it gave it by other
    breakdowns than those of today.
    """
    rows = (
        f"read_csv('{_quoted(glob.escape(str(told.file)))}', header = true, all_varchar = true,"
        " delim = ',', hive_partitioning = false)"
    )
    written = {row[0] for row in cursor.execute(f"describe select * from {rows}").fetchall()}
    names = key_names(statistic)
    if not {name.upper() for name in names} <= written:
        return None
    theirs = ", ".join(f'"{name.upper()}" as "{name}"' for name in names)
    shown = f"select {theirs} from {rows} where \"OBS_STATUS\" = '{SHOWN}'"
    return Carrier(shown, where_given(statistic, told), told.ref_periods)


def leave_out_carried(cursor, statistic: Statistic, carriers: Iterable[Carrier]) -> None:
    """Take the cells that later answers carry out of the table of restated ones. Cells that are new
    today are those of the later answer about their period, which is compared by itself.
    """
    same = " and ".join(f'{RESTATED}."{name}" = shown."{name}"' for name in key_names(statistic))
    for one in carriers:
        periods = ", ".join(f"'{period}'" for period in one.ref_periods) or "''"
        cursor.execute(
            f"delete from {RESTATED} where exists (from ({one.shown}) as shown where {same})"
            f" or new is null and ({one.given})"
            f" or old is null and ref_period in ({periods})"
        )


def blocks_withdrawn(
    cursor, statistic: Statistic, told: Told, left_out: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return the blocks, each with a frequency, that a package gave and that are `left_out` now (as
    Told has them), in which cells of the table of restated ones lie.
    """
    found = []
    for block in blocks_of(statistic):
        for often in FREQUENCIES:
            periods = [ref for ref in given_periods(block, told) if frequency(ref) == often]
            is_left_out = {(block.name, ""), (block.name, often)} & set(left_out)
            if not periods or not is_left_out:
                continue
            (cells,) = cursor.execute(
                f"select count(*) from {RESTATED}"
                f" where list_contains($periods, ref_period) and {where_block(statistic, block)}",
                {"periods": periods},
            ).fetchone()
            if cells:
                found.append((block.name, often))
    return tuple(found)


def key_names(statistic: Statistic) -> tuple[str, ...]:
    """Return the columns that name a cell."""
    return ("ref_period", *statistic.dimension_names, "measure")


def given_periods(block, told: Told) -> list[str]:
    """Return the periods for which a package gave a block."""
    return [
        ref
        for ref in told.ref_periods
        if frequency(ref) in held_frequencies(block)
        and not {(block.name, ""), (block.name, frequency(ref))} & told.left_out
    ]


def where_given(statistic: Statistic, told: Told) -> str:
    """SQL that keeps the cells of the blocks that a package gave."""
    tests = []
    for block in blocks_of(statistic):
        if periods := given_periods(block, told):
            listed = ", ".join(f"'{period}'" for period in periods)
            tests.append(f"(ref_period in ({listed}) and {where_block(statistic, block)})")
    return " or ".join(tests) or "false"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
