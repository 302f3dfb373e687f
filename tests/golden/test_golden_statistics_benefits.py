"""T12, T13 and T14 against a slow plain replay, cell by cell, from the extracts.

The entangled fund (tests/golden/entangled.py) holds what the sample has little of: companies that
ask for relief, decisions to come, requests without a cause, days that no period covers, payments
taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from tests.golden import blocks
from tests.golden.entangled import AS_OF, DAY, FOREVER, RANKS, age_class, areas_at

pytestmark = pytest.mark.xdist_group("golden_statistics")

#: code -> (period, codes of the dimensions, measure) -> contributor -> contribution
Cells = dict[tuple[str, ...], dict[str, Decimal]]


@pytest.fixture(scope="module")
def extract(entangled: Settings) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Function: name of an extract -> its rows, as delivered."""
    history = entangled.warehouse / "history.duckdb"
    with duckdb.connect(str(history), read_only=True) as connection:

        def rows(name: str) -> list[dict[str, Any]]:
            found = connection.execute(f"select * from raw.{name}")
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield rows


@pytest.fixture(scope="module")
def describe(extract: Any, query: Any) -> Callable[[str, date], dict[str, str]]:
    """Function: affiliate, day -> the codes that describe them (S6, S7, S8)."""
    natures = dict(query("select category, nature from core.dim_category"))
    branches = dict(query("select profession_code, branch_code from core.dim_profession"))
    locate = areas_at(query)
    people = {row["affiliate_id"]: row for row in extract("affiliates")}
    periods = defaultdict(list)
    for row in extract("affiliations"):
        if row["end_reason"] != "annulled":
            row["end"] = row["end_date"] or FOREVER
            periods[row["affiliate_id"]].append(row)

    def describing(own: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
        covering = [p for p in own if p["start_date"] <= day <= p["end"]]
        if covering:
            return min(covering, key=lambda p: (RANKS.index(p["category"]), p["affiliation_id"]))
        ended = [p for p in own if p["end"] < day]
        if ended:
            return max(ended, key=lambda p: (p["end"], p["affiliation_id"]))
        return min(own, key=lambda p: (p["start_date"], p["affiliation_id"]), default=None)

    def at(affiliate: str, day: date) -> dict[str, str]:
        period, person = describing(periods[affiliate], day), people[affiliate]
        return {
            "nature": natures[period["category"]] if period else "unknown",
            "branch": branches[period["profession_code"]] if period else "unknown",
            "sex": person["sex"],
            "age_class": age_class(person["birth_date"], day),
            "region": locate(person["municipality_nis"], day)["REGION"],
        }

    return at


def ended_periods(day: date) -> Iterator[tuple[str, str]]:
    """The frequency and name of every ended period in which a day lies."""
    quarter = (day.month + 2) // 3
    month_after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    quarter_after = date(day.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    for frequency, name, after in (
        ("year", f"{day.year}", date(day.year + 1, 1, 1)),
        ("quarter", f"{day.year}Q{quarter}", quarter_after),
        ("month", f"{day.year}-{day.month:02}", month_after),
    ):
        if after - DAY <= AS_OF:
            yield frequency, name


def keys_of(code: str, day: date, record: dict[str, str], measure: str) -> set[tuple[str, ...]]:
    """Every cell of a measure in which a record of a day lies, each once."""
    return {
        (period, *cell, measure)
        for frequency, period in ended_periods(day)
        for block in blocks.of(code, "block")
        if measure in block["measures"].split()
        for cell in blocks.margins(code, frequency, record, only=block["name"])
    }


def decided(row: dict[str, Any]) -> str:
    """Rule S2."""
    is_to_come = row["decision_date"] is not None and row["decision_date"] > AS_OF
    return "pending" if row["decision"] is None or is_to_come else row["decision"]


def rows_of(cells: Cells) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Rule S5: value, contributors and the two largest of every cell."""
    rows = {}
    for key, amounts in cells.items():
        largest = sorted((abs(amount) for amount in amounts.values() if amount), reverse=True)
        two = [*largest, None, None][:2]
        rows[key] = (sum(amounts.values()), len(largest), *two)
    return rows


def shown(query: Any, code: str) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """The rows of a statistic, each cell and measure once."""
    dimensions = [row["name"] for row in blocks.of(code, "dimension")]
    rows = query(
        f"select ref_period, {', '.join(dimensions)}, measure, obs_value, contributors, "
        f"largest_contribution, second_contribution from statistics.stat_{code.lower()}"
    )
    found = {row[:-4]: row[-4:] for row in rows}
    assert len(found) == len(rows)
    return found


def assert_same(found: dict[Any, Any], expected: dict[Any, Any]) -> None:
    assert found.keys() - expected.keys() == set()
    assert expected.keys() - found.keys() == set()
    assert {key: (row, found[key]) for key, row in expected.items() if row != found[key]} == {}


def quarters_asked(row: dict[str, Any]) -> int:
    if row["from_quarter"] is None or row["to_quarter"] is None:
        return 0
    first, last = (
        int(row[name][:4]) * 4 + int(row[name][5]) for name in ("from_quarter", "to_quarter")
    )
    return max(last - first + 1, 0)


def test_relief_cell_by_cell(query: Any, extract: Any, describe: Any) -> None:
    company = {"nature": "company", "sex": "_Z", "age_class": "_Z", "branch": "_Z"}
    taken_off: dict[str, Decimal] = defaultdict(Decimal)
    for effect in extract("relief_effects"):
        if effect["effective_date"] <= AS_OF:
            taken_off[effect["request_id"]] += effect["amount"]
    cells: Cells = defaultdict(lambda: defaultdict(Decimal))
    delays: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for row in extract("relief_requests"):
        account, day = row["account_id"], row["submitted_date"]
        record = {"relief_kind": row["kind"], "decision": decided(row)}
        record |= company if account.startswith("C") else describe(account, day)
        values = {
            "requests": 1,
            "quarters": quarters_asked(row),
            "relief_amount": taken_off[row["request_id"]],
        }
        for measure, value in values.items():
            for key in keys_of("T12", day, record, measure):
                cells[key][account] += value
        if record["decision"] != "pending" and row["decision_date"] is not None:
            days = (row["decision_date"] - (row["complete_date"] or day)).days
            for measure in ("mean_decision_days", "median_decision_days"):
                for key in keys_of("T12", day, record, measure):
                    delays[key].append((days, account))
    expected = rows_of(cells)
    for key, known in delays.items():
        days = [Decimal(one) for one, _ in known]
        value = median(days) if key[-1].startswith("median") else sum(days) / len(days)
        expected[key] = (
            value.quantize(Decimal("0.000001")),
            len({account for _, account in known}),
            None,
            None,
        )
    assert_same(shown(query, "T12"), expected)


@pytest.mark.parametrize("code", ["T13", "T14"])
def test_benefits_cell_by_cell(query: Any, extract: Any, describe: Any, code: str) -> None:
    cells: Cells = defaultdict(lambda: defaultdict(Decimal))

    def add(record: dict[str, str], day: date | None, measure: str, value: Any) -> None:
        if (record["benefit"] == "bridging_right") != (code == "T13") or day is None or day > AS_OF:
            return
        for key in keys_of(code, day, record, measure):
            amounts, affiliate = cells[key], record["affiliate_id"]
            if measure == "beneficiaries":
                amounts[affiliate] = max(amounts[affiliate], value)
            else:
                amounts[affiliate] += value

    claims = {}
    for row in extract("benefit_claims"):
        with_cause = row["benefit"] in ("bridging_right", "informal_carer")
        claims[row["claim_id"]] = record = {
            "affiliate_id": row["affiliate_id"],
            "benefit": row["benefit"],
            "cause": (row["cause"] or "unknown") if with_cause else "_Z",
            "decision": decided(row),
            "family_charge": {True: "yes", False: "no", None: "unknown"}[row["with_family_charge"]],
            **describe(row["affiliate_id"], row["event_date"]),
        }
        add(record, row["submitted_date"], "requests", 1)
        if record["decision"] != "pending":
            add(record, row["decision_date"], "decisions", 1)
    for row in extract("benefit_payments"):
        record = {**claims[row["claim_id"]], "payment_unit": row["unit"]}
        is_payment = row["amount"] > 0
        add(record, row["paid_date"], "payments", int(is_payment))
        add(record, row["paid_date"], "paid_amount", row["amount"])
        add(record, row["paid_date"], "beneficiaries", Decimal(is_payment))
        if is_payment:
            add(record, row["paid_date"], "units", row["units"])
    undue = {}
    for row in extract("benefit_overpayments"):
        undue[row["overpayment_id"]] = record = claims[row["claim_id"]]
        add(record, row["established_date"], "undue_files", 1)
        add(record, row["established_date"], "undue_amount", row["amount"])
    for row in extract("overpayment_movements"):
        if row["kind"] in ("repayment", "withholding"):
            record = undue[row["overpayment_id"]]
            add(record, row["movement_date"], "undue_repaid_amount", row["amount"])
    assert_same(shown(query, code), rows_of(cells))


def test_the_fund_holds_the_cases_that_matter(query: Any) -> None:
    """A replay proves what it meets: every code and sign that the rules name is there."""

    def codes(table: str, column: str) -> set[str]:
        return {row[0] for row in query(f"select distinct {column} from statistics.{table}")}

    assert "company" in codes("stat_t12", "nature")
    for table in ("stat_t12", "stat_t13", "stat_t14"):
        assert "pending" in codes(table, "decision")
    assert {"unknown", "yes", "no"} < codes("stat_t13", "family_charge")
    assert "unknown" in codes("stat_t13", "cause")
    assert {"unknown", "_Z"} < codes("stat_t14", "cause")
    for table in ("stat_t13", "stat_t14"):
        below, nobody = query(
            "select count(*) filter (where measure = 'paid_amount' and obs_value < 0), "
            "count(*) filter (where measure = 'beneficiaries' and obs_value = 0) "
            f"from statistics.{table}"
        )[0]
        assert below > 0, table
        assert nobody > 0, table
        assert {"undue_amount", "undue_repaid_amount"} < codes(table, "measure")
