"""Controlled rounding: every cell to a multiple of a base, every total still the sum of its parts.

Belongs here: the alternative to hiding, and what it protects. Does not belong here: suppression.
Each cell moves by less than one base, to the multiple below or above; where no such table adds up
(it can happen in three dimensions), by the fewest bases more. Whoever reads the rounded table and
knows its base knows each cell to within that distance, no better than the relations allow; the
attacker of this package says what that leaves, and a table in which an unsafe cell stays too narrow
is refused.

Source: Cox and Ernst, Controlled rounding (INFOR 20, 1982); Salazar-González, Controlled rounding
and cell perturbation (2006).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from exports.disclosure.attacker import attack
from exports.disclosure.errors import BadTable, ProtectionImpossible
from exports.disclosure.reading import read_request
from exports.disclosure.request import Request
from exports.disclosure.solver import Programme, Rows, compressed
from exports.disclosure.table import TOLERANCE, Table
from exports.disclosure.texts import number, say


def round_table(spec: Mapping[str, Any], base: float, lang: str = "fr") -> dict[str, Any]:
    """Round a table. Returns `base`, `rounded` {cell: multiple of base}, `largest_change`,
    `total_change`, `steps` (1: every cell to one of its two neighbours), `intervals` {unsafe cell:
    what a reader can still work out}.

    Raises:
        BadTable: the input cannot be judged, or the base is not above 0.
        ProtectionImpossible: a cell stays known too closely, or no table of such multiples adds up.
    """
    if not base > 0:
        raise BadTable([say("bad_base", lang, base=base)])
    request = read_request(spec, lang=lang)
    rounded, steps = _rounded(request.table, base, lang)
    intervals = _known_after(request, rounded, base * steps)
    faults = [
        say(
            "rounding_too_fine",
            lang,
            cell=request.table.names[cell],
            base=number(base),
            low=number(intervals[cell][0]),
            high=number(intervals[cell][1]),
            needs=need.in_words(lang),
        )
        for cell, need in request.unsafe.items()
        if not need.is_met(*intervals[cell])
    ]
    if faults:
        raise ProtectionImpossible(faults)
    names = request.table.names
    change = np.abs(rounded - request.table.values)
    return {
        "base": base,
        "rounded": {name: _plain(value) for name, value in zip(names, rounded, strict=True)},
        "largest_change": _plain(change.max()),
        "total_change": _plain(change.sum()),
        "steps": steps,
        "intervals": {
            names[cell]: [_plain(end) for end in intervals[cell]] for cell in request.unsafe
        },
    }


def _rounded(table: Table, base: float, lang: str) -> tuple[np.ndarray, int]:
    """The multiples nearest to the values in sum, with the fewest steps; never below 0 for a value
    that is not.
    """
    share = table.values / base
    below = np.floor(share + TOLERANCE / base)
    fixed = np.abs(share - below) <= TOLERANCE / base
    row, column, factor = [], [], []
    for r, relation in enumerate(table.relations):
        for cell in relation.cells:
            row.append(r)
            column.append(cell)
            factor.append(-1.0 if cell == relation.total else 1.0)
    entries = np.array(row, dtype=int), np.array(column, dtype=int), np.array(factor)
    sums = np.bincount(entries[0], entries[2] * below[entries[1]], len(table.relations))
    rows = Rows(*compressed(*entries, len(table.relations)), low=-sums, high=-sums)
    for steps in (1, 2, 3):
        # Columns: multiples above `below`, then the distance of each from the value, as a cost.
        least = np.full(len(table), 1.0 - steps)
        most = np.where(fixed, steps - 1.0, float(steps))
        least = np.where(table.values >= -TOLERANCE, np.maximum(least, -below), least)
        size = len(table)
        identity = np.arange(size)
        # distance >= t - f and distance >= f - t, with f the fraction of the value.
        fraction = np.where(fixed, 0.0, share - below)
        first = len(rows)
        all_rows = np.concatenate(
            [entries[0], np.tile(first + identity, 2), np.tile(first + size + identity, 2)]
        )
        both = np.concatenate([identity, size + identity])
        all_columns = np.concatenate([entries[1], both, both])
        one = np.ones(size)
        all_factors = np.concatenate([entries[2], -one, one, one, one])
        programme = Programme(
            np.concatenate([least, np.zeros(size)]),
            np.concatenate([most, np.full(size, steps + 1.0)]),
            Rows(
                *compressed(all_rows, all_columns, all_factors, first + 2 * size),
                low=np.concatenate([rows.low, -fraction, fraction]),
                high=np.concatenate([rows.high, np.full(2 * size, np.inf)]),
            ),
            whole=np.concatenate([np.ones(size, bool), np.zeros(size, bool)]),
        )
        programme.set_objective(size + identity, one)
        answer = programme.minimise(60.0)
        if answer.point is not None:
            return base * (below + answer.point[:size].round()), steps
    raise ProtectionImpossible([say("no_rounding", lang, base=number(base))])


def _known_after(request: Request, rounded: np.ndarray, distance: float):
    """What the rounded table leaves: the true one adds up and lies within `distance` of it (for a
    whole number: strictly within).
    """
    table = request.table
    inside = np.where(table.whole, max(np.ceil(distance) - 1, 0.0), distance)
    open_table = dataclasses.replace(
        table,
        low=np.maximum(table.low, rounded - inside),
        high=np.minimum(table.high, rounded + inside),
        derived=(),
    )
    everything = np.ones(len(table), dtype=bool)
    asked = dataclasses.replace(
        request,
        table=open_table,
        primary=frozenset(request.unsafe),
        required=dict(request.unsafe),
        singletons=False,
        known=(),
        group_rule=False,
        zeros_published=False,
    )
    return attack(asked, everything, ()).intervals


def _plain(value: float) -> float | int:
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) else rounded
