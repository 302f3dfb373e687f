"""Contributions for the management: claimed, collected, outstanding, and the legal percentage.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means
(the release says it) and how charts or tables look.
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, rankings
from dashboards.charts import BLUE, GREY, SKY, VERMILLION
from dashboards.figures import Column, Figure
from dashboards.formats import EUROS, SHARE, YEAR, with_decimals
from dashboards.reference import watch_level
from dashboards.source import Reading, current

_MART = ("contribution", "mart_quarter")
_LEGAL = ("contribution", "mart_perception")

# Sums over the same charges; a rate is computed from the sums, never averaged.
_SUMS = """
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(relief_amount) as decimal(18, 2)) as relief_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(collected_on_time_amount) as decimal(18, 2)) as collected_on_time_amount,
    cast(sum(collected_amount - collected_on_time_amount) as decimal(18, 2))
        as collected_late_amount,
    cast(sum(claimed_amount - collected_amount - outstanding_amount) as decimal(18, 2))
        as credited_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
"""
_CHOSEN = """
    from contribution.mart_quarter
    where contribution_year between $first and $last
        and list_contains($natures, nature) and list_contains($categories, category)
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    st.title(reading.text("contributions_title"))
    st.markdown(reading.text("contributions_intro"))
    chosen, by_year = _choose(reading)
    totals = reading.query(f"select {_SUMS} {_CHOSEN}", **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["claimed_amount"]):
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
    else:
        _figures(reading, totals)
        rows = _by_period(reading, chosen, by_year)
        _money(reading, rows, totals, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _rate(reading, rows)
        with right:
            _categories(reading, chosen)
    _legal(reading)


def _choose(reading: Reading) -> tuple[dict | None, bool]:
    known = reading.query(
        "select distinct contribution_year, nature, category from contribution.mart_quarter"
    )
    if known.empty:
        return None, False
    years = sorted(int(year) for year in known["contribution_year"].unique())
    with st.container(border=True):
        first, second, third, fourth = st.columns(4, gap="medium")
        with first:
            low, high = filters.year_range(reading, "contributions_years", years)
        with second:
            natures = filters.codes(
                reading,
                "contributions_natures",
                reading.label_of(*_MART, "nature"),
                "nature",
                sorted(known["nature"].unique()),
            )
        with third:
            within = known[known["nature"].isin(natures)]["category"]
            categories = filters.codes(
                reading,
                "contributions_categories",
                reading.label_of(*_MART, "category"),
                "category",
                sorted(within.unique()),
            )
        with fourth:
            step = filters.step(reading, "contributions_step")
    chosen = {"first": low, "last": high, "natures": natures, "categories": categories}
    return chosen, step == "year"


def _figures(reading: Reading, totals: pd.Series) -> None:
    language = reading.language
    claimed = totals["claimed_amount"]

    def amount(name: str, share: bool = True) -> Figure:
        of = language.percent(totals[name] / claimed if claimed else None)
        beside = reading.text("of_claimed", share=of) if share else ""
        return figures.figure_of(reading, *_MART, name, language.euros(totals[name]), beside)

    figures.show_figures(
        reading,
        [
            amount("claimed_amount", share=False),
            amount("collected_amount"),
            amount("collected_on_time_amount"),
            amount("outstanding_amount"),
            figures.figure_of(
                reading, *_MART, "collection_rate", language.percent(totals["collection_rate"])
            ),
        ],
    )


def _by_period(reading: Reading, chosen: dict, by_year: bool) -> pd.DataFrame:
    quarter = "cast(null as integer)" if by_year else "contribution_quarter"
    rows = reading.query(
        f"select contribution_year, {quarter} as contribution_quarter, {_SUMS} {_CHOSEN}"
        " group by all order by contribution_year, contribution_quarter nulls last",
        **chosen,
    )
    years = rows["contribution_year"].astype(int).astype(str)
    quarters = rows["contribution_quarter"]
    rows["period"] = years.where(
        quarters.isna(), years + "Q" + quarters.fillna(0).astype(int).astype(str)
    )
    if not by_year:
        yearly = [reading.text("yearly", year=year) for year in years]
        rows["period"] = rows["period"].where(quarters.notna(), pd.Series(yearly))
    return rows


def _money(reading: Reading, rows: pd.DataFrame, totals: pd.Series, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("chart_money"))
    sentence = reading.text(
        "chart_money_sentence",
        first=chosen["first"],
        last=chosen["last"],
        claimed=language.euros(totals["claimed_amount"], 0),
        collected=_share(reading, totals, "collected_amount"),
        on_time=_share(reading, totals, "collected_on_time_amount"),
        outstanding=_share(reading, totals, "outstanding_amount"),
    )
    parts = {
        "collected_on_time_amount": (reading.label_of(*_MART, "collected_on_time_amount"), BLUE),
        "collected_late_amount": (reading.text("collected_late"), SKY),
        "credited_amount": (reading.text("settled_by_credit"), GREY),
        "outstanding_amount": (reading.label_of(*_MART, "outstanding_amount"), VERMILLION),
    }
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts=parts,
        x_title=reading.text("period"),
        y_title=reading.text("amount_axis"),
    )
    period = Column("period", reading.text("period"))
    exhibits.show(
        reading,
        "contributions_money",
        chart,
        sentence,
        rows,
        [period, *_amounts(reading)],
        note=reading.text("yearly_note")
        if rows["contribution_quarter"].notna().any() and rows["contribution_quarter"].isna().any()
        else "",
    )


