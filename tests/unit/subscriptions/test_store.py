"""Subscriptions are kept, ended and forgotten; each is said once of a release."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboards.access.login import Setup, mail_of, person_of
from dashboards.i18n import LANGUAGES, words
from dashboards.subscriptions import subscription as kinds
from dashboards.subscriptions.store import DUE, OVERTAKEN, SENDING, SENT, UNSURE, Subscriptions
from dashboards.subscriptions.subscription import FIGURE, LIST, BadSubscription, Subscription
from tests.unit.subscriptions.conftest import person

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
FALLS = {"direction": "below", "threshold": "0.9"}
WISH = Subscription(0, "u1", FIGURE, "board_rate", FALLS)


def test_what_was_asked_is_read_again(home, url):
    store = Subscriptions(home, url)
    store.seen(person("recovery", offices=frozenset({"BXL", "GNT"})), "nl", NOW)
    made = store.subscribe(WISH, NOW)
    again = Subscriptions(home, url)
    assert again.of("u1") == [made]
    found = again.persons()["u1"]
    assert (found.lang, found.mail) == ("nl", "u1@cna.example")
    assert found.person.offices == frozenset({"BXL", "GNT"})
    assert found.person.roles == ("recovery",)
    assert len(found.feed) >= 32


def test_nothing_is_made_by_looking(home):
    assert Subscriptions(home).all() == []
    assert Subscriptions(home).persons() == {}
    assert not (home / "subscriptions").exists()


def test_the_file_is_for_its_account_alone(home):
    Subscriptions(home).subscribe(WISH, NOW)
    file = home / "subscriptions" / "subscriptions.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_same_wish_twice_is_one_and_the_feed_keeps_its_name(home, url):
    store = Subscriptions(home, url)
    store.seen(person("recovery"), "fr", NOW)
    feed = store.persons()["u1"].feed
    assert store.subscribe(WISH, NOW) == store.subscribe(WISH, NOW + timedelta(days=1))
    store.seen(person("management"), "nl", NOW)
    assert store.persons()["u1"].feed == feed
    assert store.persons()["u1"].roles == ("management",)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (replace(WISH, kind="poem"), "notices_bad_kind"),
        (replace(WISH, about=""), "notices_bad_kind"),
        (replace(WISH, said={"direction": "up", "threshold": "1"}), "notices_bad_direction"),
        (replace(WISH, said={"direction": "below"}), "notices_bad_threshold"),
        (replace(WISH, said={"direction": "below", "threshold": "ten"}), "notices_bad_threshold"),
        (replace(WISH, said={"direction": "below", "threshold": "NaN"}), "notices_bad_threshold"),
        (replace(WISH, said={"direction": "change", "threshold": "-1"}), "notices_bad_threshold"),
        (replace(WISH, kind=LIST, about="x", said={"days": 0}), "notices_bad_days"),
        (replace(WISH, kind=LIST, about="x", said={"days": 367}), "notices_bad_days"),
    ],
)
def test_what_means_nothing_is_not_written(home, one, why):
    store = Subscriptions(home)
    with pytest.raises(BadSubscription, match=why):
        store.subscribe(one, NOW)
    assert store.all() == []
    assert all(words(lang)[why] for lang in LANGUAGES)


def test_nobody_has_too_many(home):
    store = Subscriptions(home)
    for number in range(kinds.MOST):
        store.subscribe(replace(WISH, said=FALLS | {"threshold": str(number)}), NOW)
    with pytest.raises(BadSubscription, match="notices_too_many"):
        store.subscribe(replace(WISH, said=FALLS | {"threshold": "99"}), NOW)


def test_nobody_ends_what_is_of_somebody_else(home, url):
    store = Subscriptions(home, url)
    made = store.subscribe(WISH, NOW)
    assert not store.end(made.number, "u2")
    assert store.of("u1") == [made]
    assert store.end(made.number, "u1", now=NOW)
    assert not store.end(made.number, "u1")
    assert store.of("u1") == []
    assert store.all()[0].ended_why == kinds.ASKED


def test_a_sending_is_taken_by_one_process(home, url):
    """Two that look at the same moment: the second finds it moved."""
    store, other = Subscriptions(home, url), Subscriptions(home, url)
    made = store.subscribe(WISH, NOW)
    store.plan("r1", [made.number], again=False)
    store.plan("r1", [made.number], again=False)
    (mine,), (theirs,) = store.sendings(), other.sendings()
    assert mine.state == DUE
    assert store.move(mine, SENDING, value="0.8")
    assert not other.move(theirs, SENDING, value="0.8")
    assert [(one.state, one.tries, one.value) for one in store.sendings()] == [(SENDING, 1, "0.8")]


@pytest.mark.parametrize(("again", "state"), [(False, UNSURE), (True, DUE)])
def test_what_a_killed_process_was_sending(home, url, again, state):
    """A mail server is not given it twice; a file is written again under its name."""
    store = Subscriptions(home, url)
    made = store.subscribe(WISH, NOW)
    store.plan("r1", [made.number], again=again)
    store.move(store.sendings()[0], SENDING)
    store.plan("r1", [made.number], again=again)
    assert [one.state for one in store.sendings()] == [state]


def test_another_release_overtakes_what_could_not_be_sent(home, url):
    store = Subscriptions(home, url)
    made = store.subscribe(WISH, NOW)
    store.plan("r1", [made.number], again=False)
    store.plan("r2", [made.number], again=False)
    assert {one.release_id: one.state for one in store.sendings()} == {"r1": OVERTAKEN, "r2": DUE}


def test_what_ended_is_forgotten_with_what_was_sent(home, url):
    store = Subscriptions(home, url)
    store.seen(person("recovery"), "fr", NOW)
    made = store.subscribe(WISH, NOW)
    store.plan("r1", [made.number], again=False)
    store.move(store.sendings()[0], SENT)
    assert store.forget(NOW + timedelta(days=1)) == 0
    store.end(made.number, "u1", now=NOW)
    assert store.forget(NOW) == 0
    assert store.forget(NOW + timedelta(seconds=1)) == 1
    assert (store.all(), store.sendings(), store.persons()) == ([], [], {})


@pytest.mark.parametrize(
    ("claim", "mail"),
    [
        ("anne@cna.be", "anne@cna.be"),
        (" anne.l+x@cna.example ", "anne.l+x@cna.example"),
        ("anne@cna.be\nBcc: all@evil.example", ""),
        ("anne@cna.be, bram@cna.be", ""),
        ("Anne <anne@cna.be>", ""),
        ("anne", ""),
        (None, ""),
        (["anne@cna.be"], ""),
    ],
)
def test_an_address_is_one_address_or_none(claim, mail):
    assert mail_of(claim) == mail
    assert mail_of(claim, False) == ""
    assert person_of({"sub": "1", "email": claim}, Setup()).mail == mail
    assert person_of({"sub": "1", "upn": claim}, Setup(mail="upn")).mail == mail
