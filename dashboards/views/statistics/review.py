"""The desk for whoever checks: what waits for a verdict, everything that is needed for one, and the
verdict.

Belongs here: the order of the page, the checklist. Does not belong here: its pieces
(dashboards/desk), who may vote and what an approval does (exports.register.review).
"""

import pandas as pd
import streamlit as st

from dashboards import grids, sheet
from dashboards.desk import acting, awaited, detail, differences, listing, package_view
from dashboards.figures import Column
from dashboards.formats import DAY
from dashboards.source import Reading, current
from exports.register import review
from exports.register.desk import Desk
from exports.register.request import Request
from exports.register.states import UNDER_REVIEW
from exports.register.texts import say

_KEY = "desk_review"
#: What only a person can say; an approval waits for all of it.
_CHECKLIST = ("question", "figures", "differences", "recipient")


def render(reading: Reading) -> None:
    """Draw the page."""
    opened = acting.open_page(reading)
    if opened is None:
        return
    desk, requests = opened
    waiting = [one for one in requests if one.state == UNDER_REVIEW]
    if not waiting:
        sheet.info(reading.text("review_none"), icon=":material/inbox:")
        return
    sheet.note(reading.text("desk_tick"))
    waiting.sort(
        key=lambda one: (awaited.part(one, desk.who) != awaited.TURN, one.received.due_on, one.id)
    )
    chosen = grids.choose(reading, _KEY, _lines(reading, desk, waiting), _columns(reading), "id")
    if chosen is None:
        return
    request = acting.read(reading, lambda: desk.look(chosen))
    if request is None:
        return
    if request.state != UNDER_REVIEW:
        # The look has found a changed file: the votes are lost, and nothing is left to judge.
        sheet.error(reading.text("review_lapsed", id=request.id), icon=":material/warning:")
        return
    _judge(reading, desk, request)


def _lines(reading: Reading, desk: Desk, waiting: list[Request]) -> pd.DataFrame:
    lines = listing.lines(reading, waiting, desk.today).set_index("id")
    return pd.DataFrame(
        {
            **lines.loc[one.id].to_dict(),
            "id": one.id,
            "version": one.version.number,
            "by": one.version.by,
            "votes": f"{len(one.round.votes)} / {one.round.checkers}",
            "turn": reading.text(f"review_{awaited.part(one, desk.who)}"),
        }
        for one in waiting
    )


def _columns(reading: Reading) -> list[Column]:
    text = reading.text
    return [
        Column("id", text("desk_number")),
        Column("turn", text("review_you")),
        Column("requester", text("desk_requester")),
        Column("due_on", text("desk_due"), format=DAY),
        Column("by", text("review_by")),
        Column("votes", text("review_votes"), text("review_votes_help")),
        Column("version", text("review_version")),
        Column("replaces", text("desk_replaces")),
        Column("tables", text("desk_tables")),
        Column("period", text("desk_period")),
        Column("profile", text("desk_profile")),
    ]


def _judge(reading: Reading, desk: Desk, request: Request) -> None:
    st.divider()
    detail.heading(reading, desk, request)
    said = {"version": request.version.number, "by": request.version.by}
    sheet.note(reading.text("review_about", release=request.version.release_id, **said))
    package = package_view.seen(reading, desk, request)
    if package is None:
        return
    for section, show in {
        "preview": lambda: package_view.preview(reading, package, f"{_KEY}_preview"),
        "differences": lambda: differences.show(reading, package, f"{_KEY}_{request.id}"),
        "rules": lambda: package_view.findings(reading, request, request.version),
        "files": lambda: package_view.files(reading, desk, request, request.version),
    }.items():
        title = reading.text(f"desk_view_{section}")
        with st.expander(title, expanded=section == "preview"):
            show()
    sheet.heading(reading.text("review_verdict"))
    part = awaited.part(request, desk.who)
    if part == awaited.TURN:
        _verdict(reading, desk, request)
    else:
        said = reading.text(f"review_{part}_said")
        sheet.info(said, icon=":material/visibility_off:")


def _verdict(reading: Reading, desk: Desk, request: Request) -> None:
    """The checklist, then the verdict: for, once all is ticked, or against, with a reason."""
    sheet.paragraph(reading.text("review_checklist"))
    ticked = [
        st.checkbox(
            reading.text(f"review_check_{one}"), key=f"{_KEY}_{one}_{request.version.manifest}"
        )
        for one in _CHECKLIST
    ]
    left, right = st.columns(2, gap="medium")
    with left, st.form(f"{_KEY}_for_{request.id}"):
        comment = st.text_input(reading.text("review_comment"))
        if st.form_submit_button(
            reading.text("review_approve"),
            disabled=not all(ticked),
            help=reading.text("review_approve_help"),
        ):
            acting.attempt(
                reading,
                lambda became: _noted(reading, became),
                lambda: review.approve(desk, request.id, comment),
            )
    with right, st.form(f"{_KEY}_against_{request.id}"):
        reason = st.text_input(reading.text("desk_reason"))
        if st.form_submit_button(reading.text("review_refuse")):
            acting.attempt(
                reading,
                lambda became: _noted(reading, became),
                lambda: review.refuse(desk, request.id, reason),
            )


def _noted(reading: Reading, became: Request) -> str:
    """Say that the verdict stands, and where the request is then: who voted last sees it leave."""
    state = say(f"state_{became.state}", reading.lang)
    return reading.text("review_noted", id=became.id, state=state)


render(current())
