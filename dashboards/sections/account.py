"""One account: what it owes and why it is on the worklist, then its history and its tables.

Belongs here: its figures, shown by two pages. Does not belong here: the choice of the account
(account_search), its history, tables and what a payment would do (account_history, account_tables,
account_payment), what leaves as paper (dossier).
"""

from datetime import date
from functools import partial

import pandas as pd

from dashboards import figures, queries, sheet
from dashboards.access import watch
from dashboards.figures import From
from dashboards.outside import Markdown, escaped
from dashboards.sections import (
    account_explained,
    account_history,
    account_payment,
    account_tables,
    dossier,
    notebook,
)
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_HISTORY = (
    "charges", "allocations", "payments", "steps", "cases", "instalments", "clocks", "deadlines",
)  # fmt: skip


def show(reading: Reading, account: str) -> None:
    """Draw the view of an account; a sentence when the release does not know it.

    Raises:
        OSError: that it is opened cannot be written down: then nothing of it is shown.
    """
    watch.account_opened(reading, account)
    balance = reading.query(_SQL["balance"], account=account)
    if balance.empty:
        told = reading.text("account_unknown", account=account)
        sheet.warning(told, icon=":material/search_off:")
        return
    data = _history(reading, account, reading.looked_on)
    sheet.heading(reading.text("account_of", account=account))
    about = _reasons(reading, account)
    figures.show_figures(reading, _figures(reading, balance.iloc[0], data))
    notebook.show(reading, account, about)
    account_history.show(reading, data)
    account_payment.show(reading, account, balance["unallocated_amount"].iloc[0])
    account_tables.show(reading, account_tables.tables(reading, data))
    account_explained.show(reading, data)
    dossier.offer(reading, account, partial(_then, reading, account, balance.iloc[0]))


def _then(
    reading: Reading, account: str, balance: pd.Series
) -> tuple[list[figures.Figure], dict[str, sheet.Table]]:
    """Return figures and tables of an account with days counted to the day of the data, for who
    reads them on any day."""
    data = _history(reading, account, reading.release.business_date)
    return _figures(reading, balance, data), account_tables.tables(reading, data)


def _history(reading: Reading, account: str, looked_on: date) -> dict[str, pd.DataFrame]:
    """Return everything that is known of an account; days are counted to `looked_on`."""
    days = {"today": reading.release.business_date, "looked_on": looked_on}
    data = {}
    for name in _HISTORY:
        asked = {day: at for day, at in days.items() if f"${day}" in _SQL[name]}
        data[name] = reading.query(_SQL[name], account=account, **asked)
    return data


def _reasons(reading: Reading, account: str) -> str:
    """Tell why it is on the worklist, in sentences; returns the first of them as the notebook keeps
    it."""
    rows = reading.query(_SQL["reasons"], account=account, lang=reading.lang)
    for row in rows.itertuples():
        action = reading.label("worklist_action", row.next_action)
        told = Markdown(f"**{escaped(action)}.** {escaped(row.explanation)}")
        sheet.warning(told, icon=":material/flag:")
    return "|".join(rows.iloc[0][["reason", "next_action"]]) if len(rows) else ""


def _figures(
    reading: Reading, balance: pd.Series, data: dict[str, pd.DataFrame]
) -> list[figures.Figure]:
    language = reading.language
    balances = From(reading, "contribution", "fct_account_balances")
    charges, clocks = data["charges"], data["clocks"]
    owed = charges[charges["outstanding_amount"] > 0]
    arrears = owed.loc[owed["days_past_due"] > 0, "outstanding_amount"].sum()
    running = clocks[clocks["days_left"] > 0]
    open_cases = int(data["cases"]["closed_date"].isna().sum())
    return [
        balances.own_figure(
            "account_owed",
            language.euros(balance["outstanding_amount"]),
            language.counted("account_charges", len(owed)),
        ),
        From(reading, "contribution", "fct_charges").own_figure(
            "account_arrears", language.euros(arrears)
        ),
        balances.own_figure("account_unallocated", language.euros(balance["unallocated_amount"])),
        From(reading, "recovery", "fct_cases").own_figure(
            "account_cases", language.number(open_cases)
        ),
        From(reading, "recovery", "mart_prescription").own_figure(
            "account_next_prescription",
            language.day(running["prescription_date"].iloc[0]) if len(running) else "–",
            language.counted("account_days_left", running["days_left"].iloc[0])
            if len(running)
            else "",
        ),
    ]
