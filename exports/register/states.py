"""The states of a request and the moves between them, as one table.

Belongs here: which action leads from which state to which. What is not in the table does not exist.
Does not belong here: who may do it (people.py), what else must hold (reception, production, review,
delivery).
"""

from transitions import Machine

BEFORE = "none"
RECEIVED, DEFINED, PRODUCED, UNDER_REVIEW = "received", "defined", "produced", "under_review"
APPROVED, DELIVERED, ACKNOWLEDGED = "approved", "delivered", "acknowledged"
RESTATED, WITHDRAWN = "restated", "withdrawn"
STATES = (
    RECEIVED,
    DEFINED,
    PRODUCED,
    UNDER_REVIEW,
    APPROVED,
    DELIVERED,
    ACKNOWLEDGED,
    RESTATED,
    WITHDRAWN,
)
#: States of a request whose answer has left.
GIVEN = (DELIVERED, ACKNOWLEDGED, RESTATED)
_UNDELIVERED = (RECEIVED, DEFINED, PRODUCED, UNDER_REVIEW, APPROVED)

# Action, states it may start from, state it leads to.
MOVES = (
    ("receive", (BEFORE,), RECEIVED),
    ("define", (RECEIVED, DEFINED, PRODUCED), DEFINED),
    ("produce", (DEFINED, PRODUCED), PRODUCED),
    ("review", (PRODUCED,), UNDER_REVIEW),
    # One checker's verdict; what all of them together decide is a line of its own.
    ("vote", (UNDER_REVIEW,), UNDER_REVIEW),
    ("approve", (UNDER_REVIEW,), APPROVED),
    ("refuse", (UNDER_REVIEW,), PRODUCED),
    ("override", (UNDER_REVIEW,), APPROVED),
    # Somebody has found a mistake: what is approved too, as long as it has not left.
    ("recall", (UNDER_REVIEW, APPROVED), PRODUCED),
    # The package is no longer what was produced: its votes are lost.
    ("lapse", (UNDER_REVIEW, APPROVED), PRODUCED),
    ("schedule", (APPROVED,), APPROVED),
    ("deliver", (APPROVED,), DELIVERED),
    ("acknowledge", (DELIVERED,), ACKNOWLEDGED),
    ("restate", (DELIVERED, ACKNOWLEDGED), RESTATED),
    ("withdraw", _UNDELIVERED, WITHDRAWN),
)
_MACHINE = Machine(
    model=None,
    states=[BEFORE, *STATES],
    transitions=[
        {"trigger": action, "source": source, "dest": target}
        for action, sources, target in MOVES
        for source in sources
    ],
    initial=BEFORE,
    auto_transitions=False,
)


def after(state: str, action: str) -> str | None:
    """Return the state that an action leads to, or None where there is no such move."""
    found = _MACHINE.get_transitions(trigger=action, source=state)
    return found[0].dest if found else None


def possible(state: str) -> tuple[str, ...]:
    """Return the actions that exist in a state, in the order of the table."""
    existing = set(_MACHINE.get_triggers(state))
    return tuple(action for action, _, _ in MOVES if action in existing)
