"""Queries of `queries/` with their values, and the rows that come back.

Does not belong here: what is asked (one module and one folder of queries for each kind), of what
(source.py, lineage.py).

A query with parameters makes DuckDB import pandas (half a second): values are written into it as
literals, by `literal` alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

QUERIES = Path(__file__).resolve().parent / "queries"
_PLACE = re.compile(r"\$(\w+)")


@cache
def sql_of(query: str) -> str:
    """The text of a query."""
    return (QUERIES / f"{query}.sql").read_text(encoding="utf-8").strip().rstrip(";")


def literal(value: Any) -> str:
    """A value as SQL writes it: text, date, number, null, or a list of them.

    Raises:
        TypeError: a value of another kind.
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Sequence):
        return f"[{', '.join(map(literal, value))}]::varchar[]"
    raise TypeError(f"no literal of a {type(value).__name__}")


def filled(sql: str, values: dict[str, Any]) -> str:
    """A query with its values in place."""
    return _PLACE.sub(lambda place: literal(values[place[1]]), sql)


def rows_of(cursor: Any) -> list[dict[str, Any]]:
    """Rows of what was executed, by column."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
