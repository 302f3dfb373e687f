"""Requests that come back: their days, the register they enter once, the calendar file."""

from datetime import UTC, date, datetime

import icalendar
import pytest

from exports.register import calendar, reception
from exports.register.desk import Desk
from exports.register.errors import BadCalendar
from exports.register.office import StatisticsOffice
from exports.register.recurrent import appeared, load_recurrent, to_come
from exports.register.store import Store
from orchestration.cli import main

OWN = """
quarterly:
  requester: INASTI
  contact: a
  legal_basis: b
  every: quarter
  first: 2025Q4
  due_days: 45
  lead_days: 30
  tables: [t01, T04]
  profile: inasti
  lang: fr
  wording: "Stock : {period}"
yearly:
  requester: FOD
  contact: a
  legal_basis: b
  every: year
  first: 2024
  due_days: 90
  lead_days: 200
  tables: [T08]
  profile: spf
  lang: nl
  wording: "Cijfers van {period}"
monthly:
  requester: INASTI
  contact: a
  legal_basis: b
  every: month
  first: 2025-12
  due_days: 10
  lead_days: 0
  tables: [T13]
  profile: inasti
  lang: fr
  wording: "{period}"
"""


def put(home, text):
    """Give a data folder a list of its own."""
    path = home / "desk" / "recurrent.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path):
    """A desk whose clock stands at noon of a day that a test may change."""
    put(tmp_path, OWN)
    return at(tmp_path, date(2026, 1, 20))


class Codes:
    """An office that knows which statistics exist, and makes nothing."""

    def __init__(self, *codes):
        self.codes = frozenset(codes) if codes else None

    def statistics(self):
        return self.codes


def at(home, day, *codes):
    def now():
        return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    return Desk(home, "vigie", Store(home, now=now), office=Codes(*codes), now=now)


def keys(found):
    return [one.key for one in found]


def test_the_list_of_the_product_can_be_read(tmp_path):
    """Every entry means something: its first turn has days in order and a question."""
    found = load_recurrent(tmp_path)
    assert {one.every for one in found} == {"year", "quarter", "month"}
    turns = to_come(found, date(2000, 1, 1), date(2027, 12, 31))
    assert {one.recurrent.id for one in turns} == {one.id for one in found}
    for one in turns:
        assert one.period.end < one.due_on
        assert one.appears_on < one.due_on
        assert one.period.text[:4] in one.wording


def test_a_turn_appears_its_lead_before_it_is_due(desk):
    found = load_recurrent(desk.home)
    # 2025Q4 is due on 14 February 2026 (45 days after 31 December), and appears 30 days before.
    assert "quarterly/2025Q4" not in keys(appeared(found, date(2026, 1, 14)))
    (turn,) = (one for one in appeared(found, date(2026, 1, 15)) if one.recurrent.id == "quarterly")
    assert (turn.appears_on, turn.due_on) == (date(2026, 1, 15), date(2026, 2, 14))
    assert turn.wording == "Stock : 4e trimestre 2025"
    # A lead longer than the days after the period: it appears before its period has ended.
    assert keys(appeared(found, date(2025, 12, 1))) == ["yearly/2024", "yearly/2025"]


def test_months_go_on_over_the_year(desk):
    found = load_recurrent(desk.home)
    turns = [one for one in appeared(found, date(2026, 3, 10)) if one.recurrent.id == "monthly"]
    assert [one.period.text for one in turns] == ["2025-12", "2026-01", "2026-02"]
    assert [one.due_on for one in turns] == [
        date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
    ]  # fmt: skip


def test_what_has_come_enters_the_register_once(desk):
    entered = calendar.enter(desk)
    assert keys(one.received for one in entered) == [
        "yearly/2024", "monthly/2025-12", "quarterly/2025Q4", "yearly/2025"
    ]  # fmt: skip
    assert calendar.enter(desk) == []
    quarter = entered[2]
    assert quarter.received.asked.codes == ("T01", "T04")
    assert quarter.received.received_on == date(2026, 1, 15)
    assert quarter.received.due_on == date(2026, 2, 14)
    # A month later the next one, and nothing else; what was withdrawn does not come back.
    reception.withdraw(desk, quarter.id, "annulée")
    later = at(desk.home, date(2026, 2, 20))
    assert keys(one.received for one in calendar.enter(later)) == ["monthly/2026-01"]
    assert len(later.requests()) == 5


