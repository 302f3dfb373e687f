"""Accuracy for the management: what was claimed beside what the law asks, and why they differ.

Belongs here: the queries and the sentences of this page. Does not belong here: the law (the
release holds the comparison), how charts or tables look.
"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, grids
from dashboards.access import parts
from dashboards.charts import SKY, VERMILLION
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, SHARE, TEXT, YEAR, Format, with_decimals
from dashboards.source import Reading, current

_MART = ("contribution", "mart_accuracy")
_SHOWN = 500
#: What names single charges.
_CHARGES = ("contribution.fct_charges", "contribution.fct_expected_surcharges")
# Without a legal amount a charge is neither right nor wrong: it stands apart.
_SUMS = """
    cast(sum(charges) filter (where has_expected_amount) as bigint) as compared,
    cast(coalesce(sum(charges) filter (where difference_reason = 'none'), 0) as bigint) as correct,
    cast(coalesce(sum(charges) filter (where difference_reason = 'unexplained'), 0) as bigint)
        as unexplained,
    cast(coalesce(sum(absolute_difference_amount) filter (
        where difference_reason = 'unexplained'
    ), 0) as decimal(18, 2)) as stake,
    cast(coalesce(sum(difference_amount) filter (
        where difference_reason = 'unexplained'
    ), 0) as decimal(18, 2)) as net
"""
_CHOSEN = """
    from contribution.mart_accuracy
    where contribution_year between $first and $last and list_contains($natures, nature)
"""

# Surcharges have a comparison of their own.
_DRILLED = f"""
    with differing as (
        select charge_id, account_id, charge_type, difference_reason, gross_amount,
            expected_amount, difference_amount, contribution_year, nature, category, issue_date
        from contribution.fct_charges
        where difference_amount <> 0
        union all
        select charges.charge_id, charges.account_id, charges.charge_type,
            surcharges.difference_reason, surcharges.gross_amount, surcharges.expected_amount,
            surcharges.difference_amount, charges.contribution_year, charges.nature,
            charges.category, charges.issue_date
        from contribution.fct_expected_surcharges as surcharges
        inner join contribution.fct_charges as charges on surcharges.charge_id = charges.charge_id
        where surcharges.difference_amount <> 0
    )

    select * exclude (nature)
    from differing
    where contribution_year between $first and $last
        and list_contains($natures, nature)
        and list_contains($reasons, difference_reason)
    order by abs(difference_amount) desc, charge_id
    limit {_SHOWN}
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    chosen = _choose(reading)
    totals = reading.query(f"select {_SUMS} {_CHOSEN}", **chosen).iloc[0] if chosen else None
    if totals is None or pd.isna(totals["compared"]) or not totals["compared"]:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    _figures(reading, totals)
    _missing(reading, chosen)
    _years(reading, chosen, totals)
    left, right = st.columns(2, gap="large")
    with left:
        _types(reading, chosen)
    with right:
        _reasons(reading, chosen)
    _drill(reading, chosen)
    _owed(reading, chosen)


def _choose(reading: Reading) -> dict | None:
    known = reading.query(
        "select distinct contribution_year, nature from contribution.mart_accuracy"
    )
    if known.empty:
        return None
    years = sorted(int(year) for year in known["contribution_year"].unique())
    (low, high), natures = filters.side_by_side(
        lambda: filters.year_range(reading, "accuracy_years", years, shown=9),
        lambda: filters.codes(
            reading,
            "accuracy_natures",
            reading.text("accuracy_natures"),
            "nature",
            sorted(known["nature"].unique()),
        ),
    )
    return {"first": low, "last": high, "natures": natures}


def _figures(reading: Reading, totals: pd.Series) -> None:
    language = reading.language
    compared, correct = int(totals["compared"]), int(totals["correct"])
    unexplained = int(totals["unexplained"])
    own = partial(figures.own_figure, reading, *_MART)
    figures.show_figures(
        reading,
        [
            own("accuracy_share", language.percent(correct / compared, 2)),
            own("accuracy_compared", language.number(compared)),
            own("accuracy_explained", language.number(compared - correct - unexplained)),
            own("accuracy_unexplained", language.number(unexplained)),
            own(
                "accuracy_stake",
                language.euros(totals["stake"]),
                reading.text("accuracy_stake_beside", net=language.euros(totals["net"])),
            ),
        ],
    )


