"""One line of the notebook.

Belongs here: its columns and the rules of each action. Does not belong here: what all lines of an
account mean together (standing).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dashboards.outside import is_account
from exports.register.national_number import holds_national_number

TAKE, RELEASE = "take", "release"
DONE, REOPEN = "done", "reopen"
SNOOZE, WAKE = "snooze", "wake"
NOTE = "note"
PROMISE, WITHDRAW = "promise", "withdraw"
ACTIONS = (TAKE, RELEASE, DONE, REOPEN, SNOOZE, WAKE, NOTE, PROMISE, WITHDRAW)
#: What an action must say beside who and when.
_NEEDED = {DONE: ("about",), SNOOZE: ("until",), NOTE: ("note",), PROMISE: ("until", "amount")}
LONGEST_NOTE = 2000
#: Nobody waits longer for something: a year typed wrong.
_LATEST_DAYS = 3 * 366


class BadEntry(ValueError):
    """An entry that means nothing; the text is the key of a sentence (i18n)."""


@dataclass(frozen=True)
class Entry:
    """`at` is UTC. `about`: for what reason the account was on the worklist when it was done
    ("reason|next_action"). `until`: last day of a snooze or of a promise. `amount`: EUR."""

    number: int
    at: datetime
    author: str
    account_id: str
    action: str
    about: str = ""
    until: date | None = None
    amount: Decimal | None = None
    note: str = ""


def checked(entry: Entry, today: date) -> Entry:
    """Return the entry.

    Raises:
        BadEntry: no author, no account, an action that is none or lacks what it must say, a day
            that is over, an amount that is not above 0, a note that is too long, or a
            national number in a text.
    """
    if not entry.author.strip():
        raise BadEntry("notebook_no_author")
    if not is_account(entry.account_id):
        raise BadEntry("account_form")
    if entry.action not in ACTIONS:
        raise BadEntry("notebook_no_action")
    if any(not getattr(entry, name) for name in _NEEDED.get(entry.action, ())):
        raise BadEntry(f"notebook_lacks_{entry.action}")
    if entry.until and not 0 <= (entry.until - today).days <= _LATEST_DAYS:
        raise BadEntry("notebook_bad_day")
    if entry.amount is not None and (entry.amount <= 0 or entry.amount != round(entry.amount, 2)):
        raise BadEntry("notebook_bad_amount")
    if len(entry.note) > LONGEST_NOTE:
        raise BadEntry("notebook_long_note")
    if any(holds_national_number(text) for text in (entry.author, entry.note)):
        raise BadEntry("notebook_national_number")
    return entry
