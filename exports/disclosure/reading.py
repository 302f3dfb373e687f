"""From the JSON of the interface to a request, with every fault found on the way.

Belongs here: names, types, sums: whatever can be checked before anything is computed. Does not
belong here: a judgement whether the table can be protected. Every fault is one sentence that names
the cell, relation, derived value or key; all are reported together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from exports.disclosure.contributors import Contributors, contributors
from exports.disclosure.errors import BadTable
from exports.disclosure.request import Insider, Request
from exports.disclosure.rules import Dominance, Frequency, PPercent, Requirement, Rule
from exports.disclosure.table import TOLERANCE, Derived, Relation, Table
from exports.disclosure.texts import number, say

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
RULE_KEYS = {
    "frequency": {"threshold": None, "zeros_unsafe": False},
    "dominance": {"n": None, "k": None},
    "p_percent": {"p": None, "q": 100},
}
DERIVED_KEYS = {"numerator", "denominator", "scale", "value", "decimals"}


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
        reason = error.strerror or str(error)
        raise BadTable([say("unreadable", lang, path=path, reason=reason)]) from error
    except (ValueError, RecursionError) as error:
        raise BadTable([say("not_json", lang, path=path, reason=error)]) from error
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


class _Reader:
    """Reads one specification; collects faults instead of stopping at the first."""

    def __init__(self, spec: Mapping[str, Any], lang: str) -> None:
        self.spec = spec
        self.lang = lang
        self.faults: list[str] = []
        self.names: tuple[str, ...] = ()
        self.position: dict[str, int] = {}

    def fault(self, key: str, /, **values: object) -> None:
        self.faults.append(say(key, self.lang, **values))

    def stop_on_faults(self) -> None:
        if self.faults:
            raise BadTable(list(dict.fromkeys(self.faults)))

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

    # --- small pieces -------------------------------------------------------------------------

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

    # --- the table ----------------------------------------------------------------------------

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

    # --- the request --------------------------------------------------------------------------

    def rules(self) -> tuple[Rule, ...]:
        given = self.spec.get("rule", [])
        found = []
        for entry in given if isinstance(given, (list, tuple)) else [given]:
            kind = entry.get("kind") if isinstance(entry, Mapping) else None
            known = RULE_KEYS.get(kind) if isinstance(kind, str) else None
            if known is None:
                self.fault("unknown_rule", rule=json.dumps(entry, default=str))
                continue
            for key in entry:
                if key != "kind" and key not in known:
                    self.fault("unknown_key", key=f"rule.{key}")
            lacking = [
                key for key, default in known.items() if default is None and key not in entry
            ]
            if lacking:
                self.fault("rule_lacks", kind=kind, key=", ".join(lacking))
                continue
            values = {**known, **entry}
            found.append(self.rule(kind, values))
        return tuple(rule for rule in found if rule is not None)

    def rule(self, kind: str, values: Mapping[str, Any]) -> Rule | None:
        numbers = {
            key: self.number(f"rule.{key}", value)
            for key, value in values.items()
            if key not in ("kind", "zeros_unsafe")
        }
        if kind == "frequency":
            if not isinstance(values["zeros_unsafe"], bool):
                self.fault("not_flag", key="rule.zeros_unsafe")
            if numbers["threshold"] <= 0:
                self.fault("bad_threshold")
            return Frequency(numbers["threshold"], values["zeros_unsafe"] is True)
        if kind == "dominance":
            n, k = numbers["n"], numbers["k"]
            if n < 1 or n != int(n) or not 0 < k < 100:
                self.fault("bad_dominance")
                return None
            return Dominance(int(n), k)
        p, q = numbers["p"], numbers["q"]
        if not 0 < p < q <= 100:
            self.fault("bad_p_percent")
            return None
        return PPercent(p, q)

    def contributions(self) -> dict[int, Contributors]:
        absolute = self.spec.get("negatives") == "absolute"
        if "negatives" in self.spec and not absolute:
            self.fault("bad_negatives")
        weighting = self.spec.get("weighting", "replicated")
        if weighting not in ("replicated", "total"):
            self.fault("bad_weighting")
        given = self.cell_mapping("contributions")
        beside = {}
        for key in ("holders", "weights"):
            beside[key] = self.cell_mapping(key)
            for cell, values in beside[key].items():
                mine = given.get(cell)
                if not isinstance(values, (list, tuple)):
                    self.fault("not_list", key=f"{key}: {self.name(cell)}")
                elif not isinstance(mine, (list, tuple)) or len(values) != len(mine):
                    self.fault("not_parallel", key=key, name=self.name(cell))
        found = {}
        for cell, amounts in given.items():
            name = self.name(cell)
            if not isinstance(amounts, (list, tuple)):
                self.fault("not_list", key=f"contributions: {name}")
                continue
            before = len(self.faults)
            amounts = [self.number(name, amount) for amount in amounts]
            if not absolute and any(amount < 0 for amount in amounts):
                self.fault("negative_contribution", name=name)
            weights = beside["weights"].get(cell)
            if isinstance(weights, (list, tuple)):
                weights = [self.number(name, weight, 0.0) for weight in weights]
            holders = beside["holders"].get(cell)
            if isinstance(holders, (list, tuple)) and not all(
                isinstance(who, (str, int)) for who in holders
            ):
                self.fault("bad_holder", name=name)
            if len(self.faults) > before or any(
                values is not None
                and (not isinstance(values, (list, tuple)) or len(values) != len(amounts))
                for values in (weights, holders)
            ):
                continue
            terms = [a * w for a, w in zip(amounts, weights or [1.0] * len(amounts), strict=True)]
            total, value = math.fsum(terms), float(self.values[cell])
            if abs(total - value) > TOLERANCE + 4e-16 * math.fsum(map(abs, [*terms, value])):
                self.fault("wrong_contributions", name=name, sum=number(total), value=number(value))
            found[cell] = contributors(
                amounts, weights, holders, replicated=weighting != "total", absolute=absolute
            )
        return found

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
        if not attack:
            both = (request.suppressed - request.unsafe.keys()) & (
                request.forced_published | request.previous
            )
            for cell in sorted(both):
                self.fault("hidden_and_published", name=table.names[cell])