def _missing(reading: Reading, chosen: dict) -> None:
    rows = reading.query(
        "select difference_reason, cast(sum(charges) as bigint) as charges"
        f" {_CHOSEN} and not has_expected_amount group by all order by charges desc",
        **chosen,
    )
    if rows.empty:
        return
    number = reading.language.number
    named = reading.named("difference_reason", rows["difference_reason"])
    reasons = ", ".join(
        f"{name.lower()} {number(count)}"
        for name, count in zip(named, rows["charges"], strict=True)
    )
    st.caption(
        reading.text("accuracy_missing", charges=number(rows["charges"].sum()), reasons=reasons)
    )


def _years(reading: Reading, chosen: dict, totals: pd.Series) -> None:
    language = reading.language
    st.subheader(reading.text("accuracy_chart_year"))
    values = {
        "first": chosen["first"],
        "last": chosen["last"],
        "compared": language.number(totals["compared"]),
    }
    wrong = totals["compared"] - totals["correct"]
    if not wrong:
        st.markdown(reading.text("accuracy_chart_year_none", **values))
        return
    sentence = reading.text(
        "accuracy_chart_year_sentence",
        wrong=language.number(wrong),
        unexplained=language.number(totals["unexplained"]),
        stake=language.euros(totals["stake"], 0),
        **values,
    )
    rows = reading.query(
        f"select cast(contribution_year as varchar) as period, {_SUMS} {_CHOSEN}"
        " group by all order by period",
        **chosen,
    )
    rows["explained"] = rows["compared"] - rows["correct"] - rows["unexplained"]
    rows["share"] = rows["correct"] / rows["compared"]
    parts = {
        "unexplained": (reading.text("accuracy_unexplained"), VERMILLION),
        "explained": (reading.text("accuracy_explained"), SKY),
    }
    chart = charts.stacked_columns(
        rows,
        x="period",
        parts=parts,
        x_title=reading.label_of(*_MART, "contribution_year"),
        y_title=reading.text("accuracy_differences"),
        format=",.0f",
    )
    period = Column("period", reading.label_of(*_MART, "contribution_year"))
    exhibits.show(reading, "accuracy_years", chart, sentence, rows, [period, *_columns(reading)])


def _types(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("accuracy_chart_type"))
    rows = reading.query(
        f"select charge_type, {_SUMS}, cast(coalesce(sum(absolute_difference_amount), 0)"
        f" as decimal(18, 2)) as amount {_CHOSEN} group by all"
        " having compared > 0 order by amount desc, charge_type",
        **chosen,
    )
    rows["charge_type"] = reading.named("charge_type", rows["charge_type"])
    rows["share"] = rows["correct"] / rows["compared"]
    rows["explained"] = rows["compared"] - rows["correct"] - rows["unexplained"]
    rows["written"] = rows["share"].map(lambda share: language.percent(share, 2))
    first = rows.iloc[0]
    sentence = reading.text(
        "accuracy_chart_type_sentence",
        type=first["charge_type"],
        amount=language.euros(first["amount"], 0),
        charges=language.number(first["compared"]),
        share=first["written"],
    )
    stake = reading.label_of(*_MART, "absolute_difference_amount")
    chart = charts.ranked_bars(
        rows,
        y="charge_type",
        x="amount",
        x_title=f"{stake} (€)",
        label="written",
        label_title=reading.text("accuracy_share"),
    )
    columns = [
        figures.column_of(reading, *_MART, "charge_type"),
        *_columns(reading),
        Column("amount", stake, format=EUROS),
    ]
    exhibits.show(reading, "accuracy_types", chart, sentence, rows, columns)


def _reasons(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("accuracy_chart_reason"))
    rows = reading.query(
        "select difference_reason, cast(sum(charges) as bigint) as charges,"
        " cast(sum(absolute_difference_amount) as decimal(18, 2)) as amount,"
        f" cast(sum(difference_amount) as decimal(18, 2)) as net {_CHOSEN}"
        " and has_expected_amount and difference_reason <> 'none'"
        " group by all order by amount desc, difference_reason",
        **chosen,
    )
    if rows.empty:
        st.info(reading.text("accuracy_none_differ"))
        return
    rows["difference_reason"] = reading.named("difference_reason", rows["difference_reason"])
    rows["written"] = rows["charges"].map(language.number)
    first = rows.iloc[0]
    sentence = reading.text(
        "accuracy_chart_reason_sentence",
        reason=first["difference_reason"],
        charges=first["written"],
        amount=language.euros(first["amount"], 0),
    )
    stake = reading.label_of(*_MART, "absolute_difference_amount")
    chart = charts.ranked_bars(
        rows,
        y="difference_reason",
        x="amount",
        x_title=f"{stake} (€)",
        label="written",
        label_title=reading.label_of(*_MART, "charges"),
    )
    columns = [
        figures.column_of(reading, *_MART, "difference_reason"),
        figures.column_of(reading, *_MART, "charges", COUNT),
        Column("amount", stake, format=EUROS),
        Column(
            "net",
            reading.label_of(*_MART, "difference_amount"),
            reading.entry(*_MART, "difference_amount").definition(reading.lang),
            EUROS,
        ),
    ]
    exhibits.show(reading, "accuracy_reasons", chart, sentence, rows, columns)


