"""Which charges a payment paid, to the cent, and what of it waits in the pool.

Belongs here: the way of a payment. Does not belong here: its queries (queries/payment).
"""

from __future__ import annotations

from collections.abc import Sequence

from explain import common
from explain.model import Equation, Part, Row, Rows, Section, sections
from explain.source import Source

TABLE = "contribution.fct_receipts"
ALLOCATIONS = "contribution.fct_allocations"


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a payment.

    Raises:
        ExplainError: the release has no such payment.
    """
    payment = common.one(_figure(source, given), "payment", given)
    return sections(
        figure=[common.facts(TABLE, payment)],
        deliveries=common.delivered(source, "payments", given),
        ledger=_ledger(source, payment),
        shown=common.shown(
            "payment",
            *common.rows_if_seen(
                source,
                "cells",
                "statistics.stat_t08",
                "payment/cells",
                account=payment["account_id"],
                id=given,
            ),
        ),
        change=_change(source, payment, given),
    )


def _figure(source: Source, given: str) -> Sequence[Row]:
    return source.ask("payment/figure", id=given)


def _allocations(source: Source, payment: Row) -> list[dict]:
    return source.ask(
        "payment/allocations", account=payment["account_id"], id=payment["payment_id"]
    )


def _ledger(source: Source, payment: Row) -> list[Part]:
    allocations = _allocations(source, payment)
    covered = common.total(allocations, "allocated_amount")
    # A6: what covers nothing yet is in the pool of the account; a refund empties it first.
    terms = [(one["charge_id"], one["allocated_amount"]) for one in allocations]
    if payment["amount"] != covered:
        terms.append(("in_the_pool", payment["amount"] - covered))
    parts: list[Part] = [Rows("covers", ALLOCATIONS, allocations)] if allocations else []
    return [*parts, Equation(TABLE, terms, ("amount", payment["amount"]))]


def _change(source: Source, payment: Row, given: str) -> list[Part]:
    """The payment itself, and what it covered in the release before."""
    parts = common.changed(source, TABLE, payment, lambda before: _figure(before, given))
    before = source.before
    if before is None or not parts:
        return parts
    then = {(one["charge_id"], one["designated"]): one for one in _allocations(before, payment)}
    now = {(one["charge_id"], one["designated"]): one for one in _allocations(source, payment)}
    moved = [
        {
            "charge_id": key[0],
            "value_before": then[key]["allocated_amount"] if key in then else None,
            "value_after": now[key]["allocated_amount"] if key in now else None,
        }
        for key in sorted({*then, *now})
        if (key in then and then[key]["allocated_amount"])
        != (key in now and now[key]["allocated_amount"])
    ]
    return [*parts, Rows("moved", ALLOCATIONS, moved)] if moved else parts
