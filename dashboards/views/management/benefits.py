"""Benefits for the management: what is asked, decided, paid, and claimed back.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means
(the release says it) and how charts or tables look.
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, grids, rankings
from dashboards.access import parts
from dashboards.figures import Column, Figure
from dashboards.formats import COUNT, EUROS, SHARE
from dashboards.source import Reading, current

_MART = ("benefit", "mart_quarter")
_UNDUE = ("benefit", "mart_overpayments")
_TAKE_UP = ("benefit", "mart_take_up")
_CHOSEN = """
    from benefit.mart_quarter
    where quarter between $first and $last and list_contains($benefits, benefit)
"""
_SUMS = """
    sum(claims_submitted)::bigint as claims_submitted,
    sum(claims_granted)::bigint as claims_granted,
    sum(claims_granted_automatically)::bigint as claims_granted_automatically,
    sum(claims_refused)::bigint as claims_refused,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    sum(payments_in_time) / nullif(sum(payments), 0) as paid_in_time_rate
"""
_UNITS = ("months", "weeks", "days", "half_days", "vouchers")


def render(reading: Reading) -> None:
    """Draw the page."""
    known = reading.query("select distinct quarter, benefit from benefit.mart_quarter")
    if known.empty:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
    else:
        chosen = _choose(reading, known)
        _figures(reading, chosen)
        _money(reading, chosen)
        left, right = st.columns(2, gap="large")
        with left:
            _decisions(reading, chosen)
        with right:
            _causes(reading, chosen)
        _take_up(reading)
    _overpayments(reading)


def _choose(reading: Reading, known: pd.DataFrame) -> dict:
    (low, high), benefits = filters.side_by_side(
        lambda: filters.period_range(
            reading,
            "benefits_quarters",
            reading.text("quarters"),
            sorted(known["quarter"].unique()),
        ),
        lambda: filters.codes(
            reading,
            "benefits_benefits",
            reading.label_of(*_MART, "benefit"),
            "benefit",
            sorted(known["benefit"].unique()),
        ),
    )
    return {"first": low, "last": high, "benefits": benefits}


def _figures(reading: Reading, chosen: dict) -> None:
    language = reading.language
    totals = reading.query(f"select {_SUMS} {_CHOSEN}", **chosen).iloc[0]
    granted = totals["claims_granted"]
    decided = granted + totals["claims_refused"]
    figures.show_figures(
        reading,
        [
            figures.figure_of(
                reading, *_MART, "paid_amount", language.euros(totals["paid_amount"])
            ),
            figures.figure_of(
                reading, *_MART, "claims_submitted", language.number(totals["claims_submitted"])
            ),
            figures.figure_of(
                reading,
                *_MART,
                "claims_granted",
                language.number(granted),
                reading.text(
                    "of_decided", share=language.percent(granted / decided if decided else None)
                ),
            ),
            *_delays(reading, chosen),
            figures.figure_of(
                reading, *_MART, "paid_in_time_rate", language.percent(totals["paid_in_time_rate"])
            ),
        ],
    )


def _delays(reading: Reading, chosen: dict) -> list[Figure]:
    """How long decisions take; of claims one by one, so not for roles that see none."""
    if not reading.may_see("benefit", "fct_claims"):
        return []
    language = reading.language
    # A median cannot be put together from medians: it is taken anew from the claims.
    delays = reading.query(
        "select median(decision_days) as days,"
        " count(*) filter (where within_charter) / nullif(count(*), 0) as within"
        " from benefit.fct_claims where decision <> 'withdrawn'"
        " and list_contains($benefits, benefit) and cast(year(decision_date) as varchar) || 'Q'"
        " || cast(quarter(decision_date) as varchar) between $first and $last",
        **chosen,
    ).iloc[0]
    return [
        figures.figure_of(
            reading,
            "benefit",
            "fct_claims",
            "within_charter",
            language.percent(delays["within"]),
            language.counted("median_of", delays["days"]) if pd.notna(delays["days"]) else "",
        )
    ]


def _money(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("chart_benefits"))
    rows = reading.query(
        f"select quarter, benefit, {_SUMS},"
        + ", ".join(f"cast(sum({unit}) as double) as {unit}" for unit in _UNITS)
        + f" {_CHOSEN} group by all order by quarter, benefit",
        **chosen,
    )
    names = reading.labels("benefit")
    shares = rows.groupby("benefit")["paid_amount"].sum().astype(float)
    whole = shares.sum()
    biggest = shares.idxmax()
    sentence = reading.text(
        "chart_benefits_sentence",
        first=chosen["first"],
        last=chosen["last"],
        amount=language.euros(whole, 0),
        benefit=names.get(biggest, biggest),
        share=language.percent(shares[biggest] / whole if whole else None),
    )
    present = [code for code in names if code in set(rows["benefit"])]
    colours = dict(zip(present, charts.SERIES, strict=False))
    rows["benefit"] = reading.named("benefit", rows["benefit"])
    chart = charts.stacked_bars(
        rows,
        x="quarter",
        x_title=reading.text("quarter"),
        y="paid_amount",
        y_title=reading.text("amount_axis"),
        part="benefit",
        parts={names[code]: colour for code, colour in colours.items()},
        order=sorted(rows["quarter"].unique()),
    )
    columns = [
        Column("quarter", reading.text("quarter")),
        figures.column_of(reading, *_MART, "benefit"),
        figures.column_of(reading, *_MART, "paid_amount", EUROS),
        *_counts(reading),
        *(figures.column_of(reading, *_MART, unit, COUNT) for unit in _UNITS),
        figures.column_of(reading, *_MART, "paid_in_time_rate", SHARE),
    ]
    exhibits.show(reading, "benefits_money", chart, sentence, rows, columns)


def _counts(reading: Reading) -> list[Column]:
    names = ("claims_submitted", "claims_granted", "claims_granted_automatically", "claims_refused")
    return figures.columns_of(reading, *_MART, names, COUNT)


def _decisions(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("chart_decisions"))
    rows = reading.query(
        f"select benefit, {_SUMS} {_CHOSEN} group by all"
        " having sum(claims_granted) + sum(claims_refused) > 0 order by claims_granted desc",
        **chosen,
    )
    if rows.empty:
        st.info(reading.text("empty"))
        return
    rows["benefit"] = reading.named("benefit", rows["benefit"])
    decided = rows["claims_granted"] + rows["claims_refused"]
    rows["refusal_rate"] = rows["claims_refused"] / decided
    rows["written_rate"] = [
        reading.text("refused_share", share=language.percent(rate)) for rate in rows["refusal_rate"]
    ]
    known = rankings.enough(rows.assign(decided=decided), "decided")
    if known.empty:
        most = reading.text("too_few", least=rankings.LEAST)
    else:
        worst = known.loc[known["refusal_rate"].idxmax()]
        most = reading.text(
            "most_refused",
            benefit=worst["benefit"],
            share=rankings.with_interval(reading, worst["claims_refused"], worst["decided"]),
        )
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
        x_title=reading.label_of(*_MART, "claims_granted"),
        label="written_rate",
        label_title=reading.label_of(*_MART, "claims_refused"),
        format=",.0f",
    )
    columns = [
        figures.column_of(reading, *_MART, "benefit"),
        *_counts(reading),
        Column("refusal_rate", reading.text("refusal_rate"), "", SHARE),
    ]
    exhibits.show(reading, "benefits_decisions", chart, sentence, rows, columns)


def _causes(reading: Reading, chosen: dict) -> None:
    """The bridging right by pillar, carers by cause; the other benefits have none."""
    language = reading.language
    st.subheader(reading.text("chart_causes"))
    rows = reading.query(
        f"select benefit, cause, {_SUMS} {_CHOSEN} and cause is not null group by all"
        " having sum(paid_amount) <> 0 order by paid_amount desc",
        **chosen,
    )
    if rows.empty:
        st.info(reading.text("no_causes"))
        return
    rows["cause"] = reading.named("benefit_cause", rows["cause"])
    rows["benefit"] = reading.named("benefit", rows["benefit"])
    rows["written"] = [
        reading.text("granted_count", count=language.number(count))
        for count in rows["claims_granted"]
    ]
    biggest = rows.iloc[0]
    sentence = reading.text(
        "chart_causes_sentence",
        cause=biggest["cause"],
        benefit=biggest["benefit"],
        amount=language.euros(biggest["paid_amount"], 0),
    )
    chart = charts.ranked_bars(
        rows,
        y="cause",
        x="paid_amount",
        x_title=f"{reading.label_of(*_MART, 'paid_amount')} (€)",
        label="written",
        label_title=reading.label_of(*_MART, "claims_granted"),
    )
    columns = [
        figures.column_of(reading, *_MART, "benefit"),
        figures.column_of(reading, *_MART, "cause"),
        figures.column_of(reading, *_MART, "paid_amount", EUROS),
        *_counts(reading),
    ]
    exhibits.show(reading, "benefits_causes", chart, sentence, rows, columns)


def _take_up(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("take_up"))
    rows = reading.query(
        "select substr(quarter, 1, 4) as year, event_kind as kind, event_kind,"
        " sum(persons)::bigint as persons,"
        " sum(persons_claiming)::bigint as persons_claiming,"
        " sum(persons_claiming_automatically)::bigint as persons_claiming_automatically,"
        " sum(persons_granted)::bigint as persons_granted,"
        " sum(persons_granted) / sum(persons) as take_up_rate"
        " from benefit.mart_take_up group by all order by year desc, event_kind"
    )
    if rows.empty:
        st.info(reading.text("take_up_none"))
        return
    rows["event_kind"] = reading.named("insolvency_kind", rows["event_kind"])
    last = rows.iloc[0]
    st.markdown(
        reading.text(
            "take_up_sentence",
            year=last["year"],
            event=last["event_kind"],
            granted=language.number(last["persons_granted"]),
            persons=language.number(last["persons"]),
        )
    )
    _unlikely(reading, rows)
    columns = [Column("year", reading.text("step_year"))]
    columns.append(figures.column_of(reading, *_TAKE_UP, "event_kind"))
    columns += figures.columns_of(
        reading,
        *_TAKE_UP,
        (
            "persons",
            "persons_claiming",
            "persons_claiming_automatically",
            "persons_granted",
        ),
        COUNT,
    )
    columns.append(figures.column_of(reading, *_TAKE_UP, "take_up_rate", SHARE))
    grids.show_table(reading, "benefits_take_up", rows, columns)


def _unlikely(reading: Reading, rows: pd.DataFrame) -> None:
    """Warn where nobody took up a right although claims of that kind were granted: the events and
    the claims do not find each other."""
    if not reading.may_see("benefit", "fct_claims"):
        return
    never = rows.groupby("kind")["persons_granted"].sum()
    for kind in never[never == 0].index:
        claims = reading.query(
            "select count(*) as claims from benefit.fct_claims where benefit = 'bridging_right'"
            # An event is named by its kind of insolvency, a claim by the cause it has of it.
            " and decision = 'granted' and ends_with($kind, cause)",
            kind=kind,
        )["claims"].iloc[0]
        if claims:
            told = reading.language.counted(
                "take_up_unlikely", claims, event=reading.label("insolvency_kind", kind)
            )
            st.warning(told, icon=":material/warning:")


def _overpayments(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("overpayments"))
    if not parts.is_shown(reading, "benefit.mart_overpayments"):
        return
    rows = reading.query(
        "select cause, count(*) as count, sum(amount) as amount,"
        " sum(repaid_amount) as repaid_amount, sum(waived_amount) as waived_amount,"
        " sum(outstanding_amount) as outstanding_amount,"
        " coalesce(sum(outstanding_amount) filter (where is_prescribed), 0) as prescribed_amount,"
        " coalesce(sum(outstanding_amount) filter (where not is_prescribed and"
        " prescription_date <= (select business_date + interval 6 month from meta.release)), 0)"
        " as soon_amount from benefit.mart_overpayments group by all"
        " order by outstanding_amount desc"
    )
    if rows.empty:
        st.info(reading.text("overpayments_none"))
        return
    rows["cause"] = reading.named("overpayment_cause", rows["cause"])
    total = rows.drop(columns=["cause"]).sum()
    sentence = reading.text(
        "overpayments_sentence",
        amount=language.euros(total["amount"], 0),
        repaid=language.euros(total["repaid_amount"], 0),
        outstanding=language.euros(total["outstanding_amount"], 0),
        soon=language.euros(total["soon_amount"], 0),
    )
    colours = {
        "repaid_amount": charts.BLUE,
        "waived_amount": charts.GREY,
        "outstanding_amount": charts.VERMILLION,
    }
    shown = {name: (reading.label_of(*_UNDUE, name), colour) for name, colour in colours.items()}
    chart = charts.stacked_columns(
        rows,
        x="cause",
        parts=shown,
        x_title=reading.label_of(*_UNDUE, "cause"),
        y_title=reading.text("amount_axis"),
    )
    columns = [figures.column_of(reading, *_UNDUE, "cause")]
    columns.append(Column("count", reading.text("count"), "", COUNT))
    columns += figures.columns_of(reading, *_UNDUE, ("amount", *shown), EUROS)
    columns.append(Column("prescribed_amount", reading.text("prescribed_amount"), "", EUROS))
    columns.append(Column("soon_amount", reading.text("soon_amount"), "", EUROS))
    exhibits.show(reading, "benefits_overpayments", chart, sentence, rows, columns)


render(current())
