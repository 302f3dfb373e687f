"""Subscriptions, who made them, and what became of each on each release, in SQLite or PostgreSQL.

Belongs here: reading and writing these tables. Does not belong here: what is said of a subscription
(content), when it is sent (orchestration/sending.py).

A sending is one subscription on one release, and has one of these states:

| state | what it means |
|---|---|
| `due` | not said yet, or refused by the mail server: tried again |
| `sending` | handed over at this moment; after a kill nobody knows whether it left |
| `sent` | the mail server, or the outbox, has it |
| `silent` | nothing to say on this release |
| `unsure` | was `sending` when a process ended: never handed to a mail server again |
| `overtaken` | another release is current, or the server refused it too often: not sent |

A folder that comes back from a copy (`hold_back`) does not know what left after that copy: what was
being tried is `unsure` there, anything else that was not said of its release is `overtaken`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from dashboards.access.person import Person
from dashboards.kept import Kept
from dashboards.subscriptions.subscription import (
    ASKED,
    MOST,
    BadSubscription,
    Subscriber,
    Subscription,
    checked,
)

#: Beside the tables of the register, where both live in one PostgreSQL.
VERSION_TABLE = "notice_version"
DUE, SENDING, SENT, SILENT, UNSURE, OVERTAKEN = (
    "due", "sending", "sent", "silent", "unsure", "overtaken",
)  # fmt: skip
_META = sa.MetaData()
PERSONS = sa.Table(
    "notice_persons",
    _META,
    sa.Column("subject", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("name", "roles", "offices", "lang", "mail", "feed")),
    sa.Column("seen_at", sa.Text),
    sa.Column("is_known", sa.Boolean),
)
SUBSCRIPTIONS = sa.Table(
    "notice_subscriptions",
    _META,
    sa.Column("number", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("subject", "kind", "about", "said", "token")),
    *(sa.Column(name, sa.Text) for name in ("made_at", "ended_at", "ended_why")),
)
SENDINGS = sa.Table(
    "notice_sendings",
    _META,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text),
    sa.Column("at", sa.Text),
    sa.Column("tries", sa.Integer),
    sa.Column("value", sa.Text),
    sa.Column("title", sa.Text),
)


@dataclass(frozen=True)
class Sending:
    """One subscription on one release. `value`: the figure, or what stands for the list, that the
    next release is compared with; `title`: the subject of the message, which names nobody."""

    number: int
    release_id: str
    state: str
    at: datetime
    tries: int
    value: str
    title: str


class Subscriptions(Kept):
    """The subscriptions of a data folder.

    Raises (each operation):
        exports.register.errors.BadRegister: the address is none.
        sqlalchemy.exc.SQLAlchemyError: the database does not open.
    """

    name = "subscriptions"
    migrations = Path(__file__).parent / "migrations"

    def seen(self, person: Person, lang: str, now: datetime | None = None) -> None:
        """Note who somebody is today: what they are told follows their last login."""
        at = _text(now or datetime.now(UTC))
        offices = None if person.offices is None else json.dumps(sorted(person.offices))
        said = {
            "name": person.name,
            "roles": " ".join(person.roles),
            "offices": offices,
            "lang": lang,
            "mail": person.mail,
            "seen_at": at,
            "is_known": person.is_known,
        }
        self.prepare()
        with self.writing() as connection:
            mine = PERSONS.c.subject == person.subject
            if not connection.execute(sa.update(PERSONS).where(mine).values(**said)).rowcount:
                feed = secrets.token_urlsafe(24)
                connection.execute(
                    sa.insert(PERSONS).values(subject=person.subject, feed=feed, **said)
                )

    def persons(self) -> dict[str, Subscriber]:
        """Return everybody who ever subscribed, by subject."""
        return {row.subject: _subscriber(row) for row in self._rows(sa.select(PERSONS))}

    def subscribe(self, one: Subscription, now: datetime | None = None) -> Subscription:
        """Add a subscription; its number and token are given here. The same wish twice is one.

        Raises:
            BadSubscription: it means nothing, or its person has too many.
        """
        checked(one)
        mine = self.of(one.subject)
        for other in mine:
            if other.wish == one.wish:
                return other
        if len(mine) >= MOST:
            raise BadSubscription("notices_too_many")
        at, token = now or datetime.now(UTC), secrets.token_urlsafe(24)
        said = {
            "subject": one.subject,
            "kind": one.kind,
            "about": one.about,
            "said": json.dumps(one.said, sort_keys=True),
            "token": token,
            "made_at": _text(at),
            "ended_why": "",
        }
        self.prepare()
        with self.writing() as connection:
            found = connection.execute(sa.insert(SUBSCRIPTIONS).values(**said))
            (number,) = found.inserted_primary_key
        return Subscription(number, one.subject, one.kind, one.about, one.said, token, at)

    def of(self, subject: str) -> list[Subscription]:
        """Return the subscriptions of a person that did not end, in the order they were made."""
        return [one for one in self.all() if one.subject == subject and one.ended_at is None]

    def all(self) -> list[Subscription]:
        """Return all subscriptions, ended ones too."""
        query = sa.select(SUBSCRIPTIONS).order_by(SUBSCRIPTIONS.c.number)
        return [_subscription(row) for row in self._rows(query)]

    def end(self, number: int, subject: str, why: str = ASKED, now: datetime | None = None) -> bool:
        """End a subscription of a person; whether there was one to end."""
        if not self.exists():
            return False
        self.prepare()
        at = _text(now or datetime.now(UTC))
        with self.writing() as connection:
            ended = connection.execute(
                sa.update(SUBSCRIPTIONS)
                .where(SUBSCRIPTIONS.c.number == number, SUBSCRIPTIONS.c.subject == subject)
                .where(SUBSCRIPTIONS.c.ended_at.is_(None))
                .values(ended_at=at, ended_why=why)
            )
        return bool(ended.rowcount)

    def plan(
        self, release_id: str, numbers: Iterable[int], *, again: bool, now: datetime | None = None
    ) -> None:
        """Note what is to be said of a release, once; what older releases still had to say is
        overtaken. What a process left while it was sending is unsure, or due `again` where sending
        twice makes one message."""
        at = _text(now or datetime.now(UTC))
        self.prepare()
        with self.writing() as connection:
            on = SENDINGS.c
            older = sa.update(SENDINGS).where(on.release_id != release_id, on.state == DUE)
            connection.execute(older.values(state=OVERTAKEN, at=at))
            left = sa.update(SENDINGS).where(on.state == SENDING)
            if again:
                mine = left.where(on.release_id == release_id)
                connection.execute(mine.values(state=DUE, at=at))
            connection.execute(left.values(state=UNSURE, at=at))
            known = connection.execute(sa.select(on.number).where(on.release_id == release_id))
            new = set(numbers) - set(known.scalars())
            rows = [
                {"number": number, "release_id": release_id, "state": DUE, "at": at, "tries": 0,
                 "value": "", "title": ""}
                for number in sorted(new)
            ]  # fmt: skip
            if rows:
                connection.execute(sa.insert(SENDINGS), rows)

    def hold_back(self, release_id: str, now: datetime | None = None) -> int:
        """Let nothing leave any more that was not said of a release, or may be: of a folder that
        was restored. Returns how many subscriptions are told no more of it."""
        at, on = _text(now or datetime.now(UTC)), SENDINGS.c
        self.prepare()
        with self.writing() as connection:
            waits = sa.update(SENDINGS).where(on.state == DUE)
            tried = waits.where(on.tries > 0).values(state=UNSURE, at=at)
            held = connection.execute(tried).rowcount
            held += connection.execute(waits.values(state=OVERTAKEN, at=at)).rowcount
            left = sa.update(SENDINGS).where(on.state == SENDING)
            held += connection.execute(left.values(state=UNSURE, at=at)).rowcount
            known = sa.select(on.number).where(on.release_id == release_id)
            running = SUBSCRIPTIONS.c.ended_at.is_(None)
            unknown = sa.select(SUBSCRIPTIONS.c.number).where(
                running, SUBSCRIPTIONS.c.number.not_in(known)
            )
            rows = [
                {"number": number, "release_id": release_id, "state": OVERTAKEN, "at": at,
                 "tries": 0, "value": "", "title": ""}
                for number in connection.execute(unknown).scalars()
            ]  # fmt: skip
            if rows:
                connection.execute(sa.insert(SENDINGS), rows)
        return held + len(rows)

    def move(self, before: Sending, state: str, **said: str) -> bool:
        """Move a sending to another state; False where another process moved it meanwhile."""
        on = SENDINGS.c
        with self.writing() as connection:
            moved = connection.execute(
                sa.update(SENDINGS)
                .where(on.number == before.number, on.release_id == before.release_id)
                .where(on.state == before.state)
                .values(
                    state=state, at=_text(datetime.now(UTC)),
                    tries=before.tries + (state == SENDING), **said,
                )
            )  # fmt: skip
        return bool(moved.rowcount)

    def sendings(self, numbers: Iterable[int] | None = None) -> list[Sending]:
        """Return what became of subscriptions, the oldest first: all, or those asked for."""
        query = sa.select(SENDINGS).order_by(SENDINGS.c.at, SENDINGS.c.number)
        if numbers is not None:
            query = query.where(SENDINGS.c.number.in_(list(numbers)))
        return [_sending(row) for row in self._rows(query)]

    def take_away(self, accounts: list[str]) -> int:
        """Take away every subscription to a page of these accounts, with what was sent of it;
        returns how many. Nothing of them is left in the file."""
        if not self.exists():
            return 0
        self.prepare()
        with self.erasing() as connection:
            named = sa.or_(*(SUBSCRIPTIONS.c.said.contains(name) for name in accounts))
            gone = list(
                connection.execute(sa.select(SUBSCRIPTIONS.c.number).where(named)).scalars()
            )
            for table in (SENDINGS, SUBSCRIPTIONS):
                connection.execute(sa.delete(table).where(table.c.number.in_(gone)))
        return len(gone)

    def forget(self, before: datetime) -> int:
        """Take away subscriptions that ended before a moment, what was sent of them, and persons
        of whom nothing is left; returns how many subscriptions went."""
        if not self.exists():
            return 0
        self.prepare()
        with self.writing() as connection:
            ended = SUBSCRIPTIONS.c.ended_at < _text(before)
            gone = connection.execute(sa.delete(SUBSCRIPTIONS).where(ended)).rowcount
            left = sa.select(SUBSCRIPTIONS.c.number).scalar_subquery()
            connection.execute(sa.delete(SENDINGS).where(SENDINGS.c.number.not_in(left)))
            theirs = sa.select(SUBSCRIPTIONS.c.subject).scalar_subquery()
            connection.execute(sa.delete(PERSONS).where(PERSONS.c.subject.not_in(theirs)))
        return gone

    def _rows(self, query: sa.Select) -> list[sa.Row]:
        if not self.exists():
            return []
        self.prepare()
        with self.engine.connect() as connection:
            return list(connection.execute(query))


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _subscriber(row: sa.Row) -> Subscriber:
    return Subscriber(
        subject=row.subject,
        name=row.name,
        roles=tuple(row.roles.split()),
        offices=None if row.offices is None else frozenset(json.loads(row.offices)),
        lang=row.lang,
        mail=row.mail,
        feed=row.feed,
        seen_at=datetime.fromisoformat(row.seen_at),
        is_known=bool(row.is_known),
    )


def _subscription(row: sa.Row) -> Subscription:
    return Subscription(
        number=row.number,
        subject=row.subject,
        kind=row.kind,
        about=row.about,
        said=json.loads(row.said),
        token=row.token,
        made_at=datetime.fromisoformat(row.made_at),
        ended_at=row.ended_at and datetime.fromisoformat(row.ended_at),
        ended_why=row.ended_why,
    )


def _sending(row: sa.Row) -> Sending:
    return Sending(
        row.number, row.release_id, row.state, datetime.fromisoformat(row.at), row.tries, row.value,
        row.title,
    )  # fmt: skip
