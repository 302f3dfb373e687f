"""Writes one delivery: a file per extract, appended chunk by chunk, then the manifest.

Belongs here: file formats, hashes, control totals, the manifest. Does not belong here: what the
rows are. The same rows give the same bytes: no time of writing, no thread decides an order.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from .calendar import date_of
from .frame import Frame, to_arrow
from .schema import SCHEMA
from .truth import money_text

#: extracts whose control total is the sum of this column
AMOUNT = "amount"
_ROW_GROUP = 1_000_000


class _HashingFile(io.RawIOBase):
    """A file that hashes what is written to it."""

    def __init__(self, path: Path):
        self._file = open(path, "wb")  # noqa: SIM115 - closed by close()
        self.digest = hashlib.sha256()
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.digest.update(data)
        size = self._file.write(data)
        self._position += size
        return size

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            super().close()


class _ExtractFile:
    """One file of one extract."""

    def __init__(self, folder: Path, extract: str, delta: bool, fmt: str, compress: bool):
        suffix = {"parquet": ".parquet", "csv": ".csv.gz" if compress else ".csv"}[fmt]
        self.name = extract + suffix
        self.extract, self.fmt, self.delta = extract, fmt, delta
        self.rows, self.total = 0, 0
        self._raw = _HashingFile(folder / self.name)
        self._parquet = None
        self._out = self._raw
        if fmt == "csv":
            if compress:
                # No name and no time in the header: the bytes depend on the rows only.
                self._out = gzip.GzipFile("", "wb", 1, self._raw, mtime=0)
            names = (["_op"] if delta else []) + list(SCHEMA[extract])
            self._out.write((",".join(names) + "\n").encode())

    def append(self, table: pa.Table) -> None:
        """Adds rows of typed columns."""
        if not len(table):
            return
        self.rows += len(table)
        if AMOUNT in table.column_names:
            total = pc.sum(table[AMOUNT]).as_py()
            self.total += int(total.scaleb(2)) if total is not None else 0
        if self.fmt == "parquet":
            if self._parquet is None:
                self._parquet = self._open_parquet(table.schema)
            self._parquet.write_table(table, row_group_size=_ROW_GROUP)
            return
        pa.csv.write_csv(
            table,
            self._out,
            pa.csv.WriteOptions(include_header=False, quoting_style="none", batch_size=65_536),
        )

    def _open_parquet(self, schema: pa.Schema) -> pa.parquet.ParquetWriter:
        kinds = SCHEMA[self.extract]
        # Identifiers are all different: a dictionary of them costs time and helps nobody.
        unique = {n for n, kind in kinds.items() if kind == "a" or kind.startswith("i")}
        return pa.parquet.ParquetWriter(
            self._raw,
            schema,
            compression="zstd",
            compression_level=1,
            store_schema=False,
            use_dictionary=[name for name in schema.names if name not in unique],
            column_encoding=dict.fromkeys(unique, "DELTA_BYTE_ARRAY"),
        )

    def append_text(self, records: list[dict[str, str]], cents: int) -> None:
        """Adds rows given as text (CSV only): the way a wrong type gets into a file."""
        names = (["_op"] if self.delta else []) + list(SCHEMA[self.extract])
        lines = (",".join(record.get(name, "") for name in names) for record in records)
        self._out.write("".join(line + "\n" for line in lines).encode())
        self.rows += len(records)
        self.total += cents

    def close(self, empty: pa.Table) -> dict:
        """Closes the file; returns its entry in the manifest."""
        if self.fmt == "parquet":
            if self._parquet is None:
                self._parquet = self._open_parquet(empty.schema)
            self._parquet.close()
        elif self._out is not self._raw:
            self._out.close()
        self._raw.close()
        has_amount = AMOUNT in SCHEMA[self.extract]
        return {
            "extract": self.extract,
            "file": self.name,
            "rows": self.rows,
            "sha256": self._raw.digest.hexdigest(),
            "control_total": money_text(self.total) if has_amount else None,
        }


class DeliveryWriter:
    """One delivery folder. Files open when their first row comes; the manifest is last."""

    def __init__(self, out: Path, business_day: int, delta: bool, fmt: str, compress: bool):
        self.business_date = date_of(business_day)
        self.delivery_id = f"{self.business_date.isoformat()}-1"
        self.delta, self._fmt, self._compress = delta, fmt, compress
        self.folder = out / self.delivery_id
        self.folder.mkdir(parents=True, exist_ok=False)
        self._files: dict[str, _ExtractFile] = {}
        if not delta:
            for extract in SCHEMA:
                self.file(extract)

    def file(self, extract: str) -> _ExtractFile:
        """The open file of an extract."""
        if extract not in self._files:
            self._files[extract] = _ExtractFile(
                self.folder, extract, self.delta, self._fmt, self._compress
            )
        return self._files[extract]

    def append(self, frame: Frame, columns: dict, rows: np.ndarray) -> None:
        """Adds rows of a frame to a full delivery."""
        if len(rows):
            self.file(frame.extract).append(to_arrow(frame, columns, rows))

    def append_changes(self, frame: Frame, columns: dict, upserts, deletes) -> None:
        """Adds changed rows of a frame to a delta: upserts, then deletes."""
        if not len(upserts) + len(deletes):
            return
        table = to_arrow(frame, columns, np.concatenate([upserts, deletes]))
        operation = pa.array(["U"] * len(upserts) + ["D"] * len(deletes))
        self.file(frame.extract).append(table.add_column(0, "_op", operation))

    def close(self) -> dict:
        """Closes all files and writes the manifest; returns it."""
        entries = []
        for extract in SCHEMA:
            if extract in self._files:
                entries.append(self._files[extract].close(empty_table(extract, self.delta)))
        manifest = {
            "delivery_id": self.delivery_id,
            "business_date": self.business_date.isoformat(),
            "mode": "delta" if self.delta else "full",
            "produced_at": f"{self.business_date.isoformat()}T23:30:00+02:00",
            "files": entries,
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (self.folder / "manifest.json").write_text(text, encoding="utf-8")
        return manifest


def empty_table(extract: str, delta: bool) -> pa.Table:
    """The schema of an extract, no rows."""
    types = {"d": pa.date32(), "n": pa.int32(), "b": pa.bool_(), "t": pa.timestamp("s")}
    types |= {"m": pa.decimal128(14, 2), "m18": pa.decimal128(18, 2), "u": pa.decimal128(8, 2)}
    fields = [("_op", pa.string())] if delta else []
    fields += [(name, types.get(kind, pa.string())) for name, kind in SCHEMA[extract].items()]
    return pa.schema(fields).empty_table()
