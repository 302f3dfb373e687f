"""What stands around every page: which release it shows and how old that is, the link to send, the
title and what the page is about.

Belongs here: the head and the foot of a page. Does not belong here: anything that only one page
shows, the navigation (navigation), who may look (access).
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import streamlit as st

from dashboards import address, asof, clock, downloads, sheet, source
from dashboards.access import entry as door
from dashboards.access import watch
from dashboards.access.person import Person
from dashboards.i18n import Language
from dashboards.navigation import PageEntry
from dashboards.paper import document
from dashboards.reference import freshness
from dashboards.sections import follow
from release.pointer import find_pointer

_BADGES = {
    "fresh": ("green", ":material/check_circle:"),
    "aging": ("orange", ":material/schedule:"),
    "late": ("red", ":material/error:"),
}
_LINK, _LOST = "vigie_link", "vigie_lost"


def open_page(
    entry: PageEntry, language: Language, person: Person, *, is_seen: bool = True
) -> source.Reading:
    """Draw the head of a page and return what the page reads with, as `person` may see it.

    `is_seen`: somebody looks, and that is written down; a page that is printed to be sent is
    written down by who sends it.

    Raises:
        release.errors.ReleaseError: there is no release, or it does not open.
        OSError: the access cannot be written down: then nothing is shown.
    """
    address.begin(entry.id)
    sheet.begin()
    reading = replace(source.begin(language, person), page=entry.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        reading = asof.choose(reading)
        _age(reading)
        with st.popover(
            reading.text("link"), icon=":material/link:", help=reading.text("link_help")
        ):
            # Filled by `close_page`: choices are known when the page is drawn.
            st.session_state[_LINK] = st.container()
    source.put(reading)
    # Before anything of it is shown: what is not written down is not seen.
    if is_seen:
        watch.page_seen(reading)
    sheet.title(reading.text(f"{entry.id}_title"))
    sheet.paragraph(reading.text(f"{entry.id}_intro"))
    st.session_state[_LOST] = st.container()
    if not entry.timeless:
        asof.tell(reading)
    return reading


def close_page(reading: source.Reading, *, is_seen: bool = True) -> None:
    """Draw what is known only at the end: the link that shows this very view, and what the link
    that was followed asked for and this page does not have."""
    door.small_counts(reading)
    if is_seen:
        # Choices that this drawing has put into the address.
        watch.page_seen(reading)
    with st.session_state.pop(_LINK):
        st.caption(reading.text("link_what", release=reading.release.id))
        file = f"{reading.page}_{reading.release.id}_{reading.lang}.pdf"
        downloads.button(
            reading,
            "vigie_paper",
            "paper",
            file,
            partial(document.page_pdf, reading, sheet.shown()),
            icon=":material/picture_as_pdf:",
        )
        st.code(
            address.link(lang=reading.lang, release=reading.release.id),
            language=None,
            wrap_lines=True,
        )
        follow.page(reading)
    with st.session_state.pop(_LOST):
        door.no_office(reading)
        _lost(reading)


def _age(reading: source.Reading) -> None:
    release, language = reading.release, reading.language
    age = freshness(release.business_date, clock.today())
    colour, icon = _BADGES[age.key]
    told = reading.text(age.key, days=age.days)
    st.badge(told, color=colour, icon=icon, help=reading.text("fresh_help"))
    _rolled_back(reading)
    st.caption(
        reading.text(
            "header_line",
            date=language.day(release.business_date),
            release=release.id,
            built=language.moment(release.built_at),
        ),
        width="content",
    )


def _rolled_back(reading: source.Reading) -> None:
    """Say that the current release is an earlier one, and why somebody went back to it."""
    pointer = find_pointer()
    back = pointer.rollback if pointer else None
    if back is None or pointer.release_id != reading.release.id:
        return
    at = reading.language.moment(datetime.fromisoformat(back.at))
    said = reading.text("rolled_back", at=at, reason=back.reason)
    st.badge(said, color="orange", icon=":material/history:")


def _lost(reading: source.Reading) -> None:
    if address.leave_unknown():
        sheet.warning(reading.text("link_unknown"), icon=":material/link_off:")
    for name in address.lost():
        if name == asof.KEY:
            day = reading.language.day(reading.release.business_date)
            sheet.warning(reading.text("link_retired", date=day), icon=":material/history:")
        else:
            sheet.warning(reading.text("link_lost", name=name), icon=":material/link_off:")
