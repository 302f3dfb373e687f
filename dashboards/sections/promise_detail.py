"""One promise whole: its text, and each of its measures with its figures, quarters and parts.

Belongs here: what is shown of a measure. Does not belong here: the files behind
(sections/missed_items.py), all promises on one screen (the page), how a value is written
(dashboards/measures.py).
"""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, grids, measures, periods, queries, rankings, sheet
from dashboards.desk import promise
from dashboards.figures import Column, Figure, From
from dashboards.formats import COUNT, EUROS
from dashboards.outside import Markdown, escaped
from dashboards.sections import missed_items
from dashboards.source import Reading
from release import references

FUND = "ALL"
FIGURES = ("service", "mart_commitments")
_HISTORY = 20
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


def show(reading: Reading, indicator: pd.DataFrame, chosen: Chosen) -> None:
    """Show the measures of one indicator, the first of which gives it its name."""
    first = indicator.iloc[0]
    sheet.paragraph(Markdown(f"> {escaped(first['promise'])}"))
    sheet.note(reading.text("computed_from", extracts=first["extracts"]))
    _measure(reading, first, chosen)
    for _, other in indicator.iloc[1:].iterrows():
        sheet.heading(Markdown(f"{escaped(other['code'])} · {escaped(other['title'])}"))
        _measure(reading, other, chosen)


def _measure(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    sheet.paragraph(escaped(measure["definition"]))
    if not measure["is_measured"]:
        sheet.info(escaped(measure["not_measured"]), icon=":material/hourglass_empty:")
        return
    _figures(reading, measure)
    left, right = st.columns(2, gap="large")
    with left:
        _history(reading, measure, chosen)
    with right:
        _offices(reading, measure, chosen)
        _detail(reading, measure, chosen)
    if measure["code"] in chosen.desk.codes:
        promise.missed(reading, chosen.desk, measure["code"], chosen.quarter)
    else:
        missed_items.show(reading, measure, chosen.office, chosen.quarter)


def _figures(reading: Reading, measure: pd.Series) -> None:
    number, unit = reading.language.number, measure["unit"]
    reference = references.joined([measure["code"][:4], From(reading, *FIGURES).reference])

    def own(key: str, value: str, meaning: str = "", beside: str = "") -> Figure:
        return Figure(reading.text(key), value, meaning, beside, reference)

    state = measures.write_state(reading, measure["state"])
    value = measures.write_value(reading, measure["value"], unit)
    shown = [
        own("value", value, escaped(measure["definition"]), state),
        own("target", measures.write_target(reading, measure["target"], unit)),
        own("items", number(measure["denominator"]), reading.text("items_help")),
    ]
    if unit == "share":
        shown.append(own("not_met", number(measure["denominator"] - measure["numerator"])))
    figures.show_figures(reading, shown)


def _history(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    sheet.heading(reading.text("by_quarter"), 3)
    measured, unit = chosen.measured, measure["unit"]
    of_measure = measured["code"] == measure["code"]
    rows = measured[of_measure & (measured["office_code"] == chosen.office)]
    rows = rows.sort_values("quarter").tail(_HISTORY)
    if rows.empty:
        sheet.info(reading.text("no_items"))
        return
    running = reading.running_quarter()
    rows["is_running"] = rows["quarter"] >= running
    target = None if pd.isna(measure["target"]) else float(measure["target"])
    chart = charts.value_line(
        rows,
        x="quarter",
        x_title=reading.text("quarter"),
        y="value",
        y_title=reading.text("value"),
        order=list(rows["quarter"]),
        format={"share": ".1%", "EUR": "$,.0f"}.get(unit, ",.1f"),
        target=target,
        target_label=f"{reading.text('target')} {measures.write_target(reading, target, unit)}",
        hollow="is_running",
    )
    still = reading.text("running_note", quarter=reading.language.quarter(running))
    exhibits.show(
        reading,
        f"commitment_history_{measure['code']}",
        chart,
        _history_sentence(reading, rows, unit, chosen.quarter),
        rows,
        _columns(reading, unit, "quarter"),
        note=still if rows["is_running"].any() else "",
    )


def _history_sentence(reading: Reading, rows: pd.DataFrame, unit: str, quarter: str) -> str:
    """Speak of the quarter that is chosen, beside the one a year before; never of one that runs."""
    language = reading.language
    values = rows.set_index("quarter")["value"]
    if quarter not in values:
        return reading.text("by_quarter_empty", quarter=language.quarter(quarter))
    if quarter >= reading.running_quarter():
        return reading.text("by_quarter_running", quarter=language.quarter(quarter))
    said = {
        "quarter": language.quarter(quarter),
        "value": measures.write_value(reading, values[quarter], unit),
    }
    before = periods.year_before(quarter)
    if not measures.is_comparable(reading, unit, quarter):
        return reading.text("by_quarter_sentence_day", **said)
    if before not in values:
        return reading.text("by_quarter_sentence_alone", **said)
    return reading.text(
        "by_quarter_sentence",
        before=measures.write_value(reading, values[before], unit),
        before_quarter=language.quarter(before),
        **said,
    )


def _offices(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    """The quarter by office, where the whole fund is shown."""
    measured, code, unit = chosen.measured, measure["code"], measure["unit"]
    here = (measured["code"] == code) & (measured["quarter"] == chosen.quarter)
    offices = measured[here & (measured["office_code"] != FUND)]
    if chosen.office != FUND or offices.empty:
        return
    offices = offices.sort_values("value", ascending=unit == "share")
    sheet.heading(reading.text("by_office"), 3)
    if unit == "share":
        _lowest_office(reading, offices)
    offices = reading.with_names(offices, office_code="office")
    columns = _columns(reading, unit, "office_code")
    grids.show_table(reading, f"commitment_offices_{code}", offices, columns)


def _lowest_office(reading: Reading, offices: pd.DataFrame) -> None:
    """Name the office with the lowest share, where enough items stand behind it (H13)."""
    judged = rankings.enough(offices, "denominator")
    if len(judged) < _COMPARED:
        sheet.paragraph(reading.text("too_few", least=rankings.LEAST))
        return
    lowest = judged.loc[judged["value"].idxmin()]
    office = reading.language.of(reading.label("office", lowest["office_code"]))
    value = rankings.with_interval(reading, lowest["numerator"], lowest["denominator"])
    sheet.paragraph(reading.text("by_office_sentence", office=office, value=value))


def _detail(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    """The quarter by what the indicator declares."""
    if pd.isna(measure["breakdown_list"]):
        return
    code = measure["code"]
    rows = reading.query(_SQL["by_detail"], code=code, quarter=chosen.quarter, office=chosen.office)
    if rows.empty:
        return
    sheet.heading(reading.text("by_detail"), 3)
    rows = reading.with_names(rows, breakdown_code=measure["breakdown_list"])
    columns = _columns(reading, measure["unit"], "breakdown_code")
    grids.show_table(reading, f"commitment_detail_{code}", rows, columns)


def _columns(reading: Reading, unit: str, first: str) -> list[Column]:
    table = "mart_commitments_detail" if first == "breakdown_code" else "mart_commitments"
    mart, amounts = From(reading, "service", table), EUROS if unit == "EUR" else COUNT
    counted = [mart.column("numerator", amounts)] if unit in ("share", "EUR") else []
    value = Column("value", reading.text("value"), "", measures.format_of(unit))
    return [mart.column(first), *counted, mart.column("denominator", COUNT), value]
