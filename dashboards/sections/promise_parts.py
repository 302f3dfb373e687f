"""One measure of a promise in one quarter: by office, and by what its indicator declares.

Belongs here: these parts, and what the page of promises has chosen. Does not belong here: its
quarters and figures (sections/promise_detail.py), all promises by office
(sections/promise_matrix.py).
"""

from dataclasses import dataclass

import pandas as pd

from dashboards import grids, measures, queries, rankings, sheet
from dashboards.access import parts
from dashboards.desk import promise
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS
from dashboards.source import Reading

FUND = "ALL"
FIGURES = ("service", "mart_commitments")
#: Of fewer offices none is the lowest.
_COMPARED = 2
_SQL = queries.beside(__file__)


@dataclass(frozen=True)
class Chosen:
    """What the page shows: all values measured, the office and the quarter, the register."""

    measured: pd.DataFrame
    office: str
    quarter: str
    desk: promise.Promises


def offices(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    """Show the quarter by office, where the whole fund is chosen."""
    measured, code, unit = chosen.measured, measure["code"], measure["unit"]
    here = (measured["code"] == code) & (measured["quarter"] == chosen.quarter)
    rows = measured[here & (measured["office_code"] != FUND)]
    if chosen.office != FUND or rows.empty:
        return
    rows = rows.sort_values("value", ascending=unit == "share")
    sheet.heading(reading.text("by_office"), 3)
    if unit == "share":
        _lowest_office(reading, rows)
    rows = reading.with_names(rows, office_code="office")
    shown = columns(reading, unit, "office_code")
    grids.show_table(reading, f"commitment_offices_{code}", rows, shown)


def _lowest_office(reading: Reading, offices: pd.DataFrame) -> None:
    """Name the office with the lowest share, where enough items stand behind it (H13)."""
    judged = rankings.enough(offices, "denominator").dropna(subset=["value"])
    if len(judged) < _COMPARED:
        sheet.paragraph(reading.text("too_few", least=rankings.LEAST))
        return
    lowest = judged.loc[judged["value"].idxmin()]
    more = measures.beyond(reading, lowest, of_fund=False)
    at_best = (float(lowest["numerator"]) + more) / float(lowest["denominator"])
    if more and (judged["value"].drop(lowest.name) <= at_best).any():
        # Values are minima: another one may be the lowest.
        sheet.paragraph(reading.text("by_office_unsure"))
        return
    office = reading.language.of(reading.label("office", lowest["office_code"]))
    value = rankings.with_interval(reading, lowest["numerator"], lowest["denominator"], more)
    sheet.paragraph(reading.text("by_office_sentence", office=office, value=value))


def detail(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    """Show the quarter by what the indicator declares."""
    if pd.isna(measure["breakdown_list"]):
        return
    if not parts.is_shown(reading, "service.mart_commitments_detail"):
        return
    code = measure["code"]
    rows = reading.query(_SQL["by_detail"], code=code, quarter=chosen.quarter, office=chosen.office)
    if rows.empty:
        return
    sheet.heading(reading.text("by_detail"), 3)
    rows = reading.with_names(rows, breakdown_code=measure["breakdown_list"])
    shown = columns(reading, measure["unit"], "breakdown_code")
    grids.show_table(reading, f"commitment_detail_{code}", rows, shown)


def columns(reading: Reading, unit: str, first: str) -> list[Column]:
    """Return the columns of figures of one unit, after the column that tells them apart."""
    table = "mart_commitments_detail" if first == "breakdown_code" else "mart_commitments"
    mart, amounts = From(reading, "service", table), EUROS if unit == "EUR" else COUNT
    counted = [mart.column("numerator", amounts)] if unit in ("share", "EUR") else []
    value = Column("value", reading.text("value"), "", measures.format_of(unit))
    return [mart.column(first), *counted, mart.column("denominator", COUNT), value]
