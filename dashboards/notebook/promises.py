"""Promises of payment: kept or broken, judged from the payments of the release.

Belongs here: that judgement. Does not belong here: who promised what (entry), plans of instalments
(the release judges them).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dashboards import queries
from dashboards.i18n import BRUSSELS
from dashboards.notebook.entry import Entry
from dashboards.source import Reading

KEPT, BROKEN, OPEN = "kept", "broken", "open"
_SQL = queries.beside(__file__)


@dataclass(frozen=True)
class Judged:
    """A promise, what was paid towards it (EUR), and what became of it."""

    entry: Entry
    paid: Decimal
    state: str


def judged(reading: Reading, promises: Iterable[Entry]) -> dict[str, Judged]:
    """Judge the promise of each account (one an account), as of the day of the release.

    Kept once the payments after the day on which it was made reach its amount in time; broken when
    its last day lies before the day of the data; open until then.
    """
    asked = {promise.account_id: promise for promise in promises}
    if not asked:
        return {}
    rows = reading.query(
        _SQL["paid"],
        accounts=list(asked),
        made=[promise.at.astimezone(BRUSSELS).date() for promise in asked.values()],
        due=[promise.until for promise in asked.values()],
    )
    found = {}
    for account, amount in zip(rows["account_id"], rows["paid_amount"], strict=True):
        promise = asked[account]
        paid = Decimal(f"{amount:.2f}")
        if paid >= promise.amount:
            state = KEPT
        else:
            state = BROKEN if promise.until < reading.release.business_date else OPEN
        found[account] = Judged(promise, paid, state)
    return found
