"""The tables of one account: its charges and what covers each, its payments and what each covers,
steps, cases, plan, prescription.

Belongs here: those tables. Does not belong here: queries (account.sql), charts.
"""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from dashboards import charges, filters, grids, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, FLAG, by_name
from dashboards.source import Reading

Data = dict[str, pd.DataFrame]
_LISTS = {
    "charge_type": "charge_type",
    "credit_type": "credit_type",
    "channel": "payment_channel",
    "step_type": "stage",
    "stage": "stage",
    "outcome": "step_outcome",
    "closing_reason": "closing_reason",
    "interrupted_by": "stage",
    "status": "plan_status",
}


def show(reading: Reading, found: dict[str, sheet.Table]) -> None:
    """Draw one tab for each table."""
    sheet.heading(reading.text("account_tables"), level=3)
    if not found:
        sheet.info(reading.text("account_nothing"))
        return
    names = {name: reading.text(f"account_tab_{name}") for name in found}
    places = filters.tab(f"{reading.page}_table", names)
    for name, table in found.items():
        with places[name]:
            grids.show_table(reading, table.key, table.rows, table.columns)


def tables(reading: Reading, data: Data) -> dict[str, sheet.Table]:
    """Return each table that has rows, by name, in the order in which they are read."""
    whole = _with_what_covers(reading, data)
    found = {}
    for name, columns in _COLUMNS.items():
        rows = whole[name]
        lists = {column: of for column, of in _LISTS.items() if column in rows}
        if len(rows):
            named = reading.with_names(rows, **lists)
            found[name] = sheet.Table(f"account_{name}", named, tuple(columns(reading)))
    return found


def _with_what_covers(reading: Reading, data: Data) -> Data:
    """Say beside each payment which charges it covered, and beside each charge what covered it."""
    language = reading.language
    moves = data["allocations"].assign(charge=charges.in_words(reading, data["allocations"]))
    kinds = reading.labels("credit_type")
    told = [
        (
            f"{one.charge} ({language.euros(one.allocated_amount)})",
            f"{language.day(one.value_date)} {kinds.get(one.credit_type, one.credit_type)}"
            f" ({language.euros(one.allocated_amount)})",
        )
        for one in moves.itertuples()
    ]
    moves[["covers", "covered_by"]] = pd.DataFrame(
        told, index=moves.index, columns=["covers", "covered_by"], dtype=object
    )

    def joined(by: str, name: str, keys: pd.Series) -> pd.Series:
        return keys.map(moves.groupby(by, sort=False)[name].agg(" · ".join))

    claims, payments = data["charges"], data["payments"]
    covered = moves.groupby("credit_id")["allocated_amount"].sum()
    used = payments["payment_id"].map(covered).fillna(0)
    return data | {
        "charges": claims.assign(
            charge=charges.in_words(reading, claims),
            covered_by=joined("charge_id", "covered_by", claims["charge_id"]),
        ),
        "allocations": moves,
        "payments": payments.assign(
            covers=joined("credit_id", "covers", payments["payment_id"]),
            left_amount=(payments["amount"] - used).round(2),
        ),
    }


def _of(reading: Reading, schema: str, table: str, *names: str) -> list[Column]:
    """Columns named by the dictionary, each kind of value known by its name."""
    mart = From(reading, schema, table)
    return mart.columns(names, {name: by_name(name) for name in names})


def _own(reading: Reading, table: str, name: str, key: str) -> Column:
    column = From(reading, "contribution", table).own_column(name, key, by_name(name))
    # One payment may cover thirty charges.
    return replace(column, wide=name in ("covers", "covered_by"))


def _charges(reading: Reading) -> list[Column]:
    mart = ("contribution", "fct_charges")
    return [
        _own(reading, "fct_charges", "charge", "account_charge"),
        *_of(reading, *mart, "due_date", "net_amount", "outstanding_amount"),
        _own(reading, "fct_allocations", "covered_by", "account_covered_by"),
        *_of(reading, *mart, "collected_amount", "credited_amount", "settled_date", "charge_id"),
    ]


def _payments(reading: Reading) -> list[Column]:
    mart = ("contribution", "fct_receipts")
    return [
        *_of(reading, *mart, "value_date", "amount"),
        _own(reading, "fct_allocations", "covers", "account_covers"),
        _own(reading, "fct_allocations", "left_amount", "paid_column_left"),
        *_of(reading, *mart, "channel", "payment_id"),
    ]


def _allocations(reading: Reading) -> list[Column]:
    return [
        *_of(reading, "contribution", "fct_allocations", "value_date", "credit_type"),
        _own(reading, "fct_charges", "charge", "account_charge"),
        *_of(
            reading, "contribution", "fct_allocations", "allocated_amount", "designated",
            "credit_id", "charge_id",
        ),
    ]  # fmt: skip


def _steps(reading: Reading) -> list[Column]:
    return _of(
        reading, "recovery", "fct_steps", "step_date", "step_type", "case_id", "agent_id",
        "outcome", "claimed_amount", "cost_amount",
    )  # fmt: skip


def _cases(reading: Reading) -> list[Column]:
    return _of(
        reading, "recovery", "fct_cases", "case_id", "opened_date", "stage", "stage_date",
        "outstanding_amount", "had_proactive_contact", "closed_date", "closing_reason",
    )  # fmt: skip


def _instalments(reading: Reading) -> list[Column]:
    return [
        *_of(
            reading, "recovery", "fct_instalments", "plan_id", "due_date", "instalment_amount",
            "is_kept",
        ),
        *_of(reading, "recovery", "mart_plans", "status"),
    ]  # fmt: skip


def _clocks(reading: Reading) -> list[Column]:
    mart = ("recovery", "mart_prescription")
    return [
        *_of(reading, *mart, "prescription_date", "interrupted_by", "interrupted_on"),
        From(reading, *mart).own_column("days_left", "days_left", COUNT),
        *_of(reading, *mart, "outstanding_amount", "is_prescribed"),
        From(reading, *mart).own_column("is_lapsed_since", "account_lapsed_since", FLAG),
    ]


_COLUMNS: dict[str, Callable[[Reading], list[Column]]] = {
    "charges": _charges,
    "payments": _payments,
    "allocations": _allocations,
    "steps": _steps,
    "cases": _cases,
    "instalments": _instalments,
    "clocks": _clocks,
}
