"""Who looks, and the right that follows from it.

Belongs here: persons, and what several roles give together. Does not belong here: who somebody is
(login.py), what a role gives (access.yaml), how a right is kept (view.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property

from dashboards.access.declared import CELLS, CLAIM, PERSONS, Declaration, declaration


@dataclass(frozen=True)
class Person:
    """Somebody who looks. `offices`: those of the claim; None for all of them. `is_known`: they
    have logged in; nobody has in the demonstration. `mail`: the address their provider gave."""

    subject: str
    name: str
    roles: tuple[str, ...] = ()
    offices: frozenset[str] | None = frozenset()
    is_known: bool = False
    mail: str = ""

    @property
    def right(self) -> Right:
        """Return what follows from the roles."""
        return right_of(self.roles, self.offices)


@dataclass(frozen=True)
class Right:
    """What somebody may see.

    Attributes:
        pages: ids. `tables`: names as access.yaml declares them.
        offices: of the tables `by_office`, lines of these offices alone; the others whole.
        named: whether accounts and persons are shown.
        cut: marts whose counts of fewer persons than this are not shown.
    """

    roles: tuple[str, ...]
    pages: frozenset[str]
    tables: frozenset[str]
    offices: tuple[str, ...]
    by_office: frozenset[str]
    named: bool
    cut: tuple[tuple[str, int], ...]

    @cached_property
    def key(self) -> str:
        """Return what tells apart rights that may see different data: part of the key of every
        cache."""
        offices = self.offices if self.by_office else ()
        told = (sorted(self.tables), offices, sorted(self.by_office), self.named, self.cut)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]

    def may_see(self, table: str) -> bool:
        """Whether a table of a release (`schema.table`) may be read at all."""
        entry = declaration().entry_of(table)
        return entry is not None and entry in self.tables

    def office_column(self, table: str) -> str | None:
        """Return the column by which lines are chosen by office; None where all are shown."""
        return declaration().keys[table] if table in self.by_office else None

    def threshold(self, table: str) -> int:
        """Return how many persons a cell of a mart has at least; 0 where it is shown as it is."""
        return dict(self.cut).get(table, 0)

    @property
    def least(self) -> int:
        """Return how many persons a count that is cut is of at least; 0 where none is."""
        return max((least for _, least in self.cut), default=0)


def known_roles(roles: object) -> tuple[str, ...]:
    """Return the roles that exist, in the order of access.yaml; others mean nothing here."""
    given = {roles} if isinstance(roles, str) else set(roles or ())
    return tuple(role for role in declaration().roles if role in given)


@cache
def right_of(roles: tuple[str, ...], offices: frozenset[str] | None) -> Right:
    """Return what roles give together: whatever one of them gives."""
    known: Declaration = declaration()
    given = [known.roles[role] for role in roles]
    tables = frozenset(table for role in given for table in role.tables)
    # A role that sees a table whole is not narrowed by another one.
    limited = {
        table
        for table in tables
        if known.kinds[table] == PERSONS
        and offices is not None
        and all(role.offices == CLAIM for role in given if table in role.tables)
    }
    cut = {
        table: min(role.threshold for role in given if table in role.tables)
        for table in sorted(tables)
        if known.kinds[table] == CELLS
    }
    return Right(
        roles=tuple(roles),
        pages=frozenset(page for role in given for page in role.pages),
        tables=tables,
        offices=tuple(sorted(offices or ())),
        by_office=frozenset(limited),
        named=any(role.named for role in given),
        cut=tuple((table, least) for table, least in cut.items() if least),
    )


def everybody() -> Person:
    """Return somebody who looks with every role: the demonstration to begin with."""
    return demonstration(tuple(declaration().roles))


def demonstration(roles: tuple[str, ...]) -> Person:
    """Return somebody who has not logged in and looks as these roles do."""
    return Person("demonstration", "", roles, None)
