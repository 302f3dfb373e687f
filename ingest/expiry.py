"""Until when the raw history has to keep a person: how long after which day.

A person is all dossiers under one pseudonym. The day is the last one on which anything happened
that any version of any delivery tells of them (when they were born is no such thing); of whom
nothing is told it is the day they came with a delivery. The time is the longest that a contract
declares (`keep_years`) of the extracts that hold something of them. Nobody's time has begun of whom
a row in force is open (no end yet) or tells of a day that is still to come.

Belongs here: what the raw history knows of it. Does not belong here: whether something is owed
(orchestration/forget/expired.py asks a release), forgetting (forget.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest import in_force, pseudonym
from ingest.contract import PSEUDONYM, Contract, load_contracts
from ingest.engine import connect, day, quote
from ingest.forget import ACCOUNT, PERSONS, everybody, is_random
from ingest.raw import Plan, RawHistory
from storage.parquet import parquet

#: Columns that say of a row that it has ended.
ENDS = frozenset(("end_date", "closed_date"))


@dataclass(frozen=True)
class Past:
    """A person whose time has passed: dossiers, the last day of anything, kept until then."""

    accounts: tuple[str, ...]
    last_day: date
    kept_until: date


def past(history: RawHistory, plan: Plan) -> list[Past]:
    """Persons whose time had passed at the date of the plan, the one that passed first first.
    Whoever was forgotten already is none of them.

    Errors: IngestError when the key is missing.
    """
    key = pseudonym.ensure_key(history.home, may_create=False)
    with connect(history.warehouse / "spill") as connection:
        pseudonym.install(connection, key)
        known = list(_owners(history))
        told = " UNION ALL ".join(_told(history, contract, owner) for contract, owner in known)
        members = [history.member(receipt) for receipt in plan.deliveries]
        is_open = " UNION ALL ".join(
            f"SELECT account FROM ({in_force.rows_in_force(contract, members)}) AS kept "
            f"{owner} WHERE {_not_over(contract, plan.as_of)}"
            for contract, owner in known)
        found = connection.execute(f"""
            WITH persons AS (
                SELECT DISTINCT {PSEUDONYM}, {ACCOUNT} AS account FROM {everybody(history)}
                WHERE NOT {is_random(PSEUDONYM)}),
            told AS ({told}),
            is_open AS ({is_open}),
            times AS (
                SELECT {PSEUDONYM}, list(DISTINCT account ORDER BY account) AS accounts,
                       coalesce(max(last_day), min(known_since)) AS last_day,
                       CAST(coalesce(max(last_day), min(known_since))
                            + to_years(max(keep_years)) AS DATE) AS kept_until
                FROM persons JOIN told USING (account)
                WHERE {PSEUDONYM} NOT IN (
                    SELECT {PSEUDONYM} FROM persons SEMI JOIN is_open USING (account))
                GROUP BY {PSEUDONYM})
            SELECT accounts, last_day, kept_until FROM times
            WHERE kept_until < {day(plan.as_of)} ORDER BY kept_until, accounts""").fetchall()
    return [Past(tuple(accounts), *days) for accounts, *days in found]


def _owners(history: RawHistory) -> Iterator[tuple[Contract, str]]:
    """The extracts that hold something of a person, each with the join that says whose a row is
    (`owner.account`): by its own column, or by that of the row it belongs to.
    """
    for contract in load_contracts().values():
        if (owner := _owner(history, contract)) is not None:
            yield contract, owner


def _owner(history: RawHistory, contract: Contract) -> str | None:
    own = _own_column(contract)
    if own:
        return f"CROSS JOIN LATERAL (SELECT kept.{quote(own)} AS account) AS owner"
    for column in contract.columns:
        for reference in column.references:
            parent = load_contracts()[reference.extract]
            above = parent.name != contract.name and _owner(history, parent)
            if above and _files(history, parent):
                rows = (f"SELECT DISTINCT kept.{quote(reference.column)} AS parent, account "
                        f"FROM {_files(history, parent)} AS kept {above}")
                return f"JOIN ({rows}) AS owner ON owner.parent = kept.{quote(column.name)}"
    return None


def _own_column(contract: Contract) -> str | None:
    if contract.name == PERSONS:
        return ACCOUNT
    return next((column.name for column in contract.columns
                 if any(ref.extract == PERSONS for ref in column.references)), None)


def _told(history: RawHistory, contract: Contract, owner: str) -> str:
    """SQL of (account, last_day, known_since, keep_years): the days an extract tells of, in any
    version, that were not to come when it was delivered.
    """
    rows = _files(history, contract)
    days = [f"CASE WHEN {name} <= kept._business_date THEN {name} END" for name in _days(contract)]
    last = f"greatest({', '.join(days)})" if days else "NULL::DATE"
    if not rows:
        return ("SELECT NULL::VARCHAR AS account, NULL::DATE AS last_day, "
                "NULL::DATE AS known_since, 0 AS keep_years")
    return (f"SELECT account, max({last}) AS last_day, "
            f"min(kept._business_date) AS known_since, {contract.keep_years} AS keep_years "
            f"FROM {rows} AS kept {owner} GROUP BY account")


def _not_over(contract: Contract, as_of: date) -> str:
    """SQL of whether a row is open, or of a day to come."""
    ends = [f"kept.{quote(column.name)} IS NULL" for column in contract.columns
            if column.name in ENDS]
    later = [f"{name} > {day(as_of)}" for name in _days(contract)]
    return " OR ".join((*ends, *later)) or "false"


def _days(contract: Contract) -> list[str]:
    """The days of what happened; one that describes a person is none."""
    return [f"CAST(kept.{quote(column.name)} AS DATE)" for column in contract.columns
            if column.type in ("DATE", "TIMESTAMP") and column.personal == "none"]


def _files(history: RawHistory, contract: Contract) -> str:
    """SQL of every version of an extract; empty where no delivery has it."""
    files = [history.raw / receipt.delivery_id / f"{contract.name}.parquet"
             for receipt in history.receipts()]
    return parquet([file for file in files if file.is_file()]) if any(
        file.is_file() for file in files) else ""
