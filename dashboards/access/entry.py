"""The door of the pages: who looks, or a sentence and the end of this drawing.

Belongs here: what is drawn of a login, of the demonstration, of a page that is not somebody's. Does
not belong here: claims and the file they are set up in (login.py), rights (person.py).
"""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st

from dashboards import navigation, sheet
from dashboards.access import log, login, wanted
from dashboards.access.declared import declaration
from dashboards.access.errors import LoginError
from dashboards.access.person import Person, demonstration, known_roles
from dashboards.i18n import Language
from dashboards.source import Reading
from dashboards.subscriptions import known

#: The choice of the demonstration; empty for all roles.
ROLE = "role"
_WRITTEN = "access_login_written"
#: Headers that only somebody between a browser and this server writes.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


def who(language: Language) -> Person:
    """Return who looks; where nobody may, a sentence is shown and this drawing ends."""
    try:
        how = login.setup()
        if how is None:
            return _demonstration(language)
        if list(st.get_option("secrets.files")) != [str(login.login_file())]:
            raise LoginError("login_not_given")
    except LoginError as error:
        _stop(language, language.text(error.key, **error.values))
    return _logged_in(language, how)


def _demonstration(language: Language) -> Person:
    """Somebody on this machine, who says which role to look as."""
    if not login.is_loopback(st.get_option("server.address") or "") or not _is_local():
        raise LoginError("login_needed")
    roles = declaration().roles
    with st.sidebar:
        st.caption(language.text("access_demonstration"))
        chosen = st.selectbox(
            language.text("access_role"),
            ["", *roles],
            format_func=lambda one: (
                roles[one].label(language.code) if one else language.text("access_all_roles")
            ),
            key=ROLE,
        )
    return demonstration(known_roles(chosen or list(roles)))


def _is_local() -> bool:
    """Whether the browser asked this machine by its own address, and nobody stands between."""
    headers = st.context.headers
    if any(name in headers for name in _FORWARDED):
        return False
    host = headers.get("Host")
    # Without a browser (tests of pages) there are no headers.
    return host is None or login.is_loopback(urlsplit(f"//{host}").hostname or "")


def _logged_in(language: Language, how: login.Setup) -> Person:
    if not st.user.is_logged_in:
        _ask(language, "login_please")
    claims = st.user.to_dict()
    if not login.lasts(claims, how):
        # The cookie outlives the login by far; it is worth nothing any more.
        _ask(language, "login_over")
    person = login.person_of(claims, how)
    if not person.subject:
        _ask(language, "login_nobody")
    if not person.roles:
        with st.sidebar:
            _leave(language, person)
        asked = how.contact or "–"
        _stop(language, language.text("login_no_role", name=person.name, contact=asked))
    told = (person, claims.get("iat"))
    if st.session_state.get(_WRITTEN) != told:
        log.write(log.Access(log.LOGIN, person.subject, person.name, person.roles))
        known.note(person, language.code)
        st.session_state[_WRITTEN] = told
        with st.sidebar:
            wanted.take_up(_root())
    with st.sidebar:
        _leave(language, person)
    return person


def _root() -> str:
    """The path of the pages, which stand behind a proxy under a path of their own or at none."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/" if base else "/"


def _leave(language: Language, person: Person) -> None:
    labels = [declaration().roles[role].label(language.code) for role in person.roles]
    st.caption(language.text("login_as", name=person.name, roles=", ".join(labels) or "–"))
    st.button(language.text("logout"), on_click=st.logout, key="logout")


def _ask(language: Language, key: str) -> NoReturn:
    navigation.shut(language.code)
    wanted.keep(language.code)
    st.info(language.text(key), icon=":material/lock:")
    st.button(language.text("login"), on_click=st.login, key="login")
    st.stop()


def _stop(language: Language, sentence: str) -> NoReturn:
    navigation.shut(language.code)
    st.error(sentence, icon=":material/block:")
    st.stop()


def not_yours(language: Language, title: str, person: Person) -> None:
    """Say that a page is not for the roles of who looks."""
    roles = [declaration().roles[role].label(language.code) for role in person.roles]
    st.warning(
        language.text("access_page_not_yours", page=title, roles=", ".join(roles)),
        icon=":material/block:",
    )


def no_office(reading: Reading) -> None:
    """Say on a page why its lists are empty: its rows are those of offices, and who looks has
    none."""
    has_some = set(reading.right.offices) & set(reading.labels("office"))
    if reading.right.by_office & reading.tables_read() and not has_some:
        sheet.warning(reading.text("no_office"), icon=":material/domain_disabled:")


def small_counts(reading: Reading) -> None:
    """Say on a page what was done to small counts: cells merged or left out, counts told in steps,
    shares told as a minimum."""
    merged, left_out = reading.small_counts()
    if merged or left_out:
        sheet.note(reading.text("few_told"))
    cut = dict(reading.right.cut)
    read = [declaration().cells[table] for table in reading.tables_read() if table in cut]
    if any(cells.parts for cells in read):
        sheet.note(reading.text("few_in_steps", least=reading.right.least))
    if any(cells.shares for cells in read):
        sheet.note(reading.text("few_minimum", least=reading.right.least))
