"""The percentage of perception of article 60bis, year by year: all parts of what was claimed, the
running year and where it leads.

Belongs here: its chart and its sentences. Does not belong here: other rates of collection, how the
projection is made (contribution.mart_perception_parts).
"""

from dataclasses import replace

import pandas as pd

from dashboards import comparison, exhibits, queries, sheet
from dashboards.charts import BLUE, GREY, VERMILLION
from dashboards.charts_marks import parts_of_whole
from dashboards.figures import Column, From
from dashboards.formats import DAY, EUROS, SHARE, YEAR, with_decimals
from dashboards.outside import Markdown
from dashboards.reference import watch_level
from dashboards.source import Reading

_MART = ("contribution", "mart_perception_parts")
_SQL = queries.beside(__file__)
#: The parts of what was claimed, from the bottom up: their names and colours.
_PARTS = {
    "perception_rate": ("perception_collected", BLUE),
    "credited_share": ("perception_credited", GREY),
    "outstanding_share": ("perception_owed", VERMILLION),
}
_AMOUNTS = ("claimed_amount", "collected_amount", "credited_amount", "outstanding_amount")


def show(reading: Reading) -> None:
    """Show the years of the affiliates as parts, those of all accounts in the table."""
    sheet.heading(reading.text("chart_perception"))
    if not reading.has(*_MART):
        sheet.info(reading.text("asof_missing"), icon=":material/history_toggle_off:")
        return
    rows = reading.query(_SQL["years"])
    affiliates = rows[(rows["account_type"] == "affiliate") & (rows["claimed_amount"] > 0)]
    if affiliates.empty:
        sheet.info(reading.text("perception_none"))
        return
    level = watch_level(reading, "contribution", "mart_perception", "year_end_outstanding_ratio")
    sheet.note(reading.text("chart_perception_scope"))
    closed, running = (affiliates[affiliates["is_running"] == is_one] for is_one in (False, True))
    said = [] if closed.empty else [_closed_sentence(reading, closed.iloc[-1], level)]
    if len(running):
        said.append(_running_sentence(reading, running.iloc[-1], closed))
    exhibits.show(
        reading,
        "contributions_legal",
        _chart(reading, affiliates, level),
        Markdown(" ".join(said)),
        reading.with_names(rows, account_type="account_type"),
        _columns(reading),
        note=reading.text("perception_note"),
    )


def _chart(reading: Reading, affiliates: pd.DataFrame, level):
    mart, text, percent = From(reading, *_MART), reading.text, reading.language.percent
    years = [
        text("running_year", year=year) if is_running else str(year)
        for year, is_running in zip(affiliates["claim_year"], affiliates["is_running"], strict=True)
    ]
    rows = affiliates.assign(year=years)
    rows["projected_written"] = [
        text("interval", low=percent(low), high=percent(high))
        for low, high in zip(rows["projected_low"], rows["projected_high"], strict=True)
    ]
    return parts_of_whole(
        rows,
        x="year",
        x_title=mart.label("claim_year"),
        y_title=text("share_axis"),
        parts={name: (text(key), colour) for name, (key, colour) in _PARTS.items()},
        point=("projected_rate", mart.label("projected_pct")),
        band=("projected_low", "projected_high", "projected_written"),
        level=1 - level.value if level else None,
        level_label=text("level_of_owed", level=percent(level.value, 0)) if level else "",
    )


def _closed_sentence(reading: Reading, last: pd.Series, level) -> str:
    percent, ratio = reading.language.percent, last["outstanding_share"]
    above = level is not None and ratio > level.value
    return reading.text(
        "chart_perception_sentence",
        year=int(last["claim_year"]),
        pct=percent(last["perception_rate"]),
        credited=percent(last["credited_share"]),
        ratio=percent(ratio),
        position=reading.text("above" if above else "below"),
        level=percent(level.value, 0) if level else "–",
        source=level.source if level else "–",
    )


def _running_sentence(reading: Reading, now: pd.Series, closed: pd.DataFrame) -> str:
    """Where the running year stands, beside the year before on the same day, and where it leads."""
    language, year = reading.language, int(now["claim_year"])
    said = [
        reading.text(
            "perception_running",
            year=year,
            date=language.day(now["observation_date"]),
            pct=language.percent(now["perception_rate"]),
        )
    ]
    before = closed[closed["claim_year"] == year - 1]
    if len(before) and pd.notna(before["same_day_rate"].iloc[0]):
        earlier = before.iloc[0]
        said.append(
            reading.text(
                "perception_same_day",
                date=language.day(earlier["same_day_date"]),
                pct=language.percent(earlier["same_day_rate"]),
                change=comparison.change(
                    reading, SHARE, now["perception_rate"], earlier["same_day_rate"]
                ),
            )
        )
    if pd.isna(now["projected_rate"]):
        said.append(reading.text("perception_unprojected"))
    else:
        has_band = pd.notna(now["projected_low"])
        said.append(
            reading.text(
                "perception_projected" if has_band else "perception_projected_alone",
                pct=language.percent(now["projected_rate"]),
                low=language.percent(now["projected_low"]),
                high=language.percent(now["projected_high"]),
            )
        )
    return " ".join(said)


def _columns(reading: Reading) -> list[Column]:
    mart, share = From(reading, *_MART), with_decimals(SHARE, 2)
    shares = {
        # The share behind the percentage: one form for all shares.
        "perception_rate": "perception_pct",
        "same_day_rate": "same_day_pct",
        "projected_rate": "projected_pct",
    }
    return [
        mart.column("claim_year", YEAR),
        mart.column("account_type"),
        mart.column("observation_date", DAY),
        *mart.columns(("gross_amount", "cancelled_amount", "relief_amount"), EUROS),
        *mart.columns(_AMOUNTS, EUROS),
        mart.own_column("outstanding_share", "outstanding_share", share),
        *(replace(mart.column(of, share), name=name) for name, of in shares.items()),
        mart.own_column("projected_low", "projected_low", share),
        mart.own_column("projected_high", "projected_high", share),
    ]
