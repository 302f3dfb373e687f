"""The percentage of perception of article 60bis, year by year.

Belongs here: its chart and its sentence. Does not belong here: other rates of collection.
"""

from dataclasses import replace

import pandas as pd

from dashboards import charts, exhibits, queries, sheet
from dashboards.charts import BLUE, VERMILLION
from dashboards.figures import From
from dashboards.formats import EUROS, SHARE, YEAR, with_decimals
from dashboards.reference import watch_level
from dashboards.source import Reading

_MART = ("contribution", "mart_perception")
_SQL = queries.beside(__file__)


def show(reading: Reading) -> None:
    """Show the years of the affiliates as lines, those of all accounts in the table."""
    sheet.heading(reading.text("chart_perception"))
    rows = reading.query(_SQL["years"])
    affiliates = rows[rows["account_type"] == "affiliate"]
    if affiliates.empty:
        sheet.info(reading.text("perception_none"))
        return
    level = watch_level(reading, *_MART, "year_end_outstanding_ratio")
    sheet.note(reading.text("chart_perception_scope"))
    rows["account_type"] = reading.named("account_type", rows["account_type"])
    exhibits.show(
        reading,
        "contributions_legal",
        _chart(reading, affiliates, level),
        _sentence(reading, affiliates.iloc[-1], level),
        rows,
        _columns(reading),
    )


def _chart(reading: Reading, affiliates: pd.DataFrame, level):
    mart, language = From(reading, *_MART), reading.language
    collected, owed = mart.label("perception_pct"), mart.label("year_end_outstanding_ratio")
    long = affiliates.rename(
        columns={"perception_rate": collected, "year_end_outstanding_ratio": owed}
    ).melt(id_vars="claim_year", value_vars=[collected, owed], var_name="series")
    told = f"{reading.text('watch_level')} {language.percent(level.value, 0)}" if level else ""
    return charts.share_lines(
        long,
        x="claim_year",
        x_title=mart.label("claim_year"),
        y="value",
        y_title=reading.text("share_axis"),
        series="series",
        colours={collected: BLUE, owed: VERMILLION},
        level=level.value if level else None,
        level_label=told,
    )


def _sentence(reading: Reading, last: pd.Series, level) -> str:
    percent, ratio = reading.language.percent, last["year_end_outstanding_ratio"]
    above = level is not None and ratio > level.value
    return reading.text(
        "chart_perception_sentence",
        year=int(last["claim_year"]),
        pct=percent(last["perception_rate"]),
        ratio=percent(ratio),
        position=reading.text("above" if above else "below"),
        level=percent(level.value, 0) if level else "–",
        source=level.source if level else "–",
    )


def _columns(reading: Reading) -> list:
    mart, share = From(reading, *_MART), with_decimals(SHARE, 2)
    return [
        mart.column("claim_year", YEAR),
        mart.column("account_type"),
        mart.column("claimed_amount", EUROS),
        mart.column("collected_by_year_end_amount", EUROS),
        # The share behind the percentage: one form for all shares.
        replace(mart.column("perception_pct", share), name="perception_rate"),
        mart.column("year_end_outstanding_ratio", share),
    ]
