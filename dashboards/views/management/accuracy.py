"""Accuracy for the management: what was claimed beside what the law asks, and why they differ.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(accuracy.sql), the law (the release holds the comparison), the charges one by one
(sections/differences.py).
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, queries, sheet
from dashboards.charts import SKY, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, with_decimals
from dashboards.sections import differences
from dashboards.source import Reading, current

_MART = ("contribution", "mart_accuracy")
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    chosen = _choose(reading)
    totals = reading.query(_SQL["totals"], **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["compared"]) or not totals["compared"]:
        sheet.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    _figures(reading, totals)
    _missing(reading, chosen)
    _years(reading, chosen, totals)
    reasons = reading.query(_SQL["by_reason"], **chosen)
    left, right = st.columns(2, gap="large")
    with left:
        _types(reading, chosen)
    with right:
        _reasons(reading, reasons)
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


def _figures(reading: Reading, totals: pd.Series) -> None:
    mart, language = From(reading, *_MART), reading.language
    net = reading.text("accuracy_stake_beside", net=language.euros(totals["net"]))
    shown = [mart.own_figure("accuracy_share", language.percent(totals["share"], 2))]
    shown += [
        mart.own_figure(f"accuracy_{name}", language.number(totals[name]))
        for name in ("compared", "explained", "unexplained")
    ]
    shown.append(mart.own_figure("accuracy_stake", language.euros(totals["stake"]), net))
    figures.show_figures(reading, shown)


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


def _reasons(reading: Reading, rows: pd.DataFrame) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("accuracy_chart_reason"))
    if rows.empty:
        sheet.info(reading.text("accuracy_none_differ"))
        return
    rows = reading.with_names(rows, difference_reason="difference_reason")
    rows["written"] = rows["charges"].map(language.number)
    first, stake = rows.iloc[0], mart.label("absolute_difference_amount")
    sentence = reading.text(
        "accuracy_chart_reason_sentence",
        reason=first["difference_reason"],
        charges=first["written"],
        amount=language.euros(first["amount"], 0),
    )
    chart = charts.ranked_bars(
        rows,
        y="difference_reason",
        x="amount",
        x_title=f"{stake} (€)",
        label="written",
        label_title=mart.label("charges"),
    )
    columns = [
        mart.column("difference_reason"),
        mart.column("charges", COUNT),
        Column("amount", stake, "", EUROS),
        replace(mart.column("difference_amount", EUROS), name="net"),
    ]
    exhibits.show(reading, "accuracy_reasons", chart, sentence, rows, columns)


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
