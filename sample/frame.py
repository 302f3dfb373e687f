"""Columns of one extract for one chunk of accounts, with what is known when.

Belongs here: the Frame, its state on a business date, its conversion to Arrow. Does not belong
here: where rows come from, where files go.

A row exists from its `known` day. A cell may have an earlier content until a later day
(`hide`): that is how a decision, a late cessation or a correction reaches a delta. A row may be
deleted on a day (`delete`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from .calendar import FAR, NULL_DATE, QUARTER_BASE_YEAR
from .schema import SCHEMA

NULL_MONEY = -(2**62)
_DIGITS = np.frombuffer(
    "".join(f"{i:04d}" for i in range(10_000)).encode(), dtype=np.uint8
).reshape(10_000, 4)


class Codes:
    """Text codes of a column: positions into a short list of words (-1 is empty)."""

    __slots__ = ("at", "words")

    def __init__(self, at, words):
        self.at = np.asarray(at, dtype=np.int32)
        self.words = list(words)

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, rows) -> Codes:
        return Codes(self.at[rows], self.words)


def const(word: str, size: int) -> Codes:
    """A column that holds one code throughout."""
    return Codes(np.zeros(size, dtype=np.int32), [word])


def columns_of(parts: list, width: int) -> list[np.ndarray]:
    """Concatenates a list of tuples of arrays (empty columns when there is none)."""
    if not parts:
        return [np.zeros(0, dtype=np.int64) for _ in range(width)]
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


@dataclass
class _Hidden:
    """Cells whose content was another one before a day."""

    column: str
    rows: np.ndarray
    until: np.ndarray
    before: np.ndarray


@dataclass
class Frame:
    """Rows of one extract. `account` is the prefix of its account column (A or C)."""

    extract: str
    columns: dict
    known: np.ndarray
    account: str = "A"
    hidden: list[_Hidden] = field(default_factory=list)
    deleted: np.ndarray | None = None

    def __post_init__(self) -> None:
        self.known = np.asarray(self.known, dtype=np.int32)
        size = len(self.known)
        if list(self.columns) != list(SCHEMA[self.extract]):
            raise ValueError(f"{self.extract}: columns are {list(self.columns)}")
        for name, values in self.columns.items():
            if len(values) != size:
                raise ValueError(f"{self.extract}.{name}: {len(values)} values for {size} rows")

    def __len__(self) -> int:
        return len(self.known)

    def hide(self, column: str, until, before, rows=None) -> None:
        """Until a day, cells hold `before` (a scalar or one value per row)."""
        if rows is None:
            rows = np.arange(len(self))
        rows = np.asarray(rows)
        until = np.broadcast_to(np.asarray(until, dtype=np.int64), rows.shape)
        before = np.broadcast_to(np.asarray(before), rows.shape)
        matters = until > self.known[rows]
        if matters.any():
            self.hidden.append(
                _Hidden(column, rows[matters], until[matters], before[matters].copy())
            )

    def hide_future(self, column: str, horizon: int, *others: tuple[str, int]) -> None:
        """Until its own date, a date column is empty, and other columns hold what is given.

        Only dates after `horizon` matter (before it the final content is known)."""
        dates = self.columns[column]
        rows = np.flatnonzero(dates > horizon)
        self.hide(column, dates[rows], NULL_DATE, rows)
        for name, before in others:
            self.hide(name, dates[rows], before, rows)

    def delete(self, rows, on) -> None:
        """Rows disappear on a day."""
        if self.deleted is None:
            self.deleted = np.full(len(self), FAR, dtype=np.int64)
        self.deleted[rows] = on

    def state(self, on: int) -> tuple[dict, np.ndarray]:
        """Columns as of a day for all rows, and which rows exist that day."""
        columns = dict(self.columns)
        for hidden in self.hidden:
            later = hidden.until > on
            if not later.any():
                continue
            values = columns[hidden.column]
            coded = isinstance(values, Codes)
            array = (values.at if coded else values).copy()
            array[hidden.rows[later]] = hidden.before[later]
            columns[hidden.column] = Codes(array, values.words) if coded else array
        exists = self.known <= on
        if self.deleted is not None:
            exists &= self.deleted > on
        return columns, exists

    def changes(self, on: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows to upsert, rows to delete) in the delta of a day."""
        touched = self.known == on
        for hidden in self.hidden:
            touched[hidden.rows[hidden.until == on]] = True
        touched &= self.known <= on
        gone = np.zeros(len(self), dtype=bool)
        if self.deleted is not None:
            gone = (self.deleted == on) & (self.known < on)
            touched &= self.deleted > on
        return np.flatnonzero(touched), np.flatnonzero(gone)


