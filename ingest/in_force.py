"""Which rows are in force after a row of deliveries, as SQL over their Parquet files.

Here belongs the one definition of "in force" (docs/architecture.md), used to judge a delivery and
to show the raw history to dbt: the last full delivery, less its rejected rows, plus those kept
(F4), overridden by key by the deltas after it. Nothing here opens a database or decides on rows.

The base of a large fund has 50 million rows, and a build reads it many times. Which of its rows a
delta replaces is therefore sought once, by key, when the delta is judged (`replaced_lines`); from
then on they are left out by their line number, which costs a fifth of looking at keys (measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.engine import no_rows, quote, text
from storage.parquet import parquet

if TYPE_CHECKING:  # the library behind contracts is slow to import
    from ingest.contract import Contract

STAMPS = ("_delivery_id", "_business_date", "_line_number")
REPLACED = "replaced.parquet"
REPLACED_COLUMNS = (("extract", "VARCHAR"), ("line_number", "BIGINT"))
TOUCHED = "touched.parquet"
TOUCHED_COLUMNS = (("delivery_id", "VARCHAR"), ("extract", "VARCHAR"), ("key", "VARCHAR"))


@dataclass(frozen=True)
class Member:
    """One delivery of a chain: where its rows lie and what the judgement left of them.

    `rejected` and `kept` name the extracts with rows rejected by, or kept in force by, the
    judgement in `judgement`, which for a delta also holds the lines of the base it replaces and the
    keys it brings.
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
    """SQL of the rows in force after `members` (in order): stored columns and stamps.

    It reads each file of the chain once, so that many deltas cost what their rows and files cost.
    """
    chain = since_full(members)
    if not chain:
        return nothing(contract)
    full, deltas = chain[0], [m for m in chain[1:] if contract.name in m.extracts]
    columns = ", ".join(quote(name) for name in (*(name for name, _ in contract.stored), *STAMPS))
    keys = ", ".join(quote(key) for key in contract.keys)
    rows = f"SELECT {columns} FROM {parquet([_file(contract, full)])} AS base"
    gone = [lines for lines in (_rejected(contract, full), _replaced(contract, deltas)) if lines]
    if gone:
        rows += (f" ANTI JOIN ({' UNION ALL '.join(gone)}) AS gone "
                 "ON base._line_number = gone.line_number")
    if contract.name in full.kept:
        kept = parquet([full.judgement / "kept" / f"{contract.name}.parquet"])
        rows += f" UNION ALL SELECT {columns} FROM {kept} AS kept"
        rows += f" ANTI JOIN last_change USING ({keys})" if deltas else ""
    if not deltas:
        return rows
    return f"""
        WITH last_change AS MATERIALIZED (
            SELECT * FROM ({_accepted(contract, deltas)})
            QUALIFY row_number() OVER (
                PARTITION BY {keys} ORDER BY _business_date DESC, _delivery_id DESC) = 1)
        {rows} UNION ALL SELECT {columns} FROM last_change WHERE _op = 'U'"""


def replaced_lines(contract: Contract, chain: Sequence[Member], brought: str) -> str:
    """SQL of `extract`, `line_number`: the lines that rows `brought` by a delta replace or delete
    in the file of the full delivery that `chain` begins with.
    """
    keys = ", ".join(quote(key) for key in contract.keys)
    return (f"SELECT {text(contract.name)} AS extract, base._line_number AS line_number "
            f"FROM {parquet([_file(contract, since_full(chain)[0])])} AS base "
            f"SEMI JOIN ({brought}) AS brought USING ({keys})")


def _rejected(contract: Contract, full: Member) -> str:
    """SQL of the lines of a full delivery that its judgement rejected; empty without any."""
    if contract.name not in full.rejected:
        return ""
    return _lines(contract, [full.judgement / "quarantine.parquet"])


def _replaced(contract: Contract, deltas: Sequence[Member]) -> str:
    """SQL of the lines of their full delivery that deltas replace; empty without deltas."""
    return _lines(contract, [m.judgement / REPLACED for m in deltas]) if deltas else ""


def _lines(contract: Contract, files: Sequence[Path]) -> str:
    return f"SELECT line_number FROM {parquet(files)} WHERE extract = {text(contract.name)}"


def _accepted(contract: Contract, members: Sequence[Member]) -> str:
    """SQL of the accepted rows (upserts and deletes) that these deliveries brought."""
    files = [_file(contract, member) for member in members]
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
    """SQL of no rows in force, with the right columns and types."""
    return no_rows((*contract.stored, ("_delivery_id", "VARCHAR"), ("_business_date", "DATE"),
                    ("_line_number", "BIGINT")))


def _file(contract: Contract, member: Member) -> Path:
    return member.folder / f"{contract.name}.parquet"
