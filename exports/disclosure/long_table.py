"""A long table in CSV with dimensions and hierarchies, as cells and relations.

Belongs here: reading the CSV, adding up margins, checking those that are given, writing the
protected table. Does not belong here: any protection; what comes out is a specification like any
other.

One row per crossing (or, with a column of contributors, one row per contribution). A dimension
without a hierarchy has the one total `_T`, also under its usual names (Total, Totaal, Ensemble …);
a hierarchy is a CSV `code,parent` in which the codes without a parent lie under `_T`. Crossings
that do not occur are empty and are no cells. Margins may stand in the table or not; those that
stand there must add up, and a code that is the sum of the others without saying so is refused.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.disclosure.csv_rows import read_number, read_rows
from exports.disclosure.errors import BadTable
from exports.disclosure.reading import read_file
from exports.disclosure.table import TOLERANCE
from exports.disclosure.texts import number, say
from exports.disclosure.totals import TOTAL, is_total, sums_of_the_others


@dataclass(frozen=True)
class LongTable:
    """What is needed to write the table again. `crossings`: cell name to codes, in order."""

    dimensions: tuple[str, ...]
    crossings: dict[str, tuple[str, ...]]
    values: dict[str, float]

    def write(self, answer: dict[str, Any], judged: frozenset[str]) -> str:
        """The protected table: hidden values are empty; CONF_STATUS A unsafe, D hidden to protect
        others, F free, and nothing for a shown cell that no rule looked at (`judged`).
        """
        primary, hidden = set(answer["primary"]), set(answer["suppressed"])
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*self.dimensions, "OBS_VALUE", "CONF_STATUS"])
        for name, codes in self.crossings.items():
            free = "F" if name in judged else ""
            status = free if name not in hidden else "A" if name in primary else "D"
            shown = "" if name in hidden else number(self.values[name])
            writer.writerow([*codes, shown, status])
        return file.getvalue()


def read_long_table(
    path: Path,
    *,
    dimensions: str | None,
    hierarchy: tuple[str, ...] = (),
    value: str = "value",
    contributor: str | None = None,
    options: Path | None = None,
    lang: str = "fr",
) -> tuple[LongTable, dict[str, Any]]:
    """Read a table and its hierarchies; returns it and the specification it comes to.

    Raises:
        BadTable: a file, column, code, number or total is wrong; the sentence names file and line.
    """
    names = tuple(name.strip() for name in (dimensions or "").split(",") if name.strip())
    if not names:
        raise BadTable([say("no_dimensions", lang)])
    parents = read_hierarchies(hierarchy, names, lang)
    columns = (*names, value, *([contributor] if contributor else []))
    _, rows = read_rows(path, lang, columns)
    chains = [Chains(parents.get(name), lang, path, name) for name in names]
    amounts: dict[tuple[str, ...], list[tuple[float, str]]] = {}
    given: dict[tuple[str, ...], float] = {}
    faults = []
    for line, row in rows:
        codes = tuple(chain.known_as(row[name]) for chain, name in zip(chains, names, strict=True))
        amount = read_number(row[value])
        wrong = [chain.fault(code, line) for chain, code in zip(chains, codes, strict=True)]
        if amount is None:
            wrong.append(say("csv_number", lang, path=path, line=line, value=row[value]))
        wrong = [fault for fault in wrong if fault]
        faults += wrong
        if wrong:
            continue
        if all(chain.is_leaf(code) for chain, code in zip(chains, codes, strict=True)):
            if not contributor and codes in amounts:
                faults.append(say("csv_twice", lang, path=path, line=line, name="|".join(codes)))
            amounts.setdefault(codes, []).append((amount, row[contributor] if contributor else ""))
        elif contributor:
            faults.append(say("csv_margin", lang, path=path, line=line, name="|".join(codes)))
        elif codes in given:
            faults.append(say("csv_twice", lang, path=path, line=line, name="|".join(codes)))
        else:
            given[codes] = amount
    if faults:
        raise BadTable(faults)
    if not amounts:
        raise BadTable([say("csv_empty", lang, path=path)])
    _refuse_hidden_totals(path, chains, amounts, lang)
    return _specification(names, chains, amounts, given, contributor is not None, options, lang)


def _refuse_hidden_totals(path, chains, amounts, lang) -> None:
    """A category that is the sum of the others would double every total."""
    sums = {codes: math.fsum(a for a, _ in entries) for codes, entries in amounts.items()}
    faults = [
        say("csv_hidden_total", lang, path=path, code=code, name=chain.name)
        for axis, chain in enumerate(chains)
        if chain.parents is None
        for code in sums_of_the_others(sums, axis)
    ]
    if faults:
        raise BadTable(faults)


def _specification(names, chains, amounts, given, has_contributors, options, lang):
    cells: dict[tuple[str, ...], list[tuple[float, str]]] = {}
    for codes, entries in amounts.items():
        ways = [chain.up(code) for chain, code in zip(chains, codes, strict=True)]
        for crossing in itertools.product(*ways):
            cells.setdefault(crossing, []).extend(entries)
    values = {codes: math.fsum(a for a, _ in entries) for codes, entries in cells.items()}
    faults = [
        say(
            "csv_total",
            lang,
            name="|".join(codes),
            value=number(value),
            sum=number(values.get(codes, 0.0)),
        )
        for codes, value in given.items()
        if abs(value - values.get(codes, 0.0)) > TOLERANCE
    ]
    if faults:
        raise BadTable(faults)
    spec: dict[str, Any] = {
        "cells": {"|".join(codes): value for codes, value in values.items()},
        "relations": relations_of(cells, chains),
    }
    if has_contributors:
        spec["contributions"] = {"|".join(c): [a for a, _ in e] for c, e in cells.items()}
        spec["holders"] = {"|".join(c): [who for _, who in e] for c, e in cells.items()}
    if options is not None:
        spec = {**read_file(options, lang), **spec}
    crossings = {"|".join(codes): codes for codes in sorted(cells)}
    long = LongTable(names, crossings, {"|".join(c): v for c, v in values.items()})
    return long, spec


def relations_of(
    cells: Iterable[tuple[str, ...]], chains: Sequence[Chains]
) -> list[dict[str, Any]]:
    """The relations of crossings: along each dimension, a code is the sum of those below it."""
    relations: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for codes in cells:
        for axis, chain in enumerate(chains):
            parent = chain.parent(codes[axis])
            if parent is not None:
                above = (*codes[:axis], parent, *codes[axis + 1 :])
                relations.setdefault((axis, above), []).append("|".join(codes))
    return [{"total": "|".join(above), "parts": parts} for (_, above), parts in relations.items()]


class Chains:
    """One dimension: each code and what lies above it."""

    def __init__(self, parents: dict[str, str] | None, lang: str, path: Path, name: str) -> None:
        self.parents = parents
        self.lang, self.path, self.name = lang, path, name
        self.inner = {TOTAL, *(parents or {}).values()}

    def known_as(self, code: str) -> str:
        """The code, or `_T` when it is a total by its name and has no place in a hierarchy."""
        declared = self.parents is not None and code in self.parents
        return TOTAL if not declared and is_total(code) else code

    def fault(self, code: str, line: int) -> str | None:
        known = code == TOTAL or (code if self.parents is None else code in self.parents)
        if known:
            return None
        return say(
            "csv_code", self.lang, path=self.path, line=line, name=self.name, code=code or "''"
        )

    def is_leaf(self, code: str) -> bool:
        return code not in self.inner

    def parent(self, code: str) -> str | None:
        if code == TOTAL:
            return None
        return TOTAL if self.parents is None else self.parents[code] or TOTAL

    def up(self, code: str) -> list[str]:
        found = [code]
        while (above := self.parent(found[-1])) is not None:
            found.append(above)
        return found


def read_hierarchies(
    hierarchy: tuple[str, ...], names: tuple[str, ...], lang: str
) -> dict[str, dict[str, str]]:
    """The hierarchies of dimensions, each given as DIM=FILE."""
    parents: dict[str, dict[str, str]] = {}
    for entry in hierarchy:
        name, _, file = entry.partition("=")
        if name not in names or not file:
            raise BadTable([say("bad_hierarchy", lang, entry=entry, names=", ".join(names))])
        parents[name] = read_hierarchy(Path(file), lang)
    return parents


def read_hierarchy(path: Path, lang: str) -> dict[str, str]:
    """code → parent ('' at the top); every parent is a code, no code lies above itself."""
    parents: dict[str, str] = {}
    for line, row in read_rows(path, lang, ("code", "parent"))[1]:
        code, parent = row["code"], row["parent"]
        if code in parents or not code or code == TOTAL:
            raise BadTable([say("csv_twice", lang, path=path, line=line, name=code)])
        parents[code] = "" if parent == TOTAL else parent
    for code in parents:
        seen, above = {code}, parents[code]
        while above:
            if above in seen:
                raise BadTable([say("hierarchy_circle", lang, path=path, code=code)])
            if above not in parents:
                raise BadTable([say("hierarchy_parent", lang, path=path, code=above)])
            seen.add(above)
            above = parents[above]
    return parents
