"""What subscribers are sent of the release that is current: once, by the way that is set up.

Belongs here: the order (plan, judge, write down, hand over), and that a failure stops nothing else.
Does not belong here: what a message says (dashboards/subscriptions), how it goes (mail.py).

A message is written down as being sent before it is handed over. A process that is killed in
between leaves it so: a mail server is not given it again (nobody knows whether it left, and it is
told as such), a file of the outbox is written again under the same name. What a server refuses is
due again the next time. Nobody is sent anything of a release that is not current any more.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from orchestration.files import write_whole
from orchestration.mail import NotHandedOver, Post, Unsure, server_of
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dashboards.source import Reading
    from dashboards.subscriptions.content import Content
    from dashboards.subscriptions.store import Sending, Subscriptions
    from dashboards.subscriptions.subscription import Subscriber, Subscription
    from release.reader import Release

log = logging.getLogger("vigie")
_DAYS_OF_A_MONTH = 365.25 / 12
#: So often a message is handed to a server that refuses it.
_MOST_TRIES = 20
#: Where `vigie serve` shows the pages while there is no login.
_LOCAL_PAGES = "http://127.0.0.1:8501"


@dataclass
class Count:
    """What became of the subscriptions: messages sent, nothing to say, to be tried again, unsure,
    subscriptions that ended."""

    sent: int = 0
    silent: int = 0
    failed: int = 0
    unsure: int = 0
    ended: int = 0


def send_due(settings: Settings) -> Count:
    """Send what is due of the current release. Another process that sends is left to it.

    Raises:
        MailError: mail is set up in a way that cannot be used.
    """
    count = Count()
    url = os.environ.get("VIGIE_SUBSCRIPTIONS")
    if url is None and not (settings.home / "subscriptions").is_dir():
        return count
    # Late: the pages, which most data folders without subscribers need not wait for.
    _quiet()
    from dashboards.subscriptions.store import Subscriptions
    from release.errors import NoReleaseError
    from release.reader import open_release

    store = Subscriptions(settings.home, url)
    try:
        release = open_release(settings.home)
    except NoReleaseError:
        return count
    with _alone(settings) as is_mine, _home(settings):
        if is_mine:
            _send(settings, store, release, count)
    return count


def unsent(settings: Settings) -> int:
    """Return how many messages of the current release a mail server did not take so far."""
    url = os.environ.get("VIGIE_SUBSCRIPTIONS")
    if url is None and not (settings.home / "subscriptions").is_dir():
        return 0
    from dashboards.subscriptions.store import DUE, Subscriptions

    sendings = Subscriptions(settings.home, url).sendings()
    return sum(one.state == DUE and one.tries > 0 for one in sendings)


def _send(settings: Settings, store: Subscriptions, release: Release, count: Count) -> None:
    from dashboards.subscriptions.store import DUE

    server = server_of(settings)
    persons = store.persons()
    wishes = _wishes(settings, store, persons, release, count)
    store.plan(release.id, wishes, again=server is None)
    past = store.sendings(list(wishes))
    due = [one for one in past if one.release_id == release.id and one.state == DUE]
    for sending in due:
        person = persons[wishes[sending.number].subject]
        # Who looks without a login is sent nothing: it stays on this machine.
        post = Post(settings, server if person.is_known else None)
        turn = _Turn(settings, store, post, release, person, wishes[sending.number], count)
        try:
            turn.take(sending, [one for one in past if one.number == sending.number])
        except Exception as error:  # one subscription that fails stops no other one
            log.error("subscription %d", sending.number, exc_info=error)
            count.failed += 1
    for subject in {wishes[sending.number].subject for sending in due}:
        _write_feed(settings, store, persons[subject])


def _wishes(
    settings: Settings, store: Subscriptions, persons: dict[str, Subscriber], release: Release,
    count: Count,
) -> dict[int, Subscription]:  # fmt: skip
    """The subscriptions that a release is for, by number. Those of persons who have not logged in
    for so long that nobody knows their roles any more end."""
    from dashboards.subscriptions.subscription import UNSEEN

    limit = datetime.now(UTC) - timedelta(days=settings.subscription_months * _DAYS_OF_A_MONTH)
    built = release.built_at.replace(tzinfo=UTC)
    found = {}
    for one in store.all():
        person = persons.get(one.subject)
        if one.ended_at is not None:
            continue
        if person is None or person.seen_at < limit:
            count.ended += store.end(one.number, one.subject, UNSEEN)
        elif one.made_at <= built:
            # Who asks after a release was built is told of the next one.
            found[one.number] = one
    return found


@dataclass(frozen=True)
class _Turn:
    """One subscription on one release."""

    settings: Settings
    store: Subscriptions
    post: Post
    release: Release
    person: Subscriber
    wish: Subscription
    count: Count

    def take(self, sending: Sending, past: list[Sending]) -> None:
        """Judge the release for it, and send what there is to say. `past`: its sendings, the oldest
        first."""
        from dashboards.subscriptions.content import Ended, judge
        from dashboards.subscriptions.message import one_line
        from dashboards.subscriptions.store import SENDING, SENT, SILENT, UNSURE

        told = [one.value for one in past if one.state in (SENT, UNSURE)]
        seen = [one.value for one in past if one.state in (SENT, UNSURE, SILENT)]
        reading = self._reading()
        try:
            found = judge(reading, self.wish, seen[-1] if seen else "", told[-1] if told else "")
        except Ended as ended:
            self.count.ended += self.store.end(self.wish.number, self.wish.subject, ended.why)
            self.store.move(sending, SILENT)
            return
        if found.content is None:
            self.count.silent += self.store.move(sending, SILENT, value=found.value)
            return
        title = one_line(found.content.title)
        if self.store.move(sending, SENDING, value=found.value, title=title):
            now = replace(sending, state=SENDING, tries=sending.tries + 1)
            self._send(reading, found.content, now)

    def _send(self, reading: Reading, content: Content, now: Sending) -> None:
        from dashboards.subscriptions.message import message
        from dashboards.subscriptions.store import DUE, OVERTAKEN, SENT, UNSURE

        if self.person.is_known and not self.person.mail:
            # Nowhere to send it: the feed says that there is something to see.
            self.count.sent += self.store.move(now, SENT)
            return
        # Before it leaves: what is not written down is not given.
        self._write_down(content)
        made = message(
            reading, self.person, self.wish, content, base=base_of(self.settings),
            sender=self.post.sender, moment=format_datetime(datetime.now(UTC)),
        )  # fmt: skip
        try:
            self.post.hand_over(f"{self.release.id}_{self.wish.number}", made)
        except Unsure as error:
            log.warning("subscription %d: %s", self.wish.number, error)
            self.count.unsure += self.store.move(now, UNSURE)
        except (NotHandedOver, OSError) as error:
            log.warning("subscription %d: %s", self.wish.number, error)
            self.store.move(now, OVERTAKEN if now.tries >= _MOST_TRIES else DUE)
            self.count.failed += 1
        else:
            self.count.sent += self.store.move(now, SENT)

    def _reading(self) -> Reading:
        from dashboards.i18n import Language
        from dashboards.source import Reading

        return Reading(self.release, Language(self.person.lang), person=self.person.person)

    def _write_down(self, content: Content) -> None:
        from dashboards.access import log as accesses

        person, wish = self.person, self.wish
        accesses.write(
            accesses.Access(
                accesses.NOTICE,
                person.subject,
                person.name,
                person.person.roles,
                page=content.page,
                filters={name: " ".join(texts) for name, texts in content.address.items()},
                release=self.release.id,
                download=content.file or f"{wish.kind} {wish.about}",
            ),
            self.settings.home,
        )


def base_of(settings: Settings) -> str:
    """Return the address of the pages, as the browsers of subscribers know it."""
    from dashboards.access import login

    try:
        host = login.public_host(settings.home)
    except (OSError, ValueError, KeyError):
        host = ""
    return f"https://{host}" if host and not login.is_loopback(host) else _LOCAL_PAGES


def _write_feed(settings: Settings, store: Subscriptions, person: Subscriber) -> None:
    from dashboards.subscriptions.feed import path_of
    from orchestration.feed import feed

    mine = [one.number for one in store.all() if one.subject == person.subject]
    file = path_of(settings.home, person)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(file, feed(person, store.sendings(mine), base_of(settings)))


def _quiet() -> None:
    """Pages are read here without a server, which Streamlit would warn about line by line."""
    # Its own settings are read later and would have the last word.
    os.environ.setdefault("STREAMLIT_LOGGER_LEVEL", "error")
    from streamlit.logger import set_log_level

    set_log_level("ERROR")


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Whether nobody else is sending from this data folder."""
    file = settings.home / "subscriptions" / "sending.lock"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_mine = True
        except BlockingIOError:
            is_mine = False
        yield is_mine
    finally:
        os.close(handle)


@contextmanager
def _home(settings: Settings) -> Iterator[None]:
    """Pages find their data folder by the environment, also where a run was given another one."""
    before = os.environ.get("VIGIE_HOME")
    os.environ["VIGIE_HOME"] = str(settings.home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["VIGIE_HOME"]
        else:
            os.environ["VIGIE_HOME"] = before
