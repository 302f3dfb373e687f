"""The cells of a statistic as they would leave, beside those of the release.

Belongs here: the table that every rule reads, and the names of cells in a sentence. Does not belong
here: any rule.

The table has one row for each row of the release in the periods asked for: `ref_period`, the
dimensions, `measure`, `held` (the value of the release), `contributors`, `largest` (contribution),
`is_there` (it has a row in the answer), `shown` (the value that leaves; null when none does),
`status` (of exports/signs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.catalogue import Block, Statistic
from exports.package import Contents, Part
from exports.periods import frequency
from exports.protection.packages import held_by
from exports.signs import SHOWN, status_sql, value_sql
from exports.tables import blocks_of, held_frequencies, where_block
from exports.validation.cell import name_in_sql
from exports.validation.rule import Result


@dataclass(frozen=True)
class View:
    """One statistic of a package. `tables`: of every statistic of it, by code."""

    contents: Contents
    part: Part
    cursor: object
    table: str
    tables: dict[str, str]
    earlier: tuple[Path, ...]

    @property
    def statistic(self) -> Statistic:
        """Return the statistic."""
        return self.part.statistic

    @property
    def code(self) -> str:
        """Return its code."""
        return self.part.statistic.code

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that name a cell, quoted."""
        names = ("ref_period", *self.statistic.dimension_names, "measure")
        return tuple(f'"{name}"' for name in names)

    @property
    def in_words(self) -> str:
        """SQL for the name of a cell (cell.py says it in words)."""
        return name_in_sql(self.statistic)

    def given(self) -> list[tuple[Block, list[str]]]:
        """Return the blocks that are not left out, each with its periods of this answer."""
        left_out = {(left.block, left.frequency) for left in self.part.left_out}
        found = []
        for block in blocks_of(self.statistic):
            often = held_frequencies(block)
            periods = [
                ref
                for ref in self.part.ref_periods
                if (kind := frequency(ref)) in often and (block.name, kind) not in left_out
            ]
            if periods and (block.name, "") not in left_out:
                found.append((block, periods))
        return found

    def count(self, failing: str, among: str = "true", **values: object) -> Result:
        """Count the rows of the table that are `among` and those of them that are `failing` (both
        SQL), and name the first of these.
        """
        row = self.cursor.execute(
            f"select count(*) filter (where {among}),"
            f" count(*) filter (where ({among}) and ({failing})),"
            f" min({self.in_words}) filter (where ({among}) and ({failing})) from {self.table}",
            values,
        ).fetchone()
        return Result(row[0], row[1], row[2] or "")


def where_given(statistic: Statistic, block: Block, periods: Sequence[str]) -> str:
    """SQL that keeps the rows of a block in some periods."""
    listed = ", ".join(f"'{period}'" for period in periods)
    return f"ref_period in ({listed}) and {where_block(statistic, block)}"


def views_of(contents: Contents, cursor, earlier: Sequence[Path]) -> list[View]:
    """Make the table of every statistic, and give the views of them."""
    tables = {
        part.statistic.code: f"validated_{part.statistic.code.lower()}" for part in contents.parts
    }
    for part in contents.parts:
        _make(cursor, part, tables[part.statistic.code])
    folders = tuple(held_by(earlier, contents.profile, contents.lang))
    return [
        View(contents, part, cursor, tables[part.statistic.code], tables, folders)
        for part in contents.parts
    ]


def _make(cursor, part: Part, table: str) -> None:
    statistic = part.statistic
    names = [f'"{name}"' for name in ("ref_period", *statistic.dimension_names, "measure")]
    held = ", ".join(f"held.{name}" for name in names)
    cursor.execute(
        f"""
        create or replace temp table {table} as
        with leaving as (
            select distinct on ({", ".join(names)})
                {", ".join(names)}, {value_sql()} as shown, {status_sql(statistic)} as status
            from {part.table}
        )
        select {held}, held.obs_value as held, held.contributors,
            held.largest_contribution as largest,
            leaving.status is not null as is_there,
            case when leaving.status = '{SHOWN}' then leaving.shown end as shown, leaving.status
        from {statistic.table} as held
        left join leaving using ({", ".join(names)})
        where list_contains($periods, held.ref_period)""",
        {"periods": list(part.ref_periods)},
    )
