"""What the recovery team does today: the accounts that a rule names, ranked, with their reasons.

Belongs here: the queries and the sentences of this page. Does not belong here: the rules (lists of
the warehouse), the view of one account (account_view).
"""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import account_view, asof, charts, downloads, exhibits, figures, filters, grids
from dashboards.figures import Column
from dashboards.formats import COUNT, DAY, EUROS, TEXT, Format, with_decimals
from dashboards.source import Reading, current

_MART = ("recovery", "mart_worklist")
#: A person works through tens of accounts a day; the download holds them all.
_SHOWN = 300
_CHOSEN = """
    from recovery.mart_worklist
    where list_contains($reasons, reason) and list_contains($types, account_type)
        and list_contains($actions, next_action) and contains(account_id, upper($account))
"""


def render(reading: Reading) -> None:
    """Draw the page."""
    with st.container(border=True):
        reading, chosen = _choose(reading)
    if chosen is None:
        return
    totals = reading.query(
        f"""select count(*) as accounts, coalesce(sum(outstanding_amount), 0)::double as amount,
            count(*) filter (where due_by <= $today) as overdue {_CHOSEN}""",
        today=reading.looked_on,
        **chosen,
    ).iloc[0]
    _figures(reading, totals)
    if not totals["accounts"]:
        st.success(reading.text("worklist_none"), icon=":material/task_alt:")
        return
    account = _list(reading, chosen, int(totals["accounts"]))
    if account:
        account_view.show(reading, account)
    else:
        st.info(reading.text("worklist_pick"), icon=":material/ads_click:")
    st.divider()
    _by_reason(reading, chosen)


def _choose(reading: Reading) -> tuple[Reading, dict | None]:
    first, second, third, fourth = st.columns(4, gap="medium")
    if not asof.holds(reading, "mart_worklist"):
        return reading, None
    known = reading.query(
        "select distinct reason, next_action, account_type from recovery.mart_worklist"
    )

    def choose(name: str, list_name: str) -> list[str]:
        label = reading.label_of(*_MART, name)
        return filters.codes(
            reading, f"worklist_{name}", label, list_name, sorted(set(known[name]))
        )

    with first:
        reasons = choose("reason", "worklist_reason")
    with second:
        actions = choose("next_action", "worklist_action")
    with third:
        types = choose("account_type", "account_type")
    with fourth:
        label = reading.label_of(*_MART, "account_id")
        account = st.text_input(label, key="worklist_account", placeholder="A0000…").strip()
    return reading, {"reasons": reasons, "actions": actions, "types": types, "account": account}


def _figures(reading: Reading, totals: pd.Series) -> None:
    language = reading.language
    own = partial(figures.own_figure, reading, *_MART)
    figures.show_figures(
        reading,
        [
            own("worklist_accounts", language.number(totals["accounts"])),
            own("worklist_overdue", language.number(totals["overdue"])),
            figures.figure_of(
                reading, *_MART, "outstanding_amount", language.euros(totals["amount"])
            ),
        ],
    )


def _by_reason(reading: Reading, chosen: dict) -> None:
    language = reading.language
    st.subheader(reading.text("worklist_reasons"))
    rows = reading.query(
        f"""select reason, count(*) as accounts, sum(outstanding_amount)::double as amount
            {_CHOSEN} group by reason order by accounts desc, reason""",
        **chosen,
    )
    rows["reason"] = reading.named("worklist_reason", rows["reason"])
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
    sentence = reading.text(
        "worklist_reasons_sentence",
        reason=top["reason"],
        share=language.percent(top["accounts"] / rows["accounts"].sum(), 0),
    )
    owed = reading.label_of(*_MART, "outstanding_amount")
    columns = [
        figures.column_of(reading, *_MART, "reason"),
        Column("accounts", accounts, "", COUNT),
        Column("amount", owed, "", EUROS),
    ]
    exhibits.show(reading, "worklist_reasons", chart, sentence, rows, columns)


def _list(reading: Reading, chosen: dict, accounts: int) -> str | None:
    """The list itself; returns the account of the line that is chosen."""
    language = reading.language
    st.subheader(reading.text("worklist_list"))
    if accounts > _SHOWN:
        st.caption(
            reading.text(
                "worklist_shown", shown=language.number(_SHOWN), all=language.number(accounts)
            )
        )
    st.caption(
        reading.text(
            "days_counted",
            today=language.day(reading.looked_on),
            date=language.day(reading.release.business_date),
        )
    )
    rows = _rows(reading, chosen, f"limit {_SHOWN}")
    columns = _columns(reading)
    account = grids.choose(reading, "worklist", rows, columns, "account_id", height=430)
    downloads.offer_workbook(
        reading,
        "worklist",
        reading.text("worklist_title"),
        lambda: _rows(reading, chosen, ""),
        columns,
    )
    return account


def _rows(reading: Reading, chosen: dict, limit: str) -> pd.DataFrame:
    explanation = "explanation_nl" if reading.lang == "nl" else "explanation"
    rows = reading.query(
        f"""select priority, account_id, reason, next_action, due_by,
            date_diff('day', cast($today as date), due_by) as days_left,
            outstanding_amount::double as outstanding_amount, {explanation} as explanation,
            coalesce(other_reasons, '') as other_reasons, score::double as score
            {_CHOSEN} order by priority {limit}""",
        today=reading.looked_on,
        **chosen,
    )
    rows["reason"] = reading.named("worklist_reason", rows["reason"])
    rows["next_action"] = reading.named("worklist_action", rows["next_action"])
    names = reading.labels("worklist_reason")
    rows["other_reasons"] = rows["other_reasons"].map(
        lambda codes: ", ".join(names.get(code, code) for code in codes.split(",") if code)
    )
    return rows


def _columns(reading: Reading) -> list[Column]:
    def column(name: str, format: Format = TEXT, wide: bool = False) -> Column:
        return figures.column_of(reading, *_MART, name, format, wide=wide)

    explained = reading.label_of(
        *_MART, "explanation_nl" if reading.lang == "nl" else "explanation"
    )
    return [
        column("account_id"),
        column("next_action"),
        column("due_by", DAY),
        Column("days_left", reading.text("days_left"), reading.text("days_left_help"), COUNT),
        # The sentence says the reason and is seen whole: its name stands behind.
        Column("explanation", explained, wide=True),
        column("outstanding_amount", EUROS),
        column("reason"),
        column("other_reasons"),
        column("score", with_decimals(COUNT, 1)),
        column("priority", COUNT),
    ]


render(current())
