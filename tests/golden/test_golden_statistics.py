"""Statistics and population against a slow plain replay, cell by cell.

A sample fund small enough for Python loops is loaded and built; then every cell of T01 and T08 and
every line of the balance is counted again here, from the extracts and the ledger, person by person
and account by account. Grand totals alone would prove little: a wrong margin hides in a right sum.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from tests.golden import blocks
from tests.golden.entangled import (
    AS_OF,
    DAY,
    FOREVER,
    GROUPS,
    RANKS,
    age_class,
    areas_at,
    quality,
    quarter_ends,
)

pytestmark = pytest.mark.xdist_group("golden_statistics")


def test_stock_of_affiliates_cell_by_cell(query: Any) -> None:
    natures = dict(query("select category, nature from core.dim_category"))
    people = defaultdict(list)
    for person, category, capacity, start, end, sex, birth, code in query(
        "select p.person_key, category, capacity, start_date, end_date, sex, birth_date, "
        "municipality_nis "
        "from core.fct_affiliation_periods as p join core.dim_affiliate using (affiliate_id) "
        "where coalesce(end_reason, '') <> 'annulled' order by affiliation_id"
    ):
        people[person].append((category, capacity, start, end or FOREVER, sex, birth, code))
    locate = areas_at(query)
    cells: dict[tuple[str, ...], int] = defaultdict(int)
    for periods in people.values():
        for day in quarter_ends():
            covering = [p for p in periods if p[2] <= day <= p[3]]
            if not covering:
                continue
            category, capacity, _, _, sex, birth, code = min(
                covering, key=lambda p: RANKS.index(p[0])
            )
            quarter = f"{day.year}Q{(day.month + 2) // 3}"
            record = {
                "nature": natures[category],
                "category": category,
                "quality": quality(capacity, category),
                "sex": sex,
                "age_class": age_class(birth, day),
            }
            located = locate(code, day)
            for key in blocks.margins("T01", "quarter", record, located):
                cells[quarter, *key] += 1
            if day.month == 12:
                for key in blocks.margins("T01", "year", record, located):
                    cells[str(day.year), *key] += 1
    found = {
        tuple(row[:8]): row[8:]
        for row in query(
            "select ref_period, nature, category, quality, sex, age_class, residence_level, "
            "residence_code, obs_value, contributors from statistics.stat_t01"
        )
    }
    assert found.keys() == cells.keys()
    wrong = {key: (found[key], n) for key, n in cells.items() if found[key] != (n, n)}
    assert wrong == {}


def test_claims_and_collections_cell_by_cell(query: Any) -> None:
    charges = {
        row[0]: row[1:]
        for row in query(
            "select charge_id, account_id, charge_type, contribution_year, contribution_quarter, "
            "nature, net_amount from contribution.fct_charges where net_amount > 0"
        )
        if row[2] in GROUPS
    }
    sums: dict[str, dict[tuple[str, ...], dict[str, Decimal]]] = {
        measure: defaultdict(lambda: defaultdict(Decimal)) for measure in ("claimed", "collected")
    }

    def add(measure: str, charge: tuple[Any, ...], collection_year: str, amount: Decimal) -> None:
        account, kind, year, quarter, nature, _ = charge
        record = {
            "contribution_year": str(year),
            "contribution_quarter": str(quarter or "Y"),
            "claim_group": GROUPS[kind],
            "claim_type": kind,
            "nature": nature,
            "collection_year": collection_year,
        }
        block = "T08.1" if collection_year == "_T" else "T08.2"
        for cell in blocks.margins("T08", "contribution_year", record, only=block):
            sums[measure][cell][account] += amount

    for charge in charges.values():
        add("claimed", charge, "_T", charge[-1])
        add("collected", charge, "_T", Decimal(0))
    for charge_id, day, amount in query(
        "select charge_id, value_date, allocated_amount from contribution.fct_allocations "
        f"where credit_type = 'payment' and value_date <= date '{AS_OF}'"
    ):
        if charge_id in charges:
            add("collected", charges[charge_id], "_T", amount)
            add("collected", charges[charge_id], str(day.year), amount)

    expected = {}
    for measure, cells in sums.items():
        for cell, accounts in cells.items():
            amounts = sorted((abs(amount) for amount in accounts.values() if amount), reverse=True)
            if not amounts and cell[-1] != "_T":
                continue
            expected[*cell, f"{measure}_amount"] = (
                sum(accounts.values()),
                len(amounts),
                amounts[0] if amounts else None,
                amounts[1] if len(amounts) > 1 else None,
            )
    found = {
        tuple(row[:7]): row[7:]
        for row in query(
            "select contribution_year, contribution_quarter, claim_group, claim_type, nature, "
            "collection_year, measure, obs_value, contributors, largest_contribution, "
            "second_contribution from statistics.stat_t08 where ref_period = contribution_year"
        )
    }
    rates = {key: value for key, value in found.items() if key[-1] == "perception_pct"}
    amounts = {key: value for key, value in found.items() if key not in rates}
    assert amounts.keys() == expected.keys()
    assert {k: (v, expected[k]) for k, v in amounts.items() if v != expected[k]} == {}
    for key, (rate, contributors, *_) in rates.items():
        claimed = expected[*key[:5], "_T", "claimed_amount"]
        collected = expected[*key[:6], "collected_amount"]
        assert abs(rate - 100 * collected[0] / claimed[0]) <= Decimal("0.000001"), key
        assert contributors == claimed[1]


def test_population_balance_line_by_line(query: Any) -> None:
    people = defaultdict(list)
    for person, start, end, *rest in query(
        "select person_key, start_date, end_date, origin, end_reason, is_entry, is_exit "
        "from core.fct_affiliation_periods where coalesce(end_reason, '') <> 'annulled'"
    ):
        people[person].append((start, end or FOREVER, *rest))

    def covered(periods: list[tuple[Any, ...]], day: date) -> bool:
        return any(start <= day <= end for start, end, *_ in periods)

    def stock(first: date) -> int:
        return sum(covered(p, first - DAY) and covered(p, first) for p in people.values())

    lines = query("select * exclude (period_type) from core.mart_population_balance")
    assert len(lines) == len(quarter_ends()) + len(quarter_ends()) // 4
    for period, *figures in lines:
        year = int(period[:4])
        first = date(year, int(period[5]) * 3 - 2 if "Q" in period else 1, 1)
        after = [day + DAY for day in quarter_ends() if day > first]
        last = after[0] - DAY if "Q" in period else date(year, 12, 31)
        flows = dict.fromkeys(("starters", "in", "other_in", "stops", "out", "other_out"), 0)
        for start, end, origin, reason, is_entry, is_exit in (
            period for periods in people.values() for period in periods
        ):
            if is_entry and first <= start <= last:
                kind = {"transfer_in": "in", "category_change": "other_in"}.get(origin, "starters")
                flows[kind] += 1
            if is_exit and first <= end <= last:
                kind = {"transfer_out": "out", "category_change": "other_out"}.get(reason, "stops")
                flows[kind] += 1
        assert figures == [stock(first), *flows.values(), stock(last + DAY)], period


def test_edges_of_careers(query: Any) -> None:
    """Ruling D2, word by word: who is touched by whom."""
    people = defaultdict(list)
    for row in query(
        "select person_key, affiliation_id, start_date, end_date, is_entry, is_exit "
        "from core.fct_affiliation_periods where coalesce(end_reason, '') <> 'annulled'"
    ):
        people[row[0]].append((row[1], row[2], row[3] or FOREVER, *row[4:]))
    for periods in people.values():
        for key, start, end, is_entry, is_exit in periods:
            touched_before = any(
                (s, k) < (start, key) and e >= start - DAY for k, s, e, *_ in periods
            )
            touched_after = any((e, k) > (end, key) and s <= end + DAY for k, s, e, *_ in periods)
            assert is_entry == (not touched_before), key
            assert is_exit == (end != FOREVER and not touched_after), key


def test_nothing_of_the_sample_is_left_out(entangled: Settings) -> None:
    """The world is worth replaying: several concurrent persons, natures and collection years."""
    with duckdb.connect(str(entangled.candidate), read_only=True) as connection:
        concurrent, several = connection.execute(
            "select (select count(*) from core.fct_affiliation_periods where is_concurrent), "
            "(select count(*) from (select account_id from contribution.fct_charges "
            "group by account_id having count(distinct nature) > 1))"
        ).fetchone()
    assert concurrent > 0
    assert several > 0
