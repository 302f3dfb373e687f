"""What somebody asked to be told when a release is published, and a new wish.

Belongs here: the order of the page and the fields of a new wish. Does not belong here: its pieces
(sections/notices), what is sent (subscriptions).
"""

from decimal import Decimal

import streamlit as st

from dashboards import address, figures, filters, navigation, sheet, typed
from dashboards.sections import notices
from dashboards.source import Reading, current
from dashboards.subscriptions import content, lists, watched
from dashboards.subscriptions.subscription import (
    ABOVE,
    BELOW,
    CHANGE,
    FIGURE,
    LIST,
    MOST_DAYS,
    PAGE,
)

_DAYS = 30
_DIRECTIONS = (BELOW, ABOVE, CHANGE)


def render(reading: Reading) -> None:
    """Draw the page."""
    notices.where(reading)
    wishes = notices.mine(reading)
    if wishes is None:
        return
    notices.asked_to_end(reading, wishes)
    notices.listed(reading, wishes)
    _new(reading)
    notices.feed_file(reading)


def _new(reading: Reading) -> None:
    sheet.heading(reading.text("notices_new"))
    with st.container(border=True):
        known = _known(reading)
        kinds = {kind: reading.text(f"notices_kind_{kind}") for kind, some in known.items() if some}
        address.take("notices_kind", address.one_of(kinds))
        kind = filters.one_of_few("notices_kind", reading.text("notices_kind"), kinds)
        names = known[kind]
        about = filters.one_of("notices_about", reading.text("notices_what"), list(names), names)
        {FIGURE: _figure, LIST: _list, PAGE: _page}[kind](reading, about)


def _known(reading: Reading) -> dict[str, dict[str, str]]:
    """What there is of each kind for who looks, by id, with its name."""
    figures = watched.all_watched(reading)
    shown = lists.all_lists(reading)
    pages = [page for page in navigation.declared()[1] if page.by_mail]
    return {
        FIGURE: {one.id: one.title for one in figures.values()},
        LIST: {one.id: one.title(reading) for one in shown.values()},
        PAGE: {
            page.id: page.title(reading.lang)
            for page in pages
            if page.id in reading.right.pages
        },
    }  # fmt: skip


def _figure(reading: Reading, about: str) -> None:
    found = watched.all_watched(reading)[about]
    shown = found.figure(reading)
    figures.show_figures(reading, [shown])
    with st.form("notices_figure", border=False):
        direction = st.radio(
            reading.text("notices_direction"),
            _DIRECTIONS,
            format_func=lambda one: str(reading.text(f"notices_direction_{one}")),
            horizontal=True,
        )
        unit = reading.text(f"notices_unit_{found.unit}") if found.unit in _UNITS else found.unit
        limit = st.text_input(reading.text("notices_threshold", unit=unit), placeholder=shown.value)
        if not st.form_submit_button(reading.text("notices_subscribe")):
            return
    said = {"direction": direction, "threshold": _threshold(limit, found.unit)}
    if direction == CHANGE and (now := found.read(reading)):
        said["seen"] = str(now.number)
    notices.subscribe(reading, FIGURE, about, said)


_UNITS = (watched.EUR, watched.SHARE, watched.COUNT, "days", "working_days", "minutes")


def _threshold(text: str, unit: str) -> str:
    """What was typed as a number, a percentage as a share; what is none stays a text that the
    rules refuse."""
    try:
        number = Decimal(typed.number(text.strip()))
        return str(number / 100 if unit == watched.SHARE else number)
    except ArithmeticError:
        # No number, or one too large to be divided.
        return text[:40]


def _list(reading: Reading, about: str) -> None:
    found = lists.LISTS[about]
    with st.form("notices_list", border=False):
        days = 1
        if found.looks_ahead:
            days = st.number_input(
                reading.text("notices_days"), min_value=1, max_value=MOST_DAYS, value=_DAYS
            )
        if not st.form_submit_button(reading.text("notices_subscribe")):
            return
    notices.subscribe(reading, LIST, about, {"days": int(days)} if found.looks_ahead else {})


def _page(reading: Reading, about: str) -> None:
    asked = {}
    if st.query_params.get("about") == about:
        asked = notices.address_of(st.query_params.get("with", ""))
    key = "notices_with" if asked else "notices_without"
    sheet.note(reading.text(key, choices=content.choices_of(asked)))
    if st.button(reading.text("notices_subscribe"), key="notices_page"):
        notices.subscribe(reading, PAGE, about, {"address": asked} if asked else {})


render(current())
