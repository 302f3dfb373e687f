"""What leaves: whole, once, signed, and not a moment too early."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from exports.errors import UnknownStatistic
from exports.register import delivery, production, reception, review
from exports.register.clock import in_utc
from exports.register.errors import (
    BadRequest,
    ChangedPackage,
    Embargoed,
    ForbiddenMove,
)
from exports.register.folder import hashes, sha256
from exports.register.request import Definition
from exports.signature import check as check_signature
from tests.unit.register.support import (
    Clock,
    actions,
    approved,
    arrival,
    delivered,
    desk_of,
    other,
)

OPENING = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)  # six o'clock in Brussels


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_delivery_is_the_approved_package_with_its_slip(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    found = delivery.deliver(desk, number, tmp_path / "out")
    package = desk.package(found)
    gone = tmp_path / "out" / package.name
    files = hashes(gone)
    slip = (gone / "delivery.json").read_bytes()
    signed = json.loads((gone / "delivery.sig.json").read_text())
    assert check_signature(home, slip, signed).trusted
    assert {**hashes(package)} == {
        name: one for name, one in files.items() if not name.startswith("delivery.")
    }
    said = json.loads(slip)
    assert said["manifest"] == sha256(package / "manifest.json") == found.version.manifest
    assert said["votes"] == [{"at": "2026-09-01T08:00:00+00:00", "by": "Bart"}]
    last = desk.store.events()[-1]
    assert said["register"] == {"count": last.number, "hash": last.hash}
    assert everything(tmp_path / "out") == sorted(
        [gone.name, *(f"{gone.name}/{name}" for name in files)]
    )


def test_deliveries_to_a_recipient_are_a_chain(home, tmp_path):
    desk = desk_of(home)
    slips = []
    for turn, code in enumerate(("T01", "T02", "T08")):
        number = delivered(
            desk, tmp_path / str(turn), f"{turn}", asked=Definition((code,), "2025", "spf", "fr")
        )
        slips.append(json.loads(delivery.slip_of(desk.requests(), desk.request(number))))
    assert slips[0]["previous"] is None
    for before, after in pairwise(slips):
        assert after["previous"]["request_id"] == before["request_id"]
        assert after["previous"]["manifest"] == before["manifest"]


def test_an_embargo_opens_at_its_moment(home, tmp_path):
    desk = desk_of(home)
    number, out = approved(desk), tmp_path / "out"
    found = delivery.deliver(desk, number, out, OPENING)
    assert (found.state, found.schedule.not_before) == ("approved", OPENING)
    for before in (timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)):
        desk.now.at = OPENING - before
        assert delivery.deliver_due(desk) == ([], [])
        for target in (None, out, tmp_path / "elsewhere"):
            with pytest.raises(Embargoed, match="2026-10-01 06:00"):
                delivery.deliver(desk, number, target)
        assert not out.exists()
        assert not (tmp_path / "elsewhere").exists()
    desk.now.at = OPENING
    left, failed = delivery.deliver_due(desk)
    assert ([one.id for one in left], failed) == ([number], [])
    slip = json.loads(next(out.glob("*/delivery.json")).read_text())
    assert slip["not_before"] == OPENING.isoformat()
    assert slip["delivered"]["at"] == OPENING.isoformat()
    assert delivery.deliver_due(desk) == ([], [])


def test_a_moment_that_has_passed_opens_at_once(home, tmp_path):
    desk = desk_of(home, now=Clock(OPENING + timedelta(hours=1)))
    number = approved(desk, received_on=date(2026, 9, 1))
    assert delivery.deliver(desk, number, tmp_path / "out", OPENING).state == "delivered"


def test_an_embargo_is_noted_once(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    for _ in range(2):
        delivery.deliver(desk, number, tmp_path / "out", OPENING)
    assert actions(desk).count("schedule") == 1


@pytest.mark.parametrize("step", [timedelta(days=1), timedelta(days=-1), timedelta(days=-40)])
def test_an_embargo_is_moved_forth_or_back_for_a_reason_alone(home, tmp_path, step):
    desk = desk_of(home)
    number, out = approved(desk), tmp_path / "out"
    delivery.deliver(desk, number, out, OPENING)
    for reason in (None, "  "):
        with pytest.raises(BadRequest, match="reason"):
            delivery.deliver(desk, number, None, OPENING + step, reason)
    assert actions(desk).count("schedule") == 1
    assert not out.exists()
    chloe = other(desk, "Chloé")
    found = delivery.deliver(chloe, number, None, OPENING + step, "Le ministre parle avant.")
    line = [one for one in found.history if one.action == "schedule"][-1]
    assert (line.who, line.data["reason"]) == ("Chloé", "Le ministre parle avant.")
    assert line.data["not_before"] == (OPENING + step).isoformat()
    # Forty days before its hour is past: it leaves, and the line stands before it.
    assert found.state == ("delivered" if step < timedelta(days=-30) else "approved")
    if found.state == "approved":
        desk.now.at = OPENING + step
        assert len(delivery.deliver_due(desk)[0]) == 1


def test_a_reason_that_explains_nothing_is_refused(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    for moment in (None, OPENING):
        with pytest.raises(BadRequest, match="nothing to explain"):
            delivery.deliver(desk, number, tmp_path / "out", moment, "Pour rien.")
    delivery.deliver(desk, number, tmp_path / "out", OPENING)
    with pytest.raises(BadRequest, match="nothing to explain"):
        delivery.deliver(desk, number, None, None, "Pour rien.")


def test_an_hour_that_summer_time_leaves_out_is_told(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    for minute in (0, 30, 59):
        left_out = datetime(2027, 3, 28, 2, minute)  # noqa: DTZ001
        with pytest.raises(BadRequest, match="no 2027-03-28 02"):
            delivery.deliver(desk, number, tmp_path / "out", left_out)
    assert "schedule" not in actions(desk)


def test_of_an_hour_that_comes_twice_it_is_the_later(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    twice = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
    delivery.deliver(desk, number, tmp_path / "out", twice)
    desk.now.at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two
    assert delivery.deliver_due(desk) == ([], [])
    desk.now.at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert len(delivery.deliver_due(desk)[0]) == 1


@pytest.mark.parametrize("inside", ["desk", "desk/requests/out", "out/../desk", "link"])
def test_nothing_is_delivered_into_the_folder_of_the_desk(home, tmp_path, inside):
    desk = desk_of(home)
    number = approved(desk)
    (home / "link").symlink_to(home / "desk")
    before = everything(home)
    for moment in (None, OPENING):
        with pytest.raises(BadRequest, match="folder of the desk"):
            delivery.deliver(desk, number, home / inside, moment)
    assert everything(home) == before
    assert delivery.deliver(desk, number, home / "out").state == "delivered"


@pytest.mark.parametrize("year", [1, 1926, 2206, 9999])
def test_a_year_that_is_a_slip_of_the_pen_is_refused(home, tmp_path, year):
    desk = desk_of(home)
    number = approved(desk)
    with pytest.raises(BadRequest, match="too far"):
        delivery.deliver(desk, number, tmp_path / "out", datetime(year, 9, 1, 6))  # noqa: DTZ001
    given = [{"due_on": date(year, 9, 30)}]
    if year < 2026:
        given = [{"received_on": date(year, 9, 1)}]
    for days in given:
        with pytest.raises(BadRequest, match="too far"):
            reception.receive(desk, arrival("Encore", **days))
    assert actions(desk).count("receive") == 1


def test_a_request_that_comes_tomorrow_is_told_as_such(home):
    desk = desk_of(home)
    with pytest.raises(BadRequest, match="cannot have come on 2026-09-02: today is 2026-09-01"):
        reception.receive(desk, arrival(received_on=date(2026, 9, 2)))
    with pytest.raises(BadRequest, match="before the request came"):
        reception.receive(desk, arrival(due_on=date(2026, 8, 31)))


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        (datetime(2026, 10, 1, 6, 0), "2026-10-01T04:00:00+00:00"),  # noqa: DTZ001
        (datetime(2026, 12, 1, 6, 0), "2026-12-01T05:00:00+00:00"),  # noqa: DTZ001
        (datetime.fromisoformat("2026-10-01T06:00:00+00:00"), "2026-10-01T06:00:00+00:00"),
    ],
)
def test_an_hour_without_a_zone_is_one_of_brussels(said, utc):
    assert in_utc(said).isoformat() == utc


def test_a_package_taken_back_during_the_embargo_does_not_leave(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    delivery.deliver(desk, number, tmp_path / "out", OPENING)
    found = review.recall(other(desk, "Chloé"), number, "Un total est faux.")
    assert (found.state, found.schedule, found.version.spent) == ("produced", None, "recalled")
    desk.now.at = OPENING
    assert delivery.deliver_due(desk) == ([], [])
    assert not (tmp_path / "out").exists()
    with pytest.raises(ForbiddenMove, match="taken back"):
        review.ask(desk, number)
    assert production.produce(desk, number).version.number == 2


def test_a_package_changed_during_the_embargo_does_not_leave(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    delivery.deliver(desk, number, tmp_path / "out", OPENING)
    (desk.package(desk.request(number)) / "table.csv").write_text("other")
    desk.now.at = OPENING
    left, failed = delivery.deliver_due(desk)
    assert left == []
    assert [name for name, _ in failed] == [number]
    found = desk.request(number)
    assert (found.state, found.schedule) == ("produced", None)
    assert not (tmp_path / "out").exists()


def test_what_leaves_is_what_was_approved_whatever_happens_meanwhile(home, tmp_path, monkeypatch):
    """Somebody changes a file between the look and the copy."""
    desk = desk_of(home)
    number = approved(desk)
    table = desk.package(desk.request(number)) / "table.csv"
    plain = delivery.copy_whole

    def meanwhile(*given, **said):
        table.write_text("other")
        return plain(*given, **said)

    monkeypatch.setattr(delivery, "copy_whole", meanwhile)
    with pytest.raises(ChangedPackage, match=r"table\.csv"):
        delivery.deliver(desk, number, tmp_path / "out")
    assert desk.request(number).state == "approved"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_delivery_that_was_acknowledged_before_it_was_finished_is_finished(home, tmp_path):
    desk = desk_of(home)
    number = delivered(desk, tmp_path / "out")
    before = hashes(tmp_path / "out")
    reception.acknowledge(desk, number)
    shutil.rmtree(tmp_path / "out")
    (desk.package(desk.request(number)).parent / "delivery.json").unlink()
    assert [one.id for one in delivery.deliver_due(desk)[0]] == [number]
    assert hashes(tmp_path / "out") == before
    assert desk.request(number).state == "acknowledged"


def test_what_lies_there_is_not_overwritten_when_a_delivery_is_finished(home, tmp_path):
    desk = desk_of(home)
    number = delivered(desk, tmp_path / "out")
    (desk.package(desk.request(number)).parent / "delivery.json").unlink()
    (folder,) = (tmp_path / "out").iterdir()
    (folder / "table.csv").write_text("of somebody else")
    with pytest.raises(BadRequest, match="nothing is overwritten"):
        delivery.deliver(desk, number)
    assert (folder / "table.csv").read_text() == "of somebody else"
    assert [one.name for one in (tmp_path / "out").iterdir()] == [folder.name]


def test_one_that_cannot_leave_does_not_hold_up_the_others(home, tmp_path):
    desk = desk_of(home)
    # Years apart: what tells of the same days would have to be made again.
    meant = [Definition(("T01",), year, "spf", "fr") for year in ("2020", "2022", "2024")]
    numbers = [approved(desk, f"{turn}", asked=one) for turn, one in enumerate(meant)]
    for turn, number in enumerate(numbers):
        delivery.deliver(desk, number, tmp_path / str(turn), OPENING)
    (tmp_path / "1").write_text("a file where the folder should be")
    desk.now.at = OPENING
    left, failed = delivery.deliver_due(desk)
    assert [one.id for one in left] == [numbers[0], numbers[2]]
    assert [name for name, _ in failed] == [numbers[1]]
    assert desk.request(numbers[1]).state == "approved"


def test_nothing_of_the_recipient_is_overwritten(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    name = desk.request(number).version.name
    (tmp_path / "out" / name).mkdir(parents=True)
    (tmp_path / "out" / name / "mine.txt").write_text("mine")
    with pytest.raises(BadRequest, match="nothing is overwritten"):
        delivery.deliver(desk, number, tmp_path / "out")
    assert desk.request(number).state == "approved"
    assert everything(tmp_path / "out") == [name, f"{name}/mine.txt"]


def test_where_to_must_be_said_once(home, tmp_path):
    desk = desk_of(home)
    number = approved(desk)
    with pytest.raises(BadRequest, match="--out"):
        delivery.deliver(desk, number)


def test_no_room_with_the_recipient_is_told_as_such_and_leaves_nothing(home, tmp_path, monkeypatch):
    desk = desk_of(home)
    number = approved(desk)
    out = tmp_path / "out"
    copied = []

    def copy(source, target, **_):
        copied.append(target)
        if len(copied) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return shutil.copyfile(source, target)

    monkeypatch.setattr(delivery.shutil, "copy2", copy)
    with pytest.raises(OSError, match="No space left"):
        delivery.deliver(desk, number, out)
    assert everything(out) == []
    assert desk.request(number).state == "approved"


def test_what_means_nothing_does_not_enter_the_register(home):
    desk = desk_of(home)
    with pytest.raises(UnknownStatistic):
        reception.receive(desk, arrival(asked=Definition(("T99",), "2025", "spf", "fr")))
    assert desk.requests() == {}


def test_what_the_recipient_took_away_is_not_made_again(home, tmp_path):
    desk = desk_of(home)
    number = delivered(desk, tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    assert delivery.deliver_due(desk) == ([], [])
    with pytest.raises(ForbiddenMove):
        delivery.deliver(desk, number, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_late_is_what_left_after_its_day_in_brussels(home, tmp_path):
    desk = desk_of(home, now=Clock(datetime(2026, 9, 30, 21, 59, tzinfo=UTC)))
    in_time = delivered(desk, tmp_path / "a", "Une")
    desk.now.forward(minutes=1)  # midnight in Brussels
    late = delivered(desk, tmp_path / "b", "Deux", requester="INASTI")
    waiting = reception.receive(desk, arrival("Trois")).id
    today = desk.today
    assert today == date(2026, 10, 1)
    found = [desk.request(number).is_late(today) for number in (in_time, late, waiting)]
    assert found == [False, True, True]
    reception.withdraw(desk, waiting, "Sans objet.")
    assert not desk.request(waiting).is_late(today)


def test_the_day_of_receipt_lies_between_delivery_and_today(home, tmp_path):
    desk = desk_of(home)
    number = delivered(desk, tmp_path / "out")
    desk.now.forward(days=5)
    for day in (date(2026, 8, 31), date(2026, 9, 7)):
        with pytest.raises(BadRequest, match="left on 2026-09-01 and today is 2026-09-06"):
            reception.acknowledge(desk, number, day)
    assert reception.acknowledge(desk, number, date(2026, 9, 3)).acknowledged_on == date(2026, 9, 3)
    assert reception.acknowledge(desk, number).acknowledged_on == date(2026, 9, 3)
    assert actions(desk).count("acknowledge") == 1


def test_the_same_request_is_registered_once(home):
    desk = desk_of(home)
    first = reception.receive(desk, arrival())
    assert reception.receive(desk, arrival()).id == first.id
    assert reception.receive(desk, arrival("Autre")).id != first.id
    turn = reception.receive(desk, arrival("Annuelle"), key="annual 2026").id
    reception.withdraw(desk, turn, "Pas cette année.")
    assert reception.receive(desk, arrival("Annuelle"), key="annual 2026").id == turn
    reception.withdraw(desk, first.id, "Erreur.")
    assert reception.receive(desk, arrival()).id != first.id
