"""Time: as of a date, day by day or at once, in order or late, once or twice: the same rows."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.load import load_ready
from release.publish import point_to
from release.reader import open_release
from tests.pipeline.world import SINCE_THE_LAST, differences, run_job, same_key
from tests.unit.ingest.support import write_delivery
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-time")
FIRST, SECOND, LAST = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 20)


def read_rows(landing: Path, extract: str, delivery: str = "2026-06-30-1") -> list[dict[str, str]]:
    """Rows of an extract of a delivery, as text; of the full one unless told."""
    file = landing / delivery / f"{extract}.csv"
    with duckdb.connect() as connection:
        cursor = connection.execute(
            "select * from read_csv(?, all_varchar = true, header = true)", [str(file)]
        )
        names = [column[0] for column in cursor.description]
        return [
            {name: value or "" for name, value in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]


def random_delta(landing: Path, day: date, random_: random.Random) -> None:
    """A delta that changes, adds and deletes rows of the ledger, and touches careers, people and
    companies.
    """
    charges, payments = read_rows(landing, "charges"), read_rows(landing, "payments")
    effects, people = read_rows(landing, "relief_effects"), read_rows(landing, "affiliates")
    positive = [row for row in charges if not row["related_charge_id"] and float(row["amount"]) > 0]
    changed = [
        {**row, "amount": f"{random_.randint(10, 900)}.{random_.randint(0, 99):02d}"}
        for row in random_.sample(payments, 4)
    ]
    changed += [{**row, "_op": "D"} for row in random_.sample(payments, 2) if row not in changed]
    new = [
        {
            **random_.choice(payments),
            "payment_id": f"P9{day:%m%d}{number:07d}",
            "charge_id": "",
            "value_date": f"2026-0{random_.randint(1, 6)}-15",
            "amount": f"{random_.choice([-1, 1, 1, 1]) * random_.randint(5, 500)}.00",
        }
        for number in range(4)
    ]
    written = {row["payment_id"]: row for row in (*changed, *new)}
    moved = [{**row, "due_date": "2026-05-31"} for row in random_.sample(positive, 3)]
    cancelled = [
        {
            **row,
            "charge_id": f"D9{day:%m%d}{number:07d}",
            "charge_type": "cancellation",
            "related_charge_id": row["charge_id"],
            "amount": "-10.00",
            "issue_date": "2026-06-01",
        }
        for number, row in enumerate(random_.sample(positive, 2))
    ]
    careers, companies = read_rows(landing, "affiliations"), read_rows(landing, "companies")
    ended, moved_on, deleted = random_.sample(careers, 3)
    periods = [
        {**ended, "end_date": "2026-05-31", "end_reason": "cessation"},
        {**moved_on, "category": "complementary"},
        {**deleted, "_op": "D"},
        # Runs beside what the person has already.
        {
            **random_.choice(careers),
            "affiliation_id": f"F9{day:%m%d}0001",
            "start_date": "2025-11-15",
            "end_date": "",
            "end_reason": "",
        },
    ]
    periods = [row for row in periods if (row["end_date"] or "9999") >= row["start_date"]]
    tables = {
        "affiliates": [
            {**random_.choice(people), "language": "NL", "municipality_nis": "21004", "sex": "X"}
        ],
        "affiliations": periods,
        "companies": [{**random_.choice(companies), "language": "NL"}],
        "charges": moved + cancelled,
        "payments": list(written.values()),
        "relief_effects": [{**row, "amount": "15.00"} for row in random_.sample(effects, 1)],
    }
    for extract, rows in random_office_rows(landing, day, random_).items():
        known = {row[key] for row in tables.get(extract, []) if (key := next(iter(row)))}
        tables[extract] = [
            *tables.get(extract, []),
            *(r for r in rows if r[next(iter(r))] not in known),
        ]
    write_delivery(landing, f"{day.isoformat()}-1", day.isoformat(), "delta", tables)


def random_office_rows(landing: Path, day: date, random_: random.Random) -> dict[str, list]:
    """Rows of what offices do, which promises and recovery follow: notices and messages changed,
    new and deleted, one sent again, one due soon; steps and cases; a dossier that moves.
    """
    notices, messages = read_rows(landing, "notices"), read_rows(landing, "transmissions")
    steps, cases = read_rows(landing, "recovery_steps"), read_rows(landing, "recovery_cases")
    held = read_rows(landing, "recovery_case_charges")
    people = {row["affiliate_id"]: row for row in read_rows(landing, "affiliates")}
    # What an earlier delta points to may not be deleted either (F6).
    referred = {
        row["corrected_by"]
        for delivery in landing.iterdir()
        for row in read_rows(landing, "notices", delivery.name)
    }
    dropped = random_.choice([row for row in notices if row["notice_id"] not in referred])
    corrected, late = random_.sample([row for row in notices if row is not dropped], 2)
    moved = random_.choice(["A00000031", "A00000011", "A00000012"])
    number = f"9{day:%m%d}"
    again, step, case = (random_.choice(rows) for rows in (messages, steps, cases))
    return {
        "affiliates": [{**people[moved], "office_code": random_.choice(["ANT", "BRG", "LIE"])}],
        "notices": [
            {**corrected, "corrected_by": late["notice_id"]},
            {**late, "sent_date": f"2026-07-{random_.randint(1, 20):02d}"},
            {**dropped, "_op": "D"},
            {**late, "notice_id": f"N{number}0001", "latest_date": "2026-07-02", "sent_date": ""},
        ],
        "transmissions": [
            {**again, "status": "rejected", "sent_date": "2026-05-02"},
            {**again, "transmission_id": f"TR{number}001", "sent_date": "2026-05-01"},
            {
                **again,
                "transmission_id": f"TR{number}002",
                "period": "2026Q2",
                "sent_date": "",
                "status": "pending",
                "due_date": f"2026-07-{random_.randint(1, 20):02d}",
            },
        ],
        "recovery_steps": [
            {**step, "step_date": "2026-06-15"},
            {
                **case_step(case),
                "step_id": f"S{number}0001",
                "step_type": "writ_issued",
                "step_date": random_.choice(["2025-12-01", "2026-07-02", "2026-07-20"]),
            },
            {
                **case_step(case),
                "step_id": f"S{number}0002",
                "step_type": "proactive_contact",
                "step_date": "2026-05-15",
            },
        ],
        "recovery_cases": [
            {**case, "closed_date": "2026-07-02", "closing_reason": "paid"},
            {
                **random_.choice(cases),
                "case_id": f"K{number}001",
                "opened_date": "2026-07-01",
                "closed_date": "",
                "closing_reason": "",
            },
        ],
        "recovery_case_charges": [
            {**random_.choice(held), "case_id": f"K{number}001"},
            {**random_.choice(held), "_op": "D"},
        ],
    }


def case_step(case: dict[str, str]) -> dict[str, str]:
    """A step of a case with nothing said but its case."""
    nothing = dict.fromkeys(("agent_id", "amount_claimed", "costs", "outcome"), "")
    return {"case_id": case["case_id"], **nothing}


@pytest.fixture(scope="module", autouse=True)
def _without_ledger() -> Iterator[None]:
    """Random deltas change amounts, and no ledger follows them (H5)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_LEDGER_MAX_EUR", "1000000")
        yield


