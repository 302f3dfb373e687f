"""How a mart is cut into atoms in which no count is small: the shape of a declaration.

Does not belong here: which marts there are (access.yaml), the SQL that cuts one (small_counts.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cells:
    """How one mart is cut into atoms.

    Attributes:
        period: columns that are never merged; `rounded`: a column of the mart by the coarser
            expression that takes its place.
        along: columns carried beside the cells (the ages of a cohort): a cell has one atom in all
            of them.
        dimensions: columns of codes in the order of merging, last first.
        persons: names by expressions over a row of the mart that count persons, or what stands for
            them; of a cell each is nothing or at least the threshold.
        persons_of: where the mart counts none: a select of the release (schema `whole`) with
            period, dimensions and the columns that `persons` speaks of.
        disjoint: of each of `persons`, the dimensions along which nobody is counted twice.
        sums: columns that add up; `fractions`: those of them that are not whole, beside amounts.
            `parts`: those of them that may be of few persons, by the columns that part them
            without overlap: these, and what is left of the whole, are told in steps of the
            threshold, and the whole is their sum.
        kept: columns that only a cell by itself has (a median). `aggregates`: other columns by
            expressions over the rows `m` of an atom. `derived`: columns by expressions over the
            protected mart.
        margin: a dimension and the code of its total. The total stays beside its parts; what
            belongs to no part is a part of its own that is not shown.
        shares: a condition on rows of which `numerator` of `denominator` kept a promise: they are
            told as a minimum (shares.py).
    """

    table: str
    period: tuple[str, ...]
    dimensions: tuple[str, ...]
    persons: dict[str, str]
    sums: tuple[str, ...] = ()
    rounded: dict[str, str] = field(default_factory=dict)
    along: tuple[str, ...] = ()
    persons_of: str = ""
    disjoint: dict[str, list[str]] = field(default_factory=dict)
    fractions: tuple[str, ...] = ()
    parts: dict[str, list[str]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    aggregates: dict[str, str] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    margin: tuple[str, str] | None = None
    shares: str = ""

    @property
    def decimals(self) -> set[str]:
        """The sums that are not whole: amounts, and numerators that may be one."""
        return {c for c in self.sums if c.endswith("amount") or c in self.fractions}

    @property
    def amounts(self) -> set[str]:
        """The columns of money."""
        held = {*self.sums, *self.kept, *self.aggregates}
        return {c for c in held if c.endswith("amount")}

    @property
    def columns(self) -> set[str]:
        """Every column that the protected mart has."""
        return {
            *self.period, *self.along, *self.dimensions, *self.sums, *self.kept,
            *self.aggregates, *self.derived,
        }  # fmt: skip
