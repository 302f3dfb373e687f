"""A table as disclosure control sees it: cells, relations between them, what everyone knows.

Belongs here: the shared input model, the one thing that suppressor and attacker have in common.
Does not belong here: rules (rules.py), reading a file (reading.py), any linear programme.

Linked tables, hierarchies and earlier deliveries are not kinds of table: they are more relations
over the same cells.
"""

from dataclasses import dataclass, field

import numpy as np

# Every comparison of the interface is made to this.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Relation:
    """The cell `total` is the sum of the cells `parts` (positions in `Table.names`)."""

    total: int
    parts: tuple[int, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """The total first, then the parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Derived:
    """A published `scale` * numerator / denominator, rounded to `decimals`."""

    name: str
    numerator: int
    denominator: int
    scale: float
    value: float
    decimals: int

    @property
    def margin(self) -> float:
        """Half a unit of the last decimal: how far the published value may be from the true one."""
        return 0.5 * 10.0**-self.decimals


@dataclass(frozen=True)
class Table:
    """Cells in the order of their names, so that no result depends on the order of the input.

    Shapes: `names`, `values`, `low`, `high`, `whole` all have one entry per cell. `low` and `high`
    are what everyone knows of a cell beforehand, should it be hidden (`high` may be infinite);
    `whole` says that everyone knows it to be a whole number.
    """

    names: tuple[str, ...]
    values: np.ndarray
    relations: tuple[Relation, ...]
    low: np.ndarray
    high: np.ndarray
    whole: np.ndarray
    derived: tuple[Derived, ...] = ()
    position: dict[str, int] = field(init=False, repr=False, compare=False)
    relations_of: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of: list[list[int]] = [[] for _ in self.names]
        for number, relation in enumerate(self.relations):
            for cell in relation.cells:
                of[cell].append(number)
        object.__setattr__(self, "position", {name: i for i, name in enumerate(self.names)})
        object.__setattr__(self, "relations_of", tuple(map(tuple, of)))

    def __len__(self) -> int:
        return len(self.names)

    def write_relation(self, number: int) -> str:
        """A relation as a reader writes it: `Total = A + B`, shortened when it is long."""
        relation = self.relations[number]
        parts = [self.names[part] for part in relation.parts]
        if len(parts) > 8:
            parts = [*parts[:7], "…", parts[-1]]
        return f"{self.names[relation.total]} = {' + '.join(parts)}"

    def named(self, cells) -> list[str]:
        """Names of cells, in order."""
        return [self.names[cell] for cell in sorted(cells)]
