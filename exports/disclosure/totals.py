"""Totals in a long table: which codes are one by their name, which one by what it adds up to.

Belongs here: telling a total from a category (ruling H10). Does not belong here: adding up
(long_table), hierarchies, in which every code has its declared place.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

from exports.disclosure.table import TOLERANCE

TOTAL = "_T"
# In the languages of the country and of its neighbours, without accents and in small letters.
# fmt: off
_NAMES = frozenset({
    "_t", "total", "totals", "grand total", "overall", "all", "sum",
    "totaal", "totalen", "algemeen totaal", "eindtotaal", "samen", "alle", "allen", "som",
    "totaux", "totale", "total general", "ensemble", "tous", "toutes", "tout", "somme",
    "gesamt", "insgesamt", "gesamtsumme", "summe", "zusammen",
})
# fmt: on


def is_total(code: str) -> bool:
    """Whether a code is a total by its name: Total, _T, Totaal, Ensemble, Gesamt …"""
    bare = unicodedata.normalize("NFKD", code.strip().casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    name = " ".join(letters.strip(" .:*()[]").split())
    return name in _NAMES


def sums_of_the_others(values: Mapping[tuple[str, ...], float], axis: int) -> list[str]:
    """Return the codes of one dimension that are, at every crossing, the sum of all its others.

    Among two codes equal values are no sum; three at least tell a total, and one of them that is
    not 0 at two others.
    """
    lines: dict[tuple[str, ...], dict[str, float]] = {}
    for codes, value in values.items():
        lines.setdefault((*codes[:axis], *codes[axis + 1 :]), {})[codes[axis]] = value
    names = {codes[axis] for codes in values}
    if len(names) < 3:
        return []
    found = []
    for name in sorted(names):
        rests = [(line.get(name, 0.0), math.fsum(line.values())) for line in lines.values()]
        adds_up = all(abs(2 * value - whole) <= TOLERANCE for value, whole in rests)
        others = max(
            sum(value != 0 for code, value in line.items() if code != name)
            for line in lines.values()
        )
        if adds_up and others > 1:
            found.append(name)
    return found
