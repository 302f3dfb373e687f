"""The view of one account: what it owes, everything that happened to it, what covers what, clocks.

Belongs here: the queries and sentences of that view, shown by two pages. Does not belong here: the
choice of the account.
"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import charts_curves, charts_marks, exhibits, figures, grids
from dashboards.access import watch
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, FLAG, TEXT, YEAR, Format
from dashboards.outside import escaped
from dashboards.source import Reading
from release import references

# Charges and allocations lie in the order of accounts: the rest of the table is not even read.
_CHARGES = """
    select charge_id, charge_type, contribution_year, nature, issue_date, due_date,
        net_amount::double as net_amount, collected_amount::double as collected_amount,
        credited_amount::double as credited_amount,
        outstanding_amount::double as outstanding_amount, settled_date, days_past_due
    from contribution.fct_charges
    where account_id = $account and gross_amount > 0
    order by due_date desc, charge_id desc
"""
_ALLOCATIONS = """
    select value_date, credit_type, credit_id, charge_id, designated,
        allocated_amount::double as allocated_amount
    from contribution.fct_allocations
    where account_id = $account and value_date <= $today
    order by value_date desc, credit_id, charge_id
"""
_STEPS = """
    select step_date, case_id, step_type, agent_id, outcome,
        claimed_amount::double as claimed_amount, cost_amount::double as cost_amount
    from recovery.fct_steps where account_id = $account order by step_date desc, step_id desc
"""
_CASES = """
    select case_id, opened_date, closed_date, closing_reason, stage, stage_date,
        had_proactive_contact, outstanding_amount::double as outstanding_amount
    from recovery.fct_cases where account_id = $account order by opened_date desc
"""
_INSTALMENTS = """
    select instalments.plan_id, plans.status, instalments.due_date,
        instalments.instalment_amount::double as instalment_amount, instalments.is_kept
    from recovery.fct_instalments as instalments
    inner join recovery.mart_plans as plans on instalments.plan_id = plans.plan_id
    where instalments.account_id = $account
    order by instalments.due_date desc
"""
_CLOCKS = """
    select prescription_date, interrupted_by, interrupted_on,
        date_diff('day', cast($looked_on as date), prescription_date) as days_left,
        prescription_date <= $looked_on as is_prescribed,
        count(*) as charges, sum(outstanding_amount)::double as outstanding_amount
    from recovery.mart_prescription where account_id = $account
    group by all order by prescription_date
"""
_DEADLINES = """
    select insolvency_kind, opened_date, claim_deadline_date, claim_filed_date, closed_date
    from recovery.fct_insolvencies where account_id = $account order by opened_date desc
"""
_BALANCE = """
    select outstanding_amount::double as outstanding_amount,
        unallocated_amount::double as unallocated_amount
    from contribution.fct_account_balances where account_id = $account
