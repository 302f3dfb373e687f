"""From one "outstanding" or "prescribed" to the others: what each counts, and the difference in
euros, which adds up.

Belongs here: the figures that share a name and not a scope. Does not belong here: what each means
(the release says it), the pages that show them.
"""

from urllib.parse import urlencode

import pandas as pd

from dashboards import grids, queries, sheet
from dashboards.figures import From
from dashboards.formats import EUROS
from dashboards.outside import Markdown
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_FIGURE, _FIRST = 9, 0


def link(reading: Reading) -> None:
    """Say, beside a figure, where it is compared with the others."""
    asked = {"lang": reading.lang} | ({"release": reading.release.id} if reading.is_past else {})
    where = Markdown(f"arrears?{urlencode(asked)}")
    sheet.note(reading.text("bridge_link", where=where))


def show(reading: Reading) -> None:
    """Show every figure with the steps that lead to it."""
    sheet.heading(reading.text("bridge_heading"))
    rows = read(reading)
    total = rows.loc[rows["figure"] == "total", "amount"].sum()
    sheet.paragraph(
        reading.text(
            "bridge_sentence",
            total=reading.language.euros(total),
            date=reading.language.day(reading.release.business_date),
        )
    )
    balances = From(reading, "contribution", "fct_account_balances")
    columns = [
        balances.own_column("line", "bridge_line"),
        balances.own_column("amount", "bridge_amount", EUROS),
        balances.own_column("page", "bridge_page"),
        balances.own_column("figure", "bridge_figure"),
    ]
    text = reading.text
    is_figure = (rows["place"] == _FIGURE) | (rows["figure"] == "total")
    shown = rows.assign(
        figure=rows["figure"].map(lambda code: text(f"bridge_of_{code}")),
        line=[
            text("bridge_equals" if ends else "bridge_plain", line=text(f"bridge_of_{code}"))
            for code, ends in zip(rows["line"], is_figure, strict=True)
        ],
        page=[
            text(f"bridge_on_{code}") if ends else ""
            for code, ends in zip(rows["figure"], is_figure, strict=True)
        ],
    )
    grids.show_table(reading, "bridge", shown, columns, is_whole=True)


def read(reading: Reading) -> pd.DataFrame:
    """Each figure after what it starts from and its steps: `amount` of the last line is their
    sum."""
    days = {"date": reading.release.business_date, "today": reading.looked_on}
    rows = reading.query(_SQL["lines"], **days)
    total = rows[rows["figure"] == "total"]
    found = [total]
    for figure, lines in rows[rows["figure"] != "total"].groupby("figure", sort=False):
        if not (lines["place"] == _FIGURE).any():
            continue  # no such account in this release
        starts = [] if (lines["place"] == _FIRST).any() else [total.assign(figure=figure)]
        found += [*starts, lines]
    return pd.concat(found, ignore_index=True)
