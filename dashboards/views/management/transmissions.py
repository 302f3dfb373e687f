"""Messages to other institutions for the management: in time, accepted at once.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(transmissions.sql), what is in time or accepted (the release says it), careers
(sections/careers.py).
"""

import pandas as pd

from dashboards import (
    charts,
    comparison,
    exhibits,
    figures,
    filters,
    grids,
    queries,
    rankings,
    sheet,
)
from dashboards.figures import Column, From
from dashboards.formats import COUNT, NEARLY_ALL, with_decimals
from dashboards.sections import careers
from dashboards.source import Reading, current

_MART = ("service", "mart_transmissions")
_SQL = queries.beside(__file__)
# Most are nearly all: two decimals in the whole column tell them apart.
_RATE = with_decimals(NEARLY_ALL, 2)


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query(_SQL["known"])
    if known.empty:
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
    else:
        chosen = _choose(reading, known)
        quarters = sorted(known["quarter"].unique())
        figures.show_known(reading, lambda of: _figures(of, chosen, quarters))
        _flows(reading, chosen)
        _recipients(reading, chosen)
    careers.show(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    quarters, flows = sorted(known["quarter"].unique()), sorted(known["flow"].unique())
    mart = From(reading, *_MART)
    (low, high), chosen = filters.side_by_side(
        lambda: filters.period_range(
            reading, "transmissions_quarters", reading.text("due_quarters"), quarters
        ),
        lambda: filters.codes(
            reading, "transmissions_flows", mart.label("flow"), "transmission_flow", flows
        ),
    )
    return {"first": low, "last": high, "flows": chosen}


def _figures(reading: Reading, chosen: dict, quarters: list[str]) -> list[figures.Figure]:
    mart, language = From(reading, *_MART), reading.language
    forms = {
        "messages": COUNT,
        "in_time_rate": _RATE,
        "first_accepted_rate": _RATE,
        "messages_rejected": COUNT,
    }
    totals = reading.query(_SQL["totals"], **chosen).iloc[0]
    over = comparison.over(reading, _SQL["totals"], chosen, quarters)
    return [
        mart.figure(
            name,
            form.write(language, totals[name]),
            compared=(comparison.closed_quarters(reading, form, name, over),),
        )
        for name, form in forms.items()
    ]


def _flows(reading: Reading, chosen: dict) -> None:
    mart = From(reading, *_MART)
    sheet.heading(reading.text("chart_flows"))
    rows = reading.query(_SQL["by_flow"], **chosen)
    rows = reading.with_names(rows, flow="transmission_flow")
    judged = rows.dropna(subset=["in_time_rate"])
    if judged.empty:
        sheet.info(reading.nothing("empty"))
        return
    chart = charts.series_lines(
        judged,
        x="quarter",
        x_title=reading.text("quarter"),
        y="in_time_rate",
        y_title=mart.label("in_time_rate"),
        series="flow",
        order=sorted(judged["quarter"].unique()),
        format=".1%",
    )
    columns = [
        Column("quarter", reading.text("quarter")),
        mart.column("flow"),
        *_columns(mart),
    ]
    sentence = _lowest_flow(reading, judged)
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
    mart = From(reading, *_MART)
    sheet.heading(reading.text("by_recipient"))
    rows = reading.query(_SQL["by_recipient"], **chosen)
    codes = rows["recipient"]
    rows = reading.with_names(rows, flow="transmission_flow", recipient="transmission_recipient")
    # Mutualities are numbers, not a list: there are as many as there are.
    rows["recipient"] = [
        reading.text("mutuality", number=code) if code.isdigit() else name
        for code, name in zip(codes, rows["recipient"], strict=True)
    ]
    judged = rankings.enough(rows.dropna(subset=["first_accepted_rate"]), "first_answered")
    if judged.empty:
        sheet.paragraph(reading.text("too_few", least=rankings.LEAST))
    else:
        worst = judged.iloc[0]
        rate = rankings.with_interval(reading, worst["first_accepted"], worst["first_answered"])
        sheet.paragraph(
            reading.text(
                "by_recipient_sentence",
                recipient=worst["recipient"],
                flow=worst["flow"],
                rate=rate,
            )
        )
    columns = [*mart.columns(("recipient", "flow")), *_columns(mart)]
    grids.show_table(reading, "transmissions_recipients", rows, columns)


def _columns(mart: From) -> list[Column]:
    counts = ("messages", "messages_in_time", "messages_rejected")
    rates = ("in_time_rate", "first_accepted_rate")
    return [*mart.columns(counts, COUNT), *mart.columns(rates, _RATE)]


render(current())
