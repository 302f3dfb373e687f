"""Benefits for the management: what is asked, decided, paid, and claimed back.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(benefits.sql), what a figure means (the release says it), how charts or tables look.
"""

import pandas as pd
import streamlit as st

from dashboards import (
    charts,
    comparison,
    exhibits,
    figures,
    filters,
    queries,
    rankings,
    sheet,
)
from dashboards.access.small_counts import FEW
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, Format
from dashboards.sections import benefit_causes, overpayments, take_up
from dashboards.source import Reading, current

_MART = ("benefit", "mart_quarter")
_SQL = queries.beside(__file__)
_COUNTS = ("claims_submitted", "claims_granted", "claims_granted_automatically", "claims_refused")
_UNITS = ("months", "weeks", "days", "half_days", "vouchers")


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query(_SQL["known"])
    if known.empty:
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
    else:
        chosen = _choose(reading, known)
        quarters = sorted(known["quarter"].unique())
        figures.show_known(reading, lambda of: _figures(of, chosen, quarters))
        _money(reading, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _decisions(reading, chosen)
        with right:
            benefit_causes.show(reading, chosen)
        take_up.show(reading)
    overpayments.show(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    quarters, benefits = sorted(known["quarter"].unique()), sorted(known["benefit"].unique())
    mart = From(reading, *_MART)
    (low, high), chosen = filters.side_by_side(
        lambda: filters.period_range(
            reading, "benefits_quarters", reading.text("quarters"), quarters
        ),
        lambda: filters.codes(
            reading, "benefits_benefits", mart.label("benefit"), "benefit", benefits
        ),
    )
    return {"first": low, "last": high, "benefits": chosen}


def _figures(reading: Reading, chosen: dict, quarters: list[str]) -> list[figures.Figure]:
    mart, language = From(reading, *_MART), reading.language
    totals = reading.query(_SQL["totals"], **chosen).iloc[0]
    over = comparison.over(reading, _SQL["totals"], chosen, quarters)
    decided = totals["claims_granted"] + totals["claims_refused"]
    share = language.part(totals["claims_granted"], decided)

    def figure(name: str, form: Format, beside: str = "") -> figures.Figure:
        said = comparison.closed_quarters(reading, form, name, over)
        return mart.figure(name, form.write(language, totals[name]), beside, (said,))

    return [
        figure("paid_amount", EUROS),
        figure("claims_submitted", COUNT),
        figure("claims_granted", COUNT, reading.text("of_decided", share=share)),
        *_delays(reading, chosen, quarters),
        figure("paid_in_time_rate", SHARE),
    ]


def _delays(reading: Reading, chosen: dict, quarters: list[str]) -> list[figures.Figure]:
    """How long decisions take; of claims one by one, so not for roles that see none."""
    if not reading.may_see("benefit", "fct_claims"):
        return []
    claims, language = From(reading, "benefit", "fct_claims"), reading.language
    # A median cannot be put together from medians: it is taken anew from the claims.
    delays = reading.query(_SQL["delays"], **chosen).iloc[0]
    median = language.counted("median_of", delays["days"]) if pd.notna(delays["days"]) else ""
    decisions = comparison.over(reading, _SQL["delays"], chosen, quarters)
    said = comparison.closed_quarters(reading, SHARE, "within", decisions)
    return [claims.figure("within_charter", language.percent(delays["within"]), median, (said,))]


def _money(reading: Reading, chosen: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("chart_benefits"))
    rows = reading.query(_SQL["by_quarter"], **chosen)
    names = reading.labels("benefit")
    shares = rows.groupby("benefit")["paid_amount"].sum().astype(float)
    whole, told = shares.sum(), shares.drop(FEW, errors="ignore")
    biggest = told.idxmax() if len(told) else FEW
    sentence = reading.text(
        "chart_benefits_sentence",
        first=chosen["first"],
        last=chosen["last"],
        amount=language.euros(whole, 0),
        benefit=names.get(biggest, biggest),
        share=language.part(shares[biggest], whole),
    )
    present = [code for code in names if code in set(rows["benefit"])]
    colours = zip(present, charts.SERIES, strict=False)
    rows = reading.with_names(rows, benefit="benefit")
    chart = charts.stacked_bars(
        rows,
        x="quarter",
        x_title=reading.text("quarter"),
        y="paid_amount",
        y_title=reading.text("amount_axis"),
        part="benefit",
        parts={names[code]: colour for code, colour in colours},
        order=sorted(rows["quarter"].unique()),
    )
    columns = [
        Column("quarter", reading.text("quarter")),
        mart.column("benefit"),
        mart.column("paid_amount", EUROS),
        *mart.columns((*_COUNTS, *_UNITS), COUNT),
        mart.column("paid_in_time_rate", SHARE),
    ]
    exhibits.show(reading, "benefits_money", chart, sentence, rows, columns)


def _decisions(reading: Reading, chosen: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("chart_decisions"))
    rows = reading.query(_SQL["by_benefit"], **chosen)
    if rows.empty:
        sheet.info(reading.nothing("empty"))
        return
    rows["decided"] = rows["claims_granted"] + rows["claims_refused"]
    rows["refusal_rate"] = rankings.part(reading, rows, "claims_refused", "decided")
    most = _most_refused(reading, rankings.named(rows, "benefit"))
    rows = reading.with_names(rows, benefit="benefit")
    rows["written_rate"] = [
        reading.text("refused_share", share=language.percent(rate)) for rate in rows["refusal_rate"]
    ]
    sentence = reading.text(
        "chart_decisions_sentence",
        most=most,
        automatic=language.number(rows["claims_granted_automatically"].sum()),
        granted=language.number(rows["claims_granted"].sum()),
    )
    chart = charts.ranked_bars(
        rows,
        y="benefit",
        x="claims_granted",
        x_title=mart.label("claims_granted"),
        label="written_rate",
        label_title=mart.label("claims_refused"),
        format=",.0f",
    )
    columns = [
        mart.column("benefit"),
        *mart.columns(_COUNTS, COUNT),
        Column("refusal_rate", reading.text("refusal_rate"), format=SHARE),
    ]
    exhibits.show(reading, "benefits_decisions", chart, sentence, rows, columns)


def _most_refused(reading: Reading, rows: pd.DataFrame) -> str:
    """The benefit that is refused most, among those with enough decisions (H13)."""
    known = rankings.enough(rows, "decided")
    if known.empty:
        return reading.text("too_few", least=rankings.LEAST)
    worst = known.loc[known["refusal_rate"].idxmax()]
    share = rankings.with_interval(reading, worst["claims_refused"], worst["decided"])
    benefit = reading.label("benefit", worst["benefit"])
    return reading.text("most_refused", benefit=benefit, share=share)


render(current())
