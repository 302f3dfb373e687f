"""The answer as the interface writes it: names, lists in order, the same bytes every time.

Belongs here: turning patterns and findings into the JSON of `vigie protect` and `vigie attack`,
with one sentence per hidden cell. Does not belong here: any judgement.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from exports.disclosure.attacker import Exposure, Findings
from exports.disclosure.request import Request
from exports.disclosure.suppress import Suppression, derived_hidden
from exports.disclosure.texts import number, say


def write(answer: dict[str, Any]) -> str:
    """The bytes of an answer: keys sorted, UTF-8, one newline at the end."""
    return json.dumps(answer, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def attack_answer(
    request: Request, hidden: np.ndarray, derived: frozenset[str], findings: Findings, lang: str
) -> dict[str, Any]:
    """What the attacker found on a given pattern."""
    names = request.table.names
    return {
        "primary": request.table.named(request.unsafe),
        "suppressed": request.table.named(np.flatnonzero(hidden).tolist()),
        "derived_hidden": sorted(derived),
        "required": {names[cell]: _plain(need.write()) for cell, need in request.unsafe.items()},
        "intervals": {names[cell]: _interval(*pair) for cell, pair in findings.intervals.items()},
        "exposed": [
            {
                "cell": names[exposure.cell],
                "interval": _interval(exposure.low, exposure.high),
                "kind": exposure.kind,
                "reason": _reason(request, exposure, lang),
            }
            for exposure in findings.exposed
        ],
        "explanations": _explanations(request, hidden, findings, lang),
    }


def protect_answer(request: Request, found: Suppression, lang: str) -> dict[str, Any]:
    """The pattern found, with its cost and what is proven of it."""
    hidden = found.hidden
    secondary = [
        cell
        for cell in np.flatnonzero(hidden).tolist()
        if cell not in request.unsafe and cell not in request.suppressed
    ]
    cost = math.fsum(float(request.weights[cell]) for cell in secondary)
    derived = derived_hidden(request, hidden)
    return {
        **attack_answer(request, hidden, derived, found.findings, lang),
        "secondary": request.table.named(secondary),
        "optimal": found.is_optimal,
        "bound": len(secondary) if found.is_optimal else int(found.bound),
        "cost": {"count": len(secondary), "value": _plain(cost)},
    }


def _plain(value: Any) -> Any:
    """Six decimals at most; a whole number without any; no end is null."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if math.isinf(value):
        return None
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _interval(low: float, high: float) -> list[float | None]:
    return [_plain(low), _plain(high)]


def _between(low: float, high: float, lang: str) -> str:
    if math.isinf(high):
        return say("at_least", lang, low=number(low))
    if high - low <= 1e-6:
        return say("exactly", lang, value=number(low))
    return say("between", lang, low=number(low), high=number(high))


def _reason(request: Request, exposure: Exposure, lang: str) -> str:
    cell = request.table.names[exposure.cell]
    needs = request.unsafe[exposure.cell].in_words(lang)
    known = _between(exposure.low, exposure.high, lang)
    if exposure.kind == "published":
        why = request.why_unsafe(exposure.cell, lang)
        return say("exposed_published", lang, cell=cell, why=why)
    if exposure.kind == "group":
        relations = " ; ".join(request.table.write_relation(r) for r in exposure.relations)
        return say("exposed_group", lang, cell=cell, relations=relations)
    if exposure.kind == "insider":
        key = "exposed_contributor" if exposure.who.is_contributor else "exposed_known"
        return say(key, lang, cell=cell, who=exposure.who.name, known=known, needs=needs)
    relations = [request.table.write_relation(r) for r in request.table.relations_of[exposure.cell]]
    through = " ; ".join(relations) if relations else say("no_relation", lang)
    return say("exposed", lang, cell=cell, known=known, needs=needs, relations=through)


def _explanations(
    request: Request, hidden: np.ndarray, findings: Findings, lang: str
) -> dict[str, str]:
    table = request.table
    found = {}
    for cell in np.flatnonzero(hidden).tolist():
        known = _between(*findings.intervals[cell], lang)
        if cell in request.unsafe:
            why = request.why_unsafe(cell, lang)
            text = say("explain_unsafe", lang, why=why, known=known)
        elif cell in request.suppressed:
            text = say("explain_suppressed", lang, known=known)
        else:
            beside = sorted(
                {
                    other
                    for r in table.relations_of[cell]
                    for other in table.relations[r].cells
                    if other != cell and hidden[other] and other in request.unsafe
                }
            )
            names = ", ".join(table.names[other] for other in beside[:3])
            if len(beside) > 3:
                names += ", …"
            key = "explain_beside" if beside else "explain_secondary"
            text = say(key, lang, cells=names, known=known)
        found[table.names[cell]] = text
    return found
