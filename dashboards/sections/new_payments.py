"""Who paid since the last release, how much, and which charges that settled.

Belongs here: the payments that the last release did not count. Does not belong here: all payments
of one account (account_tables).
"""

from functools import partial

import pandas as pd

from dashboards import charges, figures, grids, queries, sheet
from dashboards.figures import From
from dashboards.formats import DAY, EUROS
from dashboards.source import Reading

_MART = ("recovery", "mart_new_payments")
_SQL = queries.beside(__file__)


def show(reading: Reading, scope: dict) -> None:
    """Show the payments of accounts of the chosen `types`, `offices` and `agents`."""
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("paid_heading"))
    totals = reading.query(_SQL["totals"], **scope).iloc[0]
    if not totals["payments"]:
        is_first = bool(reading.query(_SQL["first"])["is_first"].iloc[0])
        sheet.info(reading.text("paid_first" if is_first else "paid_none"))
        return
    settled = reading.query(_SQL["settled"], **scope)["charges"].iloc[0]
    accounts = language.counted("deadlines_accounts", totals["accounts"])
    figures.show_figures(
        reading,
        [
            mart.own_figure("paid_amount", language.euros(totals["amount"]), accounts),
            mart.own_figure("paid_allocated", language.euros(totals["allocated_amount"])),
            mart.own_figure("paid_settled", language.number(settled)),
        ],
    )
    columns = [
        *mart.columns(
            ("account_id", "payment_amount", "value_date", "channel"),
            {"payment_amount": EUROS, "value_date": DAY},
        ),
        mart.own_column("settled", "paid_column_settled"),
        mart.own_column("partly", "paid_column_partly"),
        mart.own_column("left_amount", "paid_column_left", EUROS),
        *mart.columns(("office_code", "agent_id", "payment_id")),
    ]
    read = partial(_rows, reading, scope)
    title = reading.text("paid_heading")
    grids.show_list(reading, "new_payments", title, read, columns, int(totals["payments"]))


def _rows(reading: Reading, scope: dict, lines: int) -> pd.DataFrame:
    rows = reading.query(_SQL["list"], lines=lines, **scope)
    covered = reading.query(_SQL["covered"], payments=list(rows["payment_id"]))
    covered["charge"] = charges.in_words(reading, covered)
    for name, part in (
        ("settled", covered[covered["is_settled"]]),
        ("partly", covered[~covered["is_settled"]]),
    ):
        told = part.groupby("payment_id")["charge"].agg(" · ".join)
        rows[name] = rows["payment_id"].map(told)
    return reading.with_names(rows, channel="payment_channel", office_code="office")
