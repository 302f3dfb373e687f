"""Lines of the notebook are added, never changed; what they mean on the day before, the day, the
day after."""

import stat
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboards.i18n import LANGUAGES, words
from dashboards.notebook import entry as lines
from dashboards.notebook.entry import BadEntry, Entry
from dashboards.notebook.standing import standings
from dashboards.notebook.store import Notebook

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
TODAY = date(2026, 10, 5)
ACCOUNT, ABOUT = "A00000001", "in_arrears|reminder"


def line(action: str, **said) -> Entry:
    return Entry(0, NOW, "Anne", ACCOUNT, action, **said)


def test_what_was_written_is_read_again(home, url):
    book = Notebook(home, url)
    promise = line(lines.PROMISE, until=TODAY + timedelta(days=9), amount=Decimal("120.50"))
    said = [book.add(one, NOW) for one in (line(lines.TAKE), promise)]
    again = Notebook(home, url).entries()
    assert again == said
    assert [one.amount for one in again] == [None, Decimal("120.50")]
    assert [one.number for one in again] == [1, 2]
    assert book.entries(["A00000002"]) == []


@pytest.mark.parametrize("said", [{"note": "voir 85.07.30-033.28"}, {"author": "A 85073003328"}])
def test_no_line_holds_a_national_number(home, said):
    """A line is never changed nor taken away."""
    book = Notebook(home)
    with pytest.raises(BadEntry, match="notebook_national_number"):
        book.add(replace(line(lines.NOTE, note="x"), **said), NOW)
    assert book.entries() == []
    assert all("notebook_national_number" in words(lang) for lang in LANGUAGES)


def test_nothing_is_made_by_looking(home):
    assert Notebook(home).entries() == []
    assert not (home / "notebook").exists()


def test_the_file_is_for_its_account_alone(home):
    Notebook(home).add(line(lines.TAKE), NOW)
    file = home / "notebook" / "notebook.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_two_who_write_at_once(home, url):
    def write(name: str) -> None:
        for _ in range(5):
            Notebook(home, url).add(replace(line(lines.NOTE, note=name), author=name), NOW)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("Anne", "Bram")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    found = Notebook(home, url).entries()
    assert sorted(one.author for one in found) == ["Anne"] * 5 + ["Bram"] * 5


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (replace(line(lines.TAKE), author=" "), "notebook_no_author"),
        (replace(line(lines.TAKE), account_id="[x](y)"), "account_form"),
        (line("burn"), "notebook_no_action"),
        (line(lines.DONE), "notebook_lacks_done"),
        (line(lines.SNOOZE), "notebook_lacks_snooze"),
        (line(lines.NOTE), "notebook_lacks_note"),
        (line(lines.PROMISE, until=TODAY), "notebook_lacks_promise"),
        (line(lines.SNOOZE, until=TODAY - timedelta(days=1)), "notebook_bad_day"),
        (line(lines.SNOOZE, until=TODAY + timedelta(days=1099)), "notebook_bad_day"),
        (line(lines.PROMISE, until=TODAY, amount=Decimal("-1")), "notebook_bad_amount"),
        (line(lines.PROMISE, until=TODAY, amount=Decimal("1.005")), "notebook_bad_amount"),
        (line(lines.NOTE, note="x" * 2001), "notebook_long_note"),
    ],
)
def test_what_means_nothing_is_not_written(home, entry, why):
    book = Notebook(home)
    with pytest.raises(BadEntry, match=why):
        book.add(entry, NOW)
    assert book.entries() == []
    assert all(words(lang)[why] for lang in LANGUAGES)


def test_what_is_done_rests_until_the_list_says_something_else():
    done = standings([line(lines.DONE, about=ABOUT)])[ACCOUNT]
    assert done.rests(ABOUT, TODAY + timedelta(days=300))
    assert not done.rests("in_arrears|formal_notice", TODAY)


@pytest.mark.parametrize("action", [lines.SNOOZE, lines.PROMISE])
@pytest.mark.parametrize(("days", "rests"), [(-1, True), (0, True), (1, False)])
def test_what_waits_rests_up_to_its_day(action, days, rests):
    until = TODAY + timedelta(days=10)
    waits = standings([line(action, until=until, amount=Decimal(5))])[ACCOUNT]
    assert waits.rests(ABOUT, until + timedelta(days=days)) is rests


@pytest.mark.parametrize(
    ("action", "undone", "part"),
    [(lines.TAKE, lines.RELEASE, "taken"), (lines.DONE, lines.REOPEN, "done"),
     (lines.SNOOZE, lines.WAKE, "snoozed"), (lines.PROMISE, lines.WITHDRAW, "promise")],
)  # fmt: skip
def test_each_action_has_its_way_back(action, undone, part):
    first = replace(line(action, about=ABOUT, until=TODAY), number=1)
    assert getattr(standings([first])[ACCOUNT], part) == first
    both = standings([first, replace(line(undone), number=2)])[ACCOUNT]
    assert getattr(both, part) is None
    assert len(both.entries) == 2


@given(some.lists(some.tuples(some.sampled_from(lines.ACTIONS), some.integers(1, 3))))
def test_an_account_stands_as_its_last_lines_say(written):
    """Whatever the order in which accounts are mixed, each stands by its own lines alone."""
    entries = [
        Entry(number, NOW, "Anne", f"A0000000{account}", action, ABOUT, TODAY)
        for number, (action, account) in enumerate(written, 1)
    ]
    found = standings(reversed(entries))
    for account, standing in found.items():
        own = [one for one in entries if one.account_id == account]
        assert standing == standings(own)[account]
        takes = [one for one in own if one.action in (lines.TAKE, lines.RELEASE)]
        last = takes[-1] if takes and takes[-1].action == lines.TAKE else None
        assert standing.taken == last


@pytest.mark.parametrize(("days", "gone"), [(-1, 0), (0, 0), (1, 2)])
def test_lines_are_forgotten_when_the_newest_of_their_account_is_old(home, url, days, gone):
    book = Notebook(home, url)
    book.add(line(lines.TAKE), NOW - timedelta(days=400))
    book.add(line(lines.NOTE, note="called"), NOW)
    book.add(replace(line(lines.TAKE), account_id="C00000002"), NOW + timedelta(days=30))
    assert book.forget(NOW + timedelta(days=days)) == gone
    assert len(book.entries()) == 3 - gone
