"""What counts as an access, and is written down before anything is shown.

Belongs here: a page with its filters, an account opened, a file taken. Does not belong here: the
record itself (log.py).

One drawing of a page is one access, and only when the page, its filters or its release changed:
a click that changes none of them is none.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards.access import log
from dashboards.source import Reading

_LAST_PAGE, _LAST_ACCOUNT = "access_last_page", "access_last_account"
#: What may stand in an address is short; more is somebody who tries.
_LONGEST, _MOST = 200, 40


def page_seen(reading: Reading) -> None:
    """Write that a page is seen. Raises OSError: then it is not to be shown."""
    filters = {
        name[:_LONGEST]: value[:_LONGEST]
        for name, value in list(dict(st.query_params).items())[:_MOST]
    }
    seen = (reading.person.subject, reading.page, tuple(filters.items()), reading.release.id)
    if st.session_state.get(_LAST_PAGE) == seen:
        return
    log.write(_access(reading, log.PAGE, filters=filters))
    st.session_state[_LAST_PAGE] = seen
    # Whoever comes back to a page opens the account on it anew.
    if st.session_state.get(_LAST_ACCOUNT, seen)[1] != reading.page:
        del st.session_state[_LAST_ACCOUNT]


def account_opened(reading: Reading, account: str) -> None:
    """Write that an account is opened. Raises OSError: then it is not to be shown."""
    seen = (reading.person.subject, reading.page, account, reading.release.id)
    if st.session_state.get(_LAST_ACCOUNT) == seen:
        return
    log.write(_access(reading, log.ACCOUNT, account=account))
    st.session_state[_LAST_ACCOUNT] = seen


def given(reading: Reading, file: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file when somebody takes it, written down before it is made."""

    def made() -> bytes:
        taken(reading, file)
        return make()

    return made


def taken(reading: Reading, file: str) -> None:
    """Write that a file is taken. Raises OSError: then it is not to be given."""
    log.write(_access(reading, log.DOWNLOAD, download=file))


def _access(reading: Reading, what: str, **values: object) -> log.Access:
    person = reading.person
    return log.Access(
        what, person.subject, person.name, person.roles, reading.page, release=reading.release.id,
        **values,
    )  # fmt: skip
