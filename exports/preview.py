"""What a recipient would see of a statistic, and what protecting it costs: for whoever decides what
to send.

Belongs here: the share of the cells and of the values that would not be shown. Does not belong
here: which cells are hidden (protection), how a page shows them.
"""

from dataclasses import dataclass
from decimal import Decimal

from exports.answer import prepare
from exports.catalogue import TOTAL, Block
from exports.package import Contents, Part
from exports.signs import HIDDEN
from exports.tables import BlockTable, where_block
from release.reader import Release


@dataclass(frozen=True)
class Cost:
    """What is not shown of a table: cells of `cells`, and the share (0-1) of its first additive
    measure that lies in the finest of them (a margin is its parts once more); None when there is no
    such measure or it sums to 0.
    """

    cells: int
    hidden: int
    value_share: Decimal | None


@dataclass(frozen=True)
class Preview:
    """A package that is not written, and the cost of each of its tables, in their order."""

    contents: Contents
    costs: tuple[Cost, ...]

    @property
    def part(self) -> Part:
        """Return the one statistic that was looked at."""
        return self.contents.parts[0]


def preview(release: Release, code: str, period: str, profile: str, lang: str) -> Preview:
    """Protect one statistic for a recipient as `answer` does. Raises as it does."""
    contents, cursor = prepare(release, [code], period, profile=profile, lang=lang)
    (part,) = contents.parts
    return Preview(contents, tuple(_cost(cursor, part, table) for table in part.tables))


def _cost(cursor, part: Part, table: BlockTable) -> Cost:
    statistic = part.statistic
    first = next((measure.name for measure in table.measures if measure.additive), None)
    names = ("ref_period", *statistic.dimension_names, "measure")
    same = " and ".join(f'seen."{name}" = true_."{name}"' for name in names)
    finest = _finest("seen", table.block)
    cells, hidden, whole, lost = cursor.execute(
        f"""
        select
            count(*),
            count(*) filter (where seen.obs_status = '{HIDDEN}'),
            sum(abs(true_.obs_value)) filter (where seen.measure = $first and {finest}),
            sum(abs(true_.obs_value)) filter (
                where seen.measure = $first and {finest} and seen.obs_status = '{HIDDEN}'
            )
        from (
            from {part.table}
            where list_contains($periods, ref_period) and {where_block(statistic, table.block)}
        ) as seen
        inner join {statistic.table} as true_ on {same}""",
        {"periods": list(table.ref_periods), "first": first},
    ).fetchone()
    return Cost(cells, hidden, (lost or Decimal(0)) / whole if whole else None)


def _finest(cells: str, block: Block) -> str:
    """SQL that keeps the cells of a block that are no sum of others of it."""
    tests = ["true"]
    for axis in block.axes:
        if axis.levels:
            tests.append(f"{cells}.\"{axis.dimensions[0]}\" = '{axis.levels[-1]}'")
        else:
            tests.append(f"{cells}.\"{axis.dimensions[-1]}\" <> '{TOTAL}'")
    return " and ".join(tests)
