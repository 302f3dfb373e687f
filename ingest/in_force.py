"""Which rows are in force after a row of deliveries, as SQL over their Parquet files.

Here belongs the one definition of "in force" (docs/architecture.md), used to judge a delivery and
to show the raw history to dbt: the last full delivery, less its rejected rows, plus those kept
(F4), overridden by key by the deltas after it. Nothing here opens a database or decides on rows.

The base of a large fund has 50 million rows: it is only anti-joined with the keys of the deltas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.contract import Contract
from ingest.engine import quote, text

STAMPS = ("_delivery_id", "_business_date", "_line_number")


@dataclass(frozen=True)
class Member:
    """One delivery of a chain: where its rows lie and what the judgement left of them.

    `rejected` and `kept` name the extracts with rows rejected by, or kept in force by, the
    judgement in `judgement`.
    """

    delivery_id: str
    business_date: date
    mode: str
    folder: Path
    judgement: Path
    extracts: frozenset[str]
    rejected: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


def since_full(members: Sequence[Member]) -> Sequence[Member]:
    """The last full delivery and what came after it; empty when there is none."""
    starts = [place for place, member in enumerate(members) if member.mode == "full"]
    return members[starts[-1]:] if starts else ()


def rows_in_force(contract: Contract, members: Sequence[Member]) -> str:
    """SQL of the rows in force after `members` (in order): stored columns and stamps."""
    chain = since_full(members)
    if not chain:
        return nothing(contract)
    return _overridden(contract, f"({_base(contract, chain[0])})", chain[1:])


def changes(contract: Contract, members: Sequence[Member], previous: Sequence[Member]) -> str:
    """SQL of what changed since `previous`, a prefix of `members` with the same full delivery.

    Columns of `rows_in_force` and `_change`: `before` and `after`, for each key that a delta
    since touched. The base is read once for both.
    """
    since = [m for m in members[len(previous):] if contract.name in m.extracts]
    if not since or not previous:
        return f"SELECT *, CAST(NULL AS VARCHAR) AS _change FROM ({nothing(contract)})"
    keys = ", ".join(quote(key) for key in contract.keys)
    sides = " UNION ALL ".join(
        f"SELECT *, '{word}' AS _change FROM "
        f"({_overridden(contract, 'touched_base', since_full(chain)[1:])}) AS {word} "
        f"SEMI JOIN touched USING ({keys})"
        for word, chain in (("before", previous), ("after", members)))
    return f"""
        WITH touched AS MATERIALIZED (SELECT DISTINCT {keys} FROM ({accepted(contract, since)})),
        touched_base AS MATERIALIZED (
            SELECT * FROM ({_base(contract, since_full(members)[0])}) AS base
            SEMI JOIN touched USING ({keys}))
        {sides}"""


def _base(contract: Contract, full: Member) -> str:
    """SQL of what a full delivery puts in force: its accepted rows and those it keeps (F4)."""
    columns = _columns(contract)
    base = f"SELECT {columns} FROM ({accepted(contract, [full])})"
    if contract.name in full.kept:
        kept = full.judgement / "kept" / f"{contract.name}.parquet"
        base += f" UNION ALL SELECT {columns} FROM {parquet([kept])}"
    return base


def _overridden(contract: Contract, base: str, deltas: Sequence[Member]) -> str:
    """SQL of the rows of a relation after the deltas that follow it."""
    columns = _columns(contract)
    deltas = [member for member in deltas if contract.name in member.extracts]
    if not deltas:
        return f"SELECT {columns} FROM {base} AS base"
    keys = ", ".join(quote(key) for key in contract.keys)
    return f"""
        WITH last_change AS MATERIALIZED (
            SELECT * FROM ({accepted(contract, deltas)})
            QUALIFY row_number() OVER (
                PARTITION BY {keys} ORDER BY _business_date DESC, _delivery_id DESC) = 1)
        SELECT {columns} FROM {base} AS base ANTI JOIN last_change USING ({keys})
        UNION ALL SELECT {columns} FROM last_change WHERE _op = 'U'"""


def accepted(contract: Contract, members: Sequence[Member]) -> str:
    """SQL of the accepted rows (upserts and deletes) that these deliveries brought."""
    files = [member.folder / f"{contract.name}.parquet" for member in members]
    rejecting = [m.judgement / "quarantine.parquet" for m in members
                 if contract.name in m.rejected]
    if not rejecting:
        return f"SELECT * FROM {parquet(files)}"
    return (f"SELECT * FROM {parquet(files)} AS delivered ANTI JOIN "
            f"(SELECT delivery_id, line_number FROM {parquet(rejecting)} "
            f"WHERE extract = {text(contract.name)}) AS rejected "
            "ON delivered._delivery_id = rejected.delivery_id "
            "AND delivered._line_number = rejected.line_number")


def nothing(contract: Contract) -> str:
    """SQL of no rows, with the right columns and types."""
    columns = (*contract.stored, ("_delivery_id", "VARCHAR"), ("_business_date", "DATE"),
               ("_line_number", "BIGINT"))
    fields = ", ".join(f"CAST(NULL AS {kind}) AS {quote(name)}" for name, kind in columns)
    return f"SELECT {fields} WHERE false"


def parquet(files: Sequence[Path]) -> str:
    """SQL of a reader over an explicit list of files: never a pattern, so nothing slips in."""
    return f"read_parquet([{', '.join(text(file) for file in files)}])"


def _columns(contract: Contract) -> str:
    return ", ".join(quote(name) for name in
                     (*(name for name, _ in contract.stored), *STAMPS))
