"""What the fund promised about its statistics, measured from the register: SC36 and SC37 of the
service commitment.

Belongs here: which requests count in which quarter, and which of them kept the promise. Does not
belong here: how a measure is shown (dashboards), the other indicators (the warehouse).

- SC36, by the quarter of the due date: requests whose answer left on their due date or before. One
  that is not due yet and has not left is left out (E1); so is one that was withdrawn while it was
  not late: nobody waits for it. Withdrawn later, it was late.
- SC37, by the quarter of the delivery: answers that were never restated because of an error. Data
  that came late, a definition or a law that changed are no errors of the answer.
- SC37B, by the same quarter: answers of which every rule held when they were made, the one that
  looks for missing cells among them. A rule that was waived did not hold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from exports.register.clock import day_of
from exports.register.request import Request
from exports.register.states import WITHDRAWN

ERROR = "error"
IN_TIME, NEVER_WRONG, COMPLETE = "SC36", "SC37", "SC37B"
CODES = (IN_TIME, NEVER_WRONG, COMPLETE)
TARGET = 1.0


@dataclass(frozen=True)
class Item:
    """One request as one measure sees it: its quarter, and whether the promise was kept."""

    code: str
    quarter: str
    request_id: str
    kept: bool


@dataclass(frozen=True)
class Measured:
    """One measure of one quarter: how many of how many kept it."""

    code: str
    quarter: str
    numerator: int
    denominator: int

    @property
    def value(self) -> float:
        """Return the share, 0 to 1."""
        return self.numerator / self.denominator

    @property
    def is_met(self) -> bool:
        """Say whether the promise was kept: all of them."""
        return self.value >= TARGET


def items(requests: Mapping[str, Request], today: date) -> list[Item]:
    """Return every request under every measure that judges it by `today`."""
    measures: dict[str, Callable] = {
        IN_TIME: lambda one: _in_time(one, today),
        NEVER_WRONG: lambda one: _never_wrong(one, requests),
        COMPLETE: _complete,
    }
    found = []
    for code, judge in measures.items():
        for request in requests.values():
            if (judged := judge(request)) is not None:
                day, kept = judged
                found.append(Item(code, quarter_of(day), request.id, kept))
    return found


def measured(judged: Iterable[Item]) -> list[Measured]:
    """Count the items by measure and quarter; what has none has no row."""
    counts: dict[tuple[str, str], list[bool]] = {}
    for one in judged:
        counts.setdefault((one.code, one.quarter), []).append(one.kept)
    return [Measured(*key, sum(kept), len(kept)) for key, kept in sorted(counts.items())]


def quarter_of(day: date) -> str:
    """Return the quarter of a day, as periods are written."""
    return f"{day.year:04d}Q{(day.month + 2) // 3}"


def _in_time(request: Request, today: date) -> tuple[date, bool] | None:
    due = request.received.due_on
    if request.delivery is not None:
        return due, day_of(request.delivery.at) <= due
    if request.state == WITHDRAWN:
        withdrawn = day_of(request.history[-1].moment)
        return (due, False) if withdrawn > due else None
    return (due, False) if due < today else None


def _never_wrong(request: Request, requests: Mapping[str, Request]) -> tuple[date, bool] | None:
    if request.delivery is None:
        return None
    by = requests.get(request.restated_by or "")
    return day_of(request.delivery.at), by is None or by.received.cause != ERROR


def _complete(request: Request) -> tuple[date, bool] | None:
    if request.delivery is None:
        return None
    given = [one for one in request.versions if one.number == request.delivery.version]
    return day_of(request.delivery.at), not given[-1].failed
