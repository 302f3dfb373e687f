"""How a cell of a statistic came about: the cells it is the sum of, and for claims the charges.

A cell is written `CODE:dimension=code,…,measure=name`; a dimension that is not given is its total.
Belongs here: the way of a cell. Does not belong here: what a statistic counts (its declaration).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from explain import common
from explain.errors import ExplainError
from explain.model import Equation, Note, Part, Row, Rows, Section, sections
from explain.source import Source
from explain.units import unit_of

PERIOD, TOTAL, MEASURE = "ref_period", "_T", "measure"
#: What of a cell anybody may be told: the two largest contributions are of single persons.
_TOLD = ("obs_value", "contributors")
#: As many codes of a dimension are named in a refusal.
_MOST_CODES = 8
_CHARGES = {"claimed_amount": "net_amount", "collected_amount": "collected_amount"}


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a cell.

    Raises:
        ExplainError: no such statistic, dimension or measure, or the release has no such cell.
    """
    code, _, rest = given.partition(":")
    declared = source.ask("cell/statistic", code=code)
    if not declared:
        raise ExplainError("unknown.statistic", id=code)
    table, meta = declared[0]["table_name"], json.loads(declared[0]["meta_json"])
    key = _key(given, rest, meta)
    found = _cells(source, table, key)
    cell = found[0] if found else _refuse(source, table, meta, key, given)
    measure = next(one for one in meta["measures"] if one["name"] == key[MEASURE])
    return sections(
        figure=[
            common.facts(table, _told(key, cell)),
            Note("statistic", {"code": code, **_titles(meta, measure, lang)}),
            *_reference(declared[0]["definition"]),
        ],
        ledger=_parts(source, table, meta, key, cell, measure.get("additive", False)),
        shown=common.shown("cell", *common.packages(source, code)),
        change=common.changed(
            source,
            table,
            _told({}, cell),
            lambda before: [_told({}, row) for row in _cells(before, table, key)],
            {"obs_value": unit_of(key[MEASURE])},
        ),
    )


def _titles(meta: Mapping[str, Any], measure: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What the statistic and the measure are called; both have French and Dutch names."""
    spoken = lang if lang == "nl" else "fr"
    return {"title": meta[f"title_{spoken}"], "measure": measure[f"label_{spoken}"]}


def _reference(definition: str | None) -> list[Part]:
    return [Note("definition", {"definition": definition})] if definition else []


def _told(key: Mapping[str, str], cell: Row) -> dict[str, Any]:
    return {**key, **{name: cell[name] for name in _TOLD if name in cell}}


def _key(given: str, rest: str, meta: Mapping[str, Any]) -> dict[str, str]:
    """The value of each dimension, of the period and of the measure."""
    asked = dict(one.partition("=")[::2] for one in rest.split(",") if one)
    dimensions = [one["name"] for one in meta["dimensions"]]
    key = {name: asked.pop(name, TOTAL) for name in dimensions}
    measures = [one["name"] for one in meta["measures"]]
    measure = asked.pop(MEASURE, measures[0])
    # Where the period is a dimension, it is that dimension.
    frequency = next((one for one in meta["frequencies"] if one in key), None)
    period = asked.pop(PERIOD, key[frequency] if frequency else "")
    if asked or measure not in measures or not period:
        raise ExplainError(
            "form.cell",
            id=given,
            names=", ".join((PERIOD, *dimensions)),
            measures=", ".join(measures),
        )
    return {PERIOD: period, **key, MEASURE: measure}


def _cells(source: Source, table: str, key: Mapping[str, str], other: str = "") -> list[dict]:
    """The rows of a key; with `other`, those that differ from it in that dimension alone."""
    # Where the period is a dimension, the two change together.
    free = {other, PERIOD} if other and key[other] == key[PERIOD] else {other}
    same = [f'"{name}" = ${name}' for name in key if name not in free]
    differs = [f'"{other}" <> ${other} order by "{other}"'] if other else []
    return source.read(f"select * from {table} where {' and '.join([*same, *differs])}", **key)


def _refuse(
    source: Source, table: str, meta: Mapping[str, Any], key: Mapping[str, str], given: str
) -> NoReturn:
    """Says which dimension makes a cell one that does not exist: most often one without a total.

    Raises:
        ExplainError: always.
    """
    choices = []
    for dimension in (one["name"] for one in meta["dimensions"]):
        codes = sorted({str(row[dimension]) for row in _cells(source, table, key, dimension)})
        if codes:
            more = ["…"] if len(codes) > _MOST_CODES else []
            choices.append(f"{dimension}={'|'.join([*codes[:_MOST_CODES], *more])}")
    if choices:
        raise ExplainError("unknown.cell_but", id=given, choices="; ".join(choices))
    raise ExplainError("unknown.cell", id=given)


def _parts(
    source: Source,
    table: str,
    meta: Mapping[str, Any],
    key: Mapping[str, str],
    cell: Row,
    is_additive: bool,
) -> list[Part]:
    """By dimension whose total the cell is: the cells that it is made of, and their sum."""
    parts: list[Part] = []
    for dimension in (one["name"] for one in meta["dimensions"]):
        if key[dimension] != TOTAL:
            continue
        rows = _cells(source, table, key, dimension)
        if not rows:
            continue
        told = [{dimension: row[dimension], **_told({}, row)} for row in rows]
        unit = unit_of(key[MEASURE])
        parts.append(Rows("parts", table, told, {"obs_value": unit}))
        terms = [(str(row[dimension]), row["obs_value"]) for row in rows]
        equation = Equation(table, terms, ("obs_value", cell["obs_value"]), dimension, unit)
        # Shares and persons counted once do not add up; a dimension of levels counts some twice.
        if is_additive and equation.holds:
            parts.append(equation)
    return parts + _charges(source, table, key, cell)


def _charges(source: Source, table: str, key: Mapping[str, str], cell: Row) -> list[Part]:
    """For a cell of claims (T08): the charges that it counts."""
    column = _CHARGES.get(key[MEASURE])
    if column is None or not table.endswith("stat_t08") or key["collection_year"] != TOTAL:
        return []
    if not source.may_see("contribution.fct_charges"):
        return []
    names = ("contribution_year", "contribution_quarter", "claim_group", "claim_type", "nature")
    (found,) = source.ask("cell/charges", **{name: key[name] for name in names})
    # Whole of money in cents, a cell has six decimals.
    whole = ("obs_value", cell["obs_value"])
    equation = Equation(table, [(column, found[column])], whole, unit=unit_of(column))
    return [Rows("cell_charges", "contribution.fct_charges", [found]), equation]
