"""Payment plans: kept or broken by year, and the list of those of one status with what was missed.

Belongs here: plans of many accounts. Does not belong here: the instalments of one account
(account_tables).
"""

from functools import partial

import pandas as pd

from dashboards import charts, exhibits, filters, grids, queries, sheet
from dashboards.charts import BLUE, GREEN, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS, SHARE
from dashboards.source import Reading

_MART = ("recovery", "mart_plans")
_SQL = queries.beside(__file__)
#: Plans that were granted, and the colour of what became of them.
_GRANTED = {"completed": GREEN, "running": BLUE, "broken": VERMILLION}


def show(reading: Reading, scope: dict) -> None:
    """Show the plans of accounts of the chosen `offices` and `agents`."""
    sheet.heading(reading.text("deadlines_plans"))
    rows = reading.query(_SQL["by_year"], **scope)
    if rows.empty:
        sheet.info(reading.text("deadlines_no_plan"))
        return
    _by_year(reading, rows)
    _list(reading, scope, rows.groupby("status")["plans"].sum())


def _by_year(reading: Reading, rows: pd.DataFrame) -> None:
    mart, text = From(reading, *_MART), reading.text
    granted = rows[rows["status"].isin(_GRANTED)]
    sentence = _sentence(reading, rows, granted)
    names = reading.labels("plan_status")
    chart = charts.stacked_bars(
        reading.with_names(granted, status="plan_status"),
        x="year",
        x_title=text("deadlines_plan_year"),
        y="plans",
        y_title=text("deadlines_plans"),
        part="status",
        parts={names[code]: colour for code, colour in _GRANTED.items() if code in names},
        order=sorted(set(granted["year"])),
        format=",d",
    )
    judged = rows["instalments_judged"].where(rows["instalments_judged"] > 0)
    shown = reading.with_names(rows, status="plan_status").assign(
        kept=rows["instalments_kept"] / judged
    )
    columns = [
        Column("year", text("deadlines_plan_year")),
        mart.column("status"),
        Column("plans", text("deadlines_plans"), format=COUNT),
        *mart.columns(("instalments_judged", "instalments_kept"), COUNT),
        Column("kept", mart.label("kept_pct"), format=SHARE),
        mart.column("instalments_amount", EUROS),
    ]
    exhibits.show(reading, "deadlines_plans", chart, sentence, shown, columns)


def _sentence(reading: Reading, rows: pd.DataFrame, granted: pd.DataFrame) -> str:
    language = reading.language
    plans, judged = granted["plans"].sum(), rows["instalments_judged"].sum()
    broken = granted.loc[granted["status"] == "broken", "plans"].sum()
    return reading.text(
        "deadlines_plans_sentence",
        granted=language.number(plans),
        broken=language.percent(broken / plans if plans else None, 0),
        kept=language.percent(rows["instalments_kept"].sum() / judged if judged else None, 0),
    )


def _list(reading: Reading, scope: dict, plans: pd.Series) -> None:
    mart, text = From(reading, *_MART), reading.text
    sheet.heading(text("plans_list"), level=3)
    names = {code: name for code, name in reading.labels("plan_status").items() if code in plans}
    status = filters.one_of(
        "deadlines_status", mart.label("status"), list(names), names, default="broken"
    )
    columns = [
        *mart.columns(("account_id", "plan_id", "start_date"), {"start_date": DAY}),
        mart.column("missed_due_date", DAY),
        mart.column("missed_amount", EUROS),
        mart.column("broken_date", DAY),
        *mart.columns(("instalments", "instalments_judged", "instalments_kept"), COUNT),
        mart.column("instalments_amount", EUROS),
        *mart.columns(("office_code", "agent_id")),
    ]
    read = partial(_rows, reading, scope | {"status": status})
    grids.show_list(reading, "plans", text("plans_list"), read, columns, int(plans[status]))


def _rows(reading: Reading, scope: dict, lines: int) -> pd.DataFrame:
    return reading.with_names(
        reading.query(_SQL["list"], lines=lines, **scope), office_code="office"
    )
