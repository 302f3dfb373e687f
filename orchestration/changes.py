"""Rows of the extracts that are not in force as they were: between the data of a delivered package
and those of a release, for the reason of a restatement.

Belongs here: comparing the rows in force after two lists of deliveries, from the raw history. Does
not belong here: what follows from it (exports/restatement), which rows are in force (ingest).

A row that is new tells of a fact; it is late when the fact lies on or before the day on which the
data of the package were closed, else later. A row that says something else is later when one of its
dates moved past that day (a decision taken since), late when it only says more (columns that were
empty), else a correction; and so is one that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from exports.restatement.causes import CORRECTION, LATE, LATER, ChangedRows
from exports.restatement.delivered import Delivered
from ingest import in_force
from ingest.contract import Contract, load_contracts
from ingest.engine import connect, day, quote
from ingest.errors import IngestError
from ingest.in_force import Member
from ingest.raw import RawHistory, Receipt
from release.reader import Release, standing


@dataclass(frozen=True)
class Facts:
    """When the fact of a row happened. `begins`: its column, or a column of the year whose last day
    it is; `ends`: the column of its last day, empty while it goes on. Other dates of a row (of a
    birth, of a registration) say nothing about the periods that it touches.
    """

    begins: str | None = None
    ends: str | None = None


#: By extract; one that is not here holds facts of no day: they touch every period.
FACTS = {
    "affiliates": Facts(),
    "affiliations": Facts("start_date", "end_date"),
    "companies": Facts("affiliated_date", "closed_date"),
    "company_balances": Facts("fiscal_year", "fiscal_year"),
    "incomes": Facts("income_year", "income_year"),
    "charges": Facts("issue_date", "due_date"),
    "payments": Facts("value_date", "value_date"),
    "relief_requests": Facts("submitted_date", "decision_date"),
    "relief_effects": Facts("effective_date", "effective_date"),
    "recovery_cases": Facts("opened_date", "closed_date"),
    "recovery_case_charges": Facts(),
    "recovery_steps": Facts("step_date", "step_date"),
    "recovery_agents": Facts(),
    "insolvencies": Facts("opened_date", "closed_date"),
    "benefit_claims": Facts("submitted_date", "decision_date"),
    "benefit_payments": Facts("paid_date", "paid_date"),
    "benefit_overpayments": Facts("established_date", "established_date"),
    "overpayment_movements": Facts("movement_date", "movement_date"),
    "insurance_requests": Facts("submitted_date", "decision_date"),
    "transmissions": Facts("due_date", "sent_date"),
    "notices": Facts("sent_date", "sent_date"),
    "contacts": Facts("received_at", "closed_at"),
}


class RawChanges:
    """Changed rows of a data folder; the raw history is read when it is asked for first."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.history = RawHistory(home)
        self._receipts: list[Receipt] | None = None

    def __call__(
        self, delivered: Delivered, today: Release, extract: str
    ) -> list[ChangedRows] | None:
        """Give the changed rows of an extract, grouped by month; None when the deliveries of the
        package or of the release do not stand in the raw history any more.
        """
        before = self._members(self._then(delivered))
        now = self._members(_ids(today))
        if before is None or now is None:
            return None
        contract = load_contracts()[extract]
        if [one.delivery_id for one in before] == [one.delivery_id for one in now]:
            return []
        with connect(self.history.spill) as connection:
            try:
                rows = connection.execute(_query(contract, before, now, delivered)).fetchall()
            except duckdb.IOException:
                return None
        return [ChangedRows(extract, *row) for row in rows]

    def _then(self, delivered: Delivered) -> list[str] | None:
        """Give the deliveries that a package was made of: as its release says, or, where that does
        not stand any more, those that were loaded then.
        """
        for release in standing(self.home):
            if release.id == delivered.release_id:
                return _ids(release)
        built = _utc(delivered.built_at)
        return [
            receipt.delivery_id
            for receipt in self._landed() or ()
            if receipt.business_date <= delivered.business_date and _utc(receipt.loaded_at) <= built
        ] or None

    def _landed(self) -> list[Receipt] | None:
        if self._receipts is None:
            try:
                self._receipts = self.history.receipts()
            except IngestError:
                self._receipts = []
        return self._receipts

    def _members(self, ids: list[str] | None) -> list[Member] | None:
        landed = {receipt.delivery_id: receipt for receipt in self._landed() or ()}
        if not ids or not landed.keys() >= set(ids):
            return None
        chosen = sorted((landed[one] for one in ids), key=lambda receipt: receipt.position)
        return [self.history.member(receipt) for receipt in chosen]


