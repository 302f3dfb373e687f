"""One request of the register: what was asked, where it stands, what happened to it.

Belongs here: its facts and its history. Does not belong here: its package (package_view.py), what
can be done (steps.py).
"""

from datetime import date, datetime

import pandas as pd
import streamlit as st

from dashboards import grids
from dashboards.desk.fields import statistics
from dashboards.desk.listing import is_open, profile_name, recipient
from dashboards.figures import Column
from dashboards.formats import MOMENT
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.periods import words
from exports.register.desk import Desk, definition_asked
from exports.register.event import Event
from exports.register.holding import held_by
from exports.register.request import Request
from exports.register.states import DEFINED
from exports.register.texts import say


def heading(reading: Reading, desk: Desk, request: Request) -> None:
    """Name the request and say where it stands, in one line."""
    said, text = request.received, reading.text
    st.subheader(f"{escaped(request.id)} · {escaped(said.requester)}", anchor=False)
    st.markdown(f"> {escaped(said.wording)}")
    facts = [
        (text("desk_state"), say(f"state_{request.state}", reading.lang)),
        (text("desk_received"), reading.language.day(said.received_on)),
        (text("desk_due"), reading.language.day(said.due_on)),
        (text("desk_contact"), said.contact),
        (text("desk_basis"), said.legal_basis),
    ]
    if said.replaces:
        facts.append((text("desk_replaces"), said.replaces))
        facts.append((text("desk_cause"), say(f"cause_{said.cause}", reading.lang)))
        facts.append((text("desk_reason"), said.reason))
    if request.restated_by:
        facts.append((text("desk_restated_by"), request.restated_by))
    meant = []
    if definition := definition_asked(request):
        titled = statistics(reading)
        meant = [
            (text("desk_tables"), ", ".join(titled.get(one, one) for one in definition.codes)),
            (text("desk_period"), words(definition.period, reading.lang)),
            (text("desk_profile"), profile_name(reading, definition.profile)),
            (text("desk_language"), text(f"desk_language_{definition.lang}")),
        ]
    for column, told in zip(st.columns(2, gap="medium"), (facts, meant), strict=True):
        lines = (text("one_value", name=name, value=value) for name, value in told)
        column.markdown("  \n".join(lines))
    _warnings(reading, request)
    _not_given(reading, desk, request)


def _not_given(reading: Reading, desk: Desk, request: Request) -> None:
    """Say which of the statistics that were asked the package does not give at all."""
    if request.version is None or request.state == DEFINED:
        return
    held = held_by(desk.package(request))
    if missing := [one.code for one in held if one.is_left_out]:
        codes = ", ".join(missing)
        st.warning(
            reading.text("desk_gives_nothing", codes=codes), icon=":material/visibility_off:"
        )


def _warnings(reading: Reading, request: Request) -> None:
    if request.changed:
        files = ", ".join(request.changed[:3])
        st.error(reading.text("desk_changed", files=files), icon=":material/warning:")
    version = request.version
    if version is not None and version.spent and is_open(request):
        st.warning(_why_spent(reading, request), icon=":material/undo:")
    if version is not None and version.override is not None:
        st.warning(
            reading.text("desk_overridden", by=version.override.by, reason=version.override.reason),
            icon=":material/visibility_off:",
        )
    if request.schedule is not None and is_open(request):
        moment = reading.language.moment(request.schedule.not_before)
        st.info(reading.text("desk_scheduled", moment=moment), icon=":material/schedule:")


def _why_spent(reading: Reading, request: Request) -> str:
    """Say why the last version does not leave, with what the checkers said of it."""
    version = request.version
    why = say(f"spent_{version.spent}", reading.lang)
    said = reading.text("desk_spent", version=version.number, why=why)
    votes = request.round.votes if request.round.version == version.number else ()
    lines = [
        reading.text("one_value", name=escaped(one.by), value=escaped(one.comment))
        for one in votes
        if one.comment
    ]
    taken = [one for one in request.history if one.action == "recall"]
    if version.spent == "recalled" and taken:
        value = escaped(taken[-1].data["reason"])
        lines.append(reading.text("one_value", name=escaped(taken[-1].who), value=value))
    return "  \n".join([said, *lines])


def history(reading: Reading, request: Request) -> None:
    """Show every line of the register about the request, as who looks may see it."""
    rows = pd.DataFrame(
        {
            "line": event.number,
            "at": pd.Timestamp(event.moment),
            "who": event.who,
            "action": say(f"event_{event.action}", reading.lang),
            "said": _told(reading, event),
        }
        for event in request.history
    )
    columns = [
        Column("line", reading.text("desk_line")),
        Column("at", reading.text("desk_at"), format=MOMENT),
        Column("who", reading.text("desk_by")),
        Column("action", reading.text("desk_action")),
        Column("said", reading.text("desk_said"), wide=True),
    ]
    grids.show_table(reading, f"desk_history_{request.id}", rows, columns)


#: What a line says that a person asks for, in this order.
_TOLD = ("version", "verdict", "comment", "reason", "because", "not_before", "out", "on", "by")


def _told(reading: Reading, event: Event) -> str:
    """Say what stands in a line beside its action: version, verdict, reason."""
    said = event.data
    if event.action == "define":
        meant = (words(said["period"], reading.lang), recipient(reading, said["profile"]))
        return " · ".join(
            (" ".join(said["codes"]), *meant, reading.text(f"desk_language_{said['lang']}"))
        )
    parts = []
    for name in _TOLD:
        value = said.get(name)
        if not value:
            continue
        if name == "verdict":
            value = say(f"verdict_{value}", reading.lang)
        elif name == "because":
            value = say(f"spent_{value}", reading.lang)
        elif name == "not_before":
            value = reading.language.moment(datetime.fromisoformat(value))
        elif name == "on":
            value = reading.language.day(date.fromisoformat(value))
        elif name == "version":
            value = reading.text("desk_version", number=value)
        parts.append(str(value))
    for one in said.get("opened", ()):
        verdict = say(f"verdict_{one['verdict']}", reading.lang)
        parts += [f"{one['by']} {verdict}", *filter(None, [one["comment"]])]
    return " · ".join(parts)
