"""One world for all tests of the service, benefit and company marts: the cases, each with its own
account and office, and the stories, on accounts of one office. What is built of it: conftest.py.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from ingest.contract import load_contracts
from tests.unit.service.cases import CASES, Case
from tests.unit.service.stories import World, tell_all

#: who names an account in an extract
OWNERS = ("account_id", "affiliate_id", "company_id")


def account(number: int, case: Case) -> str:
    return f"{'C' if case.company else 'A'}{number:08d}"


def office(number: int) -> str:
    return f"O{number:03d}"


def key(extract: str, number: int, place: int) -> str:
    """A key of the form that ingest lets in."""
    forms = {"affiliations": "F{:09d}", "charges": "D{:012d}"}
    return forms.get(extract, extract[:2].upper() + "{:07d}").format(100 * number + place)


def owner(number: int, case: Case) -> tuple[str, dict]:
    if case.company:
        return "companies", {"company_id": account(number, case), "office_code": office(number),
                             "incorporated_date": "2010-01-01", "origin": "voluntary",
                             "affiliated_date": "2010-02-01", "status": "active",
                             "legal_form": "SRL"}  # fmt: skip
    return "affiliates", {"affiliate_id": account(number, case), "office_code": office(number),
                          "person_key": f"P{number}", "sex": "F", "birth_date": "1980-01-01",
                          "nationality": "BE", "language": "FR"}  # fmt: skip


def of_cases() -> World:
    """All cases, each with its own account and office. Rows of one case that point to each other
    (a payment to its claim, a step to its case) point to the row before."""
    world: World = defaultdict(list)
    contracts = load_contracts()
    for number, case in enumerate(CASES, 1):
        extract, row = owner(number, case)
        world[extract].append(row)
        keys = {}
        for place, (extract, said) in enumerate(case.rows):
            names = [column.name for column in contracts[extract].columns]
            own = next(column.name for column in contracts[extract].columns if column.key)
            keys[own] = key(extract, number, place)
            made = {own: keys[own]}
            made |= {name: account(number, case) for name in OWNERS if name in names}
            made |= {name: keys[name] for name in ("claim_id", "case_id") if name in names}
            world[extract].append(made | said)
    return world


def make_world() -> World:
    """Cases and stories together."""
    world = of_cases()
    for extract, rows in tell_all().items():
        world[extract].extend(rows)
    return world


def deliveries() -> list[dict[str, Any]]:
    """Loaded at 23:59 and at 00:00 of the second day, by the clock of Brussels."""
    return [
        delivery("1", date(2024, 5, 29), datetime(2024, 5, 30, 21, 59, tzinfo=UTC), 90, 10),
        delivery("2", date(2024, 5, 30), datetime(2024, 5, 31, 22, 0, tzinfo=UTC), 100, 0),
        # One row, which was refused.
        delivery("3", date(2024, 5, 31), datetime(2024, 5, 31, 9, 0, tzinfo=UTC), 0, 1),
        # Nothing had changed that day.
        delivery("0", date(2024, 2, 1), datetime(2024, 2, 1, 9, 0, tzinfo=UTC), 0, 0),
    ]


def delivery(name: str, day: date, loaded: datetime, accepted: int, rejected: int) -> dict:
    """A row of raw._deliveries."""
    return {
        "delivery_id": name,
        "business_date": day,
        "mode": "full",
        "loaded_at": loaded.replace(tzinfo=None),
        "files": 26,
        "rows_delivered": accepted + rejected,
        "rows_accepted": accepted,
        "rows_rejected": rejected,
    }
