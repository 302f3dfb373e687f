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


def quarters_earlier(
    charges: list[dict], positions: list[tuple], allocations: list[tuple], as_of: date
) -> list[tuple]:
    """Rows of mart_quarter_earlier: what mart_quarter counts, as it stood a year before."""
    rows, then = {row["charge_id"]: row for row in charges}, _year(as_of, as_of.year - 1)
    paid = _paid_until(allocations, dict.fromkeys(rows, then))
    covered = _covered_until(allocations, then)
    cells = defaultdict(list)
    for position in positions:
        row = rows[position[0]]
        if (
            row["account_id"].startswith("A")
            and _is_contribution(row)
            and row["issue_date"] <= then
        ):
            key = (row["contribution_year"], row["contribution_quarter"], row["category"])
            cells[*key, position[1]].append((row["account_id"], position))
    return [
        (
            *key,
            len(cell),
            claimed := _sum(cell, 5),
            collected := sum((paid[position[0]] for _, position in cell), Decimal("0.00")),
            claimed - sum((covered[position[0]] for _, position in cell), Decimal("0.00")),
            _share(collected, claimed),
        )
        for key, cell in cells.items()
    ]


def perception_parts(
    charges: list[dict], positions: list[tuple], allocations: list[tuple], as_of: date
) -> list[tuple]:
    """Rows of mart_perception_parts, without its projection: of each year up to the running one,
    its parts, and the percentage on the same day of that year.
    """
    rows = {row["charge_id"]: row for row in charges}
    same_day = {key: _year(as_of, row["issue_date"].year) for key, row in rows.items()}
    paid = _paid_until(allocations, same_day)
    years = defaultdict(list)
    for position in positions:
        row = rows[position[0]]
        if _is_contribution(row) and row["issue_date"].year <= as_of.year:
            kind = "affiliate" if row["account_id"].startswith("A") else "company"
            years[row["issue_date"].year, kind].append((row["account_id"], position))
    told = []
    for (year, kind), cell in years.items():
        day = _year(as_of, year)
        then = [one for one in cell if rows[one[1][0]]["issue_date"] <= day]
        collected = sum((paid[position[0]] for _, position in then), Decimal("0.00"))
        claimed = _sum(cell, 5)
        told.append(
            (
                year,
                kind,
                *(_sum(cell, place) for place in (2, 3, 4)),
                claimed,
                _sum(cell, 13),
                _sum(cell, 14),
                _share(100 * _sum(cell, 13), claimed),
                day,
                _share(100 * collected, _sum(then, 5)),
            )
        )
    return told


def _year(day: date, year: int) -> date:
    """The same day of another year; 28 February where that has no 29th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _paid_until(allocations: list[tuple], until: dict[str, date]) -> dict[str, Decimal]:
    """What payments had paid of each charge on a day of its own."""
    paid: dict[str, Decimal] = defaultdict(lambda: Decimal("0.00"))
    for charge, _, kind, _, day, amount in allocations:
        if kind == "payment" and day <= until[charge]:
            paid[charge] += amount
    return paid


def _covered_until(allocations: list[tuple], day: date) -> dict[str, Decimal]:
    """What payments and credits had settled of each charge on a day."""
    covered: dict[str, Decimal] = defaultdict(lambda: Decimal("0.00"))
    for charge, _, _, _, when, amount in allocations:
        if when <= day:
            covered[charge] += amount
    return covered


def _is_contribution(row: dict) -> bool:
    is_company = row["account_id"].startswith("C")
    kinds = ("company_contribution",) if is_company else ("provisional", "regularisation")
    return row["amount"] > 0 and row["charge_type"] in kinds


def _sum(cell: list[tuple[str, tuple]], place: int) -> Decimal:
    return sum((position[place] for _, position in cell), Decimal("0.00"))


def _share(part: Decimal, whole: Decimal) -> float | None:
    return round(float(part / whole), 9) if whole else None
