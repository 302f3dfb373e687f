"""The calendar of the desk: what comes back enters the register by itself, and what is due stands
in a calendar file.

Belongs here: entering the turns that have come, the .ics file. Does not belong here: which requests
come back, and their days (recurrent.py).
"""

import contextlib
import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from exports.register.desk import Desk, definition_asked
from exports.register.reception import Arrival, receive
from exports.register.recurrent import Occurrence, Recurrent, appeared, load_recurrent, to_come
from exports.register.request import Definition, Request
from exports.register.states import GIVEN, WITHDRAWN
from exports.register.texts import say

#: So far ahead the calendar looks.
AHEAD = timedelta(days=400)
_CLOSED = (*GIVEN, WITHDRAWN)


def usual_file(home: Path) -> Path:
    """Return where the calendar file of a data folder lies."""
    return Path(home) / "desk" / "calendar.ics"


def enter(desk: Desk) -> list[Request]:
    """Register every recurrent request whose day has come and that is not there yet; return those.

    A second time, or by two processes at once, nothing is registered twice: a turn has a key that
    counts for ever, also when it was withdrawn.

    Raises:
        BadCalendar: the list of recurrent requests means nothing.
    """
    known = {one.received.key for one in desk.requests().values()}
    turns = appeared(_list(desk), desk.today)
    return [receive(desk, _arrival(one), one.key) for one in turns if one.key not in known]


def due_dates(desk: Desk) -> bytes:
    """Return the due dates of what is open and of what is to come as an iCalendar file: the same
    bytes as long as nothing changes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Vigie//statistics desk//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say("calendar_name", desk.lang))
    for request in _open(desk.requests().values()):
        calendar.add_component(_event_of(request, desk.lang))
    for turn in to_come(_list(desk), desk.today, desk.today + AHEAD):
        calendar.add_component(_event_to_come(turn, desk.lang))
    return calendar.to_ical()


def write_due_dates(desk: Desk, path: Path) -> None:
    """Write the calendar file in one step; whoever reads it meanwhile sees the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_bytes(due_dates(desk))
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def _list(desk: Desk) -> tuple[Recurrent, ...]:
    return load_recurrent(desk.home, desk.lang, desk.office.statistics())


def _arrival(turn: Occurrence) -> Arrival:
    said = turn.recurrent
    return Arrival(
        requester=said.requester,
        contact=said.contact,
        legal_basis=said.legal_basis,
        wording=turn.wording,
        received_on=turn.appears_on,
        due_on=turn.due_on,
        asked=Definition(said.tables, turn.period.text, said.profile, said.lang),
    )


def _open(requests: Iterable[Request]) -> list[Request]:
    waiting = [one for one in requests if one.state not in _CLOSED]
    return sorted(waiting, key=lambda one: (one.received.due_on, one.id))


def _event_of(request: Request, lang: str) -> Event:
    said = request.received
    meant = definition_asked(request)
    tables = " ".join(meant.codes) if meant else ""
    summary = say(
        "calendar_due",
        lang,
        id=request.id,
        requester=said.requester,
        tables=tables,
        state=say(f"state_{request.state}", lang),
    )
    # A turn keeps the name that it had before it came: a diary that has the file already moves its
    # entry on instead of showing a second one. The keys of all other requests have no "/".
    name = said.key if "/" in said.key else request.id
    return _event(name, said.due_on, request.history[-1].moment, summary, said.wording)


def _event_to_come(turn: Occurrence, lang: str) -> Event:
    said = turn.recurrent
    summary = say(
        "calendar_to_come",
        lang,
        requester=said.requester,
        tables=" ".join(said.tables),
        day=turn.appears_on,
    )
    # It says the same whenever the file is written, and nothing is dated ahead: the first day on
    # which it stood in the file.
    stamp = datetime.combine(turn.due_on - AHEAD, time(), UTC)
    return _event(turn.key, turn.due_on, stamp, summary, turn.wording)


def _event(name: str, day: date, stamp: datetime, summary: str, wording: str) -> Event:
    event = Event()
    event.add("uid", re.sub(r"[^\w-]+", "-", name) + "@vigie")
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("summary", summary)
    event.add("description", wording)
    # A due date takes nobody's time.
    event.add("transp", "TRANSPARENT")
    return event
