"""The desk for the statistics officer: what was asked, what is late, and the next step of each.

Belongs here: the order of the page. Does not belong here: its pieces (dashboards/desk), what may be
done (exports.register).
"""

from functools import partial

import streamlit as st

from dashboards import filters, grids, sheet
from dashboards.desk import (
    acting,
    awaited,
    detail,
    differences,
    listing,
    outdated_view,
    package_view,
    steps,
)
from dashboards.sections import follow
from dashboards.source import Reading, current
from exports.register.desk import Desk
from exports.register.request import Request
from exports.register.states import possible

_KEY = "desk_requests"
_WAITING, _ALL = "waiting", "all"
_VIEWS = ("steps", "preview", "rules", "differences", "files", "history")
#: What is asked of an answer that has left and was not corrected.
_TODAY = "today"
#: What there is to see of a request before its first package.
_ALWAYS = ("steps", "history")


def render(reading: Reading) -> None:
    """Draw the page."""
    opened = acting.open_page(reading)
    if opened is None:
        return
    desk, requests = opened
    listing.figures(reading, requests, desk.today)
    follow.listed(reading, "requests_due")
    chosen = _choose(reading, desk, requests)
    with st.expander(reading.text("desk_new"), icon=":material/add:", expanded=not requests):
        # What comes next is done with it: it is chosen.
        steps.arrive(reading, desk, partial(grids.keep, _KEY))
    if chosen is not None:
        _request(reading, desk, chosen)


def _choose(reading: Reading, desk: Desk, requests: list[Request]) -> str | None:
    shown = filters.one_of_few(
        f"{_KEY}_shown",
        reading.text("desk_shown"),
        {_WAITING: reading.text("desk_waiting"), _ALL: reading.text("desk_all")},
    )
    listed = [one for one in requests if shown == _ALL or listing.is_open(one)]
    if not listed:
        sheet.info(reading.text("desk_none"), icon=":material/inbox:")
        return None
    sheet.note(reading.text("desk_tick"))
    rows = listing.lines(reading, listed, desk.today)
    return grids.choose(reading, _KEY, rows, listing.columns(reading), "id")


def _request(reading: Reading, desk: Desk, request_id: str) -> None:
    request = acting.read(reading, lambda: desk.look(request_id))
    if request is None:
        return
    st.divider()
    detail.heading(reading, desk, request)
    awaited.told(reading, desk, request)
    views = _VIEWS if request.version is not None else _ALWAYS
    if "restate" in possible(request.state):
        views = (*views, _TODAY)
    view = filters.one_of_few(
        f"{_KEY}_view",
        reading.text("desk_view"),
        {one: reading.text(f"desk_view_{one}") for one in views},
    )
    if view == "steps":
        steps.show(reading, desk, request)
    elif view == "history":
        detail.history(reading, request)
    elif view == _TODAY:
        outdated_view.show(reading, desk, request)
    else:
        _package(reading, desk, request, view)


def _package(reading: Reading, desk: Desk, request: Request, view: str) -> None:
    if view == "rules":
        package_view.findings(reading, request, request.version)
        return
    if view == "files":
        package_view.files(reading, desk, request, request.version)
        return
    package = package_view.seen(reading, desk, request)
    if package is None:
        return
    if view == "preview":
        package_view.preview(reading, package, f"{_KEY}_preview")
    else:
        differences.show(reading, package, f"{_KEY}_{request.id}")


render(current())
