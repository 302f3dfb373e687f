"""What an affiliate owes, and of which charges and credits it is made. A company is an account too.

Belongs here: the way of a balance. Does not belong here: its queries (queries/affiliate), single
charges (charge.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from explain import common
from explain.model import Equation, Part, Row, Rows, Section, sections
from explain.source import Source

TABLE = "contribution.fct_account_balances"
CHARGES = "contribution.fct_charges"


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about an affiliate.

    Raises:
        ExplainError: the release has no such affiliate.
    """
    person = common.one(source.ask("affiliate/person", id=given), "affiliate", given)
    balance = next(iter(_figure(source, given)), None)
    figure: list[Part] = [common.facts("core.dim_affiliate", person)]
    if balance:
        figure.append(common.facts(TABLE, balance))
    periods = common.rows_if_seen(
        source, "periods", "core.fct_affiliation_periods", "affiliate/periods", id=given
    )
    reasons = common.rows_if_seen(
        source, "reasons", "recovery.fct_worklist_reasons", "affiliate/reasons", id=given
    )
    return sections(
        figure=[*figure, *periods],
        deliveries=common.delivered(source, "affiliates", given),
        ledger=_ledger(source, balance, given) if balance else [],
        shown=common.shown("affiliate", *reasons),
        change=common.changed(source, TABLE, balance, lambda before: _figure(before, given))
        if balance
        else [],
    )


def _figure(source: Source, given: str) -> Sequence[Row]:
    return source.ask("affiliate/figure", id=given)


def _ledger(source: Source, balance: Row, given: str) -> list[Part]:
    charges = source.ask("affiliate/charges", id=given)
    credits = source.ask("affiliate/credits", id=given)
    owed = [
        (f"{one['contribution_year']} {one['charge_type']}", one["outstanding_amount"])
        for one in charges
        if one["outstanding_amount"]
    ]
    money = [(one["credit_type"], one["allocated_amount"]) for one in credits]
    money.append(("unallocated_amount", balance["unallocated_amount"]))
    return [
        Rows("charges", CHARGES, charges),
        Rows("credits", "contribution.fct_allocations", credits),
        Equation(TABLE, owed, ("outstanding_amount", balance["outstanding_amount"])),
        Equation(TABLE, money, ("credits_amount", balance["credits_amount"])),
        # Conservation: what was asked is owed, or covered by what came in.
        Equation(
            TABLE,
            [
                ("net_amount", balance["net_amount"]),
                ("unallocated_amount", balance["unallocated_amount"]),
                ("credits_amount", -balance["credits_amount"]),
            ],
            ("outstanding_amount", balance["outstanding_amount"]),
        ),
    ]
