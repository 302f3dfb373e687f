"""The gate: what is refused, quarantined or fails its audit, and what is published all the same."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from orchestration import audit
from orchestration.status import read_status
from release.errors import NoReleaseError
from release.reader import open_release
from tests.pipeline.world import run_job, settings_of
from tests.unit.ingest.support import edit_manifest, valid, world, write_delivery
from tests.worlds import BAD_NUMBER

pytestmark = pytest.mark.xdist_group("pipeline-gate")


def add_delta(home, day, tables):
    name = f"{day}-1"
    return write_delivery(home / "landing", name, day, "delta", tables)


def query(home, sql):
    return open_release(home).cursor().execute(sql).fetchall()


def test_what_comes_before_a_refused_delivery_is_published_and_it_may_come_again(home):
    add_delta(home, "2026-07-01", {"payments": [valid("payments", amount="10.00")]})
    broken = add_delta(home, "2026-07-02", {"payments": [valid("payments", amount="20.00")]})
    edit_manifest(broken, "payments", sha256="0" * 64)
    add_delta(home, "2026-07-03", {"payments": [valid("payments", amount="30.00")]})
    outcome = run_job(home)
    assert outcome.exit_code == 1
    [sentence] = outcome.sentences
    assert "2026-07-02-1/payments.csv is refused" in sentence
    assert open_release(home).business_date == date(2026, 7, 1)
    [notice] = list(outcome.settings.notices.iterdir())
    assert "2026-07-02-1" in notice.read_text(encoding="utf-8")
    state = read_status(outcome.settings)
    assert [refused["delivery_id"] for refused in state["refused"]] == ["2026-07-02-1"]
    assert state["waiting"] == ["2026-07-03-1"]

    # Sent again under the same id, whole this time: it loads, and the one that waited behind it.
    payments = broken / "payments.csv"
    edit_manifest(broken, "payments", sha256=hashlib.sha256(payments.read_bytes()).hexdigest())
    outcome = run_job(home)
    assert outcome.exit_code == 0
    assert outcome.loaded["loaded"] == ["2026-07-02-1", "2026-07-03-1"]
    assert open_release(home).business_date == date(2026, 7, 3)
    assert read_status(outcome.settings)["refused"] == []


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
    assert read_status(settings)["quarantine"] == {"open": 1, "by_extract": {"affiliates": 1}}
    for file in (*settings.logs.iterdir(), open_release(published).path):
        assert BAD_NUMBER.encode() not in file.read_bytes()


def test_a_failed_audit_publishes_nothing_and_says_why(home, monkeypatch):
    release = open_release(home).id
    add_delta(home, "2026-07-01", {"payments": [valid("payments", amount="10.00")]})
    planted = (
        "no charge may exist",
        "select charge_id, gross_amount from contribution.fct_charges",
    )
    with monkeypatch.context() as patch:
        patch.setitem(audit._COUNTS, "planted", planted)
        outcome = run_job(home)
    assert outcome.exit_code == 1
    [sentence] = outcome.sentences
    assert sentence.startswith("Audit failed, nothing is published")
    assert "planted" in sentence
    assert "1 — no charge may exist" in sentence
    assert "charge_id=D000000000001" in sentence
    assert open_release(home).id == release
    failed = read_status(outcome.settings)["checks"]["failed"]
    assert [check["check_id"] for check in failed] == ["planted"]

    # The cause removed, the same deliveries are built and published.
    again = run_job(home)
    assert again.exit_code == 0
    assert open_release(home).business_date == date(2026, 7, 1)
    assert read_status(again.settings)["checks"]["failed"] == []


def test_the_release_says_what_it_is(published):
    home = published
    about = open_release(home).about
    assert about["release_id"] == open_release(home).id
    assert about["business_date"] == date(2026, 6, 30)
    assert about["deliveries"] == 1
    assert about["checks_failed"] == 0
    assert about["checks_passed"] > 50
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
        "where schema_name <> 'reference' "
        "and (label_fr is null or label_nl is null or description is null)",
    )
    assert missing == []
