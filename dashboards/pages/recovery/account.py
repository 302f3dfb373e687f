"""One account: looked up by its number, shown with its whole history.

Belongs here: the search. Does not belong here: what is shown (account_view).
"""

import streamlit as st

from dashboards import account_view, asof
from dashboards.source import Reading, current


def render(reading: Reading) -> None:
    """Draw the page; the address keeps the account, so that it can be sent to a colleague."""
    st.title(reading.text("account_title"))
    st.markdown(reading.text("account_intro"))
    with st.container(border=True):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            if "account_search" not in st.session_state:
                st.session_state.account_search = st.query_params.get("account", "")
            asked = st.text_input(
                reading.text("account_search"), key="account_search", placeholder="A00000001"
            )
        with right:
            reading = asof.choose(reading, "account_release")
    account = asked.strip().upper()
    if not account:
        return
    st.query_params["account"] = account
    if asof.holds(reading, "fct_steps"):
        account_view.show(reading, account)


render(current())
