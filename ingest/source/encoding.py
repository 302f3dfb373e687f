"""Texts of a database that does not say by which encoding they were written, as UTF-8.

Belongs here: encodings of one byte a sign, by a table of 256 entries over the whole of a column, no
loop over its values. Does not belong here: databases that know their encoding; they convert.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa

from ingest.errors import SourceError

_MOST = 3  # bytes of a sign in UTF-8, for the signs of these encodings


def decoder(encoding: str) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    """Turns the texts of a batch into UTF-8. Errors: SourceError for an encoding that has not one
    byte a sign; a byte that means nothing in it stays what it is, and is no UTF-8.
    """
    signs, lengths = _table(encoding)

    def decode(batch: pa.RecordBatch) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays(
            [_column(column, signs, lengths) for column in batch.columns], schema=batch.schema)

    return decode


def _column(column: pa.Array, signs: np.ndarray, lengths: np.ndarray) -> pa.Array:
    validity, offsets, data = column.buffers()
    if data is None or not len(column):
        return column
    starts = np.frombuffer(offsets, np.int32)[column.offset:column.offset + len(column) + 1]
    written = np.frombuffer(data, np.uint8)[starts[0]:starts[-1]]
    if not (written & 0x80).any():
        return column
    sizes = lengths[written]
    ends = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    if ends[-1] > np.iinfo(np.int32).max:
        raise pa.ArrowInvalid
    kept = np.arange(_MOST) < sizes[:, None]
    read = signs[written][kept]
    moved = ends[starts - starts[0]].astype(np.int32)
    return pa.Array.from_buffers(
        column.type, len(column),
        [_validity(column, validity), pa.py_buffer(moved), pa.py_buffer(read)])


def _validity(column: pa.Array, validity: pa.Buffer | None) -> pa.Buffer | None:
    """The bits of what is null, from the first value on."""
    if validity is None or not column.offset:
        return validity
    bits = np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little")
    return pa.py_buffer(np.packbits(bits[column.offset:column.offset + len(column)],
                                    bitorder="little"))


@cache
def _table(encoding: str) -> tuple[np.ndarray, np.ndarray]:
    """For each byte its sign in UTF-8 (256 x 3) and how long that is (256)."""
    signs, lengths = np.zeros((256, _MOST), np.uint8), np.ones(256, np.int64)
    try:
        for byte in range(256):
            try:
                sign = bytes([byte]).decode(encoding).encode("utf-8")
            except UnicodeDecodeError:
                if byte < 0x80:
                    raise LookupError from None
                sign = bytes([byte])
            if len(sign) > _MOST or (byte < 0x80 and sign != bytes([byte])):
                raise LookupError
            signs[byte, :len(sign)] = np.frombuffer(sign, np.uint8)
            lengths[byte] = len(sign)
        if b"\xc3\xa9".decode(encoding) == "\xe9":  # UTF-8 itself
            raise LookupError
    except (LookupError, UnicodeError):
        raise SourceError("encoding") from None
    return signs, lengths
