"""Directors who owe with their company.

Belongs here: their list. Does not belong here: the contribution of companies (the page).
"""

from dashboards import grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import COUNT, DAY, EUROS
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_DAYS = ("start_date", "end_date", "oldest_due_date", "solidarity_notice_date")
_FORMS = {"outstanding_amount": EUROS, "charges": COUNT, **dict.fromkeys(_DAYS, DAY)}


def show(reading: Reading) -> None:
    """Show who owes with their company, the largest debts first."""
    if not parts.is_shown(reading, "company.mart_liable_directors"):
        return
    number = reading.language.number
    sheet.heading(reading.text("liable"))
    total = reading.query(_SQL["totals"]).iloc[0]
    if not total["companies"]:
        sheet.success(reading.text("liable_none"))
        return
    rows = reading.query(_SQL["listed"])
    sheet.paragraph(
        reading.text(
            "liable_sentence",
            companies=number(total["companies"]),
            persons=number(total["persons"]),
            shown=number(len(rows)),
        )
    )
    rows = reading.with_names(rows, role="mandate_role")
    columns = From(reading, "company", "mart_liable_directors").columns(rows.columns, _FORMS)
    grids.show_table(reading, "companies_liable", rows, columns)
