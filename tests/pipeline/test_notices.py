"""A published release is told once; a refused delivery raises an alarm and a good one ends it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from prometheus_client.parser import text_string_to_metric_families

from dashboards.access import view
from dashboards.access.person import Person
from dashboards.subscriptions.store import Subscriptions
from dashboards.subscriptions.subscription import FIGURE, PAGE, Subscription
from orchestration.status import read_status
from tests.pipeline.world import deliver, run_job, settings_of
from tests.unit.ingest.support import edit_manifest

pytestmark = pytest.mark.xdist_group("pipeline-gate")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_cached():
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    yield
    view.close_all()


def outbox(home: Path) -> set[str]:
    return {file.name for file in (home / "outbox").glob("*.eml")}


def on(home: Path) -> set[str]:
    return set(read_status(settings_of(home))["alarms"]) - {"data-too-old", "no-backup"}


def raised(home: Path, alarm: str) -> float:
    text = (home / "metrics" / "vigie.prom").read_text(encoding="utf-8")
    return next(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("alarm") == alarm
    )


def test_a_release_is_told_once_and_a_refused_delivery_raises_an_alarm_until_a_good_one(home):
    store = Subscriptions(home)
    store.seen(Person("u1", "Piet", ("operations",), None, True, "piet@cna.example"), "nl")
    page = Subscription(0, "u1", PAGE, "deliveries")
    limit = {"direction": "above", "threshold": "-1"}
    figure = Subscription(0, "u1", FIGURE, "checks_found", limit)
    numbers = [store.subscribe(one, LONG_AGO).number for one in (page, figure)]

    deliver(home / "landing", 0)
    first = run_job(home)
    assert first.exit_code == 0, first.sentences
    told = {f"{first.published}_{number}.eml" for number in numbers}
    assert outbox(home) == told
    assert on(home) == set()
    assert raised(home, "delivery-refused") == 0
    state = read_status(settings_of(home))
    assert [step["name"] for step in state["runs"][0]["steps"]] == [
        "load", "build", "audit", "publish",
    ]  # fmt: skip
    assert state["runs"][0]["outcome"] == "done"

    # The same release stands: nothing is said again, also where the files went.
    for file in (home / "outbox").iterdir():
        file.unlink()
    again = run_job(home)
    assert (again.exit_code, again.published) == (0, None)
    assert outbox(home) == set()

    deliver(home / "landing", 1)
    good = next((home / "landing").glob("2026-07-02-1"))
    shutil.copytree(good, home / "kept")
    edit_manifest(good, "payments", rows=99)
    assert run_job(home).exit_code == 1
    assert "delivery-refused" in on(home)
    assert raised(home, "delivery-refused") == 1
    told = [file.read_text(encoding="utf-8") for file in (home / "notices").glob("*.txt")]
    assert sum("docs/runbook/delivery-refused.md" in text for text in told) == 2
    assert run_job(home).exit_code == 1
    assert len(list((home / "notices").glob("*alarm-delivery-refused*"))) == 1
    assert outbox(home) == set()

    shutil.rmtree(good)
    shutil.move(home / "kept", good)
    mended = run_job(home)
    assert mended.exit_code == 0, mended.sentences
    assert on(home) == set()
    assert raised(home, "delivery-refused") == 0
    # A page goes with every release; the figure stays past its threshold and is not said again.
    assert outbox(home) == {f"{mended.published}_{numbers[0]}.eml"}


def test_a_failure_of_sending_fails_no_release(home):
    """Mail is set up wrongly: the release is published all the same."""
    store = Subscriptions(home)
    store.seen(Person("u1", "Piet", ("operations",), None, True, "piet@cna.example"), "nl")
    made = store.subscribe(Subscription(0, "u1", PAGE, "deliveries"), LONG_AGO)
    mail = home / "keys" / "mail.toml"
    mail.write_text("[smtp", encoding="utf-8")
    mail.chmod(0o600)
    deliver(home / "landing", 0)
    outcome = run_job(home)
    assert outcome.exit_code == 0, outcome.sentences
    assert outcome.published
    assert outbox(home) == set()
    # Mended: what was due is sent then.
    mail.unlink()
    assert run_job(home).exit_code == 0
    assert outbox(home) == {f"{outcome.published}_{made.number}.eml"}
