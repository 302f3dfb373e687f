"""The cells that a record lies in, by the blocks of the interface (a copy is among the fixtures).

Belongs here: the words of `axes` (rule S3 of statistics-tables.md), read once more and plainly.
Does not belong here: who is counted, and what a measure is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

INTERFACE = Path(__file__).parents[1] / "fixtures" / "interface" / "statistics.csv"
TOTAL = "_T"


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Every row of the interface: tables, dimensions, measures, blocks."""
    with INTERFACE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def of(code: str, kind: str) -> list[dict[str, str]]:
    """The rows of one statistic of one kind, in their order."""
    return [row for row in rows() if row["code"] == code and row["kind"] == kind]


def margins(
    code: str,
    frequency: str,
    record: dict[str, str],
    residences: dict[str, str] | None = None,
    only: str | None = None,
) -> set[tuple[str, ...]]:
    """Every cell (codes of all dimensions) of a statistic in which a record lies, each once."""
    dimensions = [row["name"] for row in of(code, "dimension")]
    found = set()
    for block in of(code, "block"):
        if frequency in block["frequencies"].split() and only in (None, block["name"]):
            for choice in product(
                *(_choices(axis, record, residences or {}) for axis in block["axes"].split())
            ):
                codes = {name: value for part in choice for name, value in part.items()}
                found.add(tuple(codes.get(name, TOTAL) for name in dimensions))
    return found


def _choices(
    axis: str, record: dict[str, str], residences: dict[str, str]
) -> Iterator[dict[str, str]]:
    """What one axis says about a record: its codes, and the totals the axis has."""
    name, _, levels = axis.partition(":")
    if levels:
        for level in levels.split(","):
            yield {f"{name}_level": level, f"{name}_code": residences[level]}
        yield {}
        return
    outer, _, inner = axis.partition(">")
    whole = outer.removesuffix("!")
    if inner:
        yield {whole: record[whole], inner: record[inner]}
    yield {whole: record[whole]}
    if not outer.endswith("!"):
        yield {}
