"""Why a cell is another one today: the rule on every kind of fact, and the facts themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from exports.restatement.causes import CORRECTION, LATE, LATER, Causes, ChangedRows, causes_of
from exports.restatement.delivered import Delivered, Told
from exports.restatement.reasons import reasons, sentence, words
from orchestration.changes import RawChanges
from release.proof import write_proof
from release.reader import Release, close_all
from tests.unit.ingest.support import load, valid, world, write_delivery

THEN = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def delivered(release_id="then", code="T01", version="v1", program="1"):
    told = Told(code, Path("x.csv"), ("2025",), version, frozenset())
    return Delivered(
        Path(), release_id, date(2026, 6, 30), THEN, program, "public", "2025", (told,)
    )


def release(folder: Path, name: str, program="1", law=1, deliveries=()) -> Release:
    """A release that holds what the reasons look at."""
    path = folder / f"{name}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema meta; create schema reference")
        connection.execute(f"create table meta.release as select '{program}' as code_version")
        connection.execute("create table meta.deliveries (delivery_id varchar)")
        for one in deliveries:
            connection.execute("insert into meta.deliveries values (?)", [one])
        connection.execute(
            f"create table reference.law_company_thresholds as select 2025 as year, {law} as amount"
        )
    return Release(name, path, date(2026, 9, 30))


@pytest.fixture
def made(tmp_path):
    yield lambda name, **known: release(tmp_path, name, **known)
    close_all()


def rows(kind=LATE, first=date(2025, 3, 1), last=date(2025, 3, 31), extract="affiliations"):
    return {extract: [ChangedRows(extract, kind, first, last, 1)]}


def why(former, today, changed, code="T01", version="v1", program="1", period="2025"):
    """The reasons, when these rows changed (None: nobody knows)."""
    causes = Causes(
        delivered(code=code, program=program),
        former,
        today,
        lambda extract: None if changed is None else changed.get(extract, []),
    )
    return reasons(causes, code, version, period)


def test_one_cause_at_a_time(made):
    then, now = made("then"), made("now")
    assert why(then, now, {}, version="v2") == ("definition",)
    assert why(then, now, rows(LATE)) == ("late",)
    assert why(then, now, rows(CORRECTION)) == ("correction",)
    assert why(then, now, rows(LATER)) == ("later",)
    assert why(then, now, {}, program="0") == ("code",)
    assert why(then, now, {}) == ("unknown",)
    law = made("law", law=2)
    assert why(then, law, {}, "T06") == ("law",)
    assert why(then, law, {}, "T15") == ("unknown",), "T15 does not use that list"


def test_several_causes_stand_in_their_order(made):
    then, law = made("then"), made("law", law=2)
    changed = {
        "charges": [
            ChangedRows("charges", LATER, date(2026, 1, 1), None, 1),
            ChangedRows("charges", CORRECTION, date(2025, 1, 1), None, 1),
        ],
        "payments": [ChangedRows("payments", LATE, date(2025, 1, 1), None, 1)],
    }
    found = why(then, law, changed, "T08", version="v2", program="0")
    assert found == ("definition", "law", "correction", "late", "later")


def test_what_nobody_knows_any_more_is_said(made):
    now = made("now")
    assert why(None, now, rows(LATE, extract="contacts"), "T06") == ("unknown",)
    assert why(None, now, rows(LATE, extract="charges"), "T06") == ("late", "unknown")
    assert why(None, now, rows(LATE)) == ("late",), "no law is needed for T01"
    assert why(made("then"), now, None) == ("unknown",)
    assert why(made("then2"), now, None, version="v2") == ("definition", "unknown")
    # Another program explains nothing while the data may have changed as well.
    assert why(made("then3"), now, None, program="0") == ("unknown",)


@pytest.mark.parametrize(
    ("first", "last", "within", "until", "always"),
    [
        (date(2025, 3, 1), date(2025, 3, 31), True, True, True),
        (date(2019, 1, 1), None, True, True, True),
        (date(2019, 1, 1), date(2024, 12, 31), False, True, True),
        (date(2026, 1, 1), None, False, False, True),
        (None, None, True, True, True),
    ],
)
def test_which_rows_reach_a_period(made, first, last, within, until, always):
    """T01 asks for rows that hold a day of it, T09 for those begun by then, T05 for all."""
    then, now = made("then"), made("now")
    changed = rows(LATE, first, last)
    for code, reaches in (("T01", within), ("T09", until), ("T05", always)):
        assert (why(then, now, changed, code) == ("late",)) is reaches


def test_every_reason_in_both_languages():
    for reason in ("definition", "law", "correction", "late", "later", "code", "unknown"):
        assert words(reason, "fr") != words(reason, "nl")
        assert sentence(reason, "fr") != sentence(reason, "nl")


def test_without_anybody_to_ask_no_row_is_known(made, tmp_path):
    causes = causes_of(tmp_path, delivered(), made("now"), None)
    assert causes.changes("affiliations") is None
    assert causes.former is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder with two full deliveries, and what the second one changes."""
    tmp_path = tmp_path_factory.mktemp("folder")
    home = tmp_path / "home"
    before, after = world(), world()
    before["payments"] = [
        valid("payments", payment_id=f"P{n:012}", value_date="2026-05-01") for n in range(1, 5)
    ]
    after["payments"] = [
        # 1 is corrected, 2 is gone, 3 stays, 4 says more; 5 came late, 6 was made since.
        {**before["payments"][0], "amount": "151.00"},
        before["payments"][2],
        {**before["payments"][3], "charge_id": "D000000000001"},
        valid("payments", payment_id="P000000000005", value_date="2026-06-30"),
        valid("payments", payment_id="P000000000006", value_date="2026-07-01"),
    ]
    # A decision taken since; one that was taken before and was told late.
    claim = valid("benefit_claims")
    before["benefit_claims"] = [
        {**claim, "claim_id": f"B{n}", "decision": "", "decision_date": ""} for n in (1, 2)
    ]
    after["benefit_claims"] = [
        {**claim, "claim_id": "B1", "decision": "granted", "decision_date": "2026-09-01"},
        {**claim, "claim_id": "B2", "decision": "granted", "decision_date": "2026-06-01"},
    ]
    for tables in (before, after):
        for name in ("benefit_payments", "benefit_overpayments", "overpayment_movements"):
            tables[name] = []
    for name, tables in (("2026-06-30-1", before), ("2026-09-30-1", after)):
        write_delivery(tmp_path / "landing", name, name[:10], "full", tables)
        assert not load(tmp_path / "landing", home).refused
    (home / "releases").mkdir()
    now = release(home / "releases", "now", deliveries=["2026-06-30-1", "2026-09-30-1"])
    then = release(home / "releases", "2026-06-30_20260701T020000Z", deliveries=["2026-06-30-1"])
    close_all()
    write_proof(then.path)
    yield home, then, now
    close_all()