@pytest.fixture(scope="module")
def story(built_world, tmp_path_factory):
    """A full delivery and two random deltas, each published when it came; the files kept."""
    seed = random.SystemRandom().randint(1, 10**6)
    print(f"seed of the deltas: {seed}")
    random_ = random.Random(seed)
    home = copy_of(built_world("small_world"), tmp_path_factory.mktemp("story"))
    landing = home / "landing"
    files = [open_release(home).path]
    for day in (SECOND, LAST):
        random_delta(landing, day, random_)
        assert run_job(home).sentences == ()
        files.append(open_release(home).path)
    return home, landing, files


def test_each_day_was_published_and_says_what_changed_since_the_one_before(story):
    _, _, files = story
    assert len(set(files)) == 3
    assert differences(files[0], files[1]) != []
    told = []
    for file in files:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{file}' as release (read_only)")
            told.append(
                connection.execute(
                    "select list(distinct since_date), sum(outstanding_start_amount), "
                    "sum(outstanding_end_amount) from release.recovery.mart_outstanding_changes"
                ).fetchone()
            )
    # A release that follows none tells everything since the beginning.
    assert told[0][:2] == ([None], 0)
    assert [since for since, _, _ in told[1:]] == [[FIRST], [SECOND]]
    assert [start for _, start, _ in told[1:]] == [end for _, _, end in told[:2]]


def test_as_of_a_date_equals_what_was_published_and_leaves_the_current_release(story, tmp_path):
    home, _, files = story
    # What was published then would do as it stands: it is built once more only where it is gone.
    then = tmp_path / files[1].name
    files[1].rename(then)
    assert run_job(home, as_of=SECOND).exit_code == 0
    as_of = open_release(home, SECOND)
    assert as_of.path not in files
    assert as_of.business_date == SECOND
    # What is compared with the release before, too: that one stands still.
    assert differences(then, as_of.path) == []
    then.rename(files[1])
    assert open_release(home).path == files[-1]
    # It stands: nothing is built a second time.
    assert run_job(home, as_of=SECOND).published is None
    assert open_release(home, SECOND).path == as_of.path


def test_the_same_release_built_twice_holds_the_same_rows(story):
    home, _, files = story
    point_to(home, files[1].stem, SECOND, None)
    try:
        assert run_job(home).published not in (None, files[-1].stem)
        assert differences(files[-1], open_release(home).path) == []
    finally:
        point_to(home, files[-1].stem, LAST, None)


def test_late_arrival_from_nothing_gives_the_rows_of_arrival_in_order(story, tmp_path):
    home, landing, files = story
    same_key(home, tmp_path)
    late = tmp_path / "landing"
    for day in (FIRST, LAST, SECOND):
        shutil.copytree(landing / f"{day}-1", late / f"{day}-1")
        if day == LAST:
            assert load_ready(late, tmp_path).refused is None
    assert run_job(tmp_path).loaded["loaded"] == [f"{SECOND}-1"]
    assert differences(files[-1], open_release(tmp_path).path, but=SINCE_THE_LAST) == []


def test_nothing_new_builds_nothing(story):
    home, _, files = story
    outcome = run_job(home)
    assert (outcome.exit_code, outcome.published) == (0, None)
    assert open_release(home).path == files[-1]
