"""What the notebook says of an account today.

Belongs here: folding the lines of an account, and whether the worklist shows it. Does not belong
here: whether a promise was kept (promises), the panel (sections/notebook).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from dashboards.notebook.entry import (
    DONE,
    PROMISE,
    RELEASE,
    REOPEN,
    SNOOZE,
    TAKE,
    WAKE,
    WITHDRAW,
    Entry,
)


@dataclass(frozen=True)
class Standing:
    """Who has an account, and what was done with it: each is the entry that says it, or None."""

    account_id: str
    taken: Entry | None = None
    done: Entry | None = None
    snoozed: Entry | None = None
    promise: Entry | None = None
    entries: tuple[Entry, ...] = ()

    def rests(self, about: str, today: date) -> bool:
        """Whether the worklist leaves the account out today.

        What is done rests until the list names another reason or another step; what is snoozed, and
        what is promised, up to and including its day.
        """
        waits = (self.snoozed, self.promise)
        return (self.done is not None and self.done.about == about) or any(
            one is not None and one.until >= today for one in waits
        )


def standings(entries: Iterable[Entry]) -> dict[str, Standing]:
    """Return what the lines say of each account."""
    ordered = sorted(entries, key=lambda one: (one.account_id, one.number))
    return {
        account: _folded(account, tuple(lines))
        for account, lines in groupby(ordered, key=lambda one: one.account_id)
    }


_SETS = {TAKE: "taken", DONE: "done", SNOOZE: "snoozed", PROMISE: "promise"}
_ENDS = {RELEASE: "taken", REOPEN: "done", WAKE: "snoozed", WITHDRAW: "promise"}


def _folded(account: str, lines: tuple[Entry, ...]) -> Standing:
    found = Standing(account, entries=lines)
    for line in lines:
        if line.action in _SETS:
            found = replace(found, **{_SETS[line.action]: line})
        elif line.action in _ENDS:
            found = replace(found, **{_ENDS[line.action]: None})
    return found
