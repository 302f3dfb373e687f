"""The lapses that the sample fund plants on purpose: each is found by its indicator, and no other.

`truth.json` lists them. What it cannot list is left out on both sides, and said beside: lapses on
the very edge of the as-of date, legal amounts that nobody has verified, statements to accounts
that were not in arrears over the quarter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from ingest.load import load_ready
from ingest.raw import RawHistory
from orchestration.build import create_functions
from orchestration.settings import Settings
from sample.generate import generate
from tests.unit import workbench

pytestmark = pytest.mark.xdist_group("golden_lapses")

AS_OF = date(2026, 9, 30)
THIS = "2026Q3"
#: Lapses and the measures that must list them; with days, what began within so many days of the
#: as-of date is left out: truth.json leaves it out too.
FOUND_BY = {
    "late_affiliation": (("SC01",), 0),
    "missing_brochure": (("SC02", "SC07"), 0),
    "late_answer very_late_answer": (("SC03",), 9),
    "very_late_answer": (("SC03B",), 45),
    "late_complaint": (("SC04",), 30),
    "late_decision": (("SC10",), 0),
    "late_benefit_payment": (("SC11",), 0),
    "refusal_without_reasons": (("SC14",), 0),
    "overpayment_without_reasons": (("SC15",), 0),
    "late_transmission rejected_transmission": (
        ("SC16", "SC17", "SC17B", "SC18", "SC20", "SC21"),
        0,
    ),
    "late_insurance_transmission": (("SC19",), 0),
    "corrected_notice": (("SC22", "SC33"), 0),
    "late_notice": (("SC23", "SC23B", "SC33B"), 0),
    "late_relief_transmission": (("SC26",), 0),
    "wrong_company_amount": (("SC34",), 0),
    "missing_reminder missing_formal_notice missing_registered_letter": (("SC27", "SC35"), 0),
    "missing_contact": (("SC28", "SC35B"), 0),
    "late_insolvency_claim": (("SC31",), 0),
    "prescribed_claim": (("SC32",), 0),
}


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """truth.json, and a function that queries the marts of the sample fund."""
    home = tmp_path_factory.mktemp("lapses")
    landing = home / "landing"
    generate(landing, end=AS_OF, affiliates=1200, companies=500, deltas=0, seed=11)
    assert load_ready(landing, home).refused is None
    history = RawHistory(home)
    history.expose(history.plan(None))
    truth = json.loads((landing / "truth.json").read_text(encoding="utf-8"))
    create_functions(Settings.from_env(home=home), AS_OF)
    workbench.build(home, *(f"+path:models/marts/{name}" for name in ("service", "benefit")))
    candidate = home / "warehouse" / "candidate.duckdb"
    with duckdb.connect(str(candidate), read_only=True) as connection:
        yield truth, lambda sql, *values: connection.execute(sql, values).fetchall()


def planted(truth: dict, kinds: str) -> set[str]:
    return {entry["key"] for kind in kinds.split() for entry in truth.get(kind, [])}


@pytest.mark.parametrize("kinds", FOUND_BY)
def test_planted_lapses_are_found_and_no_others(fund, kinds: str) -> None:
    truth, query = fund
    codes, edge = FOUND_BY[kinds]
    until = AS_OF - timedelta(days=edge) if edge else date.max
    found = query(
        "select distinct item_key from service.fct_missed_items where list_contains(?, code)"
        " and coalesce(started_date < ?, true)",
        list(codes),
        until,
    )
    assert {key for (key,) in found} == planted(truth, kinds)


def test_the_sample_plants_what_is_looked_for(fund) -> None:
    """A list of nothing would prove nothing: most kinds are there in a fund of this size."""
    truth, _ = fund
    assert sum(bool(planted(truth, kinds)) for kinds in FOUND_BY) >= len(FOUND_BY) - 3


def test_late_first_payments(fund) -> None:
    """Planted ones whose payment is still to come after the as-of date are not late yet; a payment
    late by its due date may be late by the Charter too."""
    truth, query = fund
    found = {
        key for (key,) in query("select item_key from service.fct_missed_items where code = 'SC12'")
    }
    late = planted(truth, "late_first_payment")
    waiting = query(
        "select benefit_payment_id from benefit.fct_payments"
        " inner join benefit.fct_claims using (claim_id)"
        " where paid_date is null and decision_date + interval 4 month >= ?",
        AS_OF,
    )
    assert found == late - {key for (key,) in waiting}


@pytest.mark.parametrize(
    ("code", "kinds"), [("SC24", "wrong_amount reduced_provisional"), ("SC24B", "wrong_amount")]
)
def test_wrong_contributions(fund, code: str, kinds: str) -> None:
    """Where the law gives an amount (B11: none for a helping spouse of the small statute). A
    reduction that was granted differs from the law, with a reason."""
    truth, query = fund
    found = query("select item_key from service.fct_missed_items where code = ?", code)
    without = query(
        "select charge_id from contribution.fct_charges "
        "where difference_reason is not null and expected_amount is null"
    )
    assert {key for (key,) in found} == planted(truth, kinds) - {key for (key,) in without}


def test_wrong_benefit_amounts(fund) -> None:
    """Where the legal amount is verified."""
    truth, query = fund
    found = {
        key for (key,) in query("select item_key from service.fct_missed_items where code = 'SC13'")
    }
    unsure = query(
        "select benefit_payment_id from benefit.fct_payments"
        " where coalesce(expected_certainty, 'unsure') = 'unsure'"
    )
    assert found == planted(truth, "wrong_benefit_amount") - {key for (key,) in unsure}


def test_stalled_judicial_cases(fund) -> None:
    truth, query = fund
    found = query(
        "select item_key from service.fct_missed_items where code = 'SC30' and quarter = ?", THIS
    )
    assert {key for (key,) in found} == planted(truth, "stalled_case")


def test_missing_statements(fund) -> None:
    """In the quarters that the extract covers, for accounts in arrears over the whole quarter."""
    truth, query = fund
    found = set(query("select item_key, quarter from service.fct_missed_items where code = 'SC29'"))
    observed = query(
        "select distinct quarter from service.mart_commitments where code = 'SC29' order by 1"
    )
    owing = set()
    for (quarter,) in observed:
        year, number = int(quarter[:4]), int(quarter[-1])
        end = date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)
        before = date(year, number * 3 - 2, 1) - timedelta(days=1)
        # Refunds that reopen a charge aside, a charge is owed from its due date to its settlement.
        rows = query(
            "select distinct account_id from contribution.fct_charges"
            " where net_amount > 0 and due_date <= $1 and coalesce(settled_date > $1, true)"
            " and account_id in (select account_id from contribution.fct_charges"
            " where net_amount > 0 and due_date < $2 and coalesce(settled_date > $2, true))",
            before,
            end,
        )
        owing |= {(account, quarter) for (account,) in rows}
    told = {(entry["key"], entry["quarter"]) for entry in truth["missing_statement"]}
    assert len(found) > 5
    assert found == told & owing


def test_missing_career_messages(fund) -> None:
    """Of closed years: exactly the planted ones."""
    truth, query = fund
    closed = query("select distinct career_year from service.mart_career_completeness")
    years = {year for (year,) in closed}
    assert years == {2024, 2025}
    found = set(query("select affiliate_id, period from service.mart_career_gaps"))
    assert found == {
        (entry["key"], entry["period"])
        for entry in truth["missing_career_message"]
        if int(entry["period"][:4]) in years
    }
