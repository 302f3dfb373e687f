"""Primary rules: which cells give somebody away by themselves, and how wide each must stay.

Belongs here: frequency, dominance (n, k), p % and (p, q), their ties, their protection levels, and
the group rule that asks the same of the hidden cells of one relation together. Does not belong
here: who contributes what (contributors.py), what an attacker can work out (attacker.py).

Sources: Hundepool et al., Statistical Disclosure Control (2012), chapter 4; the widths are those
of the project's definitions, section 7. A rule is strict: a cell exactly at the limit is safe.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exports.disclosure.contributors import Contributors, pooled
from exports.disclosure.table import TOLERANCE
from exports.disclosure.texts import number, say


@dataclass(frozen=True)
class Frequency:
    """Unsafe below `threshold` contributors; an empty cell only when `zeros_unsafe`."""

    threshold: float
    zeros_unsafe: bool = False
    looks_at_counts = True

    def is_unsafe(self, count: float, _: Contributors | None) -> bool:
        """`count` is the number of contributors where it is known, else the cell's value."""
        if abs(count) <= TOLERANCE:
            return self.zeros_unsafe and self.threshold > TOLERANCE
        return count < self.threshold - TOLERANCE

    def lack(self, _: Contributors | None) -> float | None:
        """No range: the interval must be `threshold` wide, wherever it lies."""
        return None

    def why(self, count: float, _: Contributors | None, lang: str) -> str:
        return say("why_frequency", lang, count=number(count), threshold=number(self.threshold))


@dataclass(frozen=True)
class Dominance:
    """Unsafe when the `n` largest contributions pass `k` % of the total."""

    n: int
    k: float
    looks_at_counts = False

    def is_unsafe(self, _: float, who: Contributors | None) -> bool:
        return who is not None and who.largest(self.n) > self.k / 100 * who.total + TOLERANCE

    def lack(self, who: Contributors | None) -> float:
        """What the total lacks for the largest `n` to be `k` % of it."""
        return 100 / self.k * who.largest(self.n) - who.total

    def why(self, _: float, who: Contributors | None, lang: str) -> str:
        share = 100 * who.largest(self.n) / who.total if who.total else 100.0
        return say("why_dominance", lang, n=self.n, share=f"{share:.1f}", k=number(self.k))


@dataclass(frozen=True)
class PPercent:
    """Unsafe when all but the two largest are below `p`/`q` of the largest (q = 100: p % rule)."""

    p: float
    q: float = 100.0
    looks_at_counts = False

    def is_unsafe(self, _: float, who: Contributors | None) -> bool:
        if who is None:
            return False
        return who.rest < self.p / self.q * who.largest(1) - TOLERANCE

    def lack(self, who: Contributors | None) -> float:
        """What the rest lacks to be `p`/`q` of the largest."""
        return self.p / self.q * who.largest(1) - who.rest

    def why(self, _: float, who: Contributors | None, lang: str) -> str:
        largest = who.largest(1)
        share = 100 * who.rest / largest if largest else 0.0
        limit = number(100 * self.p / self.q)
        return say("why_p_percent", lang, share=f"{share:.1f}", p=limit)


Rule = Frequency | Dominance | PPercent


@dataclass(frozen=True)
class Requirement:
    """What an attacker's interval must keep: reach down to `low` and up to `high` (where given), be
    `width` wide, and in every case hold more than one value.
    """

    low: float | None = None
    high: float | None = None
    width: float = 0.0

    def is_met(self, low: float, high: float) -> bool:
        """Compare an interval, to the tolerance of the interface."""
        return (
            high - low > TOLERANCE
            and high - low >= self.width - TOLERANCE
            and (self.low is None or low <= self.low + TOLERANCE)
            and (self.high is None or high >= self.high - TOLERANCE)
        )

    def write(self) -> list[float] | float:
        """As the interface shows it: the range where a rule gives one, else the width."""
        return self.width if self.low is None else [self.low, self.high]

    def in_words(self, lang: str) -> str:
        """As a part of a sentence."""
        if self.low is not None:
            return say("needs_range", lang, low=number(self.low), high=number(self.high))
        if self.width > TOLERANCE:
            return say("needs_width", lang, width=number(self.width))
        return say("needs_two", lang)


def required_by(
    rules: Iterable[Rule], value: float, who: Contributors | None, low: float, high: float
) -> Requirement:
    """The requirement of a cell that every rule of `rules` calls unsafe: all must hold, so the
    widest of each kind. `low`, `high`: what everyone knows; no rule can ask for more.
    """
    width, reach = 0.0, None
    for rule in rules:
        lack = rule.lack(who)
        if lack is None:
            width = max(width, rule.threshold)
        else:
            reach = max(reach or 0.0, lack)
    if reach is None:
        return Requirement(width=width)
    return Requirement(max(value - reach, low), min(value + reach, high), width)


@dataclass(frozen=True)
class GroupRule:
    """The hidden parts of a relation, taken together, must be safe when its total is published:
    published total less published parts gives their sum.

    `least`: the sum of values asked for; None: judged by the `rules` themselves.
    """

    rules: tuple[Rule, ...]
    least: float | None = None

    @property
    def is_sum(self) -> bool:
        """Only sums are asked for: hiding one more part can never make it worse."""
        return self.least is not None or all(isinstance(rule, Frequency) for rule in self.rules)

    def fails(self, parts: Iterable[tuple[float, float, Contributors | None]]) -> bool:
        """Judge hidden parts, each a (value, count, contributors)."""
        parts = list(parts)
        if self.least is not None:
            return sum(value for value, _, _ in parts) < self.least - TOLERANCE
        for rule in self.rules:
            if isinstance(rule, Frequency):
                if sum(count for _, count, _ in parts) < rule.threshold - TOLERANCE:
                    return True
            elif any(who is not None for _, _, who in parts):
                together = pooled([(value, who) for value, _, who in parts])
                if rule.is_unsafe(0.0, together):
                    return True
        return False
