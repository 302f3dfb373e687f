"""What a comparison of two releases finds.

Belongs here: shapes, and what changed most. Amounts are EUR, exact; counts are rows. Does not
belong here: finding it (compare.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from release.difference.keys import SINCE_THE_LAST

#: So many of what changed most are named first.
DRIVERS = 10


@dataclass(frozen=True)
class Amount:
    """A column that adds up: its sums on both sides, and `moved`, the absolute differences of its
    rows added up (None where rows have no key). `part` is where most of it lies: column, value,
    difference there.
    """

    column: str
    before: Decimal
    after: Decimal
    moved: Decimal | None = None
    part: tuple[str, str, Decimal] | None = None

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def weight(self) -> Decimal:
        """How much moved, whichever way."""
        return abs(self.change) if self.moved is None else self.moved


@dataclass(frozen=True)
class TableDifference:
    """One table that is not the same on both sides.

    `state`: added, removed or changed. `key` is empty where rows are compared whole, as a bag: then
    a changed row counts as one added and one removed. `columns_changed`: rows that differ, by
    column. `examples`: keys, `|` between their parts, by added, removed and changed.
    """

    name: str
    state: str
    rows_before: int = 0
    rows_after: int = 0
    key: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    columns_changed: Mapping[str, int] = field(default_factory=dict)
    amounts: tuple[Amount, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def rows_touched(self) -> int:
        return self.added + self.removed + self.changed


@dataclass(frozen=True)
class Cells:
    """Cells of one statistic: how many came, went and have another value, by measure with the sum
    of absolute differences.
    """

    table: str
    measure: str
    added: int
    removed: int
    changed: int
    moved: Decimal


@dataclass(frozen=True)
class Commitment:
    """One promise of the service commitment in one quarter, for the whole fund."""

    code: str
    quarter: str
    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True)
class Driver:
    """An amount of a table among those that moved most."""

    table: str
    amount: Amount


@dataclass(frozen=True)
class Side:
    """What a release says of itself."""

    release_id: str
    business_date: str
    code_version: str
    deliveries: int


@dataclass(frozen=True)
class Difference:
    """All that differs; `same` counts the tables that do not."""

    before: Side
    after: Side
    tables: tuple[TableDifference, ...]
    cells: tuple[Cells, ...]
    commitments: tuple[Commitment, ...]
    same: int

    @property
    def is_empty(self) -> bool:
        """Whether no table, column, row or value differs."""
        return not self.tables

    @property
    def drivers(self) -> list[Driver]:
        """What changed most."""
        return drivers_of(self.tables)


def drivers_of(tables: Iterable[TableDifference]) -> list[Driver]:
    """The amounts that moved most: of tables of single facts first, then of those that add them up,
    half of the room for each; the largest first.
    """
    moved = [
        Driver(table.name, amount)
        for table in tables
        if table.name not in SINCE_THE_LAST
        for amount in table.amounts
        if amount.weight
    ]
    moved.sort(key=lambda one: (-one.amount.weight, one.table, one.amount.column))
    facts = [one for one in moved if ".fct_" in one.table]
    others = [one for one in moved if ".fct_" not in one.table]
    return facts[: DRIVERS // 2] + others[: DRIVERS // 2]
