"""Disclosure control: no person can be worked out from what leaves.

Belongs here: primary rules, secondary suppression, the attacker, controlled rounding, for any table
given as cells, relations and rules. Does not belong here: the warehouse, statistics, packages;
nothing here knows them. The two doors are `protect` and `attack`.

    table, request   what is asked            attacker, extremes,   what can be worked out
    rules            what is unsafe           propagation
    reading, entries, given_table,            pieces, repair,       what is hidden
    given_rules      from JSON                master, bound
    long_table, totals, hidden_table,
    csv_rows         from CSV                 suppress, report      the order of steps, the answer
    rounding         the alternative that hides nothing
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def protect(spec: Mapping[str, Any], lang: str = "fr") -> dict[str, Any]:
    """Protect a table. `spec` and the answer are the objects of the interface: `cells`,
    `relations`, `rule` and the rest in; `primary`, `secondary`, `suppressed`, `intervals`,
    `optimal` … out.

    Raises:
        BadTable: the input cannot be judged; one sentence per fault.
        ProtectionImpossible: no admissible pattern protects every unsafe cell.
    """
    from exports.disclosure.reading import read_request
    from exports.disclosure.report import protect_answer
    from exports.disclosure.suppress import suppress

    request = read_request(spec, lang=lang)
    return protect_answer(request, suppress(request, lang), lang)


def judged_by(spec: Mapping[str, Any], lang: str = "fr") -> frozenset[str]:
    """Names of the cells that were judged: by a rule, or, without one, by whoever named the unsafe
    ones."""
    from exports.disclosure.reading import read_request

    request = read_request(spec, lang=lang)
    judged = request.judged if request.rules else range(len(request.table))
    return frozenset(request.table.names[cell] for cell in judged)


def attack(spec: Mapping[str, Any], lang: str = "fr") -> dict[str, Any]:
    """Attack the pattern `suppressed` of a table. `exposed` is empty when everything holds.

    Raises:
        BadTable: the input cannot be judged; one sentence per fault.
    """
    import numpy as np

    from exports.disclosure.attacker import attack as find
    from exports.disclosure.reading import read_request
    from exports.disclosure.report import attack_answer

    request = read_request(spec, attack=True, lang=lang)
    hidden = np.zeros(len(request.table), dtype=bool)
    hidden[sorted(request.suppressed)] = True
    # No deadline: an attack that was cut short could call a table safe that is not.
    found = find(request, hidden, request.suppressed_derived)
    return attack_answer(request, hidden, request.suppressed_derived, found, lang)
