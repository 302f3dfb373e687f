"""The procedure: how far cases go and how long it takes, and what the agents bring in.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means.
"""

import altair as alt
import streamlit as st

from dashboards import asof, charts, charts_marks, exhibits, figures, filters
from dashboards.figures import Column
from dashboards.formats import COUNT, EUROS, SHARE, TEXT, Format, with_decimals
from dashboards.source import Reading, current

_FUNNEL = ("recovery", "mart_funnel")
_AGENTS = ("recovery", "mart_agents")
#: Under so many cases a rate says little: it is shown in grey, with its interval.
_FEW_CASES = 30
_SHOWN_AGENTS = 40


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, "mart_funnel"):
        return
    _funnel(reading)
    _agents(reading)


def _funnel(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("procedure_funnel"))
    quarters = list(
        reading.query("select distinct opening_quarter from recovery.mart_funnel order by 1 desc")[
            "opening_quarter"
        ]
    )
    if not quarters:
        st.info(reading.text("procedure_no_case"))
        return
    quarter = st.selectbox(
        reading.label_of(*_FUNNEL, "opening_quarter"),
        quarters,
        # A year on, most cases have gone as far as they go.
        index=min(4, len(quarters) - 1),
        key="procedure_quarter",
    )
    rows = reading.query(
        """select stage, stage_rank, cases_reached::bigint as cases_reached,
            median_days_from_previous, collected_amount::double as collected_amount
        from recovery.mart_funnel where opening_quarter = $quarter order by stage_rank""",
        quarter=quarter,
    )
    opened = int(rows.loc[rows["stage_rank"] == 0, "cases_reached"].sum())
    rows["share"] = rows["cases_reached"] / opened if opened else None
    rows["stage"] = reading.named("stage", rows["stage"])
    rows.loc[rows["stage_rank"] == 0, "stage"] = reading.text("procedure_opened")
    rows["written"] = [
        reading.text(
            "procedure_bar",
            cases=language.number(row.cases_reached),
            share=language.percent(row.share, 0),
            days=language.number(row.median_days_from_previous, 0),
        )
        if row.stage_rank
        else language.number(row.cases_reached)
        for row in rows.itertuples()
    ]
    chart = charts.ranked_bars(
        rows,
        y="stage",
        x="cases_reached",
        x_title=reading.label_of(*_FUNNEL, "cases_reached"),
        label="written",
        label_title=reading.text("procedure_reached"),
        format=",d",
        order=list(rows["stage"]),
    )
    best = rows.loc[rows["collected_amount"].idxmax()]
    sentence = reading.text(
        "procedure_funnel_sentence",
        quarter=quarter,
        opened=language.number(opened),
        collected=language.euros(rows["collected_amount"].sum(), 0),
        stage=best["stage"],
        share=language.percent(
            best["collected_amount"] / rows["collected_amount"].sum()
            if rows["collected_amount"].sum()
            else None,
            0,
        ),
    )

    def column(name: str, format: Format) -> Column:
        return figures.column_of(reading, *_FUNNEL, name, format)

    columns = [
        figures.column_of(reading, *_FUNNEL, "stage"),
        column("cases_reached", COUNT),
        Column("share", reading.text("procedure_share"), "", SHARE),
        column("median_days_from_previous", with_decimals(COUNT, 1)),
        column("collected_amount", EUROS),
    ]
    exhibits.show(reading, "procedure_funnel", chart, sentence, rows, columns)


def _agents(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("procedure_agents"))
    known = reading.query("select distinct agent_type, district from recovery.mart_agents")
    if known.empty:
        st.info(reading.text("procedure_no_agent"))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        types = filters.codes(
            reading,
            "procedure_types",
            reading.label_of(*_AGENTS, "agent_type"),
            "agent_type",
            sorted(set(known["agent_type"])),
        )
    with right:
        districts = st.multiselect(
            reading.label_of(*_AGENTS, "district"),
            sorted(set(known["district"])),
            placeholder=reading.text("all"),
            key="procedure_districts",
        ) or sorted(set(known["district"]))  # fmt: skip
    rows = reading.query(
        """select agent_id, agent_type, district, cases::bigint as cases,
            open_cases::bigint as open_cases, entrusted_amount::double as entrusted_amount,
            collected_amount::double as collected_amount, cost_amount::double as cost_amount,
            collected_per_cost, success_rate, success_low, success_high, median_days_since_step
        from recovery.mart_agents
        where cases > 0 and list_contains($types, agent_type)
            and list_contains($districts, district)
        order by success_rate desc, cases desc, agent_id""",
        types=types,
        districts=districts,
    )
    if rows.empty:
        st.info(reading.text("procedure_no_agent"))
        return
    rows["agent_type"] = reading.named("agent_type", rows["agent_type"])
    rows["name"] = rows["agent_id"] + " · " + rows["agent_type"] + " · " + rows["district"]
    rows["is_small"] = rows["cases"] < _FEW_CASES
    rows["written"] = [
        f"{language.percent(r.success_rate)} ({language.percent(r.success_low)} – "
        f"{language.percent(r.success_high)})"
        for r in rows.itertuples()
    ]
    rows["written_cases"] = rows["cases"].map(language.number)
    rate = reading.label_of(*_AGENTS, "success_rate")
    # Those with the most cases; the table has them all.
    shown = rows.nlargest(_SHOWN_AGENTS, "cases").sort_values(
        ["success_rate", "cases"], ascending=False
    )
    chart = charts_marks.rates_with_intervals(
        shown,
        y="name",
        rate="success_rate",
        low="success_low",
        high="success_high",
        title=rate,
        small="is_small",
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("written:N", title=rate),
            alt.Tooltip("written_cases:N", title=reading.label_of(*_AGENTS, "cases")),
        ],
    )
    sentence = reading.text(
        "procedure_agents_sentence",
        agents=language.number(len(rows)),
        small=language.number(int(rows["is_small"].sum())),
        few=language.number(_FEW_CASES),
    )
    exhibits.show(
        reading,
        "procedure_agents",
        chart,
        sentence,
        rows,
        _agent_columns(reading),
        note=reading.text("procedure_agents_scope"),
    )


def _agent_columns(reading: Reading) -> list[Column]:
    formats = {
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
    return [figures.column_of(reading, *_AGENTS, name, format) for name, format in formats.items()]


render(current())
