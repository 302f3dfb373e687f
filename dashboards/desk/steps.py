"""What can be done with a request now: one form for each step that its state allows.

Belongs here: the fields of each step, and the operation of the register that it carries out. Does
not belong here: whether it is allowed (exports.register.states says which steps exist, and each
operation says who may and what else must hold).
"""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import streamlit as st

from dashboards.desk import fields
from dashboards.desk.acting import attempt
from dashboards.source import Reading
from exports.register import delivery, production, reception, review
from exports.register.desk import Desk, definition_asked
from exports.register.people import same
from exports.register.request import Request
from exports.register.states import possible
from exports.register.texts import say


def show(reading: Reading, desk: Desk, request: Request) -> None:
    """Show the steps that exist from here; the usual one first and open, the others folded."""
    existing = [one for one in _ORDER if one in possible(request.state)]
    if request.version is not None and request.version.spent and "review" in existing:
        # What was refused or has changed is never looked at again: it is made anew.
        existing.remove("review")
    if "override" in existing and not _is_alone(desk, request):
        existing.remove("override")
    if not existing:
        st.info(reading.text("desk_nothing_left"), icon=":material/check:")
    for place, one in enumerate(existing):
        opened = place == 0 and one in _USUAL
        with st.expander(_name(reading, one), expanded=opened):
            _STEPS[one](reading, desk, request)


def arrive(reading: Reading, desk: Desk, then: Callable[[str], None]) -> None:
    """The form that registers a request; `then` is called with its number."""
    with st.form("desk_arrive", border=False):
        arrival = fields.arrival(reading, desk.today, fields.statistics(reading))
        if st.form_submit_button(_name(reading, "receive")):
            attempt(
                reading,
                lambda _: reading.text("desk_did_receive"),
                lambda: _received(reception.receive(desk, arrival()), then),
            )


def _received(request: Request, then: Callable[[str], None]) -> Request:
    then(request.id)
    return request


def _define(reading: Reading, desk: Desk, request: Request) -> None:
    with st.form(f"desk_define_{request.id}", border=False):
        meant = fields.definition(
            reading,
            definition_asked(request),
            f"define_{request.id}",
            fields.statistics(reading),
        )
        _submit(reading, "define", lambda: reception.define(desk, request.id, meant()))


def _produce(reading: Reading, desk: Desk, request: Request) -> None:
    st.caption(reading.text("desk_produce_help"))
    with st.form(f"desk_produce_{request.id}", border=False):
        _submit(reading, "produce", lambda: production.produce(desk, request.id))


def _review(reading: Reading, desk: Desk, request: Request) -> None:
    st.caption(reading.text("desk_review_help", count=desk.house().checkers))
    failed = sorted({one["rule"] for one in request.version.failed})
    with st.form(f"desk_review_{request.id}", border=False):
        waived, reason = [], ""
        if failed:
            waived = st.multiselect(
                reading.text("desk_waive"),
                failed,
                help=reading.text("desk_waive_help"),
                placeholder=reading.text("desk_pick"),
                # A rule is waived one by one, and the word for it is English alone.
                select_all=False,
            )
            reason = st.text_input(reading.text("desk_reason"))
        waivers = dict.fromkeys(waived, reason)
        _submit(reading, "review", lambda: review.ask(desk, request.id, waivers))


def _recall(reading: Reading, desk: Desk, request: Request) -> None:
    st.caption(reading.text("desk_recall_help"))
    with st.form(f"desk_recall_{request.id}", border=False):
        reason = st.text_input(reading.text("desk_reason"))
        _submit(reading, "recall", lambda: review.recall(desk, request.id, reason))


def _override(reading: Reading, desk: Desk, request: Request) -> None:
    st.caption(reading.text("desk_override_help"))
    with st.form(f"desk_override_{request.id}", border=False):
        reason = st.text_input(reading.text("desk_reason"))
        _submit(reading, "override", lambda: review.override(desk, request.id, reason))


def _is_alone(desk: Desk, request: Request) -> bool:
    """Say whether who works has produced the package, and nobody else has voted on it."""
    return same(request.version.by, desk.who) and not request.round.votes


def _deliver(reading: Reading, desk: Desk, request: Request) -> None:
    with st.form(f"desk_deliver_{request.id}", border=False):
        noted = request.schedule
        usual = noted.out if noted else str(desk.home / "out")
        out = st.text_input(reading.text("desk_out"), usual, help=reading.text("desk_out_help"))
        first, second = st.columns(2)
        day = first.date_input(
            reading.text("desk_not_before"),
            None,
            format="DD/MM/YYYY",
            help=reading.text("desk_not_before_help"),
        )
        hour = second.time_input(reading.text("desk_hour"), time(9))
        moment = datetime.combine(day, hour) if day else None
        # Asked for only where an hour is set that would be moved.
        reason = st.text_input(reading.text("desk_moved_because")) if noted else ""
        _submit(
            reading,
            "deliver",
            lambda: delivery.deliver(desk, request.id, Path(out), moment, reason or None),
        )


def _acknowledge(reading: Reading, desk: Desk, request: Request) -> None:
    with st.form(f"desk_acknowledge_{request.id}", border=False):
        on = st.date_input(reading.text("desk_on"), desk.today, format="DD/MM/YYYY")
        _submit(
            reading,
            "acknowledge",
            lambda: reception.acknowledge(desk, request.id, on),
        )


def _restate(reading: Reading, desk: Desk, request: Request) -> None:
    st.caption(reading.text("desk_restate_help"))
    with st.form(f"desk_restate_{request.id}", border=False):
        cause = st.selectbox(
            reading.text("desk_cause"),
            reception.CAUSES,
            format_func=lambda one: say(f"cause_{one}", reading.lang),
        )
        reason = st.text_input(reading.text("desk_reason"))
        _submit(
            reading,
            "restate",
            lambda: reception.restate(desk, request.id, cause, reason),
            reason.strip(),
        )


def _withdraw(reading: Reading, desk: Desk, request: Request) -> None:
    with st.form(f"desk_withdraw_{request.id}", border=False):
        reason = st.text_input(reading.text("desk_reason"))
        _submit(reading, "withdraw", lambda: reception.withdraw(desk, request.id, reason))


def _submit(
    reading: Reading, step: str, operation: Callable[[], Request], asked_for: str = ""
) -> None:
    """The button of a form; pressed, the step is carried out, and it is said which request is where
    then: a correction has a number of its own. `asked_for`: the reason that was typed for it.
    """

    def done(became: Request) -> str:
        state = say(f"state_{became.state}", reading.lang)
        said = reading.text("desk_did", id=became.id, state=state)
        known = became.received.reason
        if asked_for and known != asked_for:
            before = reading.text("desk_opened_before", reason=known)
            said = f"{said} {before}"
        return said

    if st.form_submit_button(_name(reading, step)):
        attempt(reading, done, operation)


def _name(reading: Reading, step: str) -> str:
    said = say(f"action_{step}", reading.lang)
    return said[:1].upper() + said[1:]


_STEPS: dict[str, Callable[[Reading, Desk, Request], None]] = {
    "define": _define,
    "produce": _produce,
    "review": _review,
    "override": _override,
    "recall": _recall,
    "deliver": _deliver,
    "acknowledge": _acknowledge,
    "restate": _restate,
    "withdraw": _withdraw,
}
#: What usually comes next, and what is done when something is not as usual.
_USUAL = ("deliver", "review", "acknowledge", "produce", "define")
_ORDER = (*_USUAL, "override", "recall", "restate", "withdraw")