def test_two_at_once_enter_it_once(desk, monkeypatch):
    """Another process enters everything between our look and our line."""
    other = at(desk.home, date(2026, 1, 20))
    look = desk.requests

    def then(*_):
        seen = look()
        calendar.enter(other)
        return seen

    monkeypatch.setattr(desk, "requests", then)
    calendar.enter(desk)
    assert len(look()) == 4


def test_the_calendar_file_has_every_due_date(desk):
    calendar.enter(desk)
    written = calendar.due_dates(desk)
    assert written == calendar.due_dates(at(desk.home, date(2026, 1, 20)))
    events = icalendar.Calendar.from_ical(written).events
    assert all(one["dtstamp"].dt <= desk.now() for one in events)
    days = {str(one["uid"]): one["dtstart"].dt for one in events}
    assert len(days) == len(events)
    assert days["quarterly-2025Q4@vigie"] == date(2026, 2, 14)
    assert days["quarterly-2026Q1@vigie"] == date(2026, 5, 15)
    assert max(days.values()) <= date(2026, 1, 20) + calendar.AHEAD
    (first,) = (one for one in events if str(one["uid"]) == "quarterly-2025Q4@vigie")
    assert "2026-0003 INASTI T01 T04" in str(first["summary"])


def test_a_diary_that_has_the_file_already_gets_no_second_entry(desk):
    """A turn has one name, before it comes and after; what came by hand has its number."""

    def entries():
        events = icalendar.Calendar.from_ical(calendar.due_dates(desk)).events
        return {str(one["uid"]): one for one in events if one["dtstart"].dt < date(2026, 3, 1)}

    desk = at(desk.home, date(2026, 1, 14))
    before = entries()
    desk = at(desk.home, date(2026, 1, 20))
    calendar.enter(desk)
    after = entries()
    assert set(after) >= set(before)
    name = "quarterly-2025Q4@vigie"
    assert before[name]["summary"] != after[name]["summary"]
    # The later one wins.
    assert before[name]["dtstamp"].dt < after[name]["dtstamp"].dt
    days = {"received_on": date(2026, 1, 20), "due_on": date(2026, 2, 1)}
    arrival = reception.Arrival("SPF", "Mme Peeters", "A.R. n° 38", "Combien ?", **days)
    typed = reception.receive(desk, arrival).id
    assert set(entries()) == {*after, f"{typed}@vigie"}


def test_a_closed_request_leaves_the_calendar(desk):
    (first, *_) = calendar.enter(desk)
    assert f"SUMMARY:{first.id} " in calendar.due_dates(desk).decode()
    reception.withdraw(desk, first.id, "annulée")
    assert f"SUMMARY:{first.id} " not in calendar.due_dates(desk).decode()


def test_the_file_is_written_whole(desk, tmp_path):
    path = tmp_path / "calendrier" / "desk.ics"
    calendar.write_due_dates(desk, path)
    assert path.read_bytes() == calendar.due_dates(desk)
    assert [one.name for one in path.parent.iterdir()] == ["desk.ics"]


