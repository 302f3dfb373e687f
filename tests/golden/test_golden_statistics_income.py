"""T06 and T07 against a slow plain replay: every cell again, company by company and affiliate by
affiliate, from the extracts and the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.golden.entangled import AS_OF, DAY, FOREVER, RANKS, age_class, areas_at
from tests.golden.replay import Replay

pytestmark = pytest.mark.xdist_group("golden_statistics")

YEARS = range(2018, AS_OF.year)
CLASSES = [
    *((5000, "0-4999"), (10000, "5000-9999"), (15000, "10000-14999"), (20000, "15000-19999")),
    *((30000, "20000-29999"), (40000, "30000-39999"), (60000, "40000-59999")),
    (80000, "60000-79999"),
]


def test_companies_cell_by_cell(query: Any, extracts: Any) -> None:
    replay = Replay("T06")
    located = areas_at(query)
    balances = {
        (company, year): total
        for company, year, total in extracts(
            "select company_id, fiscal_year, balance_sheet_total from raw.company_balances"
        )
    }
    thresholds = dict(
        query(
            "select year(valid_from), cast(value as decimal(18, 2))"
            " from reference.law_company_thresholds"
        )
    )
    claims: dict[tuple[str, int], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for company, year, *amounts in query(
        "select account_id, contribution_year, net_amount, collected_amount, outstanding_amount"
        " from contribution.fct_charges where charge_type = 'company_contribution'"
        " and net_amount > 0"
    ):
        claims[company, year] = [a + b for a, b in zip(claims[company, year], amounts, strict=True)]
    for company, form, code, joined, status, closed in extracts(
        "select company_id, legal_form, municipality_nis, affiliated_date, status, closed_date"
        " from raw.companies"
    ):
        for year in YEARS:
            day = date(year, 12, 31)
            areas = located(code, day)
            is_large = balances.get((company, year - 2), 0) > thresholds[year]
            codes = {
                "legal_form": form,
                "size_class": "large" if is_large else "small",
                "region": areas["REGION"],
                "province": areas["PROVINCE"],
            }
            if joined <= day and (closed is None or closed > day):
                has_left = status in ("closed", "transferred_out")
                told = {**codes, "company_status": "left_since" if has_left else status}
                replay.add({"year": str(year)}, told, company, companies=1)
            if (company, year) in claims:
                claimed, collected, outstanding = claims[company, year]
                replay.add(
                    {"year": str(year)},
                    codes,
                    company,
                    claimed_companies=1,
                    claimed_amount=claimed,
                    collected_amount=collected,
                    outstanding_amount=outstanding,
                )
    replay.assert_equals(query)


def test_incomes_cell_by_cell(query: Any, extracts: Any) -> None:
    replay = Replay("T07")
    natures = dict(query("select category, nature from core.dim_category"))
    branches = dict(query("select profession_code, branch_code from core.dim_profession"))
    people = {
        row[0]: row[1:]
        for row in extracts("select affiliate_id, sex, birth_date from raw.affiliates")
    }
    incomes = {
        (affiliate, year): amount
        for affiliate, year, amount in extracts(
            "select affiliate_id, income_year, net_income from raw.incomes"
        )
    }
    periods = defaultdict(list)
    for affiliate, *period in extracts(
        "select affiliate_id, affiliation_id, category, profession_code, start_date, end_date,"
        " end_reason from raw.affiliations where coalesce(end_reason, '') <> 'annulled'"
    ):
        periods[affiliate].append(period)
    for affiliate, held in periods.items():
        for year in YEARS:
            counting = last_liable(held, year)
            if not counting:
                continue
            _, category, profession, *_ = min(
                counting, key=lambda period: (RANKS.index(period[1]), period[0])
            )
            sex, birth = people[affiliate]
            income, base = incomes.get((affiliate, year)), incomes.get((affiliate, year - 3))
            codes = {
                "income_class": income_class(income),
                "nature": natures[category],
                "sex": sex,
                "age_class": age_class(birth, date(year, 12, 31)),
                "branch": branches.get(profession, "unknown"),
            }
            values = {"persons": 1}
            if income is not None:
                values |= {"persons_known": 1, "income_amount": income, "median_income": income}
            if income is not None and base is not None:
                values |= {"persons_both": 1, "base_amount": base, "final_amount": income}
            replay.add({"year": str(year)}, codes, affiliate, **values)
    replay.assert_equals(query)


def last_liable(periods: list[list[Any]], year: int) -> list[list[Any]]:
    """B5: the periods that count for the last liable quarter of a year."""
    for quarter in (4, 3, 2, 1):
        first = date(year, quarter * 3 - 2, 1)
        last = (date(year, quarter * 3 + 1, 1) if quarter < 4 else date(year + 1, 1, 1)) - DAY
        counting = [
            period
            for period in periods
            if period[3] <= last
            and (period[4] or FOREVER) >= first
            and not (period[5] in ("death", "pension") and first <= period[4] <= last)
        ]
        if counting:
            return counting
    return []


def income_class(income: Decimal | None) -> str:
    if income is None:
        return "unknown"
    if income <= 0:
        return "zero" if income == 0 else "negative"
    return next((name for below, name in CLASSES if income < below), "80000+")


def test_the_fund_has_what_the_rules_tell_apart(query: Any) -> None:
    """Every class of income, companies that have left since, periods that tie in a quarter."""
    classes = query("select distinct income_class from statistics.stat_t07")
    assert len(classes) == len(CLASSES) + 5
    assert query("select 1 from statistics.stat_t06 where company_status = 'left_since' limit 1")
