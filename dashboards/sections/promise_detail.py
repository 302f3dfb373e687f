"""One promise whole: its text, and each of its measures with its figures, quarters and parts.

Belongs here: what is shown of a measure. Does not belong here: its offices and other parts
(sections/promise_parts.py), the files behind (sections/missed_items.py), all promises on one screen
(the page), how a value is written (dashboards/measures.py).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, measures, periods, queries, sheet
from dashboards.desk import promise
from dashboards.figures import Figure, From
from dashboards.outside import Markdown, escaped
from dashboards.sections import follow, missed_items, promise_parts
from dashboards.sections.promise_parts import FIGURES, FUND, Chosen
from dashboards.source import Reading
from release import references

_HISTORY = 20
_SQL = queries.beside(__file__)


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
    _figures(reading, measure, chosen)
    left, right = st.columns(2, gap="large")
    with left:
        _history(reading, measure, chosen)
    with right:
        promise_parts.offices(reading, measure, chosen)
        promise_parts.detail(reading, measure, chosen)
    if measure["code"] in chosen.desk.codes:
        promise.missed(reading, chosen.desk, measure["code"], chosen.quarter)
    else:
        missed_items.show(reading, measure, chosen.office, chosen.quarter)


def _figures(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    number, unit = reading.language.number, measure["unit"]
    reference = references.joined([measure["code"][:4], From(reading, *FIGURES).reference])

    def own(key: str, value: str, meaning: str = "", beside: str = "", *compared: str) -> Figure:
        return Figure(reading.text(key), value, meaning, beside, reference, compared)

    state = measures.write_state(reading, measure["state"])
    value = measures.write_value(reading, measure["value"], unit)
    value = measures.at_least(value, measure["beyond"])
    shown = [
        own(
            "value",
            value,
            escaped(measure["definition"]),
            state,
            *_known_today(reading, measure, chosen),
        ),
        own("target", measures.write_target(reading, measure["target"], unit)),
        own("items", number(measure["denominator"]), reading.text("items_help")),
    ]
    if unit == "share":
        missed = number(measure["denominator"] - measure["numerator"])
        shown.append(own("not_met", f"max. {missed}" if measure["beyond"] else missed))
    figures.show_figures(reading, shown)
    if chosen.office == FUND and measure["code"] not in chosen.desk.codes:
        follow.figures(reading, f"promise:{measure['code']}")


def _known_today(reading: Reading, measure: pd.Series, chosen: Chosen) -> list[str]:
    """The value by what is known today, where a release of the past is chosen."""
    if not reading.is_past:
        return []
    wanted = {"code": measure["code"], "quarter": chosen.quarter, "office": chosen.office}
    found = reading.today().query(_SQL["one"], **wanted)["value"]
    value = found.iloc[0] if len(found) else None
    written = measures.write_value(reading, value, measure["unit"])
    return [figures.known_today(reading, written)]


def _history(reading: Reading, measure: pd.Series, chosen: Chosen) -> None:
    sheet.heading(reading.text("by_quarter"), 3)
    measured, unit = chosen.measured, measure["unit"]
    of_measure = measured["code"] == measure["code"]
    rows = measured[of_measure & (measured["office_code"] == chosen.office)]
    rows = rows.sort_values("quarter").tail(_HISTORY)
    if rows.empty:
        sheet.info(reading.nothing("no_items"))
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
        promise_parts.columns(reading, unit, "quarter"),
        note=still if rows["is_running"].any() else "",
    )


def _history_sentence(reading: Reading, rows: pd.DataFrame, unit: str, quarter: str) -> str:
    """Speak of the quarter that is chosen, beside the one a year before; never of one that runs."""
    language = reading.language
    values = rows.set_index("quarter")["value"]
    of_fund = (rows["office_code"] == FUND).all()

    def said_of(which: str) -> str:
        row = rows[rows["quarter"] == which].iloc[0]
        written = measures.write_value(reading, row["value"], unit)
        return measures.at_least(written, measures.beyond(reading, row, of_fund=of_fund))

    if quarter not in values:
        return reading.nothing("by_quarter_empty", quarter=language.quarter(quarter))
    if quarter >= reading.running_quarter():
        return reading.text("by_quarter_running", quarter=language.quarter(quarter))
    said = {
        "quarter": language.quarter(quarter),
        "value": said_of(quarter),
    }
    before = periods.year_before(quarter)
    if not measures.is_comparable(reading, unit, quarter):
        return reading.text("by_quarter_sentence_day", **said)
    if before not in values:
        return reading.text("by_quarter_sentence_alone", **said)
    return reading.text(
        "by_quarter_sentence",
        before=said_of(before),
        before_quarter=language.quarter(before),
        **said,
    )