def _rate(reading: Reading, rows: pd.DataFrame) -> None:
    language = reading.language
    st.subheader(reading.text("chart_rate"))
    # Yearly amounts have another rhythm than quarters; beside them they would break the line.
    quarters = rows[rows["contribution_quarter"].notna()]
    shown = (quarters if len(quarters) else rows).dropna(subset=["collection_rate"])
    if shown.empty:
        st.info(reading.text("empty"))
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
    columns = [
        Column("period", reading.text("period")),
        *(c for c in _amounts(reading) if c.name in _RATE_COLUMNS),
    ]
    exhibits.show(reading, "contributions_rate", chart, sentence, shown, columns)


_RATE_COLUMNS = ("claimed_amount", "collected_amount", "collection_rate")


def _categories(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("chart_category"))
    rows = reading.query(
        f"select nature, category, sum(affiliates)::bigint as affiliates, {_SUMS} {_CHOSEN}"
        " group by all"
        " having sum(claimed_amount) <> 0 order by claimed_amount desc, category",
        **chosen,
    )
    if rows.empty:
        st.info(reading.text("empty"))
        return
    rows["category"] = reading.named("category", rows["category"])
    rows["nature"] = reading.named("nature", rows["nature"])
    rows["written_rate"] = rows["collection_rate"].map(language.percent)
    biggest = rows.iloc[0]
    known = rankings.enough(rows, "affiliates")
    lowest = known.loc[known["collection_rate"].idxmin()] if len(known) else biggest
    sentence = reading.text(
        "chart_category_sentence" if len(known) > 1 else "chart_category_sentence_one",
        biggest=biggest["category"],
        share=language.percent(biggest["claimed_amount"] / rows["claimed_amount"].sum()),
        lowest=lowest["category"],
        rate=language.percent(lowest["collection_rate"]),
    )
    chart = charts.ranked_bars(
        rows,
        y="category",
        x="claimed_amount",
        x_title=f"{reading.label_of(*_MART, 'claimed_amount')} (€)",
        label="written_rate",
        label_title=reading.label_of(*_MART, "collection_rate"),
    )
    columns = [
        figures.column_of(reading, *_MART, "nature"),
        figures.column_of(reading, *_MART, "category"),
        *_amounts(reading),
    ]
    exhibits.show(reading, "contributions_category", chart, sentence, rows, columns)


def _legal(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("chart_perception"))
    rows = reading.query(
        "select *, cast(perception_pct / 100 as double) as perception_rate"
        " from contribution.mart_perception order by claim_year, account_type"
    )
    affiliates = rows[rows["account_type"] == "affiliate"]
    if affiliates.empty:
        st.info(reading.text("perception_none"))
        return
    level = watch_level(reading, *_LEGAL, "year_end_outstanding_ratio")
    st.caption(reading.text("chart_perception_scope"))
    collected = reading.label_of(*_LEGAL, "perception_pct")
    owed = reading.label_of(*_LEGAL, "year_end_outstanding_ratio")
    long = affiliates.rename(
        columns={"perception_rate": collected, "year_end_outstanding_ratio": owed}
    ).melt(id_vars="claim_year", value_vars=[collected, owed], var_name="series")
    chart = charts.share_lines(
        long,
        x="claim_year",
        x_title=reading.label_of(*_LEGAL, "claim_year"),
        y="value",
        y_title=reading.text("share_axis"),
        series="series",
        colours={collected: BLUE, owed: VERMILLION},
        level=level.value if level else None,
        level_label=f"{reading.text('watch_level')} {language.percent(level.value, 0)}"
        if level
        else "",
    )
    sentence = _legal_sentence(reading, affiliates.iloc[-1], level)
    rows["account_type"] = reading.named("account_type", rows["account_type"])
    columns = [
        figures.column_of(reading, *_LEGAL, "claim_year", YEAR),
        figures.column_of(reading, *_LEGAL, "account_type"),
        figures.column_of(reading, *_LEGAL, "claimed_amount", EUROS),
        figures.column_of(reading, *_LEGAL, "collected_by_year_end_amount", EUROS),
        # The share behind the percentage: one form for all shares.
        replace(
            figures.column_of(reading, *_LEGAL, "perception_pct", with_decimals(SHARE, 2)),
            name="perception_rate",
        ),
        figures.column_of(reading, *_LEGAL, "year_end_outstanding_ratio", with_decimals(SHARE, 2)),
    ]
    exhibits.show(reading, "contributions_legal", chart, sentence, rows, columns)


def _legal_sentence(reading: Reading, last: pd.Series, level) -> str:
    language = reading.language
    ratio = last["year_end_outstanding_ratio"]
    above = level is not None and ratio > level.value
    return reading.text(
        "chart_perception_sentence",
        year=int(last["claim_year"]),
        pct=language.percent(last["perception_rate"]),
        ratio=language.percent(ratio),
        position=reading.text("above" if above else "below"),
        level=language.percent(level.value, 0) if level else "–",
        source=level.source if level else "–",
    )


def _amounts(reading: Reading) -> list[Column]:
    reference = reading.entry(*_MART).reference

    def own(name: str, key: str) -> Column:
        meaning = reading.text(f"{key}_definition")
        return Column(name, reading.text(key), meaning, EUROS, reference=reference)

    return [
        figures.column_of(reading, *_MART, "claimed_amount", EUROS),
        figures.column_of(reading, *_MART, "collected_amount", EUROS),
        figures.column_of(reading, *_MART, "collected_on_time_amount", EUROS),
        own("collected_late_amount", "collected_late"),
        own("credited_amount", "settled_by_credit"),
        figures.column_of(reading, *_MART, "outstanding_amount", EUROS),
        figures.column_of(reading, *_MART, "relief_amount", EUROS),
        figures.column_of(reading, *_MART, "collection_rate", SHARE),
    ]


def _share(reading: Reading, totals: pd.Series, name: str) -> str:
    claimed = totals["claimed_amount"]
    return reading.language.percent(totals[name] / claimed if claimed else None)


render(current())
