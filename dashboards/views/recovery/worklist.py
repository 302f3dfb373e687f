"""What the recovery team does today: the accounts that a rule names, ranked, with their reasons.

Belongs here: the choices and the sentences of this page. Does not belong here: its queries
(worklist.sql), the rules (lists of the warehouse), the view of one account, what came in and who
is new or gone (sections).
"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import asof, charts, downloads, exhibits, figures, filters, grids, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT, DAY, EUROS, with_decimals
from dashboards.notebook.standing import Standing
from dashboards.reference import worklist_capacity
from dashboards.sections import (
    account,
    assigned,
    bridge,
    follow,
    new_payments,
    notebook,
    worklist_changes,
)
from dashboards.source import Reading, current

_MART = ("recovery", "mart_worklist")
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    if not asof.holds(reading, _MART[1], "office_code"):
        return
    chosen = _choose(reading)
    totals = reading.query(_SQL["totals"], today=reading.looked_on, **chosen).iloc[0]
    _figures(reading, totals)
    if totals["accounts"]:
        ticked = _list(reading, chosen, int(totals["accounts"]))
        if ticked:
            account.show(reading, ticked)
        else:
            sheet.info(reading.text("worklist_pick"), icon=":material/ads_click:")
    else:
        sheet.success(reading.text("worklist_none"), icon=":material/task_alt:")
    scope = {name: chosen[name] for name in ("types", "offices", "agents")}
    worklist_changes.show(reading, scope)
    new_payments.show(reading, scope)
    if totals["accounts"]:
        _by_reason(reading, chosen)


def _choose(reading: Reading) -> dict:
    known, mart = reading.query(_SQL["known"]), From(reading, *_MART)

    def codes(name: str, list_name: str) -> list[str]:
        available = sorted(set(known[name]))
        return filters.codes(reading, f"worklist_{name}", mart.label(name), list_name, available)

    with st.container(border=True):
        whose = assigned.choose(reading, "worklist")
        first, second, third, fourth = st.columns(4, gap="medium")
        with first:
            reasons = codes("reason", "worklist_reason")
        with second:
            actions = codes("next_action", "worklist_action")
        with third:
            types = codes("account_type", "account_type")
        with fourth:
            typed = filters.words(
                "worklist_account", mart.label("account_id"), _is_part, placeholder="A0000…"
            )
    return {
        "reasons": reasons, "actions": actions, "types": types, **whose,
        # What cannot be a part of one is asked of nobody.
        "account": typed.upper() if not typed or _is_part(typed) else "?",
    }  # fmt: skip


def _is_part(text: str) -> bool:
    """Whether a text may be a part of an account's number."""
    return len(text) <= 9 and text.isalnum() and text.isascii()


def _figures(reading: Reading, totals: pd.Series) -> None:
    mart, language = From(reading, *_MART), reading.language
    figures.show_figures(
        reading,
        [
            mart.own_figure("worklist_accounts", language.number(totals["accounts"])),
            mart.own_figure("worklist_overdue", language.number(totals["overdue"])),
            mart.figure("outstanding_amount", language.euros(totals["amount"])),
        ],
    )
    bridge.link(reading)
    follow.listed(reading, "worklist")


def _list(reading: Reading, chosen: dict, accounts: int) -> str | None:
    """The list itself, a day's work of it to begin with; returns the account that is ticked."""
    language = reading.language
    standings = notebook.all_standings(reading)
    resting = notebook.resting(reading, standings)
    told = reading.language.counted("worklist_rests", len(resting))
    if resting and filters.yes_no("worklist_resting", told):
        resting = []
    read = partial(_rows, reading, chosen, standings, resting)
    today = min(worklist_capacity(), accounts)
    sheet.heading(language.counted("worklist_today", today))
    lines = today
    if accounts > today and filters.yes_no("worklist_whole", reading.text("worklist_whole")):
        lines = min(accounts, grids.LIST_LINES)
    shown = {"shown": language.number(lines), "all": language.number(accounts)}
    sheet.note(reading.text("worklist_shown", **shown))
    days = {"today": reading.looked_on, "date": reading.release.business_date}
    sheet.note(
        reading.text("days_counted", **{name: language.day(day) for name, day in days.items()})
    )
    columns = _columns(reading)
    ticked = grids.choose(reading, "worklist", read(lines), columns, "account_id", height=430)
    title = reading.text("worklist_title")
    downloads.offer_workbook(reading, "worklist", title, lambda: read(accounts), columns)
    return ticked


def _rows(
    reading: Reading,
    chosen: dict,
    standings: dict[str, Standing],
    resting: list[str],
    lines: int,
) -> pd.DataFrame:
    rows = reading.query(
        _SQL["list"],
        today=reading.looked_on,
        lang=reading.lang,
        lines=lines,
        resting=resting,
        **chosen,
    )
    taken = {name: one.taken.author for name, one in standings.items() if one.taken}
    rows["taken_by"] = [taken.get(account, "") for account in rows["account_id"]]
    names = reading.labels("worklist_reason")
    others = rows["other_reasons"].map(
        lambda codes: ", ".join(names.get(code, code) for code in codes.split(",") if code)
    )
    return reading.with_names(
        rows.assign(other_reasons=others),
        reason="worklist_reason",
        next_action="worklist_action",
        office_code="office",
    )


def _columns(reading: Reading) -> list[Column]:
    mart = From(reading, *_MART)
    explained = mart.label("explanation_nl" if reading.lang == "nl" else "explanation")
    return [
        *mart.columns(("account_id", "outstanding_amount"), {"outstanding_amount": EUROS}),
        *mart.columns(("next_action", "due_by"), {"due_by": DAY}),
        mart.own_column("days_left", "days_left", COUNT),
        # The sentence says the reason and is seen whole: its name stands behind.
        Column("explanation", explained, wide=True),
        Column("taken_by", reading.text("notebook_taken_by")),
        *mart.columns(("office_code", "agent_id", "reason", "other_reasons")),
        *mart.columns(("score", "priority"), {"score": with_decimals(COUNT, 1), "priority": COUNT}),
    ]


def _by_reason(reading: Reading, chosen: dict) -> None:
    mart, language = From(reading, *_MART), reading.language
    sheet.heading(reading.text("worklist_reasons"))
    rows = reading.query(_SQL["by_reason"], **chosen)
    rows = reading.with_names(rows, reason="worklist_reason")
    rows["written"] = rows["accounts"].map(language.number)
    accounts = reading.text("worklist_accounts")
    chart = charts.ranked_bars(
        rows,
        y="reason",
        x="accounts",
        x_title=accounts,
        label="written",
        label_title=accounts,
        format=",d",
    )
    top = rows.iloc[0]
    share = language.percent(top["accounts"] / rows["accounts"].sum(), 0)
    sentence = reading.text("worklist_reasons_sentence", reason=top["reason"], share=share)
    columns = [
        mart.column("reason"),
        mart.own_column("accounts", "worklist_accounts", COUNT),
        Column("amount", mart.label("outstanding_amount"), format=EUROS),
    ]
    exhibits.show(reading, "worklist_reasons", chart, sentence, rows, columns)


render(current())
