"""What holds for the desk as a whole: how many must check a package, when the register was sealed
anew.

Belongs here: what the lines about no request mean. Does not belong here: writing them (upkeep.py),
requests (fold.py).

How many check is a decision of the office, with a name and a reason in the register: it does not
depend on who types, nor on the machine they type at. A review that is open keeps its own number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from exports.register.event import Event

#: What such a line names in place of a request.
HOUSE = "desk"
CHECKERS, RESEAL = "checkers", "reseal"
ACTIONS = (CHECKERS, RESEAL)
#: One person beside the producer, or two who do not see each other's verdict.
POSSIBLE = (1, 2)


@dataclass(frozen=True)
class House:
    """What is so by the lines so far. `resealed`: each time the end was signed anew."""

    checkers: int = 1
    resealed: tuple[Event, ...] = ()


def house_of(events: Iterable[Event]) -> House:
    """Return what the lines about no request say."""
    checkers, resealed = 1, []
    for event in events:
        if event.request_id != HOUSE:
            continue
        if event.action == CHECKERS:
            checkers = event.data["number"]
        elif event.action == RESEAL:
            resealed.append(event)
    return House(checkers, tuple(resealed))
