"""The lists of law themselves: dated without gap, sourced, and equal to what others publish."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import holidays
import pytest

from law.engine import SEEDS, Engine

LISTS = sorted(path.stem for path in SEEDS.glob("*.csv"))
#: What a row of a dated list is about: rows of one key follow each other in time.
KEYS = {
    "law_base_amounts": ["threshold_key"],
    "law_benefit_amounts": ["benefit", "benefit_unit", "variant"],
    "law_benefit_reductions": ["resumption_month"],
    "law_bridging_extras": ["quarters_from"],
    "law_category_rules": ["category", "pension", "is_primo"],
    "law_company_amounts": ["size_class"],
    "law_company_due_dates": [],
    "law_company_exemptions": ["reason"],
    "law_company_thresholds": [],
    "law_deadlines": ["deadline_kind"],
    "law_entitlements": ["benefit", "scope", "unit"],
    "law_estimate_rules": ["is_primo", "step"],
    "law_free_quarters": ["event"],
    "law_index_numerators": [],
    "law_interruptions": ["step_type"],
    "law_management_fees": [],
    "law_prescription_terms": ["prescription_kind", "benefit", "is_fraud"],
    "law_primo_quarters": [],
    "law_principles": ["principle"],
    "law_rates": ["rate_scheme", "band"],
    "law_revaluations": [],
    "law_surcharges": ["surcharge_kind", "period"],
}
#: The library also names the two Sundays, which are no legal holidays of their own.
SUNDAYS = {"Pâques", "Pentecôte"}


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize("name", LISTS)
def test_every_row_says_where_it_comes_from_and_how_certain_it_is(name):
    for row in rows(name):
        assert row["article"], row
        assert row["source"], row
        assert row["certainty"] in {"seen", "derived", "known", "unsure"}, row


@pytest.mark.parametrize("name", LISTS)
def test_contract_names_every_column_in_order(name, engine):
    loaded = engine.rows(f"select column_name from (describe {name})")
    assert [row["column_name"] for row in loaded] == list(rows(name)[0])


def test_every_dated_list_has_a_key():
    assert set(LISTS) - set(KEYS) == {"law_public_holidays"}


@pytest.mark.parametrize("name", KEYS)
def test_rows_of_a_key_follow_each_other_in_time(name):
    """None ends before it starts, overlaps the next or leaves a gap; an open end is the last."""
    periods = defaultdict(list)
    for row in rows(name):
        key = tuple(row[column] for column in KEYS[name])
        end = row["valid_to"] or date.max.isoformat()
        periods[key].append((date.fromisoformat(row["valid_from"]), date.fromisoformat(end)))
    for key, spans in periods.items():
        spans.sort()
        assert all(start <= end for start, end in spans), key
        for (_, end), (start, _) in pairwise(spans):
            assert start == end + timedelta(days=1), key


def test_holidays_are_those_of_the_library():
    library = holidays.country_holidays("BE", years=range(1970, 2041), language="fr")
    expected = {day for day, label in library.items() if label not in SUNDAYS}
    listed = [date.fromisoformat(row["holiday_date"]) for row in rows("law_public_holidays")]
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    # In 2008 Ascension fell on 1 May: two holidays, one day.
    days = {year: sum(day.year == year for day in listed) for year in range(1970, 2041)}
    assert {year: count for year, count in days.items() if count != 10} == {2008: 9}


def test_working_days_agree_with_a_count_day_by_day(engine):
    closed = {date.fromisoformat(row["holiday_date"]) for row in rows("law_public_holidays")}
    starts = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(400)]
    expected = []
    for start in starts:
        count, day = 0, start
        while count < 5:
            day += timedelta(days=1)
            count += day.weekday() < 5 and day not in closed
        expected.append(day)
    found = engine.rows(
        """
        select
            starts.calendar_date,
            fifths.calendar_date as fifth,
            ends.working_days_to_date - starts.working_days_to_date as in_thirty
        from int_law__working_days as starts
        inner join int_law__working_days as fifths
            on
                starts.working_days_to_date + 5 = fifths.working_days_to_date
                and fifths.is_working_day
        inner join int_law__working_days as ends on starts.calendar_date + 30 = ends.calendar_date
        where starts.calendar_date between '2026-01-01' and '2027-02-04'
        order by starts.calendar_date
        """
    )
    assert [row["calendar_date"] for row in found] == starts
    assert [row["fifth"] for row in found] == expected
    for row in found:
        days = [row["calendar_date"] + timedelta(days=n) for n in range(1, 31)]
        assert row["in_thirty"] == sum(d.weekday() < 5 and d not in closed for d in days)


def test_interruptions_chain_like_a_replay(engine):
    """Ruling C10, step by step in Python, against the function."""
    generator = random.Random(7)
    base = date(2026, 1, 1)
    claims, steps = [], []
    for claim in range(300):
        claims.append((claim, base))
        for step in range(generator.randrange(6)):
            on = date(2016, 1, 1) + timedelta(days=generator.randrange(8000))
            steps.append((claim, f"S{step}", on))
    steps.append((claims[0][0], "S9", date(2024, 2, 29)))

    def later(day: date) -> date:
        try:
            return day.replace(year=day.year + 5)
        except ValueError:
            return day.replace(year=day.year + 5, day=28)

    expected = {}
    for claim, first in claims:
        current, by = first, None
        for key, on in sorted(
            ((key, on) for number, key, on in steps if number == claim),
            key=lambda step: (step[1], step[0]),
        ):
            if on < current and later(on) > current:
                current, by = later(on), (key, on)
        expected[claim] = (current, *(by or (None, None)))

    def values(rows_):
        return ", ".join(
            "(" + ", ".join(f"{v}" if isinstance(v, int) else f"'{v}'" for v in row) + ")"
            for row in rows_
        )

    found = engine.rows(
        f"""
        with claims as (
            select claim_id, first_date::date as first_date
            from (values {values(claims)}) as claims (claim_id, first_date)
        ),
        steps as (
            select claim_id, list({{
                'step_id': step_id, 'interrupted_on': step_date::date,
                'restarted_date': years_added(step_date::date, 5)
            }} order by step_date::date, step_id) as steps
            from (values {values(steps)}) as steps (claim_id, step_id, step_date)
            group by claim_id
        )
        select claims.claim_id, unnest(prescription_interrupted(claims.first_date, steps.steps))
        from claims left join steps on claims.claim_id = steps.claim_id
        """
    )
    assert {
        row["claim_id"]: (row["restarted_date"], row["step_id"], row["interrupted_on"])
        for row in found
    } == expected
