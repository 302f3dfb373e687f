"""Statistics and population against a slow plain replay, cell by cell.

A sample fund small enough for Python loops is loaded and built; then every cell of T01 and T08 and
every line of the balance is counted again here, from the extracts and the ledger, person by person
and account by account. Grand totals alone would prove little: a wrong margin hides in a right sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from ingest.load import load_ready
from orchestration import build, dbt_runner
from orchestration.settings import Settings
from sample.generate import generate
from tests.golden import blocks

pytestmark = pytest.mark.xdist_group("golden_statistics")

AS_OF = date(2026, 9, 30)
DAY = timedelta(days=1)
FOREVER = date.max - DAY
RANKS = [
    *("main", "spouse_maxi", "spouse_mini", "pensioner"),
    *("early_pensioner", "student", "article_37", "complementary"),
]
GROUPS = {
    "provisional": "contributions",
    "regularisation": "contributions",
    "company_contribution": "contributions",
    "surcharge_quarterly": "surcharges",
    "surcharge_annual": "surcharges",
    "company_surcharge": "surcharges",
    "legal_costs": "costs",
}


#: The sample gives everyone one dossier and one period at a time. Here a second period is laid over
#: a third of them, and every tenth dossier becomes a second dossier of its neighbour.
ENTANGLE = """
alter view raw.affiliates rename to affiliates_delivered;
create view raw.affiliates as
select delivered.* replace (coalesce(neighbour.person_key, delivered.person_key) as person_key)
from raw.affiliates_delivered as delivered
left join raw.affiliates_delivered as neighbour
    on delivered.affiliate_id like '%7'
    and neighbour.affiliate_id = substr(delivered.affiliate_id, 1, 8) || '6';
alter view raw.affiliations rename to affiliations_delivered;
create view raw.affiliations as
from raw.affiliations_delivered
union all
select * replace (
    'F9' || substr(affiliation_id, 3) as affiliation_id,
    case when affiliation_id like '%2' then 'spouse_mini' else 'main' end as category,
    case when affiliation_id like '%2' then 'assisting_spouse' else 'helper' end as capacity,
    case when affiliation_id like '%5' then 'category_change' else 'resumption' end as origin,
    start_date + cast(substr(affiliation_id, 8) as integer) % 90 as start_date,
    case when affiliation_id like '%8' then start_date + 91 else end_date + 1 end as end_date,
    case when affiliation_id like '%8' or end_date is not null then 'cessation' end as end_reason
)
from raw.affiliations_delivered
where affiliation_id like '%2' or affiliation_id like '%5' or affiliation_id like '%8';
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("sample")
    generate(home / "landing", affiliates=400, companies=150, deltas=0, seed=3)
    assert load_ready(home / "landing", home).refused is None
    settings = Settings.from_env(home=home, statistics="")
    build.prepare(settings, build.decide(settings))
    with duckdb.connect(str(home / "warehouse" / "history.duckdb")) as connection:
        connection.execute(ENTANGLE)
    result = dbt_runner.build(settings)
    assert [node.name for node in result.broken] == []
    failed = [node.name for node in result.tests if node.status in ("fail", "error")]
    assert failed == []
    return settings


@pytest.fixture(scope="module")
def query(settings: Settings) -> Iterator[Any]:
    with duckdb.connect(str(settings.candidate), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def quarter_ends() -> list[date]:
    firsts = [date(year, month, 1) for year in range(2018, 2028) for month in (1, 4, 7, 10)]
    return [first - DAY for first in firsts[1:] if first - DAY <= AS_OF]


def age_class(birth: date, day: date) -> str:
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if age < 20:
        return "<20"
    return "70+" if age >= 70 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


def quality(capacity: str, category: str) -> str:
    if capacity != "assisting_spouse":
        return capacity
    kind = {"spouse_maxi": "maxi", "spouse_mini": "mini"}.get(category, "other")
    return f"assisting_spouse_{kind}"


def areas_at(query: Any) -> Any:
    """Function (code of today, day) -> areas by level."""
    rows = query(
        "select municipality_nis, arrondissement_nis, coalesce(province_nis, region_nis), "
        "region_nis, linguistic_area, valid_to, successor_nis from core.dim_municipality"
    )
    known = {row[0]: row[1:] for row in rows}

    def at(code: str | None, day: date) -> dict[str, str]:
        levels = ("ARRONDISSEMENT", "PROVINCE", "REGION", "LINGUISTIC_AREA")
        if code is None:
            return dict.fromkeys(("MUNICIPALITY", *levels), "ABROAD")
        while known[code][4] is not None and known[code][4] < day:
            code = known[code][5]
        return {"MUNICIPALITY": code, **dict(zip(levels, known[code], strict=False))}

    return at


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


def test_nothing_of_the_sample_is_left_out(settings: Settings) -> None:
    """The world is worth replaying: several concurrent persons, natures and collection years."""
    with duckdb.connect(str(settings.candidate), read_only=True) as connection:
        concurrent, several = connection.execute(
            "select (select count(*) from core.fct_affiliation_periods where is_concurrent), "
            "(select count(*) from (select account_id from contribution.fct_charges "
            "group by account_id having count(distinct nature) > 1))"
        ).fetchone()
    assert concurrent > 0
    assert several > 0
