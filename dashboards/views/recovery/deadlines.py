"""Promises and clocks: payment plans kept or broken, debts that prescribe and when.

Belongs here: the queries and the sentences of this page. Does not belong here: what a figure means.
"""

import pandas as pd
import streamlit as st

from dashboards import asof, charts, downloads, exhibits, figures, grids
from dashboards.charts import BLUE, GREEN, GREY, VERMILLION
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, SHARE
from dashboards.source import Reading, current

_PLANS = ("recovery", "mart_plans")
_CLOCKS = ("recovery", "mart_prescription")
_MONTHS = 24
_SHOWN = 200
_STATUS_COLOURS = {
    "completed": GREEN,
    "running": BLUE,
    "broken": VERMILLION,
    "pending": "#E69F00",
    "refused": GREY,
    "withdrawn": "#8A939C",
}


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, "mart_plans"):
        return
    _clocks(reading)
    _plans(reading)


def _clocks(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("deadlines_calendar"))
    totals = reading.query(
        """select
            coalesce(sum(outstanding_amount) filter (where prescription_date <= $today), 0)::double
                as prescribed_amount,
            count(*) filter (where prescription_date <= $today) as prescribed_charges,
            coalesce(sum(outstanding_amount) filter (
                where prescription_date > $today
                    and prescription_date <= cast($today as date) + interval 6 month
            ), 0)::double as near_amount,
            count(distinct account_id) filter (
                where prescription_date > $today
                    and prescription_date <= cast($today as date) + interval 6 month
            ) as near_accounts
        from recovery.mart_prescription""",
        today=reading.looked_on,
    ).iloc[0]
    figures.show_figures(
        reading,
        [
            figures.own_figure(
                reading,
                *_CLOCKS,
                "deadlines_near",
                language.euros(totals["near_amount"], 0),
                language.counted("deadlines_accounts", totals["near_accounts"]),
            ),
            figures.own_figure(
                reading,
                *_CLOCKS,
                "deadlines_prescribed",
                language.euros(totals["prescribed_amount"], 0),
                language.counted("arrears_charges", totals["prescribed_charges"]),
            ),
        ],
    )
    rows = reading.query(
        f"""select strftime(charges.prescription_date, '%Y-%m') as month,
            charges.interrupted_by is not null as is_interrupted, count(*)::bigint as charges,
            count(distinct charges.account_id)::bigint as accounts,
            sum(charges.outstanding_amount)::double as outstanding_amount
        from recovery.mart_prescription as charges
        where charges.prescription_date > $today
            and charges.prescription_date <= cast($today as date) + interval {_MONTHS} month
        group by all order by month""",
        today=reading.looked_on,
    )
    if rows.empty:
        st.success(reading.text("deadlines_nothing"), icon=":material/task_alt:")
        return
    names = {
        False: reading.text("deadlines_never_interrupted"),
        True: reading.text("deadlines_interrupted"),
    }
    rows["part"] = rows["is_interrupted"].map(lambda flag: names[bool(flag)])
    chart = charts.stacked_bars(
        rows,
        x="month",
        x_title=reading.text("deadlines_month"),
        y="outstanding_amount",
        y_title=reading.text("amount_axis"),
        part="part",
        parts={names[False]: VERMILLION, names[True]: BLUE},
        order=sorted(set(rows["month"])),
    )
    months = rows.groupby("month")["outstanding_amount"].sum()
    sentence = reading.text(
        "deadlines_calendar_sentence",
        months=_MONTHS,
        amount=language.euros(months.sum(), 0),
        month=months.idxmax(),
        most=language.euros(months.max(), 0),
    )
    columns = [
        Column("month", reading.text("deadlines_month")),
        Column("part", reading.text("deadlines_clock")),
        Column("charges", reading.text("account_tab_charges"), "", COUNT),
        Column("accounts", reading.text("worklist_accounts"), "", COUNT),
        figures.column_of(reading, *_CLOCKS, "outstanding_amount", EUROS),
    ]
    exhibits.show(reading, "deadlines_calendar", chart, sentence, rows, columns)
    _next_ones(reading)


