"""Every value that a contract allows can be built: amounts, dates and years at the limits of their
types, one at a time and all at once, and a release is published all the same.

What the figures then say is not looked at; that a row of any value stops nobody else's release is.
"""

from __future__ import annotations

import csv
import itertools

import pytest

from ingest.contract import Column, Contract, load_contracts
from release.reader import open_release
from tests.pipeline.world import SMALL_WORLD, run_job
from tests.unit.ingest.support import write_delivery

pytestmark = pytest.mark.xdist_group("pipeline-extremes")

DAYS = ("0001-01-01", "1582-10-15", "2100-02-28", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00", "9999-12-31T23:59:59.999999+14:00")


def extremes(column: Column) -> tuple[str, ...]:
    """The values at the limits of a column's type; those its domain forbids are quarantined."""
    if column.type.startswith("DECIMAL"):
        digits, scale = (int(part) for part in column.type[8:-1].split(","))
        largest = f"{'9' * (digits - scale)}.{'9' * scale}"
        return (largest, f"-{largest}", f"0.{'0' * (scale - 1)}1")
    if column.type == "INTEGER":
        return tuple(
            str(limit)
            for limit in (column.minimum, column.maximum, 2_147_483_647)
            if limit is not None
        )
    return {"DATE": DAYS, "TIMESTAMP": MOMENTS}.get(column.type, ())


def fresh_key(contract: Contract, row: dict[str, str], number: int) -> dict[str, str]:
    """The row under a key that no other has: same form, another number."""
    own = [c for c in contract.columns if c.key and not c.references]
    column = own[0] if own else contract.columns[0]
    if column.type == "INTEGER":
        return {**row, column.name: str(2000 + number % 100)}
    text = row[column.name]
    head = text.rstrip("0123456789")
    return {**row, column.name: f"{head}{number:0{len(text) - len(head)}d}"}


def small_world() -> dict[str, list[dict[str, str]]]:
    """The rows of the hand-made world, as text."""
    world = {}
    for name in load_contracts():
        with (SMALL_WORLD / "2026-06-30-1" / f"{name}.csv").open(encoding="utf-8") as file:
            world[name] = list(csv.DictReader(file))
    return world


def one_at_a_time() -> dict[str, list[dict[str, str]]]:
    """The small world, and an eighth of its rows once more for each extreme of each column."""
    numbers = itertools.count(900_000)
    world = small_world()
    for name, rows in world.items():
        contract = load_contracts()[name]
        for template in rows[:: max(1, len(rows) // 8)]:
            for column in contract.columns:
                rows += [
                    {**fresh_key(contract, template, next(numbers)), column.name: value}
                    for value in extremes(column)
                ]
    return world


def all_amounts_at_once() -> dict[str, list[dict[str, str]]]:
    """The small world with every amount as large as its type allows, with its sign; but for the
    general ledger, whose totals are of the size of the sums they are held against.
    """
    world = small_world()
    for name, rows in world.items():
        if name == "ledger_totals":
            continue
        for column in load_contracts()[name].columns:
            if column.type.startswith("DECIMAL"):
                largest, least, _ = extremes(column)
                for row in rows:
                    if row[column.name]:
                        row[column.name] = least if row[column.name].startswith("-") else largest
    return world


@pytest.mark.parametrize("extreme", [one_at_a_time, all_amounts_at_once])
def test_a_value_at_the_limit_of_its_type_stops_no_release(tmp_path, monkeypatch, extreme):
    monkeypatch.setenv("VIGIE_MAX_REJECTED_PCT", "100")
    # The ledger of that world knows nothing of such amounts.
    monkeypatch.setenv("VIGIE_LEDGER_MAX_EUR", "999999999999999")
    write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", extreme())
    assert run_job(tmp_path).sentences == ()
    ((delivered, accepted),) = (
        open_release(tmp_path)
        .cursor()
        .execute("select sum(rows_delivered), sum(rows_accepted) from meta.deliveries")
        .fetchall()
    )
    # Most extremes are valid: a world of which little is left would prove nothing.
    assert accepted > delivered * 2 / 3
