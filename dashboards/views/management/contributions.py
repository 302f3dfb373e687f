"""Contributions for the management: claimed, collected, outstanding, and the legal percentage.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(contributions.sql), what a figure means (the release says it), how charts or tables look.
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, periods, queries, rankings, sheet
from dashboards.charts import BLUE, GREY, SKY, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import EUROS, SHARE
from dashboards.sections import perception
from dashboards.source import Reading, current

_MART = ("contribution", "mart_quarter")
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    chosen, step = _choose(reading)
    totals = reading.query(_SQL["totals"], **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["claimed_amount"]):
        sheet.info(reading.text("empty"), icon=":material/filter_alt_off:")
    else:
        _figures(reading, totals)
        rows = periods.named(reading, reading.query(_SQL[f"by_{step}"], **chosen))
        _money(reading, rows, totals, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _rate(reading, rows)
        with right:
            _categories(reading, chosen)
    perception.show(reading)


def _choose(reading: Reading) -> tuple[dict | None, str]:
    known = reading.query(_SQL["known"])
    if known.empty:
        return None, "year"
    mart = From(reading, *_MART)

    def codes(name: str, rows: pd.DataFrame) -> list[str]:
        key, available = f"contributions_{_PLURAL[name]}", sorted(rows[name].unique())
        return filters.codes(reading, key, mart.label(name), name, available)

    with st.container(border=True):
        first, second, third, fourth = st.columns(4, gap="medium")
        with first:
            years = sorted(int(year) for year in known["contribution_year"].unique())
            low, high = filters.year_range(reading, "contributions_years", years)
        with second:
            natures = codes("nature", known)
        with third:
            categories = codes("category", known[known["nature"].isin(natures)])
        with fourth:
            step = filters.step(reading, "contributions_step")
    chosen = {"first": low, "last": high, "natures": natures, "categories": categories}
    return chosen, "year" if step == "year" else "period"


_PLURAL = {"nature": "natures", "category": "categories"}


def _figures(reading: Reading, totals: pd.Series) -> None:
    mart, euros, percent = From(reading, *_MART), reading.language.euros, reading.language.percent

    def part(name: str) -> figures.Figure:
        beside = reading.text("of_claimed", share=_share(reading, totals, name))
        return mart.figure(name, euros(totals[name]), beside)

    figures.show_figures(
        reading,
        [
            mart.figure("claimed_amount", euros(totals["claimed_amount"])),
            part("collected_amount"),
            part("collected_on_time_amount"),
            part("outstanding_amount"),
            mart.figure("collection_rate", percent(totals["collection_rate"])),
        ],
    )


def _money(reading: Reading, rows: pd.DataFrame, totals: pd.Series, chosen: dict) -> None:
    mart = From(reading, *_MART)
    sheet.heading(reading.text("chart_money"))
    sentence = reading.text(
        "chart_money_sentence",
        first=chosen["first"],
        last=chosen["last"],
        claimed=reading.language.euros(totals["claimed_amount"], 0),
        collected=_share(reading, totals, "collected_amount"),
        on_time=_share(reading, totals, "collected_on_time_amount"),
        outstanding=_share(reading, totals, "outstanding_amount"),
    )
    parts = {
        "collected_on_time_amount": (mart.label("collected_on_time_amount"), BLUE),
        "collected_late_amount": (reading.text("collected_late"), SKY),
        "credited_amount": (reading.text("settled_by_credit"), GREY),
        "outstanding_amount": (mart.label("outstanding_amount"), VERMILLION),
    }
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts=parts,
        x_title=reading.text("period"),
        y_title=reading.text("amount_axis"),
    )
    quarters = rows["contribution_quarter"]
    mixed = quarters.notna().any() and quarters.isna().any()
    note = reading.text("yearly_note") if mixed else ""
    columns = [Column("period", reading.text("period")), *_amounts(reading)]
    exhibits.show(reading, "contributions_money", chart, sentence, rows, columns, note)


def _rate(reading: Reading, rows: pd.DataFrame) -> None:
    language = reading.language
    sheet.heading(reading.text("chart_rate"))
    # Yearly amounts have another rhythm than quarters; beside them they would break the line.
    quarters = rows[rows["contribution_quarter"].notna()]
    shown = (quarters if len(quarters) else rows).dropna(subset=["collection_rate"])
    if shown.empty:
        sheet.info(reading.text("empty"))
        return
    running = reading.running_quarter()
    shown = shown.assign(is_running=shown["period"].isin([running, running[:4]]))
    # Recent periods had less time to be paid: no best and no lowest is named.
    closed = shown[~shown["is_running"]]
    last = (shown if closed.empty else closed).iloc[-1]
    sentence = reading.text(
        "chart_rate_sentence",
        period=language.period(last["period"]),
        rate=language.percent(last["collection_rate"]),
    )
    chart = charts.rate_line(
        shown,
        x="period",
        x_title=reading.text("period"),
        y="collection_rate",
        y_title=reading.text("rate_axis"),
        order=list(shown["period"]),
        hollow="is_running",
    )
    columns = [c for c in _amounts(reading) if c.name in _RATE_COLUMNS]
    columns.insert(0, Column("period", reading.text("period")))
    exhibits.show(reading, "contributions_rate", chart, sentence, shown, columns)


_RATE_COLUMNS = ("claimed_amount", "collected_amount", "collection_rate")


def _categories(reading: Reading, chosen: dict) -> None:
    mart, percent = From(reading, *_MART), reading.language.percent
    sheet.heading(reading.text("chart_category"))
    rows = reading.query(_SQL["by_category"], **chosen)
    if rows.empty:
        sheet.info(reading.text("empty"))
        return
    for name in ("category", "nature"):
        rows[name] = reading.named(name, rows[name])
    rows["written_rate"] = rows["collection_rate"].map(percent)
    biggest = rows.iloc[0]
    known = rankings.enough(rows, "affiliates")
    lowest = known.loc[known["collection_rate"].idxmin()] if len(known) else biggest
    sentence = reading.text(
        "chart_category_sentence" if len(known) > 1 else "chart_category_sentence_one",
        biggest=biggest["category"],
        share=percent(biggest["claimed_amount"] / rows["claimed_amount"].sum()),
        lowest=lowest["category"],
        rate=percent(lowest["collection_rate"]),
    )
    chart = charts.ranked_bars(
        rows,
        y="category",
        x="claimed_amount",
        x_title=f"{mart.label('claimed_amount')} (€)",
        label="written_rate",
        label_title=mart.label("collection_rate"),
    )
    columns = [mart.column("nature"), mart.column("category"), *_amounts(reading)]
    exhibits.show(reading, "contributions_category", chart, sentence, rows, columns)


def _amounts(reading: Reading) -> list[Column]:
    mart = From(reading, *_MART)
    names = ("claimed_amount", "collected_amount", "collected_on_time_amount")
    return [
        *mart.columns(names, EUROS),
        mart.own_column("collected_late_amount", "collected_late", EUROS),
        mart.own_column("credited_amount", "settled_by_credit", EUROS),
        *mart.columns(("outstanding_amount", "relief_amount"), EUROS),
        mart.column("collection_rate", SHARE),
    ]


def _share(reading: Reading, totals: pd.Series, name: str) -> str:
    claimed = totals["claimed_amount"]
    return reading.language.percent(totals[name] / claimed if claimed else None)


render(current())
