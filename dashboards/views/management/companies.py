"""Companies for the management: the yearly contribution, who owes nothing and why, who joined in
time, which directors owe with their company.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(companies.sql), what a figure means (the release says it); arrears by age and cohort, which are the
recovery team's.
"""

import pandas as pd
import streamlit as st

from dashboards import charts, comparison, exhibits, figures, filters, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, EUROS, SHARE, Format
from dashboards.sections import liable_directors
from dashboards.source import Reading, current

_MART = ("company", "mart_contribution_year")
_SQL = queries.beside(__file__)
_EXEMPT = ("inactive_companies", "insolvent_companies", "starting_companies")


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query(_SQL["known"])
    chosen = None if known.empty else _choose(reading, known)
    rows = reading.query(_SQL["by_year"], **chosen) if chosen else known
    if rows.empty:
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
    else:
        totals = reading.query(_SQL["totals"], **chosen).iloc[0]
        figures.show_known(reading, lambda of: _figures(of, chosen))
        _money(reading, rows, totals, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _exempt(reading, rows)
        with right:
            _joined(reading)
    liable_directors.show(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    years = sorted(int(year) for year in known["contribution_year"].unique())
    mart, sizes = From(reading, *_MART), sorted(known["size_class"].unique())
    (low, high), chosen = filters.side_by_side(
        lambda: filters.year_range(reading, "companies_years", years, shown=8),
        lambda: filters.codes(
            reading, "companies_sizes", mart.label("size_class"), "size_class", sizes
        ),
    )
    return {"first": low, "last": high, "sizes": chosen}


def _figures(reading: Reading, chosen: dict) -> list[figures.Figure]:
    mart, language, last = From(reading, *_MART), reading.language, chosen["last"]
    of_last = chosen | {"first": last}
    whole, one = (reading.query(_SQL["totals"], **years).iloc[0] for years in (chosen, of_last))
    whole_earlier, one_earlier = (_earlier(reading, years) for years in (chosen, of_last))
    year = reading.text("in_year", year=last)

    def figure(name: str, form: Format) -> figures.Figure:
        now, before, beside = whole[name], whole_earlier.get(name), ""
        if form is COUNT:
            now, before, beside = one[name], one_earlier.get(name), year
        compared = comparison.equal_age(reading, form, now, before)
        return mart.figure(name, form.write(language, now), beside, (compared,))

    return [
        figure("companies", COUNT),
        figure("claimed_amount", EUROS),
        figure("outstanding_amount", EUROS),
        figure("collection_rate", SHARE),
        # Who owes nothing is known when the year is over: no age at which to compare it.
        mart.figure("exempt_companies", language.number(one["exempt_companies"]), year),
    ]


def _earlier(reading: Reading, chosen: dict) -> pd.Series:
    """The totals of the same years a year before, at the same age; empty where the first of them
    has no figures."""
    if not reading.has("company", "mart_contribution_year_earlier"):
        return pd.Series(dtype=float)
    totals = reading.query(_SQL["totals_earlier"], **chosen).iloc[0]
    return comparison.whole(totals, chosen["first"] - 1)


def _money(reading: Reading, rows: pd.DataFrame, totals: pd.Series, chosen: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("chart_companies"))
    claimed = totals["claimed_amount"]
    sentence = reading.text(
        "chart_companies_sentence",
        first=chosen["first"],
        last=chosen["last"],
        claimed=language.euros(claimed, 0),
        outstanding=language.part(totals["outstanding_amount"], claimed),
    )
    parts = {
        "collected_amount": (mart.label("collected_amount"), charts.BLUE),
        "credited_amount": (reading.text("settled_by_credit"), charts.GREY),
        "outstanding_amount": (mart.label("outstanding_amount"), charts.VERMILLION),
    }
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts=parts,
        x_title=mart.label("contribution_year"),
        y_title=reading.text("amount_axis"),
    )
    columns = [
        Column("period", mart.label("contribution_year")),
        *mart.columns(("companies", "owing_companies"), COUNT),
        *mart.columns(("claimed_amount", "collected_amount", "outstanding_amount"), EUROS),
        mart.column("collection_rate", SHARE),
    ]
    exhibits.show(reading, "companies_money", chart, sentence, rows, columns)


def _exempt(reading: Reading, rows: pd.DataFrame) -> None:
    mart, number = From(reading, *_MART), reading.language.number
    sheet.heading(reading.text("chart_exempt"))
    exempt = rows[rows["exempt_companies"] > 0]
    if exempt.empty:
        sheet.info(reading.nothing("exempt_none"))
        return
    last = exempt.iloc[-1]
    sentence = reading.text(
        "chart_exempt_sentence",
        year=last["period"],
        count=number(last["exempt_companies"]),
        insolvent=number(last["insolvent_companies"]),
        inactive=number(last["inactive_companies"]),
    )
    colours = zip(_EXEMPT, charts.SERIES, strict=False)
    chart = charts.stacked_columns(
        exempt,
        x="period",
        parts={name: (mart.label(name), colour) for name, colour in colours},
        x_title=mart.label("contribution_year"),
        y_title=reading.text("companies_axis"),
        format=",.0f",
    )
    columns = [Column("period", mart.label("contribution_year"))]
    columns += mart.columns(("exempt_companies", *_EXEMPT), COUNT)
    exhibits.show(reading, "companies_exempt", chart, sentence, exempt, columns)


def _joined(reading: Reading) -> None:
    mart, language = From(reading, "company", "mart_affiliation_quarter"), reading.language
    sheet.heading(reading.text("chart_joined"))
    rows = reading.query(_SQL["joined"])
    if rows.empty:
        sheet.info(reading.nothing("empty"))
        return
    rows = rows.sort_values("year")
    rows["is_running"] = rows["year"] == reading.running_quarter()[:4]
    closed = rows[~rows["is_running"]]
    last = (rows if closed.empty else closed).iloc[-1]
    sentence = reading.text(
        "chart_joined_sentence",
        year=last["year"],
        rate=language.percent(last["in_time_rate"]),
        companies=language.number(last["companies"]),
    )
    chart = charts.rate_line(
        rows,
        x="year",
        x_title=reading.text("step_year"),
        y="in_time_rate",
        y_title=mart.label("in_time_rate"),
        order=list(rows["year"]),
        hollow="is_running",
    )
    columns = [
        Column("year", reading.text("step_year")),
        *mart.columns(("companies", "companies_in_time"), COUNT),
        mart.column("in_time_rate", SHARE),
    ]
    exhibits.show(reading, "companies_joined", chart, sentence, rows, columns)


render(current())
