"""What a recovery case claims, and of which charges it is made.

Belongs here: the way of a case. Does not belong here: its queries (queries/case), the way of each
of its charges (charge.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from explain import common
from explain.model import Equation, Part, Row, Rows, Section, sections
from explain.source import Source

TABLE = "recovery.fct_cases"
CHARGES = "contribution.fct_charges"


def explain(source: Source, given: str, lang: str) -> list[Section]:
    """Sections about a case. Which charges it holds is known from the deliveries alone.

    Raises:
        ExplainError: the release has no such case.
    """
    case = common.one(_figure(source, given), "case", given)
    held = common.versions(source, "recovery_case_charges", "case_id", [given])
    steps = source.ask("case/steps", id=given)
    opened = case["opened_date"]
    return sections(
        figure=[common.facts(TABLE, case)],
        deliveries=[
            *common.delivered(source, "recovery_cases", given),
            *([Rows("held", "", common.lines_of(held, "charge_id"))] if held else []),
        ],
        ledger=_ledger(source, case, held),
        steps=[Rows("steps", "recovery.fct_steps", steps)] if steps else [],
        shown=common.shown(
            "case",
            *common.rows_if_seen(
                source,
                "funnel",
                "recovery.mart_funnel",
                "case/cells",
                quarter=f"{opened.year}Q{(opened.month + 2) // 3}",
            ),
        ),
        change=common.changed(source, TABLE, case, lambda before: _figure(before, given)),
    )


def _figure(source: Source, given: str) -> Sequence[Row]:
    return source.ask("case/figure", id=given)


def _ledger(source: Source, case: Row, held: Sequence[Row]) -> list[Part]:
    charges = [one["charge_id"] for one in common.in_force(held)]
    if not charges:
        return []
    rows = source.ask("case/charges", charges=charges)
    principal = [(one["charge_id"], one["net_amount"]) for one in rows if one["is_principal"]]
    left = [
        (one["charge_id"], one["outstanding_amount"]) for one in rows if one["outstanding_amount"]
    ]
    return [
        Rows("case_charges", CHARGES, rows),
        Equation(TABLE, principal, ("principal_amount", case["principal_amount"])),
        Equation(TABLE, left, ("outstanding_amount", case["outstanding_amount"])),
    ]
