"""The folder of a delivery: a Parquet file of texts for each extract, the manifest last.

Belongs here: files, counts, control totals, hashes, and that the folder shows whole or not at all
(a hidden folder of landing until its one rename). Does not belong here: where the rows come from.

Parquet and not CSV: it keeps an empty text apart from none, needs no quotes, and a file cut off
cannot be read. The only change to a value is the one the door makes of a typed Parquet file as
well: zeros past the decimals of the contract are no value.
"""

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest import rules
from ingest.contract import Contract, load_contracts
from ingest.delivery import MANIFEST, Delivery, read_manifest
from ingest.durable import flush, put_in_place, sha256, write_json
from ingest.engine import connect
from ingest.errors import SourceError
from ingest.source.encoding import decoder
from storage.parquet import parquet

EXTRACTING = ".extracting-"
_AMOUNT = "amount"


class DeliveryFolder:
    """One delivery on its way. Errors of all: OSError where the disk does not take it."""

    def __init__(self, landing: Path, source: str, delivery_id: str):
        self.delivery_id = delivery_id
        self._hidden = landing / f"{EXTRACTING}{source}"
        self.path = self._hidden / delivery_id
        self.final = landing / delivery_id
        self._entries: list[dict] = []
        self._hidden.mkdir(mode=0o700)
        self.path.mkdir(mode=0o700)

    def add(self, contract: Contract, names: list[str], batches: Generator[pa.RecordBatch],
            encoding: str | None, look: bool, where: str,
            on_rows: Callable[[int], None]) -> Path:
        """Write the rows of one extract; how many there are so far is told to `on_rows`.

        `look`: texts may not be UTF-8. Errors: SourceError.
        """
        path = self.path / f"{contract.name}.parquet"
        rows = self.write(path, contract, names, batches, encoding, look, where, on_rows)
        self._entries.append({"extract": contract.name, "file": path.name, "rows": rows,
                              "sha256": sha256(path), "control_total": _total(path, contract)})
        return path

    @staticmethod
    def write(path: Path, contract: Contract, names: list[str], batches: Generator[pa.RecordBatch],
              encoding: str | None, look: bool, where: str, on_rows: Callable[[int], None]) -> int:
        """Write rows into a file that is no part of the delivery by that; how many there are."""
        schema = pa.schema([(name, pa.string()) for name in names])
        zeros = {column.name: _zeros(column.type) for column in contract.columns
                 if column.type.startswith("DECIMAL")}
        # All different: a list of them costs time and helps nobody.
        lists = [name for name in names if name == "_op" or not (
            rules.is_identifier(contract.by_name[name]) or contract.by_name[name].personal
            == "direct")]
        decode = decoder(encoding) if encoding else None
        rows = 0
        # Closed at once where the disk takes no more: a database may still be sending.
        with closing(batches), pq.ParquetWriter(
                path, schema, compression="zstd", compression_level=1, use_dictionary=lists,
                store_schema=False) as out:
            for batch in batches:
                if decode:
                    batch = decode(batch)
                if look or decode:
                    _check(batch, where)
                out.write_batch(_trimmed(batch, zeros))
                rows += batch.num_rows
                on_rows(rows)
        os.chmod(path, 0o600)
        return rows

    @property
    def rows(self) -> dict[str, int]:
        """Rows by extract."""
        return {entry["extract"]: entry["rows"] for entry in self._entries}

    def leave_out(self, extract: str) -> None:
        """An extract without changes is not part of a delta."""
        entry = next(entry for entry in self._entries if entry["extract"] == extract)
        self._entries.remove(entry)
        (self.path / entry["file"]).unlink()

    def close(self, mode: str, business_date: date, produced_at: datetime) -> Delivery:
        """Write the manifest and have everything on disk; the delivery as the door will read it."""
        write_json(self.path / MANIFEST, {
            "delivery_id": self.delivery_id, "business_date": business_date.isoformat(),
            "mode": mode, "produced_at": produced_at.isoformat(timespec="seconds"),
            "files": self._entries})
        os.chmod(self.path / MANIFEST, 0o600)
        flush(self.path)
        return read_manifest(self.path, load_contracts())

    def show(self) -> None:
        """Give the folder its name: from here on it is a delivery."""
        if self.final.exists():
            raise SourceError("arrived", delivery_id=self.delivery_id)
        put_in_place(self.path, self.final)
        self._hidden.rmdir()

    def discard(self) -> None:
        """Leave nothing behind; what was shown stays."""
        shutil.rmtree(self._hidden, ignore_errors=True)


def sweep(landing: Path, source: str) -> None:
    """Remove what a killed extract of this source left in landing."""
    leftover = landing / f"{EXTRACTING}{source}"
    if leftover.exists():
        shutil.rmtree(leftover)


def _zeros(kind: str) -> tuple[str, str]:
    """Pattern and replacement that take zeros past the decimals of a type off."""
    decimals = kind.rstrip(")").split(",")[1].strip()
    return rf"^(-?[0-9]+\.[0-9]{{{decimals}}})0+$", r"\1"


def _trimmed(batch: pa.RecordBatch, zeros: dict[str, tuple[str, str]]) -> pa.RecordBatch:
    for name, (pattern, kept) in zeros.items():
        place = batch.schema.get_field_index(name)
        column = batch.column(place)
        if pc.any(pc.match_substring_regex(column, pattern)).as_py():
            batch = batch.set_column(place, name, pc.replace_substring_regex(column, pattern, kept))
    return batch


def _check(batch: pa.RecordBatch, where: str) -> None:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raise SourceError("text_encoding", where=where, name=name) from None


def _total(path: Path, contract: Contract) -> str | None:
    """The sum of the column `amount`, exact, of the values that the contract reads as one."""
    if not contract.has_amount:
        return None
    column = contract.by_name[_AMOUNT]
    with connect(None) as connection:
        (total,) = connection.execute(
            f"SELECT coalesce(sum({rules.typed(column)}), 0) FROM "
            f"(SELECT nullif({_AMOUNT}, '') AS t_{_AMOUNT} FROM {parquet([path])})").fetchone()
    return str(Decimal(total))

