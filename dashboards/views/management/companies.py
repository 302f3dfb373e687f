"""Companies for the management: the yearly contribution, who owes nothing and why, who joined in
time, which directors owe with their company.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means
(the release says it); arrears by age and cohort, which are the recovery team's.
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, grids
from dashboards.access import parts
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, SHARE, TEXT
from dashboards.source import Reading, current

_MART = ("company", "mart_contribution_year")
_JOINED = ("company", "mart_affiliation_quarter")
_LIABLE = ("company", "mart_liable_directors")
_LISTED = 500
_EXEMPT = ("inactive_companies", "insolvent_companies", "starting_companies")
_SUMS = """
    sum(companies)::bigint as companies,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(claimed_amount - collected_amount - outstanding_amount) as decimal(18, 2))
        as credited_amount,
    sum(owing_companies)::bigint as owing_companies,
    sum(exempt_companies)::bigint as exempt_companies,
    sum(inactive_companies)::bigint as inactive_companies,
    sum(insolvent_companies)::bigint as insolvent_companies,
    sum(starting_companies)::bigint as starting_companies,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
"""
_CHOSEN = """
    from company.mart_contribution_year
    where contribution_year between $first and $last and list_contains($sizes, size_class)
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query(
        "select distinct contribution_year, size_class from company.mart_contribution_year"
    )
    if known.empty:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
    else:
        chosen = _choose(reading, known)
        _figures(reading, chosen)
        rows = reading.query(
            f"select contribution_year, {_SUMS} {_CHOSEN} group by all order by contribution_year",
            **chosen,
        )
        rows["period"] = rows["contribution_year"].astype(int).astype(str)
        _money(reading, rows, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _exempt(reading, rows)
        with right:
            _joined(reading)
    _liable(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    years = sorted(int(year) for year in known["contribution_year"].unique())
    (low, high), sizes = filters.side_by_side(
        lambda: filters.year_range(reading, "companies_years", years, shown=8),
        lambda: filters.codes(
            reading,
            "companies_sizes",
            reading.label_of(*_MART, "size_class"),
            "size_class",
            sorted(known["size_class"].unique()),
        ),
    )
    return {"first": low, "last": high, "sizes": sizes}


def _figures(reading: Reading, chosen: dict) -> None:
    language = reading.language
    totals = reading.query(f"select {_SUMS} {_CHOSEN}", **chosen).iloc[0]
    last = reading.query(f"select {_SUMS} {_CHOSEN} and contribution_year = $last", **chosen).iloc[
        0
    ]

    year = reading.text("in_year", year=chosen["last"])
    figures.show_figures(
        reading,
        [
            figures.figure_of(
                reading, *_MART, "companies", language.number(last["companies"]), year
            ),
            figures.figure_of(
                reading, *_MART, "claimed_amount", language.euros(totals["claimed_amount"])
            ),
            figures.figure_of(
                reading, *_MART, "outstanding_amount", language.euros(totals["outstanding_amount"])
            ),
            figures.figure_of(
                reading, *_MART, "collection_rate", language.percent(totals["collection_rate"])
            ),
            figures.figure_of(
                reading, *_MART, "exempt_companies", language.number(last["exempt_companies"]), year
            ),
        ],
    )


def _money(reading: Reading, rows: pd.DataFrame, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("chart_companies"))
    claimed = rows["claimed_amount"].astype(float).sum()
    outstanding = rows["outstanding_amount"].astype(float).sum()
    sentence = reading.text(
        "chart_companies_sentence",
        first=chosen["first"],
        last=chosen["last"],
        claimed=language.euros(claimed, 0),
        outstanding=language.percent(outstanding / claimed if claimed else None),
    )
    parts = {
        "collected_amount": (reading.label_of(*_MART, "collected_amount"), charts.BLUE),
        "credited_amount": (reading.text("settled_by_credit"), charts.GREY),
        "outstanding_amount": (reading.label_of(*_MART, "outstanding_amount"), charts.VERMILLION),
    }
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts=parts,
        x_title=reading.label_of(*_MART, "contribution_year"),
        y_title=reading.text("amount_axis"),
    )
    columns = [Column("period", reading.label_of(*_MART, "contribution_year"))]
    columns += figures.columns_of(reading, *_MART, ("companies", "owing_companies"), COUNT)
    columns += figures.columns_of(
        reading,
        *_MART,
        ("claimed_amount", "collected_amount", "outstanding_amount"),
        EUROS,
    )
    columns.append(figures.column_of(reading, *_MART, "collection_rate", SHARE))
    exhibits.show(reading, "companies_money", chart, sentence, rows, columns)


def _exempt(reading: Reading, rows: pd.DataFrame) -> None:
    st.subheader(reading.text("chart_exempt"))
    exempt = rows[rows["exempt_companies"] > 0]
    if exempt.empty:
        st.info(reading.text("exempt_none"))
        return
    last = exempt.iloc[-1]
    sentence = reading.text(
        "chart_exempt_sentence",
        year=last["period"],
        count=reading.language.number(last["exempt_companies"]),
        insolvent=reading.language.number(last["insolvent_companies"]),
        inactive=reading.language.number(last["inactive_companies"]),
    )
    parts = {
        name: (reading.label_of(*_MART, name), colour)
        for name, colour in zip(_EXEMPT, charts.SERIES, strict=False)
    }
    chart = charts.stacked_columns(
        exempt,
        x="period",
        parts=parts,
        x_title=reading.label_of(*_MART, "contribution_year"),
        y_title=reading.text("companies_axis"),
        format=",.0f",
    )
    columns = [Column("period", reading.label_of(*_MART, "contribution_year"))]
    columns += figures.columns_of(reading, *_MART, ("exempt_companies", *_EXEMPT), COUNT)
    exhibits.show(reading, "companies_exempt", chart, sentence, exempt, columns)


def _joined(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("chart_joined"))
    rows = reading.query(
        "select substr(quarter, 1, 4) as year, sum(companies)::bigint as companies,"
        " sum(companies_in_time)::bigint as companies_in_time,"
        " sum(companies_in_time) / sum(companies) as in_time_rate"
        " from company.mart_affiliation_quarter group by year order by year desc limit 12"
    )
    if rows.empty:
        st.info(reading.text("empty"))
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
        y_title=reading.label_of(*_JOINED, "in_time_rate"),
        order=list(rows["year"]),
        hollow="is_running",
    )
    columns = [
        Column("year", reading.text("step_year")),
        figures.column_of(reading, *_JOINED, "companies", COUNT),
        figures.column_of(reading, *_JOINED, "companies_in_time", COUNT),
        figures.column_of(reading, *_JOINED, "in_time_rate", SHARE),
    ]
    exhibits.show(reading, "companies_joined", chart, sentence, rows, columns)


