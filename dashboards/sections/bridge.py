"""From one "outstanding" or "prescribed" to the others: what each counts, and the difference in
euros, which adds up.

Belongs here: the figures that share a name and not a scope. Does not belong here: what each means
(the release says it), the pages that show them.
"""

from urllib.parse import urlencode

from dashboards import grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import EUROS
from dashboards.outside import Markdown
from dashboards.source import Reading

_MART = ("recovery", "mart_balance_bridge")
_SQL = queries.beside(__file__)
#: The place of the figure itself, after its lines.
_FIGURE = 9


def link(reading: Reading) -> None:
    """Say, beside a figure, where it is compared with the others."""
    asked = {"lang": reading.lang} | ({"release": reading.release.id} if reading.is_past else {})
    where = Markdown(f"arrears?{urlencode(asked)}")
    sheet.paragraph(reading.text("bridge_link", where=where))


def show(reading: Reading) -> None:
    """Show every figure with the lines that lead to it."""
    text, language = reading.text, reading.language
    sheet.heading(text("bridge_heading"))
    if not parts.is_shown(reading, "recovery.mart_balance_bridge", "recovery.mart_prescription"):
        return
    rows = reading.query(_SQL["lines"])
    total = rows.loc[rows["figure"] == "total", "amount"].sum()
    day = language.day(reading.release.business_date)
    sheet.paragraph(text("bridge_sentence", total=language.euros(total), date=day))
    mart = From(reading, *_MART)
    columns = [
        *mart.columns(("part", "amount"), {"amount": EUROS}),
        mart.own_column("page", "bridge_page"),
        mart.column("figure"),
    ]
    is_figure = rows["place"] == _FIGURE
    names = reading.labels("balance")
    shown = rows.assign(
        figure=rows["figure"].map(names),
        part=[
            f"= {names[part]}" if ends else names[part]
            for part, ends in zip(rows["part"], is_figure, strict=True)
        ],
        page=[
            text(f"bridge_on_{figure}") if ends else ""
            for figure, ends in zip(rows["figure"], is_figure, strict=True)
        ],
    )
    grids.show_table(reading, "bridge", shown, columns, is_whole=True)
