"""Accuracy for the management: what was claimed beside what the law asks, and why they differ.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(accuracy.sql), the law (the release holds the comparison), the charges one by one
(sections/differences.py).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, comparison, exhibits, figures, filters, queries, sheet
from dashboards.charts import SKY, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, with_decimals
from dashboards.sections import difference_reasons, differences
from dashboards.source import Reading, current

_MART = ("contribution", "mart_accuracy")
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    chosen = _choose(reading)
    totals = reading.query(_SQL["totals"], **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["compared"]) or not totals["compared"]:
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
        return
    figures.show_known(reading, lambda of: _figures(of, chosen))
    _missing(reading, chosen)
    _years(reading, chosen, totals)
    reasons = reading.query(_SQL["by_reason"], **chosen)
    left, right = st.columns(2, gap="large")
    with left:
        _types(reading, chosen)
    with right:
        difference_reasons.show(reading, reasons)
    differences.charges(reading, chosen, list(reasons["difference_reason"]))
    differences.owed(reading, chosen)


def _choose(reading: Reading) -> dict | None:
    known = reading.query(_SQL["known"])
    if known.empty:
        return None
    years = sorted(int(year) for year in known["contribution_year"].unique())
    natures, label = sorted(known["nature"].unique()), reading.text("accuracy_natures")
    (low, high), chosen = filters.side_by_side(
        lambda: filters.year_range(reading, "accuracy_years", years, shown=9),
        lambda: filters.codes(reading, "accuracy_natures", label, "nature", natures),
    )
    return {"first": low, "last": high, "natures": chosen}


def _figures(reading: Reading, chosen: dict) -> list[figures.Figure]:
    mart, language = From(reading, *_MART), reading.language
    totals = reading.query(_SQL["totals"], **chosen).iloc[0]
    net = reading.text("accuracy_stake_beside", net=language.euros(totals["net"]))
    share = language.percent(totals["share"], 2)
    compared = (_compared(reading, chosen),)
    shown = [mart.own_figure("accuracy_share", share, compared=compared)]
    shown += [
        mart.own_figure(f"accuracy_{name}", language.number(totals[name]))
        for name in ("compared", "explained", "unexplained")
    ]
    shown.append(mart.own_figure("accuracy_stake", language.euros(totals["stake"]), net))
    return shown


def _compared(reading: Reading, chosen: dict) -> str:
    """The last year chosen beside the one before, at the same age: a year is claimed over years."""
    if not reading.has(*_MART, "is_issued_year_earlier"):
        return reading.text("equal_age_none")
    year = chosen["last"]
    now = reading.query(_SQL["totals"], **chosen | {"first": year}).iloc[0]["share"]
    before = reading.query(_SQL["totals_earlier"], last=year, natures=chosen["natures"]).iloc[0]
    return comparison.of_year(reading, with_decimals(SHARE, 2), year, now, before["share"])


def _missing(reading: Reading, chosen: dict) -> None:
    rows = reading.query(_SQL["missing"], **chosen)
    if rows.empty:
        return
    number = reading.language.number
    named = reading.named("difference_reason", rows["difference_reason"])
    reasons = ", ".join(
        f"{name.lower()} {number(count)}"
        for name, count in zip(named, rows["charges"], strict=True)
    )
    charges = number(rows["charges"].sum())
    sheet.note(reading.text("accuracy_missing", charges=charges, reasons=reasons))


def _years(reading: Reading, chosen: dict, totals: pd.Series) -> None:
    language, year = reading.language, From(reading, *_MART).label("contribution_year")
    sheet.heading(reading.text("accuracy_chart_year"))
    values = {
        "first": chosen["first"],
        "last": chosen["last"],
        "compared": language.number(totals["compared"]),
    }
    wrong = totals["compared"] - totals["correct"]
    if not wrong:
        sheet.paragraph(reading.text("accuracy_chart_year_none", **values))
        return
    sentence = reading.text(
        "accuracy_chart_year_sentence",
        wrong=language.number(wrong),
        unexplained=language.number(totals["unexplained"]),
        stake=language.euros(totals["stake"], 0),
        **values,
    )
    rows = reading.query(_SQL["by_year"], **chosen)
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts={
            "unexplained": (reading.text("accuracy_unexplained"), VERMILLION),
            "explained": (reading.text("accuracy_explained"), SKY),
        },
        x_title=year,
        y_title=reading.text("accuracy_differences"),
        format=",.0f",
    )
    columns = [Column("period", year), *_columns(reading)]
    exhibits.show(reading, "accuracy_years", chart, sentence, rows, columns)


def _types(reading: Reading, chosen: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("accuracy_chart_type"))
    rows = reading.query(_SQL["by_type"], **chosen)
    rows = reading.with_names(rows, charge_type="charge_type")
    rows["written"] = rows["share"].map(lambda share: language.percent(share, 2))
    first, stake = rows.iloc[0], mart.label("absolute_difference_amount")
    sentence = reading.text(
        "accuracy_chart_type_sentence",
        type=first["charge_type"],
        amount=language.euros(first["amount"], 0),
        charges=language.number(first["compared"]),
        share=first["written"],
    )
    chart = charts.ranked_bars(
        rows,
        y="charge_type",
        x="amount",
        x_title=f"{stake} (€)",
        label="written",
        label_title=reading.text("accuracy_share"),
    )
    columns = [mart.column("charge_type"), *_columns(reading), Column("amount", stake, "", EUROS)]
    exhibits.show(reading, "accuracy_types", chart, sentence, rows, columns)


def _columns(reading: Reading) -> list[Column]:
    mart = From(reading, *_MART)
    return [
        mart.own_column("compared", "accuracy_compared", COUNT),
        Column("correct", reading.label("difference_reason", "none"), format=COUNT),
        mart.own_column("explained", "accuracy_explained", COUNT),
        mart.own_column("unexplained", "accuracy_unexplained", COUNT),
        mart.own_column("share", "accuracy_share", with_decimals(SHARE, 3)),
    ]


render(current())
