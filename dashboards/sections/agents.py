"""Bailiffs, lawyers and curators: what they bring in, each rate with its doubt.

Belongs here: the comparison of agents. Does not belong here: the accounts of one agent (worklist).
"""

import pandas as pd
import streamlit as st

from dashboards import charts_marks, exhibits, filters, places, queries, rankings, sheet
from dashboards.charts import Drawing
from dashboards.figures import From
from dashboards.formats import COUNT, EUROS, SHARE, TEXT, with_decimals
from dashboards.source import Reading

_MART = ("recovery", "mart_agents")
_SQL = queries.beside(__file__)
_SHOWN = 40
_FORMATS = {
    "agent_id": TEXT,
    "agent_type": TEXT,
    "district": TEXT,
    "cases": COUNT,
    "open_cases": COUNT,
    "entrusted_amount": EUROS,
    "collected_amount": EUROS,
    "cost_amount": EUROS,
    "collected_per_cost": with_decimals(COUNT, 2),
    "success_rate": SHARE,
    "success_low": SHARE,
    "success_high": SHARE,
    "median_days_since_step": with_decimals(COUNT, 1),
}


def show(reading: Reading) -> None:
    """Show the agents of the chosen types and districts."""
    language, text = reading.language, reading.text
    sheet.heading(text("procedure_agents"))
    chosen = _choose(reading)
    rows = reading.query(_SQL["agents"], **chosen) if chosen else pd.DataFrame()
    if rows.empty:
        sheet.info(text("procedure_no_agent"))
        return
    rows = reading.with_names(rows, agent_type="agent_type")
    rows["district"] = places.in_language(reading, rows["district"])
    rows["is_small"] = rows["cases"] < rankings.LEAST
    sentence = text(
        "procedure_agents_sentence",
        agents=language.number(len(rows)),
        small=language.number(int(rows["is_small"].sum())),
        few=language.number(rankings.LEAST),
    )
    columns = From(reading, *_MART).columns(_FORMATS, _FORMATS)
    exhibits.show(
        reading,
        "procedure_agents",
        _chart(reading, rows),
        sentence,
        rows,
        columns,
        note=text("procedure_agents_scope"),
    )


def _choose(reading: Reading) -> dict | None:
    known, mart = reading.query(_SQL["known"]), From(reading, *_MART)
    if known.empty:
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        types = filters.codes(
            reading,
            "procedure_types",
            mart.label("agent_type"),
            "agent_type",
            sorted(set(known["agent_type"])),
        )
    with right:
        names = pd.Series(sorted(set(known["district"])))
        districts = dict(zip(names, places.in_language(reading, names), strict=True))
        label, everyone = mart.label("district"), reading.text("all")
        chosen = filters.several("procedure_districts", label, districts, everyone)
    return {"types": types, "districts": chosen}


def _chart(reading: Reading, rows: pd.DataFrame) -> Drawing:
    mart, language = From(reading, *_MART), reading.language
    rate, percent = mart.label("success_rate"), language.percent
    # Those with the most cases; the table has them all.
    shown = rows.nlargest(_SHOWN, "cases").sort_values(["success_rate", "cases"], ascending=False)
    shown["name"] = shown["agent_id"] + " · " + shown["agent_type"] + " · " + shown["district"]
    shown["written"] = [
        f"{percent(one.success_rate)} ({percent(one.success_low)} – {percent(one.success_high)})"
        for one in shown.itertuples()
    ]
    shown["written_cases"] = shown["cases"].map(language.number)
    return charts_marks.rates_with_intervals(
        shown,
        y="name",
        rate="success_rate",
        low="success_low",
        high="success_high",
        title=rate,
        small="is_small",
        details={"name": " ", "written": rate, "written_cases": mart.label("cases")},
    )
