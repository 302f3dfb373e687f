"""The procedure: how far cases go and how long it takes; what the agents bring in.

Belongs here: the funnel of one quarter. Does not belong here: its queries (procedure.sql), the
agents (sections).
"""

import pandas as pd

from dashboards import asof, charts, exhibits, filters, queries, sheet
from dashboards.figures import From
from dashboards.formats import COUNT, EUROS, SHARE, with_decimals
from dashboards.sections import agents
from dashboards.source import Reading, current

_MART = ("recovery", "mart_funnel")
_SQL = queries.beside(__file__)
#: A year on, most cases have gone as far as they go.
_USUAL_AGE = 4


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, _MART[1]):
        return
    _funnel(reading)
    agents.show(reading)


def _funnel(reading: Reading) -> None:
    mart, language, text = From(reading, *_MART), reading.language, reading.text
    sheet.heading(text("procedure_funnel"))
    quarters = list(reading.query(_SQL["quarters"])["opening_quarter"])
    if not quarters:
        sheet.info(text("procedure_no_case"))
        return
    quarter = filters.one_of(
        "procedure_quarter",
        mart.label("opening_quarter"),
        quarters,
        {},
        default=quarters[min(_USUAL_AGE, len(quarters) - 1)],
    )
    rows = reading.with_names(reading.query(_SQL["funnel"], quarter=quarter), stage="stage")
    rows.loc[rows["stage_rank"] == 0, "stage"] = text("procedure_opened")
    rows["written"] = [
        text(
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
        x_title=mart.label("cases_reached"),
        label="written",
        label_title=text("procedure_reached"),
        format=",d",
        order=list(rows["stage"]),
    )
    columns = [
        mart.column("stage"),
        mart.column("cases_reached", COUNT),
        mart.own_column("share", "procedure_share", SHARE),
        mart.column("median_days_from_previous", with_decimals(COUNT, 1)),
        mart.column("collected_amount", EUROS),
    ]
    sentence = _sentence(reading, rows, quarter)
    exhibits.show(reading, "procedure_funnel", chart, sentence, rows, columns)


def _sentence(reading: Reading, rows: pd.DataFrame, quarter: str) -> str:
    language, collected = reading.language, rows["collected_amount"].sum()
    best = rows.loc[rows["collected_amount"].idxmax()]
    return reading.text(
        "procedure_funnel_sentence",
        quarter=quarter,
        opened=language.number(rows.loc[rows["stage_rank"] == 0, "cases_reached"].sum()),
        collected=language.euros(collected, 0),
        stage=best["stage"],
        share=language.percent(best["collected_amount"] / collected if collected else None, 0),
    )


render(current())
