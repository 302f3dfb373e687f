"""A long table in which cells are hidden already, as a specification for the attacker.

Belongs here: reading what `protect --table` writes, or any CSV with a column that says which rows
are hidden. Does not belong here: the attack. A value that is hidden may be absent: what somebody
outside works out does not depend on it, so any values that fit the published ones stand in for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from exports.disclosure.csv_rows import read_number, read_rows
from exports.disclosure.errors import BadTable
from exports.disclosure.long_table import Chains, read_hierarchies, relations_of
from exports.disclosure.solver import Programme, Rows, compressed
from exports.disclosure.texts import say

STATUS = "CONF_STATUS"
_VALUE = "OBS_VALUE"
_SHOWN = frozenset({"", "f", "0", "false", "no", "non", "nee", "n"})
_UNSAFE, _SECONDARY = "a", "d"


def read_hidden_table(
    path: Path,
    *,
    suppressed: str | None = None,
    dimensions: str | None = None,
    hierarchy: tuple[str, ...] = (),
    value: str | None = None,
    threshold: float | None = None,
    lang: str = "fr",
) -> dict[str, Any]:
    """The specification of a table whose column `suppressed` says what is hidden.

    A (unsafe) and D (hidden to protect others) as `protect` writes them: the A cells must hold; of
    any other words (true, x, 1 …) every hidden cell must. `threshold`: a count below it is unsafe.

    Raises:
        BadTable: a column, code or number is wrong, or the published values do not fit together.
    """
    flag = suppressed or STATUS
    headings, rows = read_rows(path, lang)
    amount = value or (_VALUE if _VALUE in headings else "value")
    lacking = [name for name in (flag, amount) if name not in headings]
    if lacking:
        raise BadTable([say("csv_column", lang, path=path, column=", ".join(lacking))])
    given = [name.strip() for name in (dimensions or "").split(",") if name.strip()]
    names = tuple(given or (name for name in headings if name not in (flag, amount)))
    lacking = [name for name in names if name not in headings]
    if lacking or not names:
        column = ", ".join(lacking) or "--dimensions"
        raise BadTable([say("csv_column", lang, path=path, column=column)])
    parents = read_hierarchies(hierarchy, names, lang)
    chains = [Chains(parents.get(name), lang, path, name) for name in names]
    values: dict[str, float | None] = {}
    statuses: dict[str, str] = {}
    crossings: dict[str, tuple[str, ...]] = {}
    faults = []
    for line, row in rows:
        pairs = list(zip(chains, (row[name] for name in names), strict=True))
        codes = tuple(chain.known_as(code) for chain, code in pairs)
        found = read_number(row[amount])
        status = row[flag].casefold()
        wrong = [chain.fault(code, line) for chain, code in zip(chains, codes, strict=True)]
        if found is None and (row[amount] or status in _SHOWN):
            wrong.append(say("csv_number", lang, path=path, line=line, value=row[amount]))
        name = "|".join(codes)
        if name in crossings:
            wrong.append(say("csv_twice", lang, path=path, line=line, name=name))
        faults += [fault for fault in wrong if fault]
        crossings[name], values[name], statuses[name] = codes, found, status
    if faults:
        raise BadTable(faults)
    if not crossings:
        raise BadTable([say("csv_empty", lang, path=path)])
    return _specification(path, chains, crossings, values, statuses, threshold, lang)


def _specification(path, chains, crossings, values, statuses, threshold, lang) -> dict[str, Any]:
    hidden = {name for name, status in statuses.items() if status not in _SHOWN}
    # Totals that stand nowhere are known to nobody: hidden, with nothing to protect.
    for codes in list(crossings.values()):
        above = [codes]
        for axis, chain in enumerate(chains):
            above = [
                (*one[:axis], code, *one[axis + 1 :])
                for one in above
                for code in chain.up(one[axis])
            ]
        for one in above:
            crossings.setdefault("|".join(one), one)
    relations = relations_of(sorted(crossings.values()), chains)
    unlisted = crossings.keys() - values.keys()
    coded = {statuses[name] for name in hidden} <= {_UNSAFE, _SECONDARY}
    unsafe = {name for name in hidden if not coded or statuses[name] == _UNSAFE}
    if threshold is not None:
        unsafe |= {
            name for name, found in values.items() if found is not None and 0 < found < threshold
        }
    free = {name for name in crossings if values.get(name) is None}
    cells = _completed(path, sorted(crossings), values, free, relations, lang)
    spec: dict[str, Any] = {
        "cells": cells,
        "relations": relations,
        "suppressed": sorted(hidden | unlisted),
        "primary": sorted(unsafe),
    }
    if threshold is not None:
        spec["required_width"] = dict.fromkeys(sorted(unsafe), threshold)
    return spec


def _completed(path, names, values, free, relations, lang) -> dict[str, float]:
    """Every cell with a value: those that are not given fit the given ones and are not negative."""
    place = {name: column for column, name in enumerate(names)}
    rows, columns, signs = [], [], []
    for line, relation in enumerate(relations):
        for name, sign in [(relation["total"], -1.0), *((part, 1.0) for part in relation["parts"])]:
            rows.append(line)
            columns.append(place[name])
            signs.append(sign)
    known = [None if name in free else values[name] for name in names]
    if not relations:
        return {name: one or 0.0 for name, one in zip(names, known, strict=True)}
    low = np.array([0.0 if one is None else one for one in known])
    high = np.array([np.inf if one is None else one for one in known])
    zeros = np.zeros(len(relations))
    start, column, factor = compressed(
        np.array(rows), np.array(columns), np.array(signs), len(relations)
    )
    found = Programme(low, high, Rows(start, column, factor, zeros, zeros)).minimise()
    if found.point is None:
        raise BadTable([say("csv_no_fit", lang, path=path)])
    return {
        name: round(float(found.point[at]), 9) if known[at] is None else float(known[at])
        for at, name in enumerate(names)
    }