def _ids(release: Release) -> list[str]:
    rows = release.cursor().execute("select delivery_id from meta.deliveries order by 1").fetchall()
    return [row[0] for row in rows]


def _utc(moment: datetime) -> datetime:
    """Moments are kept in UTC; not all of them say so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _query(contract: Contract, before, now, delivered: Delivered) -> str:
    """SQL: kind, first and last day (by month) and number of the rows that differ."""
    facts = FACTS.get(contract.name, Facts())
    kinds = dict(contract.stored)
    closed = day(delivered.business_date)
    others = [name for name in kinds if name not in contract.keys]
    keys = ", ".join(quote(key) for key in contract.keys)
    columns = ", ".join(
        f"{side}.{quote(name)} as {quote(f'{side}_{name}')}"
        for side in ("old", "new")
        for name in others
    )
    differs = " or ".join(
        f"{quote(f'old_{name}')} is distinct from {quote(f'new_{name}')}" for name in others
    )
    says_less = " or ".join(
        f"({quote(f'old_{name}')} is distinct from {quote(f'new_{name}')}"
        f" and {quote(f'old_{name}')} is not null)"
        for name in others
    )
    moved = " or ".join(
        f"({quote(f'old_{name}')} is distinct from {quote(f'new_{name}')}"
        f" and cast({quote(f'new_{name}')} as date) > {closed})"
        for name in others
        if kinds[name] in ("DATE", "TIMESTAMP")
    )
    # What has not happened yet (a benefit not paid) happens later than what has.
    never = "cast(null as date)" if facts.begins is None else f"{closed} + 1"
    first, last = _day(facts.begins, contract, "least"), _day(facts.ends, contract, "greatest")
    stands = {
        side: f"select *, true as is_there from ({in_force.rows_in_force(contract, members)})"
        for side, members in (("old", before), ("new", now))
    }
    return f"""
        with old as ({stands["old"]}), new as ({stands["new"]}),
        both_ as (
            select {keys}, old.is_there as was_there, new.is_there as is_there
                {f", {columns}" if columns else ""}
            from old full join new using ({keys})
        ),
        judged as (
            select
                case
                    when was_there is null and coalesce({first or "null"}, {never}) > {closed}
                        then '{LATER}'
                    when was_there is null then '{LATE}'
                    when is_there is null then '{CORRECTION}'
                    when {moved or "false"} then '{LATER}'
                    when {says_less or "false"} then '{CORRECTION}'
                    else '{LATE}'
                end as kind,
                cast(date_trunc('month', coalesce({first or "null"}, {never})) as date)
                    as first_day,
                last_day({last or "cast(null as date)"}) as last_day
            from both_
            where was_there is null or is_there is null or {differs or "false"}
        )
        select kind, first_day, last_day, count(*) from judged group by all order by all"""


def _day(column: str | None, contract: Contract, choose: str) -> str | None:
    """SQL for a day of the fact, from the state before and the one after: the wider of both."""
    if column is None:
        return None
    kinds = dict(contract.stored)
    sides = [quote(f"{side}_{column}") for side in ("old", "new")]
    if column in contract.keys:
        sides = [quote(column)] * 2
    if kinds[column] == "INTEGER":
        month, number = (1, 1) if choose == "least" else (12, 31)
        sides = [f"make_date({side}, {month}, {number})" for side in sides]
    days = [f"cast({side} as date)" for side in sides]
    if choose == "least":
        return f"least({', '.join(days)})"
    # An end that is empty on either side goes on; where there is no row, the other one says it.
    then, now = days
    return (
        f"case when was_there is null then {now} when is_there is null then {then}"
        f" when {then} is null or {now} is null then null else greatest({then}, {now}) end"
    )
