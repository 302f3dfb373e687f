"""The JSON of the interface, one value at a time: numbers, flags, names of cells, lists of them.

Belongs here: whether a value has the type and the name that its key asks for. Does not belong here:
what the key means (given_table.py, given_rules.py), the order of reading (reading.py). Every fault
is one sentence that names the cell, relation, derived value or key; none stops the reading.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from exports.disclosure.errors import BadTable
from exports.disclosure.texts import number, say


class Entries:
    """One specification; collects faults instead of stopping at the first.

    `names`, `position`, `values`: the cells, once they are read.
    """

    def __init__(self, spec: Mapping[str, Any], lang: str) -> None:
        self.spec = spec
        self.lang = lang
        self.faults: list[str] = []
        self.names: tuple[str, ...] = ()
        self.position: dict[str, int] = {}
        self.values = np.empty(0)

    def fault(self, key: str, /, **values: object) -> None:
        self.faults.append(say(key, self.lang, **values))

    def stop_on_faults(self) -> None:
        if self.faults:
            raise BadTable(list(dict.fromkeys(self.faults)))

    def number(self, where: str, value: Any, least: float | None = None) -> float:
        """A finite number; anything else is a fault (and 0 is returned)."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault("not_number", name=where, value=json.dumps(value, default=str))
            return 0.0
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            self.fault("not_finite", name=where, value=value)
            return 0.0
        if least is not None and found < least:
            self.fault("too_small", name=where, value=number(found), least=number(least))
        return found

    def numbers(self, key: str, given: Any, least: float | None = None) -> dict[str, float]:
        if not isinstance(given, Mapping):
            self.fault("not_mapping", key=key)
            return {}
        return {name: self.number(name, value, least) for name, value in given.items()}

    def mapping(self, key: str) -> Mapping[str, Any]:
        given = self.spec.get(key, {})
        if not isinstance(given, Mapping):
            self.fault("not_mapping", key=key)
            return {}
        return given

    def flag(self, key: str) -> bool:
        given = self.spec.get(key, False)
        if not isinstance(given, bool):
            self.fault("not_flag", key=key)
        return given is True

    def cell(self, where: str, name: Any) -> int | None:
        found = self.position.get(name) if isinstance(name, str) else None
        if found is None:
            self.fault("unknown_cell", name=name, where=where)
        return found

    def cell_list(self, key: str, also: frozenset[str] | set[str] = frozenset()):
        """Positions of a list of names; None when the key is not there."""
        if key not in self.spec:
            return None
        given = self.spec[key]
        if not isinstance(given, (list, tuple)):
            self.fault("not_list", key=key)
            return frozenset()
        found = [
            self.cell(key, name) for name in given if not (isinstance(name, str) and name in also)
        ]
        return frozenset(cell for cell in found if cell is not None)

    def cell_mapping(self, key: str) -> dict[int, Any]:
        found = {self.cell(key, name): value for name, value in self.mapping(key).items()}
        found.pop(None, None)
        return found

    def name(self, cell: int) -> str:
        return self.names[cell]
