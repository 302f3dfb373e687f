"""Arrears: how old they are, what changed since the last release, where they go in a quarter.

Belongs here: the choices of this page, and the age of the arrears. Does not belong here: its
queries (arrears.sql), what changed, the roll rates, the bridge between figures (sections).
"""

import pandas as pd
import streamlit as st

from dashboards import asof, charts, exhibits, figures, filters, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS
from dashboards.sections import arrears_changes, bridge, roll_rates
from dashboards.source import Reading, current

_MART = ("recovery", "mart_arrears_ageing")
_SQL = queries.beside(__file__)
# From light to dark with age: the order is seen without the colours too.
_AGE_COLOURS = ("#C6DBEF", "#9ECAE1", "#6BAED6", "#4292C6", "#2171B5", "#084594")
_QUARTERS = 20


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, _MART[1]):
        return
    chosen = _choose(reading)
    if chosen is None:
        sheet.info(reading.nothing("arrears_none"))
        return
    dates = [day.date() for day in reading.query(_SQL["dates"], **chosen)["reference_date"]]
    if dates:
        _ageing(reading, chosen, dates)
    else:
        sheet.info(reading.nothing("arrears_none"), icon=":material/task_alt:")
    if asof.holds(reading, "mart_outstanding_changes", "reinstated_amount"):
        arrears_changes.show(reading, chosen["natures"])
    if asof.holds(reading, "mart_balance_bridge"):
        bridge.show(reading)
    roll_rates.show(reading, chosen["account_type"])


def _choose(reading: Reading) -> dict | None:
    known, mart = reading.query(_SQL["known"]), From(reading, *_MART)
    if known.empty:
        return None
    types = reading.labels("account_type")
    types = {code: name for code, name in types.items() if code in set(known["account_type"])}
    with st.container(border=True):
        first, second = st.columns(2, gap="medium")
        with first:
            kind = filters.one_of_few("arrears_type", mart.label("account_type"), types)
        with second:
            natures = filters.codes(
                reading,
                "arrears_natures",
                mart.label("nature"),
                "nature",
                sorted(set(known[known["account_type"] == kind]["nature"])),
            )
    return {"account_type": kind, "natures": natures}


def _ageing(reading: Reading, chosen: dict, dates: list) -> None:
    mart = From(reading, *_MART)
    now = reading.query(_SQL["totals"], date=dates[-1], **chosen).iloc[0]
    _figures(reading, now)
    sheet.heading(reading.text("arrears_ageing"))
    ways = {name: mart.label(name) for name in ("age_bucket", "stage")}
    by = filters.one_of_few("arrears_by", reading.text("arrears_by"), ways)
    since = dates[max(0, len(dates) - _QUARTERS)]
    rows = reading.query(_SQL["ageing"], by=by, since=since, **chosen)
    known = [code for code in reading.labels(by) if code in set(rows["part"])]
    names = [reading.label(by, code) for code in known]
    rows = reading.with_names(rows, part=by)
    rows["date"] = rows["reference_date"].map(reading.language.day)
    colours = _AGE_COLOURS if by == "age_bucket" else _stage_colours(len(names))
    chart = charts.stacked_bars(
        rows,
        x="date",
        x_title=mart.label("reference_date"),
        y="outstanding_amount",
        y_title=reading.text("amount_axis"),
        part="part",
        parts=dict(zip(names, colours, strict=False)),
        order=list(dict.fromkeys(rows["date"])),
    )
    columns = [
        mart.column("reference_date", DAY),
        Column("part", mart.label(by)),
        mart.column("charges", COUNT),
        mart.column("outstanding_amount", EUROS),
    ]
    sentence = _sentence(reading, rows, now)
    exhibits.show(reading, "arrears_ageing", chart, sentence, rows.iloc[::-1], columns)


def _figures(reading: Reading, now: pd.Series) -> None:
    mart, language = From(reading, *_MART), reading.language
    total = now["amount"] or 1
    figures.show_figures(
        reading,
        [
            mart.figure(
                "outstanding_amount",
                language.euros(now["amount"], 0),
                language.counted("arrears_charges", now["charges"]),
            ),
            *(
                mart.own_figure(
                    key, language.percent(now[name] / total), language.euros(now[name], 0)
                )
                for key, name in (("arrears_old", "old_amount"), ("arrears_no_stage", "no_stage"))
            ),
        ],
    )


def _sentence(reading: Reading, rows: pd.DataFrame, now: pd.Series) -> str:
    language = reading.language
    last = rows[rows["reference_date"] == rows["reference_date"].max()]
    biggest = last.loc[last["outstanding_amount"].idxmax()]
    return reading.text(
        "arrears_ageing_sentence",
        date=language.day(biggest["reference_date"]),
        amount=language.euros(now["amount"], 0),
        part=biggest["part"],
        share=language.percent(biggest["outstanding_amount"] / (now["amount"] or 1), 0),
    )


def _stage_colours(count: int) -> list[str]:
    """From light to dark along the procedure."""
    steps = max(count - 1, 1)
    low, high = (222, 235, 247), (8, 48, 107)
    return [
        "#"
        + "".join(f"{round(a + (b - a) * n / steps):02X}" for a, b in zip(low, high, strict=True))
        for n in range(count)
    ]


render(current())
