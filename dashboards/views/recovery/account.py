"""One account: looked up by its number, shown with its whole history.

Belongs here: the search, and where to begin without a number. Does not belong here: what is shown
of an account (account_view).
"""

import streamlit as st

from dashboards import account_view, asof, figures, filters, grids, sheet
from dashboards.formats import EUROS
from dashboards.outside import is_account
from dashboards.source import Reading, current

_WORKLIST = ("recovery", "mart_worklist")
_SUGGESTED = 10
_KEY = "account_account"


def render(reading: Reading) -> None:
    """Draw the page; the address keeps the account, so that it can be sent to a colleague."""
    with st.container(border=True):
        account = filters.words(
            _KEY, reading.text("account_search"), _is_account, placeholder="A00000001"
        ).upper()
    if not account:
        _suggest(reading)
    elif not is_account(account):
        sheet.warning(reading.text("account_form"), icon=":material/search_off:")
    elif asof.holds(reading, "fct_steps"):
        account_view.show(reading, account)


def _is_account(text: str) -> bool:
    return is_account(text.strip().upper())


def _suggest(reading: Reading) -> None:
    """How many accounts there are, and the first of the worklist to choose from."""
    number, text = reading.language.number, reading.text
    known = reading.query(
        "select count(*) as accounts, count(*) filter (where outstanding_amount > 0) as owing,"
        " sum(outstanding_amount)::double as amount from contribution.fct_account_balances"
    ).iloc[0]
    balances = ("contribution", "fct_account_balances")
    figures.show_figures(
        reading,
        [
            figures.own_figure(reading, *balances, "account_known", number(known["accounts"])),
            figures.own_figure(reading, *balances, "account_owing", number(known["owing"])),
            figures.figure_of(
                reading, *balances, "outstanding_amount", reading.language.euros(known["amount"])
            ),
        ],
    )
    if not asof.holds(reading, "mart_worklist"):
        return
    rows = reading.query(
        "select account_id, reason, next_action, outstanding_amount::double as outstanding_amount"
        f" from recovery.mart_worklist order by priority limit {_SUGGESTED}"
    )
    if rows.empty:
        return
    rows["reason"] = reading.named("worklist_reason", rows["reason"])
    rows["next_action"] = reading.named("worklist_action", rows["next_action"])
    columns = figures.columns_of(reading, *_WORKLIST, ("account_id", "reason", "next_action"))
    columns.append(figures.column_of(reading, *_WORKLIST, "outstanding_amount", EUROS))
    st.markdown(text("account_suggest"))
    grids.choose(reading, "account_suggested", rows, columns, "account_id", then=_search)


def _search(account: str) -> None:
    """Search for the account of the line that is ticked."""
    st.session_state[_KEY] = account


render(current())
