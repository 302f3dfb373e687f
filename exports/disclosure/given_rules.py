"""The rules of a specification and the contributions they are asked of.

Belongs here: kinds of rules and their parameters, contributions with their holders and weights.
Does not belong here: what a rule calls unsafe (rules.py), the table (given_table.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from exports.disclosure.contributors import Contributors, contributors
from exports.disclosure.entries import Entries
from exports.disclosure.rules import Dominance, Frequency, PPercent, Rule
from exports.disclosure.table import TOLERANCE
from exports.disclosure.texts import number

RULE_KEYS = {
    "frequency": {"threshold": None, "zeros_unsafe": False},
    "dominance": {"n": None, "k": None},
    "p_percent": {"p": None, "q": 100},
}


class GivenRules(Entries):
    """Reads what makes a cell unsafe."""

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
