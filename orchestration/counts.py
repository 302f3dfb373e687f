"""Rows delivered = rows stored + rows in quarantine, and their amounts = the control total: counted
again from the raw history itself.

The counts in a receipt were made while loading; these are made afterwards, from what is there.
Does not belong here: which rows are rejected (ingest), what follows from a difference (audit.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.raw import RawHistory, Receipt
from orchestration.settings import Settings
from storage import databases
from storage.parquet import parquet, rows_by_file


@dataclass(frozen=True)
class Held:
    """One extract of one delivery: rows announced, rows stored, rows refused by form; of its column
    `amount` the control total, what is stored and what was refused (None: no such column, or
    loaded by the version before, which did not keep the last).
    """

    delivery_id: str
    extract: str
    delivered: int
    stored: int
    quarantined: int
    control_total: Decimal | None = None
    stored_amount: Decimal | None = None
    quarantined_amount: Decimal | None = None

    @property
    def is_balanced(self) -> bool:
        """Whether every delivered row is somewhere."""
        return self.delivered == self.stored + self.quarantined

    @property
    def amounts_balance(self) -> bool:
        """Whether every delivered cent is somewhere."""
        if self.control_total is None or self.quarantined_amount is None:
            return True
        return self.control_total == (self.stored_amount or 0) + self.quarantined_amount


def count_held(settings: Settings, receipts: Sequence[Receipt]) -> list[Held]:
    """Count every extract of these deliveries; of the stored files only the footers and the column
    `amount` are read.
    """
    history = RawHistory(settings.home)
    folders = {receipt.delivery_id: history.member(receipt).folder for receipt in receipts}
    files = [
        folders[receipt.delivery_id] / f"{entry.extract}.parquet"
        for receipt in receipts
        for entry in receipt.entries
    ]
    if not files:  # deltas without any change
        return []
    refused = [
        folders[receipt.delivery_id] / "quarantine.parquet"
        for receipt in receipts
        if receipt.entries
    ]
    with databases.connect() as connection:
        stored = rows_by_file(connection, files)
        quarantined = {
            (delivery_id, extract): rows
            for delivery_id, extract, rows in connection.execute(
                f"select delivery_id, extract, count(*) from {parquet(refused)} group by all"
            ).fetchall()
        }
        amounts = _amounts(connection, folders, receipts)
    return [
        Held(
            receipt.delivery_id,
            entry.extract,
            entry.rows,
            stored.get(str(folders[receipt.delivery_id] / f"{entry.extract}.parquet"), 0),
            quarantined.get((receipt.delivery_id, entry.extract), 0),
            _decimal(entry.control_total),
            amounts.get(str(folders[receipt.delivery_id] / f"{entry.extract}.parquet")),
            _decimal(entry.rejected_amount),
        )
        for receipt in receipts
        for entry in receipt.entries
    ]


def _amounts(
    connection: duckdb.DuckDBPyConnection, folders: Mapping[str, Path], receipts: Sequence[Receipt]
) -> dict[str, Decimal]:
    """Sum of the column `amount` of each stored file that has one, by path."""
    with_total: dict[str, list[Path]] = {}
    for receipt in receipts:
        for entry in receipt.entries:
            if entry.rejected_amount is not None:
                file = folders[receipt.delivery_id] / f"{entry.extract}.parquet"
                with_total.setdefault(entry.extract, []).append(file)
    found: dict[str, Decimal] = {}
    for files in with_total.values():
        found |= dict(
            connection.execute(
                f"select filename, sum(amount) from {parquet(files)} group by all"
            ).fetchall()
        )
    return found


def _decimal(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
