"""What can be sent as a list: the worklist, debts that prescribe soon, promises missed, requests
due, deliveries not taken.

Belongs here: which lists there are, and their rows as somebody may see them. Does not belong here:
figures (watched), how a list is written in a message (message).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from dashboards import clock, queries
from dashboards.desk import listing, promise
from dashboards.figures import Column, From
from dashboards.formats import DAY, EUROS, MOMENT
from dashboards.notebook.promises import BROKEN, judged
from dashboards.notebook.standing import standings
from dashboards.notebook.store import Notebook
from dashboards.outside import is_delivery
from dashboards.reference import worklist_capacity
from dashboards.sections import signals
from dashboards.sections.board import last_whole
from dashboards.source import Reading
from release.home import vigie_home
from release.refusals import refusals

_SQL = queries.beside(__file__)
_WORKLIST = ("recovery", "mart_worklist")
_PRESCRIPTION = ("recovery", "mart_prescription")
_ALLOCATIONS = ("contribution", "fct_allocations")
_BALANCES = ("contribution", "fct_account_balances")
_COMMITMENTS = ("service", "mart_commitments")
Rows = tuple[pd.DataFrame, list[Column]]


@dataclass(frozen=True)
class Listed:
    """A list that can be sent. `page`: where it stands; `tables`: what its right must hold;
    `looks_ahead`: whether it asks for a number of days; `read`: its rows and columns, given that
    number; `named`: whether its lines name accounts."""

    id: str
    page: str
    tables: tuple[tuple[str, str], ...]
    read: Callable[[Reading, int], Rows]
    looks_ahead: bool = False
    named: bool = False

    def title(self, reading: Reading) -> str:
        """Return what the list is called."""
        return str(reading.text(f"notices_list_{self.id}"))

    def is_for(self, reading: Reading) -> bool:
        """Whether who looks may see it."""
        right = reading.right
        return (
            self.page in right.pages
            and (right.named or not self.named)
            and all(reading.may_see(*table) for table in self.tables)
        )


def all_lists(reading: Reading) -> dict[str, Listed]:
    """Return every list that who looks may have, by id."""
    return {one.id: one for one in LISTS.values() if one.is_for(reading)}


def _worklist(reading: Reading, _: int) -> Rows:
    mart = From(reading, *_WORKLIST)
    rows = reading.query(_SQL["worklist"], lines=worklist_capacity())
    rows = reading.with_names(
        rows, next_action="worklist_action", office_code="office", reason="worklist_reason"
    )
    names = ("account_id", "outstanding_amount", "next_action", "due_by", "reason", "office_code")
    return rows, mart.columns(names, {"outstanding_amount": EUROS, "due_by": DAY})


def _prescriptions(reading: Reading, days: int) -> Rows:
    mart, today = From(reading, *_PRESCRIPTION), reading.looked_on
    until = today + timedelta(days=days)
    rows = reading.query(_SQL["prescriptions"], today=today, until=until)
    rows = reading.with_names(rows, office_code="office")
    return rows, [
        mart.column("account_id"),
        mart.own_column("prescription_date", "deadlines_first", DAY),
        mart.column("outstanding_amount", EUROS),
        *mart.columns(("office_code", "agent_id")),
    ]


def _promises(reading: Reading, _: int) -> Rows:
    quarter = last_whole(reading.release.business_date)
    rows, columns = signals.promise_rows(reading, quarter, [quarter])
    return rows[rows["is_missed"]].reset_index(drop=True), columns


def _broken(reading: Reading, _: int) -> Rows:
    """Promises of payment that debtors did not keep, of the accounts that who looks may see."""
    book = Notebook(vigie_home(), os.environ.get("VIGIE_NOTEBOOK"))
    promised = {
        account: one.promise for account, one in standings(book.entries()).items() if one.promise
    }
    theirs = reading.query(_SQL["theirs"], accounts=list(promised))["account_id"]
    made = [promised[account] for account in theirs]
    found = [one for one in judged(reading, made).values() if one.state == BROKEN]
    rows = pd.DataFrame(
        {
            "account_id": [one.entry.account_id for one in found],
            "until": [one.entry.until for one in found],
            "amount": [one.entry.amount for one in found],
            "paid": [one.paid for one in found],
        }
    )
    return rows, [
        From(reading, *_WORKLIST).column("account_id"),
        Column("until", reading.text("notebook_until"), format=DAY),
        Column("amount", reading.text("notebook_amount"), format=EUROS),
        Column("paid", reading.text("notices_paid"), format=EUROS),
    ]


def _requests(reading: Reading, days: int) -> Rows:
    """Requests for statistics that wait and are due within so many days, or late."""
    found = promise.from_register(reading)
    last, today = clock.today() + timedelta(days=days), clock.today()
    due = [
        one for one in found.requests.values()
        if listing.is_open(one) and one.received.due_on <= last
    ]  # fmt: skip
    return listing.lines(reading, due, today), listing.columns(reading)


def _not_taken(reading: Reading, _: int) -> Rows:
    """Deliveries that were refused or wait for a person; names that could say something else are
    left out."""
    unnamed = reading.text("refused_unnamed")
    rows = [
        {
            "delivery": one.delivery_id if is_delivery(one.delivery_id) else str(unnamed),
            "since": one.since,
            "what": str(reading.text("home_held" if one.is_held else "home_refused")),
        }
        for one in refusals()
    ]
    return pd.DataFrame(rows), [
        Column("delivery", reading.text("notices_delivery")),
        Column("since", reading.text("notices_since"), format=MOMENT),
        Column("what", reading.text("notices_state")),
    ]


LISTS = {
    one.id: one
    for one in (
        Listed("worklist", "worklist", (_WORKLIST,), _worklist, named=True),
        Listed("prescriptions", "deadlines", (_PRESCRIPTION,), _prescriptions, True, True),
        Listed("promises_missed", "commitment", (_COMMITMENTS,), _promises),
        Listed(
            "payments_promised",
            "worklist",
            (_WORKLIST, _BALANCES, _ALLOCATIONS),
            _broken,
            named=True,
        ),
        Listed("requests_due", "requests", (), _requests, looks_ahead=True),
        Listed("not_taken", "deliveries", (), _not_taken),
    )
}
