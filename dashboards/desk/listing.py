"""The register as a list: one line a request.

Belongs here: the lines, their columns and the figures above them. Does not belong here: one request
(detail.py), what can be done (steps.py).
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from dashboards.figures import Column, Figure, show_figures
from dashboards.formats import COUNT, DAY
from dashboards.source import Reading
from exports.periods import words
from exports.profiles import profiles
from exports.register.desk import definition_asked
from exports.register.request import Request
from exports.register.states import GIVEN, UNDER_REVIEW, WITHDRAWN
from exports.register.texts import say

#: What defines the promise that an answer leaves in time.
PROMISE = "SC36"
_SOON = 7


def is_open(request: Request) -> bool:
    """Say whether somebody still waits for an answer."""
    return request.state not in (*GIVEN, WITHDRAWN)


def figures(reading: Reading, requests: Iterable[Request], today: date) -> None:
    """Show how many requests wait, and how many of them are late or nearly so."""
    waiting = [one for one in requests if is_open(one)]
    left = [(one.received.due_on - today).days for one in waiting]
    counted = {
        "desk_open": len(waiting),
        "desk_late": sum(days < 0 for days in left),
        "desk_soon": sum(0 <= days <= _SOON for days in left),
        "desk_reviewed": sum(one.state == UNDER_REVIEW for one in waiting),
    }
    number = reading.language.number
    show_figures(
        reading,
        [
            Figure(reading.text(key), number(count), reading.text(f"{key}_help"), "", PROMISE)
            for key, count in counted.items()
        ],
    )


def lines(reading: Reading, requests: Iterable[Request], today: date) -> pd.DataFrame:
    """Return the requests as lines, what is due first on top, closed ones last."""
    ordered = sorted(requests, key=lambda one: (not is_open(one), one.received.due_on, one.id))
    return pd.DataFrame([_line(reading, one, today) for one in ordered])


def columns(reading: Reading) -> list[Column]:
    """Return the columns of the list."""
    text = reading.text
    # What somebody looks for stands first: where it is, and how much time is left.
    return [
        Column("id", text("desk_number")),
        Column("requester", text("desk_requester")),
        Column("state", text("desk_state")),
        Column("due_on", text("desk_due"), format=DAY, reference=PROMISE),
        Column("days", text("desk_days"), text("desk_days_help"), COUNT, reference=PROMISE),
        Column("late", text("desk_lateness")),
        # A correction asks what was asked before: without this it looks like the same one twice.
        Column("replaces", text("desk_replaces")),
        Column("tables", text("desk_tables")),
        Column("period", text("desk_period")),
        Column("profile", text("desk_profile")),
    ]


def _line(reading: Reading, request: Request, today: date) -> dict[str, object]:
    meant = definition_asked(request)
    waits = is_open(request)
    late = request.is_late(today)
    return {
        "id": request.id,
        "requester": request.received.requester,
        "replaces": request.received.replaces or "",
        "tables": " ".join(meant.codes) if meant else "–",
        "period": words(meant.period, reading.lang) if meant else "–",
        "profile": recipient(reading, meant.profile) if meant else "–",
        "state": say(f"state_{request.state}", reading.lang),
        "due_on": pd.Timestamp(request.received.due_on),
        "days": (request.received.due_on - today).days if waits else None,
        "late": reading.text("desk_is_late") if late else "",
    }


def profile_name(reading: Reading, name: str) -> str:
    """Return a recipient as people read it."""
    found = profiles().get(name)
    return found.label(reading.lang) if found else name


def recipient(reading: Reading, name: str) -> str:
    """Return a recipient where there is little room: without what is said of its rules."""
    return profile_name(reading, name).partition(" (")[0]