#: What is wrong, in place of what, and the line of the file that says it.
WRONG = [
    ("every: week", "every: quarter", 6),
    ("first: 2025", "first: 2025Q4", 7),
    ("profile: nobody", "profile: inasti", 11),
    ("tables: []", "tables: [t01, T04]", 10),
    ("tables: T01", "tables: [t01, T04]", 10),
    ("tables: [T01,\n    T99]", "tables: [t01, T04]", 11),
    ("due_days: many", "due_days: 45", 8),
    ("due_days: 4500", "due_days: 45", 8),
    ("lead_days: -3", "lead_days: 30", 9),
    ("lang: de", "lang: fr", 12),
    ("requester: {", "requester: INASTI", 5),
    ('requester: " "', "requester: INASTI", 3),
    ("requester: [INASTI]", "requester: INASTI", 3),
    ("colour: red\n  requester: x", "requester: INASTI", 3),
    ("contact: b\n  contact: c", "contact: a", 5),
    ("quarterly:", "yearly:", 14),
    ('wording: "Stock : {periode}"', 'wording: "Stock : {period}"', 13),
    ('wording: "Stock : {"', 'wording: "Stock : {period}"', 13),
]


@pytest.mark.parametrize(("wrong", "right", "line"), WRONG)
def test_a_list_that_means_nothing_is_told_by_file_and_line(tmp_path, wrong, right, line):
    assert right in OWN
    put(tmp_path, OWN.replace(right, wrong, 1))
    for lang, word in {"fr": "ligne", "nl": "regel", "en": "line"}.items():
        with pytest.raises(BadCalendar, match=rf"recurrent\.yaml, {word} {line}\)") as told:
            load_recurrent(tmp_path, lang, {"T01", "T04", "T08", "T13"})
        assert "\n" not in str(told.value)
        assert str(told.value).endswith(".")


@pytest.mark.parametrize(("every", "first"), [("quarter", "2026Q1"), ("month", "2026-01")])
def test_a_table_that_is_never_counted_that_often_is_told_by_file_and_line(tmp_path, every, first):
    """What the project declares counts: T03 by the year alone, T01 by the quarter too."""
    counted = StatisticsOffice(tmp_path).statistics()
    assert counted["T03"] == {"year"}
    yearly = "every: year\n  first: 2024\n  due_days: 90\n  lead_days: 200\n"
    yearly += "  tables: [T01,\n    T03]"
    own = OWN.replace(yearly.replace("T01,\n    T03", "T08"), yearly)
    put(tmp_path, own)
    assert load_recurrent(tmp_path, "fr", counted)[1].tables == ("T01", "T03")
    put(tmp_path, own.replace("every: year\n  first: 2024", f"every: {every}\n  first: {first}"))
    with pytest.raises(BadCalendar) as told:
        load_recurrent(tmp_path, "fr", counted)
    code, line = ("T01", 22) if every == "month" else ("T03", 23)
    assert f"ligne {line}" in str(told.value)
    assert f"tables {code} (every" in str(told.value)


def test_an_entry_with_a_national_number_is_told_without_it(tmp_path):
    put(tmp_path, OWN.replace("contact: a", "contact: 85.07.30-033.28", 1))
    with pytest.raises(BadCalendar, match="line 4") as told:
        load_recurrent(tmp_path, "en")
    assert "033" not in str(told.value)


def test_a_list_of_the_whole_is_no_list_of_names(tmp_path):
    put(tmp_path, "- quarterly\n")
    with pytest.raises(BadCalendar, match="line 1"):
        load_recurrent(tmp_path, "en")


def test_a_table_that_no_release_has_enters_nothing(tmp_path):
    """Before the first release nobody knows which there are."""
    put(tmp_path, OWN)
    day = date(2026, 1, 20)
    desk = at(tmp_path, day, "T01", "T08", "T13")
    with pytest.raises(BadCalendar, match="T04"):
        calendar.enter(desk)
    assert desk.requests() == {}
    assert len(calendar.enter(at(tmp_path, day))) == 4


def test_the_command_enters_what_has_come_and_says_where_the_file_is(desk, capsys, monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", str(desk.home))
    for said in ("INASTI", "Aucune demande"):
        with pytest.raises(SystemExit) as left:
            main(["request", "calendar", "--as", "Anne", "--lang", "fr"])
        assert left.value.code == 0
        shown = capsys.readouterr().out
        assert said in shown
        assert str(calendar.usual_file(desk.home)) in shown
    assert calendar.usual_file(desk.home).is_file()
