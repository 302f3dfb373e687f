"""How what is left of a charge came about.

Belongs here: the way of a charge. Does not belong here: its queries (queries/charge).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from explain import common
from explain.law_of_charges import law_of
from explain.model import Equation, Part, Row, Rows, Section, sections
from explain.source import Source

TABLE = "contribution.fct_charges"
ALLOCATIONS = "contribution.fct_allocations"
#: The quarter of a charge that is for a whole year, as T08 writes it.
YEAR = "Y"


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a charge.

    Raises:
        ExplainError: the release has no such charge.
    """
    charge = common.one(_figure(source, given), "charge", given)
    return sections(
        figure=[common.facts(TABLE, charge)],
        deliveries=common.delivered(source, "charges", given),
        ledger=_ledger(source, charge),
        law=law_of(source, charge, lang),
        shown=common.shown("charge", *_counted(source, charge)),
        change=common.changed(source, TABLE, charge, lambda before: _figure(before, given)),
    )


def _figure(source: Source, given: str) -> Sequence[Row]:
    return source.ask("charge/figure", id=given)


def _ledger(source: Source, charge: Row) -> list[Part]:
    """From the gross amount to what is left, each step with the rows that make it."""
    key = {"account": charge["account_id"], "id": charge["charge_id"]}
    parts: list[Part] = []
    if cancellations := source.ask("charge/cancellations", **key):
        parts.append(Rows("cancellations", TABLE, cancellations))
    relief = common.versions(source, "relief_effects", "charge_id", [charge["charge_id"]])
    if relief:
        rows = common.lines_of(relief, "request_id", "effective_date", "amount")
        parts.append(Rows("relief", "", rows))
    # A1: a negative row has no place on the line; it is told as what it is, a credit.
    if charge["gross_amount"] <= 0:
        return parts
    taken = charge["gross_amount"] - charge["cancelled_amount"] - charge["relief_amount"]
    terms = [
        ("gross_amount", charge["gross_amount"]),
        ("cancelled_amount", -charge["cancelled_amount"]),
        ("relief_amount", -charge["relief_amount"]),
    ]
    # A3: what goes beyond the charge is a credit of the account.
    if taken < 0:
        terms.append(("excess_amount", -taken))
    parts.append(Equation(TABLE, _without_zeros(terms), ("net_amount", charge["net_amount"])))
    return parts + _covered(source, charge, key)


def _covered(source: Source, charge: Row, key: dict[str, str]) -> list[Part]:
    allocations = source.ask("charge/allocations", **key)
    parts: list[Part] = []
    if allocations:
        parts.append(Rows("allocations", ALLOCATIONS, allocations))
        parts += _lines_of_credits(source, allocations)
        for column, is_money in (("collected_amount", True), ("credited_amount", False)):
            mine = [one for one in allocations if (one["credit_type"] == "payment") is is_money]
            if mine:
                terms = [(one["credit_id"], one["allocated_amount"]) for one in mine]
                parts.append(Equation(TABLE, terms, (column, charge[column])))
    terms = [
        ("net_amount", charge["net_amount"]),
        ("collected_amount", -charge["collected_amount"]),
        ("credited_amount", -charge["credited_amount"]),
    ]
    left = ("outstanding_amount", charge["outstanding_amount"])
    return [*parts, Equation(TABLE, _without_zeros(terms), left)]


def _lines_of_credits(source: Source, allocations: Sequence[Row]) -> list[Part]:
    """The lines of the deliveries that brought what covers a charge."""
    asked = (
        ("payments", "payment_id", "payment"),
        ("charges", "charge_id", "regularisation_credit"),
    )
    rows: list[Row] = []
    for extract, column, credit_type in asked:
        ids = {one["credit_id"] for one in allocations if one["credit_type"] == credit_type}
        found = common.versions(source, extract, column, ids)
        rows += [
            {"credit_id": one[column], "amount": one["amount"], **line}
            for one, line in zip(found, common.lines_of(found), strict=True)
        ]
    return [Rows("credit_lines", ALLOCATIONS, rows)] if rows else []


def _without_zeros(terms: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """The first term, and what it is changed by."""
    return [*terms[:1], *(term for term in terms[1:] if term[1])]


def _counted(source: Source, charge: Row) -> list[Part]:
    quarter, year = charge["contribution_quarter"], charge["contribution_year"]
    if charge["gross_amount"] <= 0:
        return []
    in_quarter = common.rows_if_seen(
        source,
        "mart_quarter",
        "contribution.mart_quarter",
        "charge/mart",
        year=year,
        quarter=quarter,
        category=charge["category"],
    )
    cells = common.rows_if_seen(
        source,
        "cells",
        "statistics.stat_t08",
        "charge/cells",
        year=year,
        quarter=YEAR if quarter is None else str(quarter),
        type=charge["charge_type"],
        nature=charge["nature"],
    )
    return [*(in_quarter if quarter else []), *cells]
