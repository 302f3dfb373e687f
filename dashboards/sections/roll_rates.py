"""Where arrears go from one quarter to the next.

Belongs here: the matrix of states. Does not belong here: how much there is of each (arrears page).
"""

import pandas as pd
import streamlit as st

from dashboards import charts_matrix, exhibits, filters, queries, sheet
from dashboards.access.small_counts import FEW
from dashboards.figures import From
from dashboards.formats import COUNT, EUROS, SHARE, with_decimals
from dashboards.source import Reading

_MART = ("recovery", "mart_roll_rates")
_SQL = queries.beside(__file__)


def show(reading: Reading, account_type: str) -> None:
    """Show one quarter of accounts of a type."""
    mart, language, text = From(reading, *_MART), reading.language, reading.text
    sheet.heading(text("arrears_roll"))
    found = reading.query(_SQL["spans"], account_type=account_type)
    if found.empty:
        sheet.info(text("arrears_roll_none"))
        return
    spans = {
        str(one.from_date.date()): f"{language.day(one.from_date)} → {language.day(one.to_date)}"
        for one in found.itertuples()
    }
    measures = {one: mart.label(f"share_{one}") for one in ("amount", "debtors")}
    left, right = st.columns(2, gap="medium")
    with left:
        since = filters.one_of("arrears_span", text("arrears_roll_quarter"), list(spans), spans)
    with right:
        measure = filters.one_of_few("arrears_measure", text("arrears_roll_measure"), measures)
    rows = reading.query(_SQL["rates"], account_type=account_type, from_date=since)
    share = f"share_{measure}"
    sentence = _sentence(reading, rows, share, spans[since])
    rows = reading.with_names(rows, from_state="arrears_state", to_state="arrears_state")
    columns = [
        *mart.columns(("from_state", "to_state")),
        mart.column("debtors", COUNT),
        mart.column("outstanding_amount", EUROS),
        *mart.columns(("share_debtors", "share_amount"), with_decimals(SHARE, 2)),
    ]
    scope = text("arrears_roll_scope")
    chart = _chart(reading, rows, share)
    exhibits.show(reading, "arrears_roll", chart, sentence, rows, columns, note=scope)


def _chart(reading: Reading, rows: pd.DataFrame, share: str):
    mart = From(reading, *_MART)
    shown = rows[rows[share] > 0].copy()
    shown["short"] = shown[share].map(reading.language.percent)
    names = list(reading.labels("arrears_state").values())
    return charts_matrix.heatmap(
        shown,
        x="to_state",
        x_title=mart.label("to_state"),
        y="from_state",
        y_title="",
        value=share,
        value_title=mart.label(share),
        written="short",
        details="short",
        x_order=names,
        y_order=names,
        step=34,
    )


def _sentence(reading: Reading, rows: pd.DataFrame, share: str, span: str) -> str:
    """What became of the youngest arrears."""
    states, percent = reading.labels("arrears_state"), reading.language.percent
    there = set(rows.loc[rows[share] > 0, "from_state"]) - {"not_due"}
    youngest = next((code for code in states if code in there), "not_due")
    goes = rows[rows["from_state"] == youngest].set_index("to_state")[share]
    if FEW in goes.index:
        # What went where is not told apart: neither share is known, and none is 0.
        return reading.text("arrears_roll_sentence_few", state=states[youngest], span=span)
    older = list(states)[list(states).index(youngest) + 1 : -1]
    return reading.text(
        "arrears_roll_sentence",
        state=states[youngest],
        settled=percent(goes.get("settled", 0.0)),
        older=percent(goes.reindex(older).sum()),
        span=span,
    )
