"""The table of a specification: relations, what everyone knows of a cell, derived values.

Belongs here: whether sums, bounds and rounded values agree with the cells. Does not belong here:
rules and contributions (given_rules.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import numpy as np

from exports.disclosure.entries import Entries
from exports.disclosure.table import TOLERANCE, Derived, Relation
from exports.disclosure.texts import number, say

DERIVED_KEYS = {"numerator", "denominator", "scale", "value", "decimals"}


class GivenTable(Entries):
    """Reads what the table is."""

    def relations(self) -> tuple[Relation, ...]:
        given = self.spec.get("relations", [])
        if not isinstance(given, (list, tuple)):
            self.fault("not_list", key="relations")
            return ()
        found = []
        for entry in given:
            if not isinstance(entry, Mapping) or set(entry) != {"total", "parts"}:
                self.fault("bad_relation", relation=json.dumps(entry, default=str))
                continue
            total, parts = entry["total"], entry["parts"]
            where = say("the_relation", self.lang, total=total)
            if not isinstance(parts, (list, tuple)) or not parts:
                self.fault("no_parts", total=total)
                continue
            cells = [self.cell(where, name) for name in (total, *parts)]
            if None in cells:
                continue
            if len(set(cells)) < len(cells):
                self.fault("repeated_part", total=total)
                continue
            relation = Relation(cells[0], tuple(sorted(cells[1:])))
            found.append(relation)
            values = [float(self.values[cell]) for cell in relation.parts]
            total_value = float(self.values[relation.total])
            gap = math.fsum([*values, -total_value])
            noise = 4e-16 * math.fsum(map(abs, [*values, total_value]))
            if abs(gap) > TOLERANCE + noise:
                self.fault(
                    "broken_relation",
                    total=total,
                    sum=number(math.fsum(values)),
                    value=number(total_value),
                    gap=number(gap),
                )
        return tuple(sorted(set(found), key=lambda relation: relation.cells))

    def whole(self) -> np.ndarray:
        given = self.spec.get("integer", False)
        whole = np.full(len(self.values), given is True)
        if isinstance(given, (list, tuple)):
            whole[sorted(self.cell_list("integer"))] = True
        elif not isinstance(given, bool):
            self.fault("bad_integer")
        for cell in np.flatnonzero(whole & (np.abs(self.values - self.values.round()) > TOLERANCE)):
            self.fault("not_whole", name=self.name(cell), value=number(self.values[cell]))
        return whole

    def bounds(self, whole: np.ndarray, zeros_published: bool) -> tuple[np.ndarray, np.ndarray]:
        """What everyone knows of each cell. A published zero needs no bound of its own."""
        is_zero = np.abs(self.values) <= TOLERANCE
        low = np.where(whole & zeros_published & ~is_zero, 1.0, 0.0)
        high = np.full(len(self.values), np.inf)
        given = self.cell_mapping("bounds")
        for cell, pair in given.items():
            name = self.name(cell)
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                self.fault("bad_bounds", name=name)
                continue
            low[cell] = self.number(name, pair[0])
            high[cell] = np.inf if pair[1] is None else self.number(name, pair[1])
        outside = (self.values < low - TOLERANCE) | (self.values > high + TOLERANCE)
        for cell in np.flatnonzero(outside):
            key = "out_of_bounds" if cell in given else "negative_value"
            top = "∞" if np.isinf(high[cell]) else number(high[cell])
            value, bottom = number(self.values[cell]), number(low[cell])
            self.fault(key, name=self.name(cell), value=value, low=bottom, high=top)
        return low, high

    def derived(self) -> tuple[Derived, ...]:
        found = []
        for name, entry in sorted(self.mapping("derived").items()):
            needed = DERIVED_KEYS - {"scale"}
            if name in self.position:
                self.fault("derived_is_cell", name=name)
                continue
            if not isinstance(entry, Mapping) or not needed <= set(entry) <= DERIVED_KEYS:
                self.fault("bad_derived", name=name)
                continue
            where = say("the_derived", self.lang, name=name)
            top = self.cell(where, entry["numerator"])
            bottom = self.cell(where, entry["denominator"])
            scale = self.number(name, entry.get("scale", 1))
            value = self.number(name, entry["value"])
            decimals = entry["decimals"]
            if isinstance(decimals, bool) or not isinstance(decimals, int) or abs(decimals) > 15:
                self.fault("bad_decimals", name=name)
                continue
            if top is None or bottom is None:
                continue
            one = Derived(name, top, bottom, scale, value, decimals)
            found.append(one)
            if abs(self.values[bottom]) <= TOLERANCE:
                self.fault("zero_denominator", name=name, cell=entry["denominator"])
                continue
            true = scale * self.values[top] / self.values[bottom]
            if abs(true - value) > one.margin + min(TOLERANCE, 1e-9 * (1 + abs(true))):
                self.fault("wrong_derived", name=name, value=number(value), true=number(true))
        return tuple(found)
