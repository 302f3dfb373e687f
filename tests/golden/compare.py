"""Comparison of a release table with its expected CSV.

The rules of `examples/README.md` and of ruling B1: rows in no particular order, empty = null, `*`
is not compared, money to the cent, ratios within 1e-6. A table may have more columns than expected
and, where the caller says so, more rows. What belongs elsewhere: which tables are compared, and how
they were built.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

ANYTHING = "*"
RATIO = re.compile(r"(_pct|_rate|_ratio)$|^share_|^(obs_)?value$")
TOLERANCE = Decimal("0.000001")
SHOWN = 20

Row = tuple[Any, ...]


def read_expected(path: Path, without: frozenset[str] = frozenset()) -> tuple[list[str], list[Row]]:
    """Columns and rows of an expected CSV, less the columns in `without`; texts as in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        kept = [i for i, name in enumerate(header) if name not in without]
        return [header[i] for i in kept], [tuple(row[i] for i in kept) for row in reader]


def read_actual(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[Row]:
    """The same columns of a release table, each value as an expected CSV would write it."""
    select = ", ".join(f'"{name}"' for name in columns)
    rows = connection.execute(f"select {select} from {table}").fetchall()
    return [tuple(_as_text(value) for value in row) for row in rows]


def differences(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    expected_csv: Path,
    *,
    without: frozenset[str] = frozenset(),
    more_rows_allowed: bool = False,
) -> list[str]:
    """One sentence per row that is missing, or there but not expected; empty when all agree.

    `table` is schema.table; `without` names columns not compared at all.
    """
    columns, expected = read_expected(expected_csv, without)
    ratios = [bool(RATIO.search(name)) for name in columns]
    missing = Counter(map(_canonical, expected))
    left = Counter(map(_canonical, read_actual(connection, table, columns)))
    same = missing & left
    missing, left = missing - same, left - same

    problems = []
    unmatched = list(left.elements())
    for row in missing.elements():
        found = next((other for other in unmatched if _agree(row, other, ratios)), None)
        if found is None:
            nearest = _nearest(columns, row, unmatched, ratios)
            problems.append(f"{table}: missing {_shown(columns, row)}; {nearest}")
        else:
            unmatched.remove(found)
    if not more_rows_allowed:
        problems += [f"{table}: not expected {_shown(columns, row)}" for row in unmatched]
    return problems[:SHOWN]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(Decimal(repr(value)))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _canonical(row: Row) -> Row:
    """Numbers without trailing zeros, so that 1, 1.0 and 1.00 are the same before any tolerance."""
    return tuple(_number_or_text(value) for value in row)


def _number_or_text(value: str) -> Any:
    # Codes with a leading zero are texts, however numeric they look.
    if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", value):
        return Decimal(value)
    return value


def _agree(expected: Row, actual: Row, ratios: list[bool]) -> bool:
    return all(
        _value_agrees(want, got, ratio)
        for want, got, ratio in zip(expected, actual, ratios, strict=True)
    )


def _value_agrees(want: Any, got: Any, ratio: bool) -> bool:
    if want in (ANYTHING, got):
        return True
    if ratio and isinstance(want, Decimal) and isinstance(got, Decimal):
        return abs(want - got) <= TOLERANCE
    return False


def _nearest(columns: list[str], row: Row, candidates: list[Row], ratios: list[bool]) -> str:
    """The candidate that agrees in most columns, told by where it differs."""
    if not candidates:
        return "no row is left to match it"

    def places(other: Row) -> list[int]:
        return [i for i in range(len(row)) if not _value_agrees(row[i], other[i], ratios[i])]

    differing, nearest = min(
        ((places(other), other) for other in candidates), key=lambda pair: len(pair[0])
    )
    told = "; ".join(f"{columns[i]} is {nearest[i]}, not {row[i]}" for i in differing)
    return f"nearest: {told}"


def _shown(columns: list[str], row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(columns, row, strict=True))
