"""What the marts of contributions make of the charges of the replay, counted in plain loops.

Here: which charges are counted, by what, and the shares (B2, B3). Not here: what became of each
charge (replay.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal


def quarters(charges: list[dict], positions: list[tuple]) -> list[tuple]:
    """Rows of mart_quarter: contributions of affiliates, by quarter, category and nature."""
    rows = {row["charge_id"]: row for row in charges}
    cells = defaultdict(list)
    for position in positions:
        row, nature = rows[position[0]], position[1]
        if row["account_id"].startswith("A") and _is_contribution(row):
            key = (row["contribution_year"], row["contribution_quarter"], row["category"], nature)
            cells[key].append((row["account_id"], position))
    return [
        (
            *key,
            len(cell),
            len({account for account, position in cell if position[5] > 0}),
            claimed := _sum(cell, 5),
            _sum(cell, 4),
            collected := _sum(cell, 6),
            _sum(cell, 9),
            _sum(cell, 8),
            _share(collected, claimed),
        )
        for key, cell in cells.items()
    ]


def perception(charges: list[dict], positions: list[tuple], as_of: date) -> list[tuple]:
    """Rows of mart_perception: what was collected by the end of each year that has ended."""
    rows = {row["charge_id"]: row for row in charges}
    years = defaultdict(list)
    for position in positions:
        row = rows[position[0]]
        year = row["issue_date"].year
        if _is_contribution(row) and date(year, 12, 31) <= as_of:
            kind = "affiliate" if row["account_id"].startswith("A") else "company"
            years[year, kind].append((row["account_id"], position))
    return [
        (
            *key,
            claimed := _sum(cell, 5),
            collected := _sum(cell, 13),
            _share(100 * collected, claimed),
            _share(_sum(cell, 14), claimed),
        )
        for key, cell in years.items()
    ]


def _is_contribution(row: dict) -> bool:
    is_company = row["account_id"].startswith("C")
    kinds = ("company_contribution",) if is_company else ("provisional", "regularisation")
    return row["amount"] > 0 and row["charge_type"] in kinds


def _sum(cell: list[tuple[str, tuple]], place: int) -> Decimal:
    return sum((position[place] for _, position in cell), Decimal("0.00"))


def _share(part: Decimal, whole: Decimal) -> float | None:
    return round(float(part / whole), 9) if whole else None
