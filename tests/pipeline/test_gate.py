"""The gate: what is refused, quarantined or fails its audit, and what is published all the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from dagster import DagsterEventType

from exports.register.head import head_file
from orchestration import audit, gate
from orchestration.execute import Outcome
from orchestration.instance import open_instance
from orchestration.status import read_status, render
from release.errors import NoReleaseError
from release.reader import open_release
from tests.pipeline.world import notices_of_runs, run_job, settings_of
from tests.unit.ingest.support import edit_manifest, valid, world, write_delivery
from tests.unit.register.support import desk_of, reviewed
from tests.worlds import BAD_NUMBER, copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")


@dataclass(frozen=True)
class Day:
    """A run, and what stood after it."""

    outcome: Outcome
    business_date: date
    status: dict[str, Any]


@pytest.fixture(scope="module")
def days(built_world, tmp_path_factory) -> dict[str, Day]:
    """Three runs after a published day: the audit fails; its cause is removed, and the next
    delivery is refused, another waits behind it; the refused one comes again, whole.
    """
    home = copy_of(built_world("published"), tmp_path_factory.mktemp("days"))
    desk = desk_of(home)
    desk.office.release_id = open_release(home).id
    reviewed(desk)
    add_delta(home, "2026-07-01", "10.00")
    planted = (
        "no charge may exist",
        "select charge_id, gross_amount from contribution.fct_charges",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(audit._COUNTS, "planted", planted)
        days = {"failed": day(home)}
    broken = add_delta(home, "2026-07-02", "20.00")
    edit_manifest(broken, "payments", sha256="0" * 64)
    add_delta(home, "2026-07-03", "30.00")
    days["refused"] = day(home)
    payments = broken / "payments.csv"
    edit_manifest(broken, "payments", sha256=hashlib.sha256(payments.read_bytes()).hexdigest())
    days["whole"] = day(home)
    return days


def day(home) -> Day:
    outcome = run_job(home, keep_releases=1)
    return Day(outcome, open_release(home).business_date, read_status(outcome.settings))


def add_delta(home, day, amount):
    rows = {"payments": [valid("payments", amount=amount)]}
    return write_delivery(home / "landing", f"{day}-1", day, "delta", rows)


def query(home, sql):
    return open_release(home).cursor().execute(sql).fetchall()


def test_a_failed_audit_publishes_nothing_and_says_why(days):
    failed = days["failed"]
    assert failed.outcome.exit_code == 1
    [sentence] = failed.outcome.sentences
    assert sentence.startswith("Audit failed, nothing is published")
    assert "planted" in sentence
    assert "1 — no charge may exist" in sentence
    assert "charge_id=D000000000001" in sentence
    assert failed.business_date == date(2026, 6, 30)
    assert [check["check_id"] for check in failed.status["checks"]["failed"]] == ["planted"]


def test_what_comes_before_a_refused_delivery_is_published(days):
    refused = days["refused"]
    assert refused.outcome.exit_code == 1
    [sentence] = refused.outcome.sentences
    assert "2026-07-02-1/payments.csv is refused" in sentence
    # The delivery whose audit failed before is the one that is published now.
    assert refused.outcome.published is not None
    assert refused.business_date == date(2026, 7, 1)
    assert refused.status["checks"]["failed"] == []
    assert [each["delivery_id"] for each in refused.status["refused"]] == ["2026-07-02-1"]
    assert refused.status["waiting"] == ["2026-07-03-1"]


def test_the_run_that_met_a_refused_delivery_is_no_success_and_its_file_fails_its_check(days):
    settings = days["refused"].outcome.settings
    with open_instance(settings) as instance:
        whole, refused, failed, *_ = instance.get_runs()
        states = [run.status.value for run in (whole, refused, failed)]
        assert states == ["SUCCESS", "FAILURE", "FAILURE"]
        checks = [
            record.event_log_entry.dagster_event.asset_check_evaluation_data
            for record in instance.get_records_for_run(
                refused.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION
            ).records
        ]
    failing = {
        (check.asset_key.to_user_string(), check.check_name) for check in checks if not check.passed
    }
    assert failing >= {
        ("raw/payments", "file_is_accepted"),
        ("raw/deliveries", "no_delivery_is_refused"),
    }
    assert ("raw/charges", "file_is_accepted") not in failing


def test_a_refused_delivery_may_come_again_and_what_waited_behind_it_loads(days):
    whole = days["whole"]
    assert whole.outcome.exit_code == 0
    assert whole.outcome.loaded["loaded"] == ["2026-07-02-1", "2026-07-03-1"]
    assert whole.business_date == date(2026, 7, 3)
    assert whole.status["refused"] == []


def test_the_release_that_an_answer_waits_with_outlives_retention(days):
    """Of three releases one more stays than the setting says: the desk needs the first."""
    settings = days["whole"].outcome.settings
    standing = sorted(file.stem for file in settings.releases.glob("*.duckdb"))
    assert [one.partition("_")[0] for one in standing] == ["2026-06-30", "2026-07-03"]


def test_without_a_register_that_can_be_read_every_release_stays(tmp_path):
    settings = settings_of(tmp_path)
    assert gate._held(settings) == frozenset()
    desk = desk_of(tmp_path)
    reviewed(desk)
    assert gate._held(settings) == {desk.office.release_id}
    head_file(tmp_path).unlink()
    assert gate._held(settings) is None


def test_each_run_that_failed_left_one_notice(days):
    # In no order: both may be written within one second, which is what their names tell.
    told = notices_of_runs(days["whole"].outcome.settings)
    assert sorted(("planted" in text, "2026-07-02-1" in text) for text in told) == [
        (False, True),
        (True, False),
    ]


def test_a_refused_first_delivery_leaves_no_release_and_one_sentence(tmp_path):
    folder = write_delivery(tmp_path / "landing", "2026-06-30-1", "2026-06-30", "full", world())
    edit_manifest(folder, "charges", rows=99)
    outcome = run_job(tmp_path)
    assert outcome.exit_code == 1
    [sentence] = outcome.sentences
    assert "charges.csv" in sentence
    with pytest.raises(NoReleaseError):
        open_release(tmp_path)


def test_a_row_with_a_bad_number_is_quarantined_and_named_nowhere(published):
    rows = query(published, "select extract, key, rule, reason, is_open from meta.quarantine")
    assert [row[:3] for row in rows] == [("affiliates", "A00000009", "domain")]
    assert BAD_NUMBER not in rows[0][3]
    settings = settings_of(published)
    state = read_status(settings)
    assert state["quarantine"] == {"open": 1, "by_extract": {"affiliates": 1}}
    assert state["quarantine_files"] == [
        {"delivery_id": "2026-06-30-1", "file": "affiliates.csv", "rows": 1}
    ]
    assert "2026-06-30-1/affiliates.csv: 1" in render(settings, state)
    for file in (*settings.logs.iterdir(), open_release(published).path):
        assert BAD_NUMBER.encode() not in file.read_bytes()


def test_the_release_says_what_it_is(published):
    home = published
    about = open_release(home).about
    assert about["release_id"] == open_release(home).id
    assert about["business_date"] == date(2026, 6, 30)
    assert about["deliveries"] == 1
    assert about["checks_failed"] == 0
    assert about["checks_passed"] > 40
    assert about["previous_release_id"] is None
    statuses = dict(query(home, "select status, count(*) from meta.checks group by all"))
    assert statuses["pass"] == about["checks_passed"]
    silent = query(
        home, "select check_id from meta.checks where explanation is null or subject = ''"
    )
    assert silent == []
    missing = query(
        home,
        "select table_name, column_name from meta.dictionary "
        "where label_fr is null or label_nl is null or definition_fr is null "
        "or definition_nl is null or description is null and schema_name <> 'reference'",
    )
    assert missing == []
