"""From the JSON of the interface to a request, with every fault found on the way.

Belongs here: the file, the order of reading, what must or may be hidden and against whom. Does not
belong here: single values (entries.py), the table (given_table.py), its rules (given_rules.py), a
judgement whether the table can be protected. All faults are reported together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from exports.disclosure.errors import BadTable
from exports.disclosure.given_rules import GivenRules
from exports.disclosure.given_table import GivenTable
from exports.disclosure.request import Insider, Request
from exports.disclosure.rules import Requirement
from exports.disclosure.table import TOLERANCE, Table
from exports.disclosure.texts import number, say
from exports.faults import of_system, of_text

# fmt: off
KEYS = frozenset(
    {
        "cells", "relations", "rule", "contributions", "negatives", "holders", "weights",
        "weighting", "primary", "suppressed", "candidates", "forced_published", "previous",
        "zeros_published", "bounds", "integer", "required_width", "group_rule", "singletons",
        "known", "derived", "last_suppressed", "costs", "time_budget_s",
    }
)
# fmt: on


def read_file(path: Path, lang: str = "fr") -> dict[str, Any]:
    """Read a JSON object from a file.

    Raises:
        BadTable: no such file, not JSON, not an object, or a key that stands twice in an object.
    """
    faults: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                faults.append(say("twice", lang, name=key))
            found[key] = value
        return found

    try:
        spec = json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=once)
    except OSError as error:
        reason = of_system(error, lang)
        raise BadTable([say("unreadable", lang, path=path, reason=reason)]) from error
    except (ValueError, RecursionError) as error:
        raise BadTable([say("not_json", lang, path=path, reason=of_text(error, lang))]) from error
    if not isinstance(spec, dict):
        raise BadTable([say("not_object", lang, path=path)])
    if faults:
        raise BadTable(faults)
    return spec


def read_request(spec: Mapping[str, Any], *, attack: bool = False, lang: str = "fr") -> Request:
    """Check a specification and turn it into a request.

    Raises:
        BadTable: with one sentence per fault.
    """
    return _Reader(spec, lang).request(attack)


class _Reader(GivenTable, GivenRules):
    """Reads one specification as a whole."""

    def request(self, attack: bool) -> Request:
        cells = self.numbers("cells", self.spec.get("cells"))
        if not cells and not self.faults:
            self.fault("no_cells")
        # Without values nothing else can be judged; any other fault is reported with the rest.
        cells_are_read = not self.faults
        for key in self.spec:
            if key not in KEYS:
                self.fault("unknown_key", key=key)
        if not cells_are_read:
            self.stop_on_faults()
        names = tuple(sorted(cells))
        self.names = names
        self.position = {name: i for i, name in enumerate(names)}
        self.values = np.array([cells[name] for name in names])
        relations = self.relations()
        whole = self.whole()
        zeros_published = self.flag("zeros_published")
        low, high = self.bounds(whole, zeros_published)
        derived = self.derived()
        rules = self.rules()
        contributions = self.contributions()
        suppressed, suppressed_derived = self.suppressed({d.name for d in derived})
        costs = self.costs()
        request = Request(
            table=Table(names, self.values, relations, low, high, whole, derived),
            rules=rules,
            contributions=contributions,
            primary=self.cell_list("primary") or frozenset(),
            suppressed=suppressed,
            suppressed_derived=suppressed_derived,
            candidates=self.cell_list("candidates"),
            forced_published=self.cell_list("forced_published") or frozenset(),
            previous=self.cell_list("previous") or frozenset(),
            zeros_published=zeros_published,
            required=self.required(),
            group_rule=self.group_rule(),
            singletons=self.flag("singletons"),
            known=self.known(),
            last_suppressed=self.cell_list("last_suppressed"),
            costs=costs,
            time_budget_s=self.number("time_budget_s", self.spec.get("time_budget_s", 60), 0.0),
            unsafe_is_suppressed=attack and "rule" not in self.spec and "primary" not in self.spec,
        )
        self.stop_on_faults()
        self.contradictions(request, attack)
        self.stop_on_faults()
        return request

    def suppressed(self, derived: set[str]) -> tuple[frozenset[int], frozenset[str]]:
        cells = self.cell_list("suppressed", also=derived) or frozenset()
        given = self.spec.get("suppressed", [])
        named = given if isinstance(given, (list, tuple)) else []
        return cells, frozenset(name for name in named if isinstance(name, str) and name in derived)

    def required(self) -> dict[int, Requirement]:
        found = {}
        for cell, width in self.cell_mapping("required_width").items():
            name = self.name(cell)
            if isinstance(width, (list, tuple)):
                if len(width) != 2:
                    self.fault("bad_width", name=name)
                    continue
                below, above = (self.number(name, side, 0.0) for side in width)
                value = float(self.values[cell])
                found[cell] = Requirement(value - below, value + above)
            else:
                found[cell] = Requirement(width=self.number(name, width, 0.0))
        return found

    def group_rule(self) -> bool | float:
        given = self.spec.get("group_rule", False)
        return given if isinstance(given, bool) else self.number("group_rule", given, 0.0)

    def known(self) -> tuple[Insider, ...]:
        found = []
        for who, cells in sorted(self.mapping("known").items()):
            where = say("the_known", self.lang, who=who)
            knows = set()
            if not isinstance(cells, Mapping):
                self.fault("not_mapping", key=where)
                continue
            for name, value in cells.items():
                cell = self.cell(where, name)
                value = self.number(name, value)
                if cell is None:
                    continue
                knows.add(cell)
                if abs(value - self.values[cell]) > TOLERANCE:
                    true = number(self.values[cell])
                    self.fault("wrong_known", who=who, name=name, value=number(value), true=true)
            found.append(Insider(who, frozenset(knows)))
        return tuple(found)

    def costs(self) -> np.ndarray | None:
        if "costs" not in self.spec:
            return None
        costs = self.values.copy()
        for cell, cost in self.cell_mapping("costs").items():
            costs[cell] = self.number(self.name(cell), cost, 0.0)
        return costs

    def contradictions(self, request: Request, attack: bool) -> None:
        """Wishes that no pattern can fulfil and that no computation is needed to refuse."""
        table = request.table
        if request.zeros_published:
            hidden = request.suppressed | request.unsafe.keys()
            for cell in sorted(hidden):
                if abs(table.values[cell]) <= TOLERANCE:
                    self.fault("hidden_zero", name=table.names[cell])
        # A list of named cells that is empty says that somebody looked and found none (H10).
        if not attack and not request.judged and not {"primary", "suppressed"} & self.spec.keys():
            self.fault("nothing_judged")
        if not attack:
            both = (request.suppressed - request.unsafe.keys()) & (
                request.forced_published | request.previous
            )
            for cell in sorted(both):
                self.fault("hidden_and_published", name=table.names[cell])