"""


def show(reading: Reading, account: str) -> None:
    """Draw the view of an account; a sentence when the release does not know it."""
    watch.account_opened(reading, account)
    balance = reading.query(_BALANCE, account=account)
    if balance.empty:
        st.warning(reading.text("account_unknown", account=account), icon=":material/search_off:")
        return
    today = reading.release.business_date
    days = {"today": today, "looked_on": reading.looked_on}
    data = {
        name: reading.query(
            sql, account=account, **{day: at for day, at in days.items() if f"${day}" in sql}
        )
        for name, sql in {
            "charges": _CHARGES,
            "allocations": _ALLOCATIONS,
            "steps": _STEPS,
            "cases": _CASES,
            "instalments": _INSTALMENTS,
            "clocks": _CLOCKS,
            "deadlines": _DEADLINES,
        }.items()
    }
    st.subheader(reading.text("account_of", account=account))
    _reasons(reading, account)
    _figures(reading, balance.iloc[0], data)
    _history(reading, data, pd.Timestamp(today))
    _tables(reading, data)


def _reasons(reading: Reading, account: str) -> None:
    """Why it is on the worklist, in sentences."""
    language = "nl" if reading.lang == "nl" else "fr"
    rows = reading.query(
        f"""select next_action, explanation_{language} as explanation
            from recovery.fct_worklist_reasons where account_id = $account order by score desc""",
        account=account,
    )
    for row in rows.itertuples():
        action = reading.label("worklist_action", row.next_action)
        st.warning(f"**{escaped(action)}.** {escaped(row.explanation)}", icon=":material/flag:")


def _figures(reading: Reading, balance: pd.Series, data: dict[str, pd.DataFrame]) -> None:
    language = reading.language
    own = partial(figures.own_figure, reading)
    charges, clocks = data["charges"], data["clocks"]
    owed = charges[charges["outstanding_amount"] > 0]
    arrears = owed[owed["days_past_due"] > 0]
    running = clocks[~clocks["is_prescribed"].astype(bool)]
    open_cases = int(data["cases"]["closed_date"].isna().sum())
    figures.show_figures(
        reading,
        [
            own(
                "contribution",
                "fct_account_balances",
                "account_owed",
                language.euros(balance["outstanding_amount"]),
                language.counted("account_charges", len(owed)),
            ),
            own(
                "contribution",
                "fct_charges",
                "account_arrears",
                language.euros(arrears["outstanding_amount"].sum()),
            ),
            own(
                "contribution",
                "fct_account_balances",
                "account_unallocated",
                language.euros(balance["unallocated_amount"]),
            ),
            own("recovery", "fct_cases", "account_cases", language.number(open_cases)),
            own(
                "recovery",
                "mart_prescription",
                "account_next_prescription",
                language.day(running["prescription_date"].iloc[0]) if len(running) else "–",
                language.counted("account_days_left", running["days_left"].iloc[0])
                if len(running)
                else "",
            ),
        ],
    )


def _history(reading: Reading, data: dict[str, pd.DataFrame], today: pd.Timestamp) -> None:
    events = _events(reading, data)
    if events.empty:
        st.info(reading.text("account_nothing"))
        return
    owed = _owed_over_time(data, today)
    if len(owed):
        peak = owed.loc[owed["amount"].idxmax()]
        sentence = reading.text(
            "account_owed_sentence",
            peak=reading.language.euros(peak["amount"], 0),
            date=reading.language.day(peak["day"]),
            now=reading.language.euros(owed["amount"].iloc[-1], 0),
        )
        chart = charts_curves.amount_over_time(
            owed, x="day", y="amount", y_title=reading.text("account_owed")
        )
        columns = [
            Column("day", reading.text("account_day"), "", DAY),
            Column(
                "amount",
                reading.text("account_owed"),
                reading.text("account_owed_help"),
                EUROS,
                reference=_references(reading, *_OWED),
            ),
        ]
        exhibits.show(reading, "account_owed", chart, sentence, owed.iloc[::-1], columns)
    lanes = [lane for lane in _lanes(reading) if lane in set(events["lane"])]
    largest = events["amount"].abs().max() or 1
    events["_size"] = (events["amount"].abs() / largest).fillna(0)
    chart = charts_marks.timeline(
        events, day="day", lane="lane", lanes=lanes, what="what", amount="written", today=today
    )
    sentence = reading.text(
        "account_timeline_sentence",
        first=reading.language.day(events["day"].min()),
        events=reading.language.number(len(events)),
    )
    columns = [
        Column("day", reading.text("account_day"), "", DAY),
        Column("lane", reading.text("account_kind")),
        Column("what", reading.text("account_what"), reference=_references(reading, *_EVENTS)),
        Column("amount", reading.text("amount_axis"), "", EUROS),
    ]
    exhibits.show(
        reading,
        "account_timeline",
        chart,
        sentence,
        events.sort_values("day", ascending=False),
        columns,
    )


_OWED = (("contribution", "fct_charges"), ("contribution", "fct_allocations"))
_EVENTS = (
    *_OWED,
    ("recovery", "fct_steps"),
    ("recovery", "fct_instalments"),
    ("recovery", "mart_prescription"),
)


def _references(reading: Reading, *tables: tuple[str, str]) -> str:
    """What defines figures that the page makes of several tables."""
    return references.joined(reading.entry(*table).reference for table in tables)


def _lanes(reading: Reading) -> list[str]:
    return [
        reading.text(key)
        for key in (
            "account_lane_charges",
            "account_lane_payments",
            "account_lane_credits",
            "account_lane_steps",
            "account_lane_plan",
            "account_lane_clocks",
        )
    ]


def _events(reading: Reading, data: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Everything with a date, on its lane: what happened, and the clocks that run."""
    charge, paid, credit, step, plan, clock = _lanes(reading)
    found = []

    def add(lane, days, whats, amounts) -> None:
        for day, what, amount in zip(days, whats, amounts, strict=True):
            if day == day and day is not None:
                found.append((pd.Timestamp(day), lane, what, amount))

    rows = data["charges"]
    names = reading.named("charge_type", rows["charge_type"])
    whats = names.astype(str) + " " + rows["contribution_year"].astype(str)
    add(charge, rows["due_date"], whats, rows["net_amount"])
    money = data["allocations"].groupby(["value_date", "credit_type", "credit_id"], as_index=False)
    credits = money["allocated_amount"].sum()
    is_payment = credits["credit_type"] == "payment"
    for lane, part in ((paid, credits[is_payment]), (credit, credits[~is_payment])):
        kinds = reading.named("credit_type", part["credit_type"]).astype(str)
        whats = kinds + " " + part["credit_id"]
        add(lane, part["value_date"], whats, part["allocated_amount"])
    rows = data["steps"]
    add(step, rows["step_date"], reading.named("stage", rows["step_type"]), rows["claimed_amount"])
    rows = data["instalments"]
    kept = {True: "account_kept", False: "account_missed"}
    whats = [
        reading.text(kept[bool(k)]) if k is not None and k == k else reading.text("account_to_come")
        for k in rows["is_kept"]
    ]
    add(plan, rows["due_date"], whats, rows["instalment_amount"])
    rows = data["clocks"]
    what = reading.text("account_prescribes")
    add(clock, rows["prescription_date"], [what] * len(rows), rows["outstanding_amount"])
    rows = data["deadlines"]
    kinds = reading.named("insolvency_kind", rows["insolvency_kind"])
    add(clock, rows["opened_date"], kinds, [float("nan")] * len(rows))
    what = reading.text("account_claim_deadline")
    add(clock, rows["claim_deadline_date"], [what] * len(rows), [float("nan")] * len(rows))
    events = pd.DataFrame(found, columns=["day", "lane", "what", "amount"])
    events["written"] = events["amount"].map(reading.language.euros)
    return events


