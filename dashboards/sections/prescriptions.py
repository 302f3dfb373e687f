"""Debts that prescribe: how much in which quarter, and the accounts to save them on.

Belongs here: what is still running, and how much is lost. Does not belong here: the date of one
charge (the release says it), the list of one account (account_tables).
"""

from functools import partial

import pandas as pd

from dashboards import charts, exhibits, figures, filters, grids, queries, sheet
from dashboards.charts import BLUE, VERMILLION
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS
from dashboards.sections import bridge, follow
from dashboards.source import Reading

_MART = ("recovery", "mart_prescription")
_SQL = queries.beside(__file__)


def show(reading: Reading, scope: dict) -> None:
    """Show the accounts of the chosen `offices` and `agents`."""
    scope = scope | {"today": reading.looked_on}
    sheet.heading(reading.text("deadlines_calendar"))
    _figures(reading, scope)
    rows = reading.query(_SQL["by_quarter"], **scope)
    if rows.empty:
        sheet.success(reading.text("deadlines_nothing"), icon=":material/task_alt:")
        return
    _calendar(reading, rows)
    _accounts(reading, scope, sorted(set(rows["quarter"])))


def _figures(reading: Reading, scope: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    totals = reading.query(_SQL["totals"], **scope).iloc[0]
    # Of data as of today nothing can have lapsed since.
    states = ("prescribed", "lapsed") if reading.looks_later else ("prescribed",)
    figures.show_figures(
        reading,
        [
            mart.own_figure(
                "deadlines_near",
                language.euros(totals["near_amount"], 0),
                language.counted("deadlines_accounts", totals["near_accounts"]),
            ),
            *(
                mart.own_figure(
                    f"deadlines_{state}",
                    language.euros(totals[f"{state}_amount"], 0),
                    language.counted("arrears_charges", totals[f"{state}_charges"]),
                )
                for state in states
            ),
        ],
    )
    bridge.link(reading)
    follow.listed(reading, "prescriptions")


def _calendar(reading: Reading, rows: pd.DataFrame) -> None:
    mart, language, text = From(reading, *_MART), reading.language, reading.text
    names = {
        False: text("deadlines_never_interrupted"),
        True: text("deadlines_interrupted"),
    }
    rows["part"] = rows["is_interrupted"].map(lambda flag: names[bool(flag)])
    chart = charts.stacked_bars(
        rows,
        x="quarter",
        x_title=text("deadlines_quarter"),
        y="outstanding_amount",
        y_title=text("amount_axis"),
        part="part",
        parts={names[False]: VERMILLION, names[True]: BLUE},
        order=sorted(set(rows["quarter"])),
    )
    quarters = rows.groupby("quarter")["outstanding_amount"].sum()
    sentence = text(
        "deadlines_calendar_sentence",
        quarters=language.number(len(quarters)),
        amount=language.euros(quarters.sum(), 0),
        quarter=language.quarter(quarters.idxmax()),
        most=language.euros(quarters.max(), 0),
    )
    columns = [
        Column("quarter", text("deadlines_quarter")),
        Column("part", text("deadlines_clock")),
        Column("charges", text("account_tab_charges"), format=COUNT),
        Column("accounts", text("worklist_accounts"), format=COUNT),
        mart.column("outstanding_amount", EUROS),
    ]
    exhibits.show(reading, "deadlines_calendar", chart, sentence, rows, columns)


def _accounts(reading: Reading, scope: dict, quarters: list[str]) -> None:
    mart, language, text = From(reading, *_MART), reading.language, reading.text
    sheet.heading(text("deadlines_list"), level=3)
    names = {"near": text("deadlines_near"), **{quarter: quarter for quarter in quarters}}
    chosen = filters.one_of("deadlines_quarter", text("deadlines_quarter"), list(names), names)
    scope = scope | {"quarter": chosen}
    accounts = int(reading.query(_SQL["accounts_counted"], **scope)["accounts"].iloc[0])
    if not accounts:
        sheet.success(text("deadlines_nothing_then"), icon=":material/task_alt:")
        return
    days = {"today": reading.looked_on, "date": reading.release.business_date}
    sheet.note(text("days_counted", **{name: language.day(day) for name, day in days.items()}))
    columns = [
        mart.column("account_id"),
        mart.own_column("prescription_date", "deadlines_first", DAY),
        mart.own_column("days_left", "days_left", COUNT),
        mart.own_column("charges", "deadlines_charges", COUNT),
        mart.column("outstanding_amount", EUROS),
        *mart.columns(("interrupted_on", "office_code", "agent_id"), {"interrupted_on": DAY}),
    ]
    read = partial(_rows, reading, scope)
    grids.show_list(reading, "prescription", text("deadlines_list"), read, columns, accounts)


def _rows(reading: Reading, scope: dict, lines: int) -> pd.DataFrame:
    rows = reading.query(_SQL["accounts"], lines=lines, **scope)
    return reading.with_names(rows, office_code="office")
