"""Messages to other institutions for the management: in time, accepted at once, careers complete.

Belongs here: the queries and the sentences of this page. Does not belong here: what is in time or
accepted (the release says it).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, grids, rankings
from dashboards.access import parts
from dashboards.figures import Column
from dashboards.formats import COUNT, NEARLY_ALL, YEAR, with_decimals
from dashboards.source import Reading, current

_MART = ("service", "mart_transmissions")
_CAREER = ("service", "mart_career_completeness")
_GAPS = ("service", "mart_career_gaps")
_LISTED = 500
# Most are nearly all: two decimals in the whole column tell them apart.
_RATE = with_decimals(NEARLY_ALL, 2)
_SUMS = """
    sum(messages)::bigint as messages,
    sum(messages_judged)::bigint as messages_judged,
    sum(messages_in_time)::bigint as messages_in_time,
    sum(messages_rejected)::bigint as messages_rejected,
    sum(first_answered)::bigint as first_answered,
    sum(first_accepted)::bigint as first_accepted,
    sum(messages_in_time) / nullif(sum(messages_judged), 0) as in_time_rate,
    sum(first_accepted) / nullif(sum(first_answered), 0) as first_accepted_rate
"""
_CHOSEN = """
    from service.mart_transmissions
    where quarter between $first and $last and list_contains($flows, flow)
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query(
        "select quarter, flow from service.mart_transmissions, meta.release"
        " group by all having sum(messages_judged) > 0 order by quarter"
    )
    if known.empty:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
    else:
        chosen = _choose(reading, known)
        _figures(reading, chosen)
        _flows(reading, chosen)
        _recipients(reading, chosen)
    _careers(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    quarters = sorted(known["quarter"].unique())
    (low, high), flows = filters.side_by_side(
        lambda: filters.period_range(
            reading, "transmissions_quarters", reading.text("due_quarters"), quarters
        ),
        lambda: filters.codes(
            reading,
            "transmissions_flows",
            reading.label_of(*_MART, "flow"),
            "transmission_flow",
            sorted(known["flow"].unique()),
        ),
    )
    return {"first": low, "last": high, "flows": flows}


def _figures(reading: Reading, chosen: dict) -> None:
    totals = reading.query(f"select {_SUMS} {_CHOSEN}", **chosen).iloc[0]
    language = reading.language
    names = (
        ("messages", language.number),
        ("in_time_rate", lambda share: _rate(reading, share)),
        ("first_accepted_rate", lambda share: _rate(reading, share)),
        ("messages_rejected", language.number),
    )
    figures.show_figures(
        reading,
        [figures.figure_of(reading, *_MART, name, write(totals[name])) for name, write in names],
    )


def _flows(reading: Reading, chosen: dict) -> None:
    st.subheader(reading.text("chart_flows"))
    rows = reading.query(
        f"select quarter, flow, {_SUMS} {_CHOSEN} group by all order by quarter, flow", **chosen
    )
    rows["flow"] = reading.named("transmission_flow", rows["flow"])
    judged = rows.dropna(subset=["in_time_rate"])
    if judged.empty:
        st.info(reading.text("empty"))
        return
    sentence = _lowest_flow(reading, judged)
    chart = charts.series_lines(
        judged,
        x="quarter",
        x_title=reading.text("quarter"),
        y="in_time_rate",
        y_title=reading.label_of(*_MART, "in_time_rate"),
        series="flow",
        order=sorted(judged["quarter"].unique()),
        format=".1%",
    )
    columns = [
        Column("quarter", reading.text("quarter")),
        figures.column_of(reading, *_MART, "flow"),
        *_columns(reading),
    ]
    exhibits.show(reading, "transmissions_flows", chart, sentence, rows, columns)


def _lowest_flow(reading: Reading, judged: pd.DataFrame) -> str:
    """The flow and quarter with the lowest share, among those with enough messages (H13)."""
    running = reading.running_quarter()
    known = rankings.enough(judged[judged["quarter"] != running], "messages_judged")
    if known.empty:
        return reading.text("too_few", least=rankings.LEAST)
    worst = known.loc[known["in_time_rate"].idxmin()]
    return reading.text(
        "chart_flows_sentence",
        flow=worst["flow"],
        quarter=reading.language.quarter(worst["quarter"]),
        rate=rankings.with_interval(reading, worst["messages_in_time"], worst["messages_judged"]),
    )


def _recipients(reading: Reading, chosen: dict) -> None:
    st.subheader(reading.text("by_recipient"))
    rows = reading.query(
        f"select recipient, flow, {_SUMS} {_CHOSEN} group by all"
        " order by first_accepted_rate nulls last, in_time_rate, recipient, flow",
        **chosen,
    )
    rows["flow"] = reading.named("transmission_flow", rows["flow"])
    rows["recipient"] = [
        # Mutualities are numbers, not a list: there are as many as there are.
        reading.text("mutuality", number=code) if code.isdigit() else name
        for code, name in zip(
            rows["recipient"],
            reading.named("transmission_recipient", rows["recipient"]),
            strict=True,
        )
    ]
    judged = rankings.enough(rows.dropna(subset=["first_accepted_rate"]), "first_answered")
    if judged.empty:
        st.markdown(reading.text("too_few", least=rankings.LEAST))
    else:
        worst = judged.iloc[0]
        st.markdown(
            reading.text(
                "by_recipient_sentence",
                recipient=worst["recipient"],
                flow=worst["flow"],
                rate=rankings.with_interval(
                    reading, worst["first_accepted"], worst["first_answered"]
                ),
            )
        )
    columns = [
        figures.column_of(reading, *_MART, "recipient"),
        figures.column_of(reading, *_MART, "flow"),
        *_columns(reading),
    ]
    grids.show_table(reading, "transmissions_recipients", rows, columns)


def _careers(reading: Reading) -> None:
    st.subheader(reading.text("careers"))
    years = reading.query(
        "select career_year, sum(quarters)::bigint as quarters,"
        " sum(complete_quarters)::bigint as complete_quarters,"
        " sum(missing_quarters)::bigint as missing_quarters,"
        " sum(complete_quarters) / sum(quarters) as completeness_rate"
        " from service.mart_career_completeness group by career_year order by career_year desc"
    )
    if years.empty:
        st.info(reading.text("careers_none"))
        return
    number, last = reading.language.number, years.iloc[0]
    st.markdown(
        reading.text(
            "careers_sentence",
            year=int(last["career_year"]),
            rate=_rate(reading, last["completeness_rate"]),
            quarters=number(last["quarters"]),
            missing=number(last["missing_quarters"]),
        )
    )
    columns = [figures.column_of(reading, *_CAREER, "career_year", YEAR)]
    columns += figures.columns_of(
        reading, *_CAREER, ("quarters", "complete_quarters", "missing_quarters"), COUNT
    )
    columns.append(figures.column_of(reading, *_CAREER, "completeness_rate", _RATE))
    grids.show_table(reading, "transmissions_careers", years, columns)
    if not parts.is_shown(reading, "service.mart_career_gaps"):
        return
    gaps = reading.query(
        "select affiliate_id, period, gap, messages, accepted_messages, office_code"
        f" from service.mart_career_gaps order by period desc, affiliate_id limit {_LISTED}"
    )
    if gaps.empty:
        st.success(reading.text("careers_complete"), icon=":material/check_circle:")
        return
    st.markdown("**" + reading.text("career_gaps") + "**")
    gaps["gap"] = reading.named("career_gap", gaps["gap"])
    gaps["office_code"] = reading.named("office", gaps["office_code"])
    columns = figures.columns_of(
        reading, *_GAPS, ("affiliate_id", "period", "gap", "messages", "accepted_messages")
    )
    columns.append(figures.column_of(reading, *_GAPS, "office_code"))
    grids.show_table(reading, "transmissions_gaps", gaps, columns)


def _columns(reading: Reading) -> list[Column]:
    columns = figures.columns_of(
        reading, *_MART, ("messages", "messages_in_time", "messages_rejected"), COUNT
    )
    return columns + [
        figures.column_of(reading, *_MART, name, _RATE)
        for name in ("in_time_rate", "first_accepted_rate")
    ]


def _rate(reading: Reading, share: float | None) -> str:
    return _RATE.write(reading.language, share)


render(current())
