"""Contributions for the management: claimed, collected, outstanding, and the legal percentage.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(contributions.sql), what a figure means (the release says it), how charts or tables look.
"""

import pandas as pd
import streamlit as st

from dashboards import (
    charts,
    comparison,
    exhibits,
    figures,
    filters,
    periods,
    queries,
    rankings,
    sheet,
)
from dashboards.charts import BLUE, GREY, SKY, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import EUROS, SHARE, Format
from dashboards.sections import bridge, collection_rate, perception
from dashboards.source import Reading, current

_MART = ("contribution", "mart_quarter")
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    chosen, step = _choose(reading)
    totals = reading.query(_SQL["totals"], **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["claimed_amount"]):
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
    else:
        figures.show_known(reading, lambda of: _figures(of, chosen))
        bridge.link(reading)
        rows = periods.named(reading, reading.query(_SQL[f"by_{step}"], **chosen))
        _money(reading, rows, totals, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            collection_rate.show(reading, rows, chosen, step)
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


def _figures(reading: Reading, chosen: dict) -> list[figures.Figure]:
    mart, language = From(reading, *_MART), reading.language
    totals = reading.query(_SQL["totals"], **chosen).iloc[0]
    earlier = collection_rate.totals_earlier(reading, chosen)

    def figure(name: str, form: Format, beside: str = "") -> figures.Figure:
        compared = comparison.equal_age(reading, form, totals[name], earlier.get(name))
        # What is paid on time is known at once: it has no age.
        said = () if name == "collected_on_time_amount" else (compared,)
        return mart.figure(name, form.write(language, totals[name]), beside, said)

    def part(name: str) -> figures.Figure:
        return figure(name, EUROS, reading.text("of_claimed", share=_share(reading, totals, name)))

    return [
        figure("claimed_amount", EUROS),
        part("collected_amount"),
        part("collected_on_time_amount"),
        part("outstanding_amount"),
        figure("collection_rate", SHARE),
    ]


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


def _categories(reading: Reading, chosen: dict) -> None:
    mart, percent = From(reading, *_MART), reading.language.percent
    sheet.heading(reading.text("chart_category"))
    rows = reading.query(_SQL["by_category"], **chosen)
    if rows.empty:
        sheet.info(reading.nothing("empty"))
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
    return reading.language.part(totals[name], totals["claimed_amount"])


render(current())