def _owed_over_time(data: dict[str, pd.DataFrame], today: pd.Timestamp) -> pd.DataFrame:
    """Outstanding on issued charges after each day on which it changed."""
    charges = data["charges"].set_index("charge_id")
    claimed = charges[["issue_date", "net_amount"]].set_axis(["day", "change"], axis=1)
    moves = data["allocations"]
    # Money that came before the notice counts when the charge appears.
    issued = moves["charge_id"].map(charges["issue_date"])
    days = pd.to_datetime(moves["value_date"]).combine(pd.to_datetime(issued), max)
    taken = pd.DataFrame({"day": days, "change": -moves["allocated_amount"]})
    every = pd.concat([claimed, taken])
    every["day"] = pd.to_datetime(every["day"])
    every = every[every["day"] <= today]
    daily = every.groupby("day", as_index=False)["change"].sum().sort_values("day")
    daily["amount"] = daily["change"].cumsum().round(2)
    if len(daily) and daily["day"].iloc[-1] < today:
        last = pd.DataFrame({"day": [today], "amount": [daily["amount"].iloc[-1]]})
        daily = pd.concat([daily, last], ignore_index=True)
    return daily[["day", "amount"]]


def _tables(reading: Reading, data: dict[str, pd.DataFrame]) -> None:
    tabs = {
        "account_tab_charges": ("charges", _charge_columns),
        "account_tab_allocations": ("allocations", _allocation_columns),
        "account_tab_steps": ("steps", _step_columns),
        "account_tab_cases": ("cases", _case_columns),
        "account_tab_plan": ("instalments", _plan_columns),
        "account_tab_clocks": ("clocks", _clock_columns),
    }
    shown = {key: value for key, value in tabs.items() if len(data[value[0]])}
    if not shown:
        return
    for tab, (name, columns) in zip(
        st.tabs([reading.text(key) for key in shown]), shown.values(), strict=True
    ):
        with tab:
            rows = data[name].copy()
            for column, list_name in _LISTS.items():
                if column in rows:
                    rows[column] = reading.named(list_name, rows[column])
            grids.show_table(reading, f"account_{name}", rows, columns(reading))


_LISTS = {
    "charge_type": "charge_type",
    "credit_type": "credit_type",
    "step_type": "stage",
    "stage": "stage",
    "outcome": "step_outcome",
    "closing_reason": "closing_reason",
    "interrupted_by": "stage",
    "status": "plan_status",
}


def _of(reading: Reading, schema: str, table: str, *names: str) -> list[Column]:
    """Columns named by the dictionary, each kind of value known by the ending of its name."""
    return [figures.column_of(reading, schema, table, name, _format_of(name)) for name in names]


def _format_of(name: str) -> Format:
    if name.endswith("_amount"):
        return EUROS
    if name.endswith(("_date", "_on")):
        return DAY
    if name.startswith(("is_", "had_")) or name == "designated":
        return FLAG
    return YEAR if name.endswith("_year") else TEXT


def _charge_columns(reading: Reading) -> list[Column]:
    return _of(
        reading, "contribution", "fct_charges", "due_date", "charge_type", "contribution_year",
        "net_amount", "collected_amount", "credited_amount", "outstanding_amount", "settled_date",
        "charge_id",
    )  # fmt: skip


def _allocation_columns(reading: Reading) -> list[Column]:
    return _of(
        reading, "contribution", "fct_allocations", "value_date", "credit_type", "credit_id",
        "charge_id", "allocated_amount", "designated",
    )  # fmt: skip


def _step_columns(reading: Reading) -> list[Column]:
    return _of(
        reading, "recovery", "fct_steps", "step_date", "step_type", "case_id", "agent_id",
        "outcome", "claimed_amount", "cost_amount",
    )  # fmt: skip


def _case_columns(reading: Reading) -> list[Column]:
    return _of(
        reading, "recovery", "fct_cases", "case_id", "opened_date", "stage", "stage_date",
        "outstanding_amount", "had_proactive_contact", "closed_date", "closing_reason",
    )  # fmt: skip


def _plan_columns(reading: Reading) -> list[Column]:
    return [
        *_of(reading, "recovery", "fct_instalments", "plan_id", "due_date", "instalment_amount",
             "is_kept"),
        *_of(reading, "recovery", "mart_plans", "status"),
    ]  # fmt: skip


def _clock_columns(reading: Reading) -> list[Column]:
    return [
        *_of(reading, "recovery", "mart_prescription", "prescription_date", "interrupted_by",
             "interrupted_on"),
        Column("days_left", reading.text("days_left"), reading.text("days_left_help"), COUNT),
        *_of(reading, "recovery", "mart_prescription", "outstanding_amount", "is_prescribed"),
    ]  # fmt: skip