def _drill(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("accuracy_drill"))
    if not parts.is_shown(reading, *_CHARGES):
        return
    reasons = reading.query(
        f"select distinct difference_reason {_CHOSEN} and has_expected_amount"
        " and difference_reason <> 'none'",
        **chosen,
    )["difference_reason"]
    if reasons.empty:
        st.info(reading.text("accuracy_none_differ"))
        return
    st.markdown(reading.text("accuracy_drill_intro", shown=language.number(_SHOWN)))
    wanted = filters.codes(
        reading,
        "accuracy_reasons_chosen",
        reading.text("accuracy_reason"),
        "difference_reason",
        sorted(reasons),
    )
    rows = reading.query(_DRILLED, **chosen, reasons=wanted)
    for name in ("charge_type", "category", "difference_reason"):
        rows[name] = reading.named(name, rows[name])
    charges = ("contribution", "fct_charges")
    formats = {
        "contribution_year": YEAR,
        "issue_date": DAY,
        "gross_amount": EUROS,
        "expected_amount": EUROS,
        "difference_amount": EUROS,
    }
    shown = [
        figures.column_of(reading, *charges, name, formats.get(name, TEXT)) for name in rows.columns
    ]
    grids.show_table(reading, "accuracy_drill", rows, shown)


def _owed(reading: Reading, chosen: dict) -> None:
    """Surcharges that nobody claimed: no charge exists, so they stand beside the comparison."""
    language = reading.language
    st.subheader(reading.text("accuracy_owed"))
    if not parts.is_shown(reading, *_CHARGES):
        return
    columns = [
        "related_charge_id",
        "account_id",
        "charge_type",
        "fall_date",
        "unpaid_amount",
        "expected_amount",
        "difference_reason",
    ]
    owed = f"""
        select {", ".join(f"surcharges.{name}" for name in columns)}
        from contribution.fct_expected_surcharges as surcharges
        inner join contribution.fct_charges as related
            on surcharges.related_charge_id = related.charge_id
        where surcharges.charge_id is null
            and related.contribution_year between $first and $last
            and list_contains($natures, related.nature)
    """
    totals = reading.query(
        "select count(*) as surcharges,"
        " cast(coalesce(sum(expected_amount), 0) as decimal(18, 2)) as amount,"
        " count(*) filter (where difference_reason = 'not_claimed') as unexplained"
        f" from ({owed})",
        **chosen,
    ).iloc[0]
    if not totals["surcharges"]:
        st.info(reading.text("accuracy_owed_none"))
        return
    st.markdown(
        reading.text(
            "accuracy_owed_sentence",
            surcharges=language.number(totals["surcharges"]),
            amount=language.euros(totals["amount"]),
            unexplained=language.number(totals["unexplained"]),
            shown=language.number(_SHOWN),
        )
    )
    rows = reading.query(
        f"select * from ({owed}) order by difference_reason <> 'not_claimed', expected_amount desc,"
        f" related_charge_id, charge_type, fall_date limit {_SHOWN}",
        **chosen,
    )
    for name in ("charge_type", "difference_reason"):
        rows[name] = reading.named(name, rows[name])
    formats = {
        "fall_date": DAY,
        "unpaid_amount": EUROS,
        "expected_amount": EUROS,
    }
    surcharges = ("contribution", "fct_expected_surcharges")
    shown = [
        figures.column_of(reading, *surcharges, name, formats.get(name, TEXT)) for name in columns
    ]
    grids.show_table(reading, "accuracy_owed", rows, shown)


def _columns(reading: Reading) -> list[Column]:
    reference = reading.entry(*_MART).reference

    def own(name: str, format: Format) -> Column:
        key = f"accuracy_{name}"
        meaning = reading.text(f"{key}_help")
        return Column(name, reading.text(key), meaning, format, reference=reference)

    return [
        own("compared", COUNT),
        Column("correct", reading.label("difference_reason", "none"), format=COUNT),
        own("explained", COUNT),
        own("unexplained", COUNT),
        own("share", with_decimals(SHARE, 3)),
    ]


render(current())
