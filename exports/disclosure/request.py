"""What is asked about a table: which rules, what must or may be hidden, against whom.

Belongs here: the request as data, and the judgement that follows from it alone (unsafe cells and
what they need). Does not belong here: reading it from a file (reading.py), protecting
(suppress.py), attacking (attacker.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from exports.disclosure.contributors import Contributors
from exports.disclosure.rules import GroupRule, Requirement, Rule, required_by
from exports.disclosure.table import TOLERANCE, Table
from exports.disclosure.texts import say


@dataclass(frozen=True)
class Insider:
    """Somebody who knows more than what is published: the cells `knows`, exactly."""

    name: str
    knows: frozenset[int]
    is_contributor: bool = False


@dataclass(frozen=True)
class Request:
    """One request. Cells are positions in `table.names`; see the interface for each term.

    `unsafe_is_suppressed`: no rule and no primary cell was given, so whatever is suppressed must be
    protected (asked of the attacker alone).
    """

    table: Table
    rules: tuple[Rule, ...] = ()
    contributions: Mapping[int, Contributors] = field(default_factory=dict)
    primary: frozenset[int] = frozenset()
    suppressed: frozenset[int] = frozenset()
    suppressed_derived: frozenset[str] = frozenset()
    candidates: frozenset[int] | None = None
    forced_published: frozenset[int] = frozenset()
    previous: frozenset[int] = frozenset()
    zeros_published: bool = False
    required: Mapping[int, Requirement] = field(default_factory=dict)
    group_rule: bool | float = False
    singletons: bool = False
    known: tuple[Insider, ...] = ()
    last_suppressed: frozenset[int] | None = None
    costs: np.ndarray | None = None
    time_budget_s: float = 60.0
    unsafe_is_suppressed: bool = False

    def count(self, cell: int) -> float:
        """Number of contributors where contributions list the cell, else its value."""
        who = self.contributions.get(cell)
        return float(self.table.values[cell]) if who is None else who.count

    @cached_property
    def judged(self) -> frozenset[int]:
        """Cells that a rule looks at: all of them for a count, else those with contributions."""
        if any(rule.looks_at_counts for rule in self.rules):
            return frozenset(range(len(self.table)))
        return frozenset(self.contributions) if self.rules else frozenset()

    @cached_property
    def broken_rules(self) -> dict[int, tuple[Rule, ...]]:
        """Rules that call a cell unsafe, by cell."""
        found = {}
        for cell in range(len(self.table)):
            count, who = self.count(cell), self.contributions.get(cell)
            broken = tuple(rule for rule in self.rules if rule.is_unsafe(count, who))
            if broken:
                found[cell] = broken
        return found

    @cached_property
    def unsafe(self) -> dict[int, Requirement]:
        """Every unsafe cell with what it needs, in the order of cells."""
        named = self.primary | (self.suppressed if self.unsafe_is_suppressed else frozenset())
        found = {}
        for cell in sorted(named | self.broken_rules.keys()):
            if cell in self.required:
                found[cell] = self.required[cell]
            else:
                found[cell] = required_by(
                    self.broken_rules.get(cell, ()),
                    float(self.table.values[cell]),
                    self.contributions.get(cell),
                    float(self.table.low[cell]),
                    float(self.table.high[cell]),
                )
        return found

    @cached_property
    def group(self) -> GroupRule | None:
        """The group rule, when one is asked for."""
        if self.group_rule is False:
            return None
        return GroupRule(self.rules, None if self.group_rule is True else float(self.group_rule))

    @cached_property
    def lone_contributors(self) -> tuple[Insider, ...]:
        """With `singletons`: the one contributor of each cell that has one."""
        if not self.singletons:
            return ()
        return tuple(
            Insider(self.table.names[cell], frozenset({cell}), is_contributor=True)
            for cell in range(len(self.table))
            if abs(self.count(cell) - 1) <= TOLERANCE
        )

    @cached_property
    def never_hidden(self) -> frozenset[int]:
        """Cells that stay published whatever happens."""
        zeros = (
            np.flatnonzero(np.abs(self.table.values) <= TOLERANCE) if self.zeros_published else ()
        )
        return self.forced_published | self.previous | frozenset(int(cell) for cell in zeros)

    @cached_property
    def may_be_secondary(self) -> frozenset[int]:
        """Cells that may be hidden to protect others."""
        allowed = frozenset(range(len(self.table))) if self.candidates is None else self.candidates
        return allowed - self.never_hidden - self.unsafe.keys() - self.suppressed

    @property
    def weights(self) -> np.ndarray:
        """What hiding each cell costs: its value, unless `costs` says otherwise."""
        return self.table.values if self.costs is None else self.costs

    def failing_groups(self, hidden: np.ndarray) -> list[int]:
        """Relations whose published total gives away an unsafe group under `hidden` (a mask)."""
        if self.group is None:
            return []
        failing = []
        for number, relation in enumerate(self.table.relations):
            parts = [part for part in relation.parts if hidden[part]]
            if hidden[relation.total] or not any(part in self.unsafe for part in parts):
                continue
            if self.group.fails(
                (float(self.table.values[p]), self.count(p), self.contributions.get(p))
                for p in parts
            ):
                failing.append(number)
        return failing

    def why_unsafe(self, cell: int, lang: str) -> str:
        """One part of a sentence: which rules call the cell unsafe, or who named it."""
        rules = self.broken_rules.get(cell, ())
        count, who = self.count(cell), self.contributions.get(cell)
        if not rules:
            return say("why_named", lang)
        return " ; ".join(rule.why(count, who, lang) for rule in rules)
