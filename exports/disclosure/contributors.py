"""Who stands behind a cell: contributions, ranked, with weights and holders.

Belongs here: adding up what one holder contributes, the largest n, what remains beyond the two
largest. Does not belong here: any limit (rules.py).

Weights, two readings. `replicated`: weight 2 stands for two contributors of that size, so the
largest two are the same one twice and the number of contributors is the sum of weights (a part of
a contributor counts as a part). `total`: the largest are the unweighted contributions, compared
with the weighted total, and each contribution is one contributor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Contributors:
    """Contributions of one cell in falling order, each with its weight.

    `holders`: who each one is, where that is known. `total`: weighted sum. `count`: number of
    contributors.
    """

    amounts: tuple[float, ...]
    weights: tuple[float, ...]
    holders: tuple[object, ...] | None
    replicated: bool
    total: float
    count: float

    def largest(self, n: int) -> float:
        """Sum of the `n` largest contributions."""
        if not self.replicated:
            return sum(self.amounts[:n])
        taken, left = 0.0, float(n)
        for amount, weight in zip(self.amounts, self.weights, strict=True):
            if left <= 0:
                break
            taken += amount * min(weight, left)
            left -= weight
        return taken

    @property
    def rest(self) -> float:
        """What remains of the total beyond the two largest."""
        return self.total - self.largest(2)


def contributors(
    amounts: Sequence[float],
    weights: Sequence[float] | None = None,
    holders: Sequence[object] | None = None,
    *,
    replicated: bool = True,
    absolute: bool = False,
) -> Contributors:
    """Rank the contributions of one cell.

    One holder's contributions are added first; the weight of the sum is such that the weighted
    total stays the same. `absolute`: each contribution by its absolute value, totals too.
    """
    rows = [
        (abs(amount) if absolute else amount, 1.0 if weights is None else weights[i])
        for i, amount in enumerate(amounts)
    ]
    whose = list(holders) if holders is not None else None
    if whose is not None:
        sums: dict[object, list[tuple[float, float]]] = {}
        for row, who in zip(rows, whose, strict=True):
            sums.setdefault(who, []).append(row)
        rows = [_added(group) for group in sums.values()]
        whose = list(sums)
    order = sorted(range(len(rows)), key=lambda i: -rows[i][0])
    ranked = [rows[i] for i in order]
    return Contributors(
        amounts=tuple(amount for amount, _ in ranked),
        weights=tuple(weight for _, weight in ranked),
        holders=tuple(whose[i] for i in order) if whose is not None else None,
        replicated=replicated,
        total=sum(amount * weight for amount, weight in ranked),
        count=sum(weight for _, weight in ranked) if replicated else float(len(ranked)),
    )


def pooled(parts: Sequence[tuple[float, Contributors | None]]) -> Contributors:
    """Contributors of several cells together; the same holder in two of them is one.

    A cell whose contributors are unknown counts as one contributor of its whole value: no other
    assumption is worse.
    """
    amounts: list[float] = []
    weights: list[float] = []
    holders: list[object] = []
    replicated = True
    for number, (value, who) in enumerate(parts):
        if who is None:
            amounts.append(abs(value))
            weights.append(1.0)
            holders.append(("cell", number))
            continue
        replicated = who.replicated
        amounts.extend(who.amounts)
        weights.extend(who.weights)
        holders.extend(
            (("holder", h) for h in who.holders)
            if who.holders is not None
            else (("contribution", number, i) for i in range(len(who.amounts)))
        )
    return contributors(amounts, weights, holders, replicated=replicated)


def _added(rows: list[tuple[float, float]]) -> tuple[float, float]:
    """Contributions of one holder as one: the sum, and the weight that keeps the weighted total."""
    amount = sum(a for a, _ in rows)
    weight = sum(a * w for a, w in rows) / amount if amount else max(w for _, w in rows)
    return amount, weight
