"""How the amount of a benefit payment came about.

Belongs here: the way of a benefit payment. Does not belong here: its queries
(queries/benefit_payment), amounts of benefits (law).
"""

from __future__ import annotations

from collections.abc import Sequence

from explain import common
from explain.model import Equation, Part, Row, Section, sections
from explain.source import Source

TABLE = "benefit.fct_payments"
BRIDGING = "bridging_right"


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a benefit payment.

    Raises:
        ExplainError: the release has no such payment.
    """
    payment = common.one(_figure(source, given), "benefit_payment", given)
    claim = source.ask("benefit_payment/claim", id=payment["claim_id"])
    claim_lines = common.delivered(source, "benefit_claims", payment["claim_id"])
    return sections(
        figure=[
            common.facts(TABLE, payment),
            *(common.facts("benefit.fct_claims", row) for row in claim),
        ],
        deliveries=common.delivered(source, "benefit_payments", given) + claim_lines,
        law=_law(payment, lang),
        shown=common.shown("benefit_payment", *_counted(source, payment)),
        change=common.changed(source, TABLE, payment, lambda before: _figure(before, given)),
    )


def _figure(source: Source, given: str) -> Sequence[Row]:
    return source.ask("benefit_payment/figure", id=given)


def _law(payment: Row, lang: str) -> list[Part]:
    expected = payment["expected_amount"]
    if expected is None:
        return []
    asked = ["benefit", "--benefit", payment["benefit"], "--date", payment["period_start"]]
    asked += ["--unit", payment["unit"]]
    units = payment["units"]
    if payment["unit"] != "voucher" and units == units.to_integral_value():
        asked += ["--units", int(units)]
    if payment["benefit"] == BRIDGING and payment["with_family_charge"]:
        asked.append("--family")
    terms = [("expected_amount", expected)]
    if payment["amount"] != expected:
        terms.append(("difference_amount", payment["amount"] - expected))
    return [
        *common.law(asked, expected, lang),
        Equation(TABLE, terms, ("amount", payment["amount"])),
    ]


def _counted(source: Source, payment: Row) -> list[Part]:
    if payment["paid_date"] is None:
        return []
    paid = payment["paid_date"]
    quarter = f"{paid.year}Q{(paid.month + 2) // 3}"
    in_quarter = common.rows_if_seen(
        source,
        "mart_benefits",
        "benefit.mart_quarter",
        "benefit_payment/mart",
        quarter=quarter,
        benefit=payment["benefit"],
        cause=payment["cause"],
    )
    code = "t13" if payment["benefit"] == BRIDGING else "t14"
    asked = {"quarter": quarter, "unit": payment["unit"]}
    if code == "t14":
        asked["benefit"] = payment["benefit"]
    cells = common.rows_if_seen(
        source, "cells", f"statistics.stat_{code}", f"benefit_payment/{code}", **asked
    )
    return [*in_quarter, *cells]