def to_arrow(frame: Frame, columns: dict, rows) -> pa.Table:
    """Arrow table of some rows with the published types."""
    arrays, names = [], []
    for name, kind in SCHEMA[frame.extract].items():
        arrays.append(_array(kind, columns[name][rows], frame.account))
        names.append(name)
    return pa.table(arrays, names=names)


def _array(kind: str, values, account: str) -> pa.Array:
    if kind == "a":
        return identifiers(values, account, 8)
    if kind.startswith("i:"):
        _, prefix, width = kind.split(":")
        return identifiers(values, prefix, int(width))
    if kind == "s":
        indices = pa.array(values.at, mask=values.at < 0)
        words = pa.array(values.words or [""], pa.string())
        return pa.DictionaryArray.from_arrays(indices, words).dictionary_decode()
    if kind == "d":
        return pa.array(values.astype(np.int32), pa.int32(), mask=values == NULL_DATE).cast(
            pa.date32()
        )
    if kind in ("m", "m18", "u"):
        precision = {"m": 14, "m18": 18, "u": 8}[kind]
        return decimals(values, precision)
    if kind == "n":
        return pa.array(values.astype(np.int32), pa.int32(), mask=values < 0)
    if kind == "b":
        return pa.array(values > 0, pa.bool_(), mask=values < 0)
    if kind == "t":
        return pa.array(values, pa.int64(), mask=values < 0).cast(pa.timestamp("s"))
    if kind == "q":
        return _quarters(values)
    return pa.array(values, pa.string())


def _quarters(values: np.ndarray) -> pa.Array:
    size = 4 * 60
    words = [f"{QUARTER_BASE_YEAR + i // 4}Q{i % 4 + 1}" for i in range(size)]
    indices = pa.array(values.astype(np.int32), pa.int32(), mask=values < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words)).dictionary_decode()


def decimals(cents: np.ndarray, precision: int) -> pa.Array:
    """Exact decimals with two digits from integer cents (the 128-bit form is built directly)."""
    cents = np.ascontiguousarray(cents, dtype=np.int64)
    null = cents == NULL_MONEY
    wide = np.empty((len(cents), 2), dtype=np.int64)
    wide[:, 0] = cents
    wide[:, 1] = cents >> 63
    validity = None
    if null.any():
        validity = pa.py_buffer(np.packbits(~null, bitorder="little"))
    return pa.Array.from_buffers(
        pa.decimal128(precision, 2), len(cents), [validity, pa.py_buffer(wide)]
    )


def identifiers(numbers: np.ndarray, prefix: str, width: int) -> pa.Array:
    """Fixed-width identifiers (prefix and zero-padded number); negative numbers are empty."""
    numbers = np.asarray(numbers, dtype=np.int64)
    null = numbers < 0
    groups = -(-width // 4)
    digits = np.empty((len(numbers), groups * 4), dtype=np.uint8)
    rest = np.where(null, 0, numbers)
    for group in range(groups - 1, -1, -1):
        rest, part = np.divmod(rest, 10_000)
        digits[:, group * 4 : group * 4 + 4] = _DIGITS[part]
    total = len(prefix) + width
    text = np.empty((len(numbers), total), dtype=np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    text[:, len(prefix) :] = digits[:, groups * 4 - width :]
    if null.any():
        offsets = np.concatenate([[0], np.cumsum(np.where(null, 0, total))]).astype(np.int32)
        text = text[~null]
        validity = pa.py_buffer(np.packbits(~null, bitorder="little"))
    else:
        offsets = np.arange(len(numbers) + 1, dtype=np.int32) * total
        validity = None
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)
