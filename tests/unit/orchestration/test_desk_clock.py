"""The desk by the clock: what recurs enters, what is due leaves, what fails is told."""

from datetime import UTC, datetime, timedelta

import pytest
from dagster import RunRequest, SkipReason, build_sensor_context

from exports.register import delivery, production, reception, review
from exports.register.clock import day_of, utc_now
from exports.register.desk import open_desk
from exports.register.reception import Arrival
from exports.register.request import Definition
from orchestration.desk import WHO, build_desk
from orchestration.settings import Settings
from release.reader import close_all
from tests.worlds import copy_of

RECURRENT = """
daily-bread:
  requester: INASTI
  contact: a
  legal_basis: b
  every: year
  first: 2024
  due_days: 0
  lead_days: 0
  tables: [T01]
  profile: inasti
  lang: fr
  wording: "Stock : {period}"
"""


@pytest.fixture
def home(built_world, tmp_path):
    """A data folder with a release and a list of its own."""
    home = copy_of(built_world("invented"), tmp_path / "home")
    (home / "desk").mkdir()
    (home / "desk" / "recurrent.yaml").write_text(RECURRENT, encoding="utf-8")
    yield home
    close_all()


def approved_for(home, moment) -> str:
    """A request whose answer leaves at a moment that was still to come when it was said."""
    today = day_of(utc_now())
    anne, bart = (open_desk(home, who) for who in ("Anne", "Bart"))
    meant = Definition(("T01",), "2025", "inasti", "fr")
    arrival = Arrival("INASTI", "c", "l", "w", today, today + timedelta(days=9), meant)
    number = reception.receive(anne, arrival).id
    reception.define(anne, number)
    production.produce(anne, number)
    review.ask(anne, number)
    review.approve(bart, number)
    anne.now = lambda: moment - timedelta(hours=1)
    delivery.deliver(anne, number, home / "out", moment)
    return number


def built(home):
    return build_desk(Settings.from_env(home=home, lang="fr"))


def run(home):
    job, _, _ = built(home)
    return job.execute_in_process(raise_on_error=False)


def ticked(home):
    _, _, embargo = built(home)
    tick = embargo(build_sensor_context())
    assert isinstance(tick, (RunRequest, SkipReason))
    return tick


def test_what_recurs_enters_once_and_the_calendar_is_written(home):
    assert run(home).success
    assert run(home).success
    found = open_desk(home, "x").requests()
    keys = [one.received.key for one in found.values()]
    this_year = utc_now().year
    assert keys == [f"daily-bread/{year}" for year in range(2024, this_year)]
    assert {one.history[0].who for one in found.values()} == {WHO}
    assert b"BEGIN:VEVENT" in (home / "desk" / "calendar.ics").read_bytes()


def test_an_answer_leaves_at_its_hour_and_not_before(home):
    moment = utc_now() + timedelta(days=1)
    number = approved_for(home, moment)
    assert isinstance(ticked(home), SkipReason)
    assert run(home).success
    assert open_desk(home, "x").request(number).state == "approved"
    assert not (home / "out").exists()


def test_once_the_moment_has_come_one_run_hands_it_out(home):
    number = approved_for(home, datetime.now(UTC) - timedelta(minutes=1))
    first, second = ticked(home), ticked(home)
    # The same waiting answer asks for the same run.
    assert first.run_key == second.run_key
    assert number in first.run_key
    assert run(home).success
    assert open_desk(home, "x").request(number).state == "delivered"
    assert len(list((home / "out").iterdir())) == 1
    assert isinstance(ticked(home), SkipReason)


def test_what_could_not_leave_makes_the_run_fail_with_its_reason(home):
    number = approved_for(home, datetime.now(UTC) - timedelta(minutes=1))
    desk = open_desk(home, "x")
    (path,) = desk.package(desk.request(number)).glob("T01*.csv")
    path.write_bytes(path.read_bytes() + b"\n")
    result = run(home)
    assert not result.success
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    told = failure.step_failure_data.user_failure_data.description
    assert number in told
    assert path.name in told
    # What recurs has entered nevertheless.
    assert len(desk.requests()) > 1


def test_a_list_that_means_nothing_makes_the_run_fail(home):
    (home / "desk" / "recurrent.yaml").write_text("a: 1\n", encoding="utf-8")
    result = run(home)
    (failure,) = result.filter_events(lambda event: event.is_step_failure)
    assert "recurrent.yaml" in failure.step_failure_data.user_failure_data.description
