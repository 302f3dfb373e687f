"""Charges that differ from the law one by one, and surcharges that nobody claimed.

Belongs here: the two lists, which name accounts. Does not belong here: how many are right (the page
of accuracy).
"""

from dashboards import filters, grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import DAY, EUROS, YEAR
from dashboards.source import Reading

_SQL = queries.beside(__file__)
#: What names single charges.
_CHARGES = ("contribution.fct_charges", "contribution.fct_expected_surcharges")
_LISTED = 500
_FORMS = {
    "contribution_year": YEAR,
    "issue_date": DAY,
    "fall_date": DAY,
    "unpaid_amount": EUROS,
    "gross_amount": EUROS,
    "expected_amount": EUROS,
    "difference_amount": EUROS,
}


def charges(reading: Reading, chosen: dict, reasons: list[str]) -> None:
    """Show the largest differences, of the reasons that a reader chooses."""
    sheet.heading(reading.text("accuracy_drill"))
    if not parts.is_shown(reading, *_CHARGES):
        return
    if not reasons:
        sheet.info(reading.nothing("accuracy_none_differ"))
        return
    shown = reading.language.number(_LISTED)
    sheet.paragraph(reading.text("accuracy_drill_intro", shown=shown))
    wanted = filters.codes(
        reading,
        "accuracy_reasons_chosen",
        reading.text("accuracy_reason"),
        "difference_reason",
        sorted(reasons),
    )
    rows = reading.query(_SQL["charges"], **chosen, reasons=wanted, listed=_LISTED)
    lists = {name: name for name in ("charge_type", "category", "difference_reason")}
    rows = reading.with_names(rows, **lists)
    columns = From(reading, "contribution", "fct_charges").columns(rows.columns, _FORMS)
    grids.show_table(reading, "accuracy_drill", rows, columns)


def owed(reading: Reading, chosen: dict) -> None:
    """Show surcharges that nobody claimed: no charge exists, so they stand beside the
    comparison."""
    if not parts.is_shown(reading, *_CHARGES):
        return
    language = reading.language
    sheet.heading(reading.text("accuracy_owed"))
    totals = reading.query(_SQL["owed_totals"], **chosen).iloc[0]
    if not totals["surcharges"]:
        sheet.info(reading.text("accuracy_owed_none"))
        return
    sheet.paragraph(
        reading.text(
            "accuracy_owed_sentence",
            surcharges=language.number(totals["surcharges"]),
            amount=language.euros(totals["amount"]),
            unexplained=language.number(totals["unexplained"]),
            shown=language.number(_LISTED),
        )
    )
    rows = reading.query(_SQL["owed"], **chosen, listed=_LISTED)
    rows = reading.with_names(
        rows, charge_type="charge_type", difference_reason="difference_reason"
    )
    surcharges = From(reading, "contribution", "fct_expected_surcharges")
    grids.show_table(reading, "accuracy_owed", rows, surcharges.columns(rows.columns, _FORMS))
