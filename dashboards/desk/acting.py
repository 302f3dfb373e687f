"""Who works at the desk, and what they do: one operation of the register at a time.

Belongs here: the name of who acts, opening the desk, telling what an operation did or why it was
refused. Does not belong here: the operations (exports.register).
"""

import os
import re
from collections.abc import Callable

import streamlit as st

from dashboards.outside import escaped
from dashboards.source import Reading
from exports.errors import ExportError
from exports.register.desk import Desk, open_desk
from exports.register.errors import BadRequest
from exports.register.people import who_acts
from exports.register.request import Request
from release.errors import ReleaseError

_DONE = "desk_done"
#: The field is forgotten with its page; the name is not. Each page has a field of its own: one that
#: the page before has drawn too would come up empty.
_WHO = "desk_who_{page}"
_KEPT = "desk_name"
#: What only the command line needs stands in brackets in the sentences of the register; what only
#: a command can do (checkers, reseal) is said here too.
_COMMAND = re.compile(
    r"\s*\((?![^()]*vigie request (?:checkers|reseal))[^()]*(?:vigie request|--[a-z])[^()]*\)"
)
#: A day by itself, not that of a release or of a delivery.
_DAY = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])")


def open_page(reading: Reading) -> tuple[Desk, list[Request]] | None:
    """Draw the head of a page of the desk: who acts, what was done before; give the desk and every
    request, or None, with the reason told, where the register does not open.
    """
    desk = _open_for(reading)
    if desk is None:
        return None
    _tell()
    found = read(reading, desk.requests)
    return None if found is None else (desk, list(found.values()))


def _open_for(reading: Reading) -> Desk | None:
    """Open the desk for who acts; None, with the reason told, where it does not open."""
    try:
        return open_desk(who=who(reading), lang=reading.lang)
    except ExportError as error:
        st.error(refusal(reading, error), icon=":material/block:")
        return None


def who(reading: Reading) -> str:
    """Return the name of who acts.

    Whoever is logged in acts under their own name. In the demonstration the name is asked for and
    believed, as the command line believes `--as`: VIGIE_USER or the login name to begin with.
    """
    person = reading.person
    return person.name if person.is_known else _asked(reading)


def _asked(reading: Reading) -> str:
    field = _WHO.format(page=reading.page)
    if field not in st.session_state:
        st.session_state[field] = st.session_state.get(_KEPT) or _usual()
    st.text_input(
        reading.text("desk_who"),
        key=field,
        on_change=_keep,
        args=(field,),
        help=reading.text("desk_who_help"),
        width=320,
        icon=":material/badge:",
    )
    return st.session_state[field]


def _keep(field: str) -> None:
    """Keep the name for the next page, also where that page is asked for in the same moment."""
    st.session_state[_KEPT] = st.session_state[field].strip()


def read(reading: Reading, look: Callable[[], object]) -> object | None:
    """Read from the register; None, with the reason told, where it cannot be read."""
    try:
        return look()
    except ExportError as error:
        st.error(refusal(reading, error), icon=":material/block:")
        return None


def refusal(reading: Reading, error: Exception) -> str:
    """Return why something was refused, as a page says it: without commands and their options, days
    as everybody here writes them.
    """
    said = error.sentence(reading.lang) if isinstance(error, ReleaseError) else str(error)
    return escaped(_DAY.sub(r"\3/\2/\1", _COMMAND.sub("", said)))


def attempt(
    reading: Reading, done: Callable[[Request], str], operation: Callable[[], Request]
) -> None:
    """Carry an operation out and draw the page anew, with what `done` says of the request that came
    of it; told why where it is refused, and nothing has changed then.
    """
    try:
        with st.spinner(reading.text("desk_working")):
            became = operation()
    except (ExportError, ReleaseError, OSError) as error:
        st.error(refusal(reading, error), icon=":material/block:")
        return
    st.session_state[_DONE] = done(became)
    st.rerun()


def _tell() -> None:
    """Tell once what was done before the page was drawn anew."""
    if done := st.session_state.pop(_DONE, None):
        st.success(done, icon=":material/check_circle:")


def _usual() -> str:
    try:
        return who_acts(os.environ.get("VIGIE_USER"))
    except BadRequest:  # an account without a name: it is asked for
        return ""
