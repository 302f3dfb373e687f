"""What an explanation is made of: sections, and in them facts, rows, equations and sentences.

Belongs here: shapes. Amounts are decimals in EUR, dates are dates, codes are codes: words come
when it is written (words.py). Does not belong here: where any of it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """One row of a table of the release, told column by column. `units` are those of columns whose
    name does not say theirs (units.py)."""

    table: str
    row: Row
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """Rows under a heading (`heading.<key>` of texts.yaml). `table` names their columns, `units`
    are as in Facts."""

    key: str
    table: str
    rows: Sequence[Row]
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A sentence (`note.<key>` of texts.yaml)."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Steps:
    """An answer of the law in its own words: sentence and figure by step, then the articles."""

    steps: Sequence[tuple[str, str]]
    result: str
    articles: Sequence[str]
    certainty: str


@dataclass(frozen=True)
class Equation:
    """Terms that add up to a figure of a mart: column (of `table`) and signed amount. With `by` the
    terms are values of that column; `unit` where the name of the figure does not say it."""

    table: str
    terms: Sequence[tuple[str, Decimal]]
    total: tuple[str, Decimal]
    by: str = ""
    unit: str | None = None

    @property
    def rest(self) -> Decimal:
        """What is missing to the cent: 0 when it adds up."""
        return self.total[1] - sum((amount for _, amount in self.terms), Decimal(0))

    @property
    def holds(self) -> bool:
        """Whether it adds up to the cent."""
        return self.rest == 0


Part = Facts | Rows | Note | Steps | Equation


@dataclass(frozen=True)
class Section:
    """A part of the way: `figure`, `deliveries`, `ledger`, `steps`, `law`, `shown`, `change`."""

    key: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Explanation:
    """What is told of one thing. `sections` are in the order of the way; none is empty."""

    kind: str
    id: str
    release_id: str
    business_date: date
    sections: Sequence[Section]

    def section(self, key: str) -> Section | None:
        """The section of a key, where there is one."""
        return next((one for one in self.sections if one.key == key), None)


def sections(**parts: Sequence[Part]) -> list[Section]:
    """Sections in the order given, without those that are empty."""
    return [Section(key, tuple(found)) for key, found in parts.items() if found]
