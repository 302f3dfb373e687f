"""The search of one account, and where to begin without a number.

Belongs here: what is typed, and what is found. Does not belong here: the forms of numbers (lookup),
what is shown of an account (account). A national number is refused before it is drawn, searched or
written into the address.
"""

import streamlit as st

from dashboards import asof, figures, filters, grids, lookup, queries, sheet
from dashboards.figures import From
from dashboards.formats import EUROS
from dashboards.sections import bridge
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_KEY = "account_account"
_NOT_FOUND = {"enterprise": "account_no_enterprise", "communication": "account_no_communication"}


def choose(reading: Reading) -> str | None:
    """Return the account that is asked for; the address keeps it, to be sent to a colleague."""
    is_refused = lookup.is_person(st.session_state.get(_KEY) or "")
    if is_refused:
        st.session_state[_KEY] = ""
    with st.container(border=True):
        text = filters.words(
            _KEY,
            reading.text("account_search"),
            lambda text: lookup.read(text) is not None,
            placeholder="A00000001",
            help=reading.text("account_search_help"),
        )
    if is_refused:
        sheet.warning(reading.text("account_no_person"), icon=":material/privacy_tip:")
        return None
    if not text:
        _suggest(reading)
        return None
    asked = lookup.read(text)
    if asked is None:
        sheet.warning(reading.text("account_form"), icon=":material/search_off:")
        return None
    return asked.value if asked.kind == "account" else _found(reading, asked)


def _found(reading: Reading, asked: lookup.Asked) -> str | None:
    """The account behind another number; of several, one is to be ticked."""
    is_held = asked.kind == "enterprise" or asof.holds(
        reading, "fct_receipts", schema="contribution"
    )
    if not is_held:
        return None
    found = list(reading.query(_SQL[f"by_{asked.kind}"], value=asked.value)["account_id"])
    if not found:
        sheet.warning(reading.text(_NOT_FOUND[asked.kind]), icon=":material/search_off:")
    if len(found) < 2:
        return found[0] if found else None
    sheet.paragraph(reading.text("account_several"))
    rows = reading.query(_SQL["balances"], accounts=found)
    balances = From(reading, "contribution", "fct_account_balances")
    columns = balances.columns(("account_id", "outstanding_amount"), {"outstanding_amount": EUROS})
    return grids.choose(reading, "account_found", rows, columns, "account_id")


def _suggest(reading: Reading) -> None:
    """How many accounts there are, and the first of the worklist to choose from."""
    language = reading.language
    known = reading.query(_SQL["known"]).iloc[0]
    balances = From(reading, "contribution", "fct_account_balances")
    figures.show_figures(
        reading,
        [
            balances.own_figure("account_known", language.number(known["accounts"])),
            balances.own_figure("account_owing", language.number(known["owing"])),
            balances.figure("outstanding_amount", language.euros(known["amount"])),
        ],
    )
    bridge.link(reading)
    if not asof.holds(reading, "mart_worklist"):
        return
    rows = reading.query(_SQL["suggested"])
    if rows.empty:
        return
    rows = reading.with_names(rows, reason="worklist_reason", next_action="worklist_action")
    columns = From(reading, "recovery", "mart_worklist").columns(
        ("account_id", "reason", "next_action", "outstanding_amount"),
        {"outstanding_amount": EUROS},
    )
    sheet.paragraph(reading.text("account_suggest"))
    grids.choose(reading, "account_suggested", rows, columns, "account_id", then=_search)


def _search(account: str) -> None:
    """Search for the account of the line that is ticked."""
    st.session_state[_KEY] = account
