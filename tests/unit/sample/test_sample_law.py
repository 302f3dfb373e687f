"""The generator's own law against published cases, and its charges against a plain replay."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest

from sample import law

from . import replay


@pytest.mark.parametrize(
    ("case", "category", "income", "year", "expected"),
    [
        ("WE075", law.MAIN, "45000", 2021, "2306.25"),
        ("WE082", law.MAIN, "40000", 2026, "2050.00"),
        ("WE084", law.MAIN, "-2000", 2026, "890.42"),
        ("WE087", law.COMPLEMENTARY, "10000", 2026, "512.50"),
        ("WE091", law.ARTICLE_37, "8000", 2025, "410.00"),
        ("WE093", law.MAXI, "3000", 2026, "391.16"),
        ("WE039", law.STUDENT, "7000", 2022, "0.00"),
    ],
)
def test_worked_examples(case, category, income, year, expected):
    cents = int(Decimal(income) * 100)
    got = law.quarterly([category], [cents], [year])[0]
    assert Decimal(int(got)) / 100 == Decimal(expected), case


def test_primo_starter_first_quarter_we100():
    got = law.starter_quarterly([law.MAIN], np.array([2024]), np.array([1]))[0]
    assert got == 33122


def test_incomplete_year_we101():
    income = law.annualised([150_000], [3])
    assert 3 * law.quarterly([law.COMPLEMENTARY], income, [2023])[0] == 30750


def test_revalued_reference_income_we104():
    income = law.revalued(np.array([3_000_000]), np.array([2026]))
    assert law.quarterly([law.MAIN], income, [2026])[0] == 164876


@pytest.mark.parametrize(
    ("year", "balance", "expected"),
    [(2025, "858605.72", 39973), (2021, "706579.60", 34750), (2018, "681341.34", 86800)],
)
def test_company_size_class_we045_we049_we051(year, balance, expected):
    amount, _ = law.company_amount(year, np.array([int(Decimal(balance) * 100)]), np.array([True]))
    assert amount[0] == expected


def test_benefit_amounts_we056_we059_we064_we072_we133():
    from sample.calendar import day

    assert law.daily_amount([day(2019, 5, 1)], [False])[0] == 8082
    assert law.daily_amount([day(2023, 11, 5)], [False])[0] == 9951
    assert law.monthly_amount([day(2022, 3, 1)], [True], False)[0] == 174716
    assert law.monthly_amount([day(2025, 2, 1)], [False], False)[0] == 163826
    assert law.daily_amount([day(2024, 6, 1)], [False])[0] * 10 == 101500


@pytest.fixture(scope="module")
def dossiers(fund):
    """Periods, incomes, charges of every affiliate of the full delivery."""
    names = ("category", "start_date", "end_date", "end_reason", "first_activity")
    periods, incomes, charges = defaultdict(list), defaultdict(dict), defaultdict(list)
    for key, *values in fund.rows(f"select affiliate_id, {', '.join(names)} from affiliations"):
        periods[key].append(dict(zip(names, values, strict=True)))
    for key, year, income in fund.rows("select affiliate_id, income_year, net_income from incomes"):
        incomes[key][int(year)] = Decimal(income)
    cancelled = dict(
        fund.rows(
            "select related_charge_id, sum(-amount::decimal(14, 2)) from charges "
            "where charge_type = 'cancellation' group by 1"
        )
    )
    for row in fund.rows(
        "select account_id, charge_id, charge_type, contribution_year::int, "
        "coalesce(contribution_quarter, '0')::int, amount::decimal(14, 2) from charges "
        "where charge_type in ('provisional', 'regularisation') order by issue_date, charge_id"
    ):
        charges[row[0]].append((*row[1:], cancelled.get(row[1], Decimal(0))))
    return periods, incomes, charges


def test_contributions_equal_the_law(fund, dossiers):
    """Every charge that is not planted, cancelled or reduced on request equals the law."""
    periods, incomes, charges = dossiers
    until = dt.date(2026, 12, 31)
    off, compared = [], 0
    late = fund.planted("corrected_income")
    known = fund.planted("wrong_amount") | fund.planted("reduced_provisional")
    for account, rows in charges.items():
        category, primo = replay.life(periods[account], until)
        done = defaultdict(Decimal)
        for _, kind, year, _, amount, cancelled in rows:
            done[year] += amount - cancelled if kind == "provisional" else 0
        settled = defaultdict(Decimal)
        for key, kind, year, number, amount, cancelled in rows:
            if kind == "provisional":
                if cancelled or (year < 2022 and (year, number) in primo):
                    continue
                expected = replay.provisional(year, number, category, primo, incomes[account])
                if expected in (None, ()):
                    continue
            else:
                if any((year, q) in primo for q in range(1, 5)) and year < 2022:
                    continue
                total = replay.final(year, category, primo, incomes[account])
                if total is None or f"{account}|{year}" in late:
                    continue
                expected = total - done[year] - settled[year]
                settled[year] += amount
            compared += 1
            if expected != amount and key not in known:
                off.append((key, account, kind, year, number, amount, expected))
    assert compared > 5000
    assert off == []


def test_planted_amounts_differ_from_the_law(fund):
    assert len(fund.planted("wrong_amount")) > 5


def test_company_contributions_equal_the_law(fund):
    rows = fund.rows(
        "select charge_id, contribution_year::int, amount::decimal(14, 2), "
        "balance_sheet_total::decimal(18, 2) from charges "
        "left join company_balances on company_id = account_id "
        "and fiscal_year::int = contribution_year::int - 2 "
        "where charge_type = 'company_contribution'"
    )
    off = set()
    for key, year, amount, balance in rows:
        small, large, limit = (Decimal(value) / 100 for value in law.COMPANY[year])
        expected = large if balance is not None and balance > limit else small
        if amount != expected:
            off.add(key)
    assert off == fund.planted("wrong_company_amount")


def test_surcharges_are_three_per_cent_of_a_charge_or_less(fund):
    """No 3 % exceeds 3 % of its contribution, no 7 % comes twice."""
    assert (
        fund.one(
            "select count(*) from charges s join charges c on c.charge_id = s.related_charge_id "
            "where s.charge_type = 'surcharge_quarterly' "
            "and s.amount::decimal(14, 2) > c.amount::decimal(14, 2) * 0.03 + 0.005"
        )
        == 0
    )
    assert (
        fund.one(
            "select count(*) from (select related_charge_id from charges "
            "where charge_type = 'surcharge_annual' group by 1 having count(*) > 1)"
        )
        == 0
    )