def _liable(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("liable"))
    if not parts.is_shown(reading, "company.mart_liable_directors"):
        return
    total = reading.query(
        "select count(distinct company_id) as companies, count(distinct affiliate_id) as persons"
        " from company.mart_liable_directors"
    ).iloc[0]
    if not total["companies"]:
        st.success(reading.text("liable_none"), icon=":material/check_circle:")
        return
    rows = reading.query(
        "select company_id, affiliate_id, role, start_date, end_date, outstanding_amount, charges,"
        " oldest_due_date, solidarity_notice_date from company.mart_liable_directors"
        f" order by outstanding_amount desc, mandate_id limit {_LISTED}"
    )
    st.markdown(
        reading.text(
            "liable_sentence",
            companies=language.number(total["companies"]),
            persons=language.number(total["persons"]),
            shown=language.number(len(rows)),
        )
    )
    rows["role"] = reading.named("mandate_role", rows["role"])
    days = ("start_date", "end_date", "oldest_due_date", "solidarity_notice_date")
    formats = {"outstanding_amount": EUROS, "charges": COUNT, **dict.fromkeys(days, DAY)}
    columns = [
        figures.column_of(reading, *_LIABLE, name, formats.get(name, TEXT)) for name in rows.columns
    ]
    grids.show_table(reading, "companies_liable", rows, columns)


render(current())