def kinds(changed) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in changed:
        found[one.kind] = found.get(one.kind, 0) + one.rows
    return found


def test_rows_of_the_raw_history_are_judged(folder):
    home, then, now = folder
    changes = RawChanges(home)
    package = delivered(then.id)
    assert kinds(changes(package, now, "payments")) == {CORRECTION: 2, LATE: 2, LATER: 1}
    assert kinds(changes(package, now, "benefit_claims")) == {LATE: 1, LATER: 1}
    assert changes(package, now, "affiliates") == []
    (later,) = [one for one in changes(package, now, "payments") if one.kind == LATER]
    assert (later.first_day, later.last_day) == (date(2026, 7, 1), date(2026, 7, 31))


def test_a_release_that_does_not_stand_is_told_by_its_day(folder):
    """What was loaded by then, of business dates up to then, is what it was made of."""
    home, _, now = folder
    loaded = datetime.now(UTC)
    package = delivered("gone")
    known = Delivered(**{**vars(package), "built_at": loaded})
    assert kinds(RawChanges(home)(known, now, "payments")) == {CORRECTION: 2, LATE: 2, LATER: 1}
    # Nothing was loaded at that time: nobody knows.
    assert RawChanges(home)(package, now, "payments") is None


def test_deliveries_that_are_gone_are_not_guessed(folder):
    home, then, _ = folder
    elsewhere = release(home, "other", deliveries=["2026-12-31-1"])
    assert RawChanges(home)(delivered(then.id), elsewhere, "payments") is None
