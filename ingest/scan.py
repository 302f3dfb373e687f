"""One pass over the bytes of a file, beside DuckDB's: what its reader would let through.

DuckDB reads a truncated .gz or .zst without a word, skips blank lines, takes one comma too many
at the end of a line and blanks around quotes. This pass counts for itself: hash, records, commas
outside quotes, and finds quotes where RFC 4180 allows none. It runs in a thread (hashing and
NumPy release the interpreter lock). What a value means belongs to `verify.py`.
"""

import codecs
import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from ingest.bounds import LINE_BYTES, MB, UNPACKED_BYTES, UNPACKED_TIMES
from ingest.faults import Owner, fault_of
from ingest.texts import Said, said

CHUNK = 1 << 22
QUOTE, COMMA, LINE_FEED, RETURN = b'",\n\r'
BEFORE_QUOTE = np.frombuffer(b',\n"', dtype=np.uint8)
AFTER_QUOTE = np.frombuffer(b',\n\r"', dtype=np.uint8)


@dataclass
class Facts:
    """What the bytes say. `records` includes the header; `commas` those outside quotes.

    `fault` is the first thing wrong with the file as a whole, or None; `endless` says that it was
    not read to its end for it.
    """

    sha256: str = ""
    size: int = 0
    records: int = 0
    commas: int = 0
    fault: Said | None = None
    endless: bool = False


def scan(path: Path, format: str, rows: int | None,
         on_bytes: Callable[[int], None] | None = None) -> Facts:
    """Facts of a file; for CSV (`none`, `gzip`, `zstd`) its content is read too, up to what H12
    allows of a file that is announced with so many `rows` (None: with none).

    Errors: OSError when the file cannot be opened or read from disk.
    """
    facts, tally, digest = Facts(), _Tally(), hashlib.sha256()
    with open(path, "rb") as raw:
        while chunk := raw.read(CHUNK):
            digest.update(chunk)
            facts.size += len(chunk)
            if format == "none" and not tally.too_long:
                tally.add(chunk)
            if on_bytes:
                on_bytes(len(chunk))
    facts.sha256 = digest.hexdigest()
    if format in ("gzip", "zstd"):
        try:
            _unpack(path, format, rows, facts, tally)
        except Exception as error:
            if fault_of(error).owner is not Owner.FILE:
                raise
            facts.fault = said("scan.stream", format=format)
            return facts
    if tally.too_long:
        facts.endless, facts.fault = True, (
            said("scan.long_line", line=tally.feeds + 1, mb=LINE_BYTES // MB))
    if format != "parquet" and not facts.endless:
        facts.records, facts.commas = tally.finish()
        facts.fault = tally.fault
    return facts


def _unpack(path: Path, format: str, rows: int | None, facts: Facts, tally: "_Tally") -> None:
    """Count what a compressed file holds, no further than H12 allows."""
    unpacked = 0
    with open_bytes(path, format) as stream:
        while not tally.too_long and (chunk := stream.read(CHUNK)):
            unpacked += len(chunk)
            tally.add(chunk)
            if rows is not None and tally.feeds > rows + 1:
                facts.fault = said("scan.more_rows", rows=rows)
            elif unpacked > UNPACKED_BYTES and unpacked > UNPACKED_TIMES * facts.size:
                facts.fault = said("scan.unpacks", times=UNPACKED_TIMES)
            if facts.fault:
                facts.endless = True
                return


def open_bytes(path: Path, format: str) -> BinaryIO:
    """The content of a CSV file, decompressed; a stream cut off raises when its end is read."""
    if format == "gzip":
        return gzip.open(path, "rb")
    if format == "zstd":
        return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
    return open(path, "rb")


def read_header(path: Path, format: str) -> list[str]:
    """Column names of the header line. Errors: ValueError when there is none or it is unreadable.
    """
    with open_bytes(path, format) as stream:
        try:
            head = codecs.getincrementaldecoder("utf-8-sig")("replace").decode(
                stream.read(1 << 20))
            names = next(csv.reader(io.StringIO(head, newline=""), strict=True))
        except Exception as error:
            if not isinstance(error, (csv.Error, StopIteration)) and (
                    fault_of(error).owner is not Owner.FILE):
                raise
            raise ValueError(said("scan.header")) from None
    if "\ufffd" in "".join(names):
        raise ValueError(said("scan.header_bytes"))
    return names


def first_bad_record(path: Path, format: str, columns: int) -> tuple[int, Said] | None:
    """(line number counted in records, what is wrong) of the first record a reader stumbles over.

    Slow and careful, only for a file that is refused anyway. Says nothing of what the line holds.
    """
    number = 0
    try:
        with open_bytes(path, format) as stream:
            for record in csv.reader(_lines(stream), strict=True):
                number += 1
                if len(record) != columns:
                    return number, (said("scan.fields", fields=len(record), columns=columns)
                                    if record else said("scan.blank"))
    except UnicodeDecodeError:
        return number + 1, said("scan.bytes")
    except csv.Error:
        return number + 1, said("scan.quote_stands_or_open")
    except Exception as error:
        if fault_of(error).owner is not Owner.FILE:
            raise
    return None


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of a file that `scan` found to have none that is too long."""
    rest = b""
    while chunk := stream.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8") + "\n"
    if rest:
        yield rest.decode("utf-8")


class _Tally:
    """Counts over chunks; what crosses their border is carried along."""

    def __init__(self):
        self.commas = self.feeds = 0
        self.inside = 0
        self.last, self.closing = LINE_FEED, False
        self.started = False
        self.fault: Said | None = None
        self.open, self.too_long = 0, False

    def add(self, chunk: bytes) -> None:
        if not self.started:
            self.started = True
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
            if not chunk:
                return
        data = np.frombuffer(chunk, dtype=np.uint8)
        comma, feed = data == COMMA, data == LINE_FEED
        if self.inside or self.closing or b'"' in chunk:
            outside = self._quotes(data)
            comma &= outside
            feed &= outside
        self.commas += int(np.count_nonzero(comma))
        self._measure(np.flatnonzero(feed), len(data))
        self.last = int(data[-1])

    def _measure(self, ends: np.ndarray, size: int) -> None:
        """Count the records that end in a chunk, up to one that is too long (`feeds` before it)."""
        lengths = np.diff(np.concatenate(([-self.open - 1], ends, [size])))
        long = np.flatnonzero(lengths > LINE_BYTES)
        if len(long):
            self.too_long = True
            self.feeds += int(long[0])
            return
        self.feeds += len(ends)
        self.open = int(lengths[-1]) - 1

    def _quotes(self, data: np.ndarray) -> np.ndarray:
        quote = data == QUOTE
        inside = (np.cumsum(quote, dtype=np.uint32) + self.inside) & 1
        before = np.concatenate(([np.uint8(self.last)], data[:-1]))
        after = np.concatenate((data[1:], [np.uint8(COMMA)]))
        opening, closing = quote & (inside == 1), quote & (inside == 0)
        stray = (not np.isin(before[opening], BEFORE_QUOTE).all()
                 or not np.isin(after[closing], AFTER_QUOTE).all()
                 or (self.closing and data[0] not in AFTER_QUOTE))
        if stray and self.fault is None:
            self.fault = said("scan.quote_stands")
        self.closing = bool(closing[-1])
        self.inside = int(inside[-1])
        return inside == 0

    def finish(self) -> tuple[int, int]:
        if self.inside and self.fault is None:
            self.fault = said("scan.quote_open")
        return self.feeds + (self.last != LINE_FEED), self.commas
