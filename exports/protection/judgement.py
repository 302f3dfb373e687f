"""Which cells give somebody away by themselves, by recipient and disclosure class, and how wide
what is known of them must stay.

Belongs here: the primary rules of section 7 on the contributors of a row. Does not belong here: how
a cell is protected (choice.py), the rules for any table (exports/disclosure/rules.py), which these
follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exports.catalogue import Statistic
from exports.profiles import Profile
from exports.protection.book import Book, kind_of

# Words of SDMX CL_CONF_STATUS: too few contributors, one of them dominates, two of them do.
FEW, ONE, TWO = "A", "O", "T"


@dataclass(frozen=True)
class Judgement:
    """`status` of a row: FEW, ONE, TWO, or empty when the row is safe by itself. `reach`: how far
    an amount must be able to lie from its value on both sides; `width`: how wide a count must stay.
    """

    status: list[str]
    reach: np.ndarray
    width: np.ndarray
    threshold: np.ndarray


def judge(book: Book, profile: Profile) -> Judgement:
    """Judge every row by itself."""
    size = len(book)
    status = [""] * size
    reach = np.zeros(size)
    threshold = np.zeros(size)
    for row in range(size):
        statistic = book.statistic_of(row)
        codes = book.crossings[book.crossing[row]][2]
        threshold[row] = threshold_of(statistic, codes, profile)
        status[row], reach[row] = _judged(book, row, threshold[row], profile)
    return Judgement(status, reach, threshold.copy(), threshold)


def threshold_of(statistic: Statistic, codes: tuple[str, ...], profile: Profile) -> int:
    """The number of contributors that a cell needs: more where it tells about health."""
    stricter = max(profile.count_threshold, profile.health_threshold)
    if statistic.is_health_related or any(
        code in dimension.health_codes
        for dimension, code in zip(statistic.dimensions, codes, strict=True)
    ):
        return stricter
    return profile.count_threshold


def _judged(book: Book, row: int, threshold: float, profile: Profile) -> tuple[str, float]:
    value, contributors = book.value[row], book.contributors[row]
    kind = kind_of(book.measures[row])
    if np.isnan(contributors) and kind == "count":
        contributors = value
    if np.isnan(value) or np.isnan(contributors):
        # Nobody knows who is behind it.
        return FEW, 0.0
    if contributors == 0:
        return ("" if value == 0 or kind == "ratio" else FEW), 0.0
    few = contributors < threshold
    if kind != "amount":
        return (FEW if few else ""), 0.0
    return _amount(abs(value), book.largest[row], book.second[row], few, profile)


def _amount(total, largest, second, few: bool, profile: Profile) -> tuple[str, float]:
    """An amount, by its number of contributors and by its two largest."""
    if np.isnan(largest):
        return (FEW if few or profile.dominance_pct or profile.p_percent else ""), 0.0
    largest, second = abs(largest), 0.0 if np.isnan(second) else abs(second)
    rest = total - largest - second
    reach, status = 0.0, ""
    if profile.p_percent:
        lack = profile.p_percent / 100 * largest - rest
        if lack > 1e-9:
            reach, status = max(reach, lack), TWO
    if profile.dominance_pct:
        lack = 100 / profile.dominance_pct * largest - total
        if lack > 1e-9:
            reach, status = max(reach, lack), ONE
    if few:
        # Whatever the two largest are: not closer to one person's amount than the rule allows.
        reach, status = max(reach, profile.range_pct / 100 * largest), FEW
    return status, reach