_NEXT = """
    select charge_id, account_id, outstanding_amount::double as outstanding_amount,
        prescription_date, interrupted_by, interrupted_on,
        date_diff('day', cast($today as date), prescription_date) as days_left
    from recovery.mart_prescription
    where prescription_date > $today
        and prescription_date <= cast($today as date) + interval 6 month
    order by prescription_date, outstanding_amount desc, charge_id
"""


def _next_ones(reading: Reading) -> None:
    language = reading.language
    today = reading.looked_on
    rows = reading.query(f"{_NEXT} limit {_SHOWN}", today=today)
    if rows.empty:
        return

    columns = [
        figures.column_of(reading, *_CLOCKS, "prescription_date", DAY),
        Column("days_left", reading.text("days_left"), reading.text("days_left_help"), COUNT),
        figures.column_of(reading, *_CLOCKS, "account_id"),
        figures.column_of(reading, *_CLOCKS, "charge_id"),
        figures.column_of(reading, *_CLOCKS, "outstanding_amount", EUROS),
        figures.column_of(reading, *_CLOCKS, "interrupted_by"),
        figures.column_of(reading, *_CLOCKS, "interrupted_on", DAY),
    ]

    def named(found: pd.DataFrame) -> pd.DataFrame:
        return found.assign(interrupted_by=reading.named("stage", found["interrupted_by"]))

    st.markdown(reading.text("deadlines_next", shown=language.number(len(rows))))
    st.caption(
        reading.text(
            "days_counted",
            today=language.day(today),
            date=language.day(reading.release.business_date),
        )
    )
    grids.show_table(reading, "deadlines_next", named(rows), columns)
    downloads.offer_workbook(
        reading,
        "prescription",
        reading.text("deadlines_calendar"),
        lambda: named(reading.query(_NEXT, today=today)),
        columns,
    )


def _plans(reading: Reading) -> None:
    language = reading.language
    st.subheader(reading.text("deadlines_plans"))
    rows = reading.query(
        """select coalesce(cast(year(start_date) as varchar), '–') as year, status,
            count(*)::bigint as plans, sum(instalments_kept)::bigint as instalments_kept,
            sum(instalments_judged)::bigint as instalments_judged,
            sum(instalments_amount)::double as instalments_amount
        from recovery.mart_plans group by all order by year"""
    )
    if rows.empty:
        st.info(reading.text("deadlines_no_plan"))
        return
    codes = [code for code in reading.labels("plan_status") if code in set(rows["status"])]
    judged = int(rows["instalments_judged"].sum())
    granted = rows[rows["status"].isin(["running", "completed", "broken"])]
    broken = int(granted.loc[granted["status"] == "broken", "plans"].sum())
    sentence = reading.text(
        "deadlines_plans_sentence",
        granted=language.number(int(granted["plans"].sum())),
        broken=language.percent(
            broken / granted["plans"].sum() if granted["plans"].sum() else None, 0
        ),
        kept=language.percent(rows["instalments_kept"].sum() / judged if judged else None, 0),
    )
    rows["status_name"] = reading.named("plan_status", rows["status"])
    rows["kept"] = (rows["instalments_kept"] / rows["instalments_judged"]).where(
        rows["instalments_judged"] > 0
    )
    chart = charts.stacked_bars(
        granted.assign(status_name=reading.named("plan_status", granted["status"])),
        x="year",
        x_title=reading.text("deadlines_plan_year"),
        y="plans",
        y_title=reading.text("deadlines_plans"),
        part="status_name",
        parts={
            reading.label("plan_status", code): _STATUS_COLOURS[code]
            for code in codes
            if code in ("running", "completed", "broken")
        },
        order=sorted(set(granted["year"])),
        format=",d",
    )
    columns = [
        Column("year", reading.text("deadlines_plan_year")),
        Column("status_name", reading.label_of(*_PLANS, "status")),
        Column("plans", reading.text("deadlines_plans"), "", COUNT),
        figures.column_of(reading, *_PLANS, "instalments_judged", COUNT),
        figures.column_of(reading, *_PLANS, "instalments_kept", COUNT),
        Column("kept", reading.label_of(*_PLANS, "kept_pct"), "", SHARE),
        figures.column_of(reading, *_PLANS, "instalments_amount", EUROS),
    ]
    exhibits.show(reading, "deadlines_plans", chart, sentence, rows, columns)


render(current())
