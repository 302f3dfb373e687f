"""Careers: how many quarters the pension institution has, and which ones it misses.

Belongs here: the years and the list of gaps. Does not belong here: messages as such (the page).
"""

from dashboards import grids, queries, sheet
from dashboards.access import parts
from dashboards.figures import From
from dashboards.formats import COUNT, NEARLY_ALL, YEAR, with_decimals
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_RATE = with_decimals(NEARLY_ALL, 2)


def show(reading: Reading) -> None:
    """Show the completeness of careers by year, then the affiliates whose career has a gap."""
    sheet.heading(reading.text("careers"))
    years = reading.query(_SQL["years"])
    if years.empty:
        sheet.info(reading.nothing("careers_none"))
        return
    number, last = reading.language.number, years.iloc[0]
    sheet.paragraph(
        reading.text(
            "careers_sentence",
            year=int(last["career_year"]),
            rate=_RATE.write(reading.language, last["completeness_rate"]),
            quarters=number(last["quarters"]),
            missing=number(last["missing_quarters"]),
        )
    )
    mart = From(reading, "service", "mart_career_completeness")
    forms = dict.fromkeys(years.columns, COUNT) | {"career_year": YEAR, "completeness_rate": _RATE}
    grids.show_table(reading, "transmissions_careers", years, mart.columns(years.columns, forms))
    _gaps(reading)


def _gaps(reading: Reading) -> None:
    if not parts.is_shown(reading, "service.mart_career_gaps"):
        return
    gaps = reading.query(_SQL["gaps"])
    if gaps.empty:
        sheet.success(reading.text("careers_complete"))
        return
    sheet.heading(reading.text("career_gaps"), 3)
    gaps = reading.with_names(gaps, gap="career_gap", office_code="office")
    columns = From(reading, "service", "mart_career_gaps").columns(gaps.columns)
    grids.show_table(reading, "transmissions_gaps", gaps, columns)
