"""Rows delivered = rows stored + rows in quarantine: counted again from the raw history itself.

The counts in a receipt were made while loading; these are made afterwards, from what is there.
Does not belong here: which rows are rejected (ingest), what follows from a difference (audit.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ingest.engine import never_pattern, parquet
from ingest.raw import RawHistory, Receipt
from orchestration.settings import Settings


@dataclass(frozen=True)
class Held:
    """One extract of one delivery: rows announced, rows stored, rows refused by form."""

    delivery_id: str
    extract: str
    delivered: int
    stored: int
    quarantined: int

    @property
    def is_balanced(self) -> bool:
        """Whether every delivered row is somewhere."""
        return self.delivered == self.stored + self.quarantined


def count_held(settings: Settings, receipts: Sequence[Receipt]) -> list[Held]:
    """Count every extract of these deliveries; only the footers of the stored files are read."""
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
    with duckdb.connect() as connection:
        stored = dict(
            connection.execute(
                "select file_name, num_rows from parquet_file_metadata(?)",
                [[never_pattern(file) for file in files]],
            ).fetchall()
        )
        quarantined = {
            (delivery_id, extract): rows
            for delivery_id, extract, rows in connection.execute(
                f"select delivery_id, extract, count(*) from {parquet(refused)} group by all"
            ).fetchall()
        }
    return [
        Held(
            receipt.delivery_id,
            entry.extract,
            entry.rows,
            stored.get(str(folders[receipt.delivery_id] / f"{entry.extract}.parquet"), 0),
            quarantined.get((receipt.delivery_id, entry.extract), 0),
        )
        for receipt in receipts
        for entry in receipt.entries
    ]
