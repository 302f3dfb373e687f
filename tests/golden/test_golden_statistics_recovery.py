"""T09, T10 and T11 against a slow plain replay, cell by cell.

Belongs here: who is counted in the three statistics of recovery, from the charges and allocations
of the ledger and from the cases, steps, agents and affiliations as they were delivered. Nothing is
taken from the recovery tables. Does not belong here: the imputation itself, which is a golden test
of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from tests.golden import blocks
from tests.golden.entangled import AS_OF, DAY, GROUPS, areas_at, quarter_ends

pytestmark = pytest.mark.xdist_group("golden_statistics")

STAGES = [
    *("none", "reminder", "account_statement", "proactive_contact", "formal_notice"),
    *("registered_letter", "payment_plan", "writ_issued", "writ_served", "opposition"),
    *("summons", "judgment", "attachment", "insolvency_claim", "write_off"),
]
CLAIMED = ("provisional", "regularisation", "company_contribution")
#: What each account brings to a measure of a cell.
Sums = dict[tuple[str, ...], dict[str, Decimal]]


@dataclass(frozen=True)
class Charge:
    account: str
    kind: str
    year: int
    nature: str
    issued: date
    due: date
    net: Decimal
    #: (date, amount, whether it is money) up to the as-of date
    allocations: tuple[tuple[date, Decimal, bool], ...]

    def outstanding(self, day: date) -> Decimal:
        return self.net - sum(amount for on, amount, _ in self.allocations if on <= day)


@dataclass(frozen=True)
class Case:
    account: str
    opened: date
    closed: date | None
    charges: tuple[str, ...]
    #: (date, step_id, type, agent type, costs) up to the as-of date, in this order
    steps: tuple[tuple[date, str, str, str | None, Decimal | None], ...]

    def stage(self, day: date) -> str:
        reached = [kind for on, _, kind, *_ in self.steps if on <= day and kind in STAGES]
        return max(reached, key=STAGES.index, default="none")

    def is_open(self, day: date) -> bool:
        return self.opened <= day and (self.closed is None or self.closed > day)


@pytest.fixture(scope="module")
def extracts(entangled: Settings) -> Iterator[Any]:
    """Function: SQL -> rows of the extracts as they were delivered."""
    with duckdb.connect(str(entangled.warehouse / "history.duckdb"), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def charges(query: Any) -> dict[str, Charge]:
    allocations = defaultdict(list)
    for charge_id, day, amount, kind in query(
        "select charge_id, value_date, allocated_amount, credit_type "
        f"from contribution.fct_allocations where value_date <= date '{AS_OF}'"
    ):
        allocations[charge_id].append((day, amount, kind == "payment"))
    return {
        row[0]: Charge(*row[1:], tuple(allocations[row[0]]))
        for row in query(
            "select charge_id, account_id, charge_type, contribution_year, nature, issue_date, "
            "due_date, net_amount from contribution.fct_charges where net_amount > 0"
        )
    }


@pytest.fixture(scope="module")
def cases(extracts: Any) -> dict[str, Case]:
    held = defaultdict(list)
    for case_id, charge_id in extracts("select case_id, charge_id from raw.recovery_case_charges"):
        held[case_id].append(charge_id)
    agents = dict(extracts("select agent_id, agent_type from raw.recovery_agents"))
    steps = defaultdict(list)
    for case_id, day, step_id, kind, agent, costs in extracts(
        "select case_id, step_date, step_id, step_type, agent_id, costs from raw.recovery_steps"
    ):
        if day <= AS_OF:
            steps[case_id].append((day, step_id, kind, agents.get(agent), costs))
    return {
        case_id: Case(
            account,
            opened,
            closed if closed is not None and closed <= AS_OF else None,
            tuple(held[case_id]),
            tuple(sorted(steps[case_id], key=lambda step: step[:2])),
        )
        for case_id, account, opened, closed in extracts(
            "select case_id, account_id, opened_date, closed_date from raw.recovery_cases"
        )
    }


@pytest.fixture(scope="module")
def dossiers(extracts: Any) -> dict[str, tuple[str, str, str | None]]:
    """Account -> its type, language and municipality."""
    rows = extracts(
        "select affiliate_id, 'affiliate', language, municipality_nis from raw.affiliates "
        "union all select company_id, 'company', language, municipality_nis from raw.companies"
    )
    return {row[0]: row[1:] for row in rows}


def periods_of(day: date) -> dict[str, str]:
    """S1: the ended periods in which a day lies."""
    found = {}
    quarter = (day.month + 2) // 3
    ends = {
        "month": (f"{day:%Y-%m}", (day.year, day.month + 1)),
        "quarter": (f"{day.year}Q{quarter}", (day.year, quarter * 3 + 1)),
        "year": (str(day.year), (day.year, 13)),
    }
    for frequency, (text, (year, month)) in ends.items():
        after = date(year, month, 1) if month <= 12 else date(year + 1, 1, 1)
        if after - DAY <= AS_OF:
            found[frequency] = text
    return found


def margins(code: str, frequency: str, record: dict[str, str], only: str | None = None) -> Any:
    """`blocks.margins`, each record of the same codes once."""
    key = (code, frequency, only, *record.items())
    if key not in margins.found:
        margins.found[key] = blocks.margins(code, frequency, record, only=only)
    return margins.found[key]


margins.found = {}


def shown(sums: dict[str, Sums]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """S5: value, contributors and the two largest, of measure -> cell -> account -> sum."""
    rows = {}
    for measure, cells in sums.items():
        for cell, accounts in cells.items():
            amounts = sorted((abs(amount) for amount in accounts.values() if amount), reverse=True)
            largest = [*amounts[:2], None, None][:2]
            rows[*cell, measure] = (sum(accounts.values()), len(amounts), *largest)
    return rows


def new_sums(*measures: str) -> dict[str, Sums]:
    return {measure: defaultdict(lambda: defaultdict(Decimal)) for measure in measures}


def found(query: Any, code: str) -> dict[tuple[str, ...], tuple[Any, ...]]:
    rows = query(
        "select * exclude (obs_value, contributors, largest_contribution, second_contribution), "
        "obs_value, contributors, largest_contribution, second_contribution "
        f"from statistics.stat_{code.lower()}"
    )
    cells = {row[:-4]: row[-4:] for row in rows}
    assert len(cells) == len(rows)
    return cells


def wrong(actual: Any, expected: Any) -> dict[Any, Any]:
    return {key: (actual[key], value) for key, value in expected.items() if actual[key] != value}


def test_arrears_cell_by_cell(query: Any, charges: Any, cases: Any, dossiers: Any) -> None:
    locate = areas_at(query)
    holders = defaultdict(list)
    for case in cases.values():
        for charge_id in case.charges:
            holders[charge_id].append(case)
    sums = new_sums("debtors", "charges", "outstanding_amount")
    for day in quarter_ends():
        debts = []
        owed: dict[str, Decimal] = defaultdict(Decimal)
        for charge_id, charge in charges.items():
            if charge.issued <= day and charge.due < day:
                outstanding = charge.outstanding(day)
                if outstanding > 0:
                    debts.append((charge_id, charge, outstanding))
                    owed[charge.account] += outstanding
        for charge_id, charge, outstanding in debts:
            stages = [case.stage(day) for case in holders[charge_id] if case.is_open(day)]
            areas = locate(dossiers[charge.account][2], day)
            record = {
                "nature": charge.nature,
                "claim_group": GROUPS[charge.kind],
                "contribution_year": str(charge.year),
                "age_bucket": age_bucket((day - charge.due).days),
                "stage": max(stages, key=STAGES.index, default="none"),
                "amount_class": amount_class(owed[charge.account]),
                "region": areas["REGION"],
                "province": areas["PROVINCE"],
            }
            for frequency, period in periods_of(day).items():
                # The stock of 31 December is that of the year; no other day of a year is.
                if frequency == "year" and day.month != 12:
                    continue
                for codes in margins("T09", frequency, record):
                    cell = (period, *codes)
                    sums["debtors"][cell][charge.account] = Decimal(1)
                    sums["charges"][cell][charge.account] += 1
                    sums["outstanding_amount"][cell][charge.account] += outstanding
    actual, expected = found(query, "T09"), shown(sums)
    assert actual.keys() == expected.keys()
    assert wrong(actual, expected) == {}


def age_bucket(days: int) -> str:
    bounds = {90: "1-90", 180: "91-180", 365: "181-365", 730: "366-730", 1825: "731-1825"}
    return next((text for bound, text in bounds.items() if days <= bound), ">1825")


def amount_class(amount: Decimal) -> str:
    bounds = {
        **{100: "<100", 500: "100-499", 1000: "500-999", 2500: "1000-2499"},
        **{5000: "2500-4999", 10000: "5000-9999", 25000: "10000-24999"},
    }
    return next((text for bound, text in bounds.items() if amount < bound), "25000+")


def test_recovery_activity_cell_by_cell(
    query: Any, charges: Any, cases: Any, dossiers: Any
) -> None:
    locate = areas_at(query)
    sums = new_sums("steps", "first_steps", "concerned_amount", "cost_amount", "recovered_amount")

    def add(day: date, case: Case, codes: dict[str, str], values: dict[str, Decimal]) -> None:
        account_type, language, municipality = dossiers[case.account]
        areas = locate(municipality, day)
        record = {
            **codes,
            "account_type": account_type,
            "language": language,
            "region": areas["REGION"],
            "province": areas["PROVINCE"],
        }
        numbers = (2, 4, 6, 8) if "recovered_amount" in values else (1, 3, 5, 7)
        names = [f"T10.{number}" for number in numbers]
        for frequency, period in periods_of(day).items():
            for cell in {c for name in names for c in margins("T10", frequency, record, name)}:
                for measure, value in values.items():
                    sums[measure][period, *cell][case.account] += value

    for case in cases.values():
        held = [charges[charge_id] for charge_id in case.charges if charge_id in charges]
        done = set()
        for day, _, kind, agent, costs in case.steps:
            values = {
                "steps": Decimal(1),
                "first_steps": Decimal(kind not in done),
                "concerned_amount": sum((c.outstanding(day - DAY) for c in held), Decimal(0)),
                "cost_amount": costs or Decimal(0),
            }
            done.add(kind)
            add(day, case, {"instrument": kind, "agent_type": agent or "none"}, values)
        for charge in held:
            for day, amount, is_money in charge.allocations:
                if is_money and case.opened <= day <= (case.closed or AS_OF):
                    agents = [agent for on, _, _, agent, _ in case.steps if on <= day and agent]
                    agent = agents[-1] if agents else "none"
                    codes = {"instrument": case.stage(day), "agent_type": agent}
                    add(day, case, codes, {"recovered_amount": amount})
    actual, expected = found(query, "T10"), shown(sums)
    assert actual.keys() == expected.keys()
    assert wrong(actual, expected) == {}


def test_cohorts_cell_by_cell(query: Any, charges: Any, extracts: Any) -> None:
    periods = defaultdict(list)
    for account, *period in extracts(
        "select affiliate_id, start_date, affiliation_id, origin, profession_code "
        "from raw.affiliations where coalesce(end_reason, '') <> 'annulled'"
    ):
        periods[account].append(tuple(period))
    branches = dict(query("select profession_code, branch_code from core.dim_profession"))
    companies = dict(extracts("select company_id, origin from raw.companies"))

    def describing(candidates: list[Any], day: date) -> Any:
        """The last period begun by a day, else the first of all."""
        begun = [period for period in candidates if period[0] <= day]
        return max(begun) if begun else min(candidates, default=None)

    measures = ("charges", "claimed_amount", "collected_amount", "outstanding_amount", "debtors")
    sums = new_sums(*measures)
    ends = {end: number for number, end in enumerate(quarter_ends())}
    for charge in charges.values():
        if charge.kind not in CLAIMED:
            continue
        if charge.account in companies:
            origin, branch = companies[charge.account], "_Z"
        else:
            own = periods[charge.account]
            named = describing([p for p in own if p[2] != "category_change"], charge.due)
            active = describing(own, charge.due)
            origin = named[2] if named else "unknown"
            branch = branches[active[3]] if active else "unknown"
        cohort = min((end for end in ends if end >= charge.due), default=None)
        if cohort is None:
            continue
        for quarters in (0, 1, 2, 4, 6, 8, 12, 20):
            day = next((d for d, number in ends.items() if number == ends[cohort] + quarters), None)
            if day is None:
                continue
            outstanding = charge.outstanding(day)
            values = {
                "charges": Decimal(1),
                "claimed_amount": charge.net,
                "collected_amount": sum(
                    (a for on, a, is_money in charge.allocations if is_money and on <= day),
                    Decimal(0),
                ),
                "outstanding_amount": outstanding,
            }
            record = {
                "quarters_since_due": str(quarters),
                "nature": charge.nature,
                "affiliation_origin": origin,
                "branch": branch,
            }
            for codes in margins("T11", "quarter", record):
                cell = (f"{cohort.year}Q{(cohort.month + 2) // 3}", *codes)
                for measure, value in values.items():
                    sums[measure][cell][charge.account] += value
                debtors = sums["debtors"][cell]
                debtors[charge.account] = max(debtors[charge.account], Decimal(outstanding > 0))
    actual, expected = found(query, "T11"), shown(sums)
    rates = {key: actual.pop(key) for key in list(actual) if key[-1] == "collected_pct"}
    assert actual.keys() == expected.keys()
    assert wrong(actual, expected) == {}
    assert {key[:-1] for key in rates} == {key[:-1] for key in expected}
    for key, (rate, contributors, *largest) in rates.items():
        claimed, accounts, *_ = expected[*key[:-1], "claimed_amount"]
        collected = expected[*key[:-1], "collected_amount"][0]
        assert abs(rate - 100 * collected / claimed) <= Decimal("0.000001"), key
        assert (contributors, largest) == (accounts, [None, None]), key


def test_nothing_of_recovery_is_left_out(query: Any, charges: Any, cases: Any) -> None:
    """The world is worth replaying: what the three statistics may get wrong is in it."""
    holders = defaultdict(int)
    for case in cases.values():
        for charge_id in case.charges:
            holders[charge_id] += 1
    assert max(holders.values()) > 1
    assert any(not case.charges and case.steps for case in cases.values())
    assert any(case.closed for case in cases.values())
    steps = [step for case in cases.values() for step in case.steps]
    assert {day for day, *_ in steps} & set(quarter_ends())
    assert any(on < case.opened for case in cases.values() for on, *_ in case.steps)
    natures = defaultdict(set)
    for charge in charges.values():
        natures[charge.account].add(charge.nature)
    assert any(len(of) > 1 for of in natures.values())
    # A refund takes back what was collected; a credit settles without money.
    allocations = [a for charge in charges.values() for a in charge.allocations]
    assert any(amount < 0 for _, amount, _ in allocations)
    assert any(not is_money for *_, is_money in allocations)
