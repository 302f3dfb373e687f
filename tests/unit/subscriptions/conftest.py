"""A small sample fund, persons with different rights, a mail server on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from aiosmtpd.controller import Controller

from dashboards.access import view
from dashboards.access.person import Person
from dashboards.subscriptions.store import Subscriptions
from dashboards.subscriptions.subscription import Subscription
from orchestration.settings import Settings
from release.reader import close_all
from tests.unit.register.conftest import _no_waiting_for_the_disk, postgresql, url  # noqa: F401
from tests.worlds import seen_from

#: Before any release of the tests was built.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path


@pytest.fixture
def fund(built_world, tmp_path, monkeypatch) -> Iterator[Path]:
    """The data folder of the sample fund: the releases are shared, what is written is its own."""
    monkeypatch.setenv("VIGIE_HOME", str(seen_from(built_world("fund"), tmp_path)))
    for name in ("VIGIE_SUBSCRIPTIONS", "VIGIE_SMTP_PASSWORD", "VIGIE_NOTEBOOK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("access", "keys"):
        # Written here, never in the shared world.
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "keys").mkdir(mode=0o700)
    st.cache_data.clear()
    st.cache_resource.clear()
    view.close_all()
    yield tmp_path
    view.close_all()
    close_all()


@pytest.fixture
def settings(fund: Path) -> Settings:
    """The settings of that folder."""
    return Settings.from_env(home=fund, lang="en")


def person(*roles: str, subject: str = "u1", offices: frozenset[str] | None = None) -> Person:
    """Somebody who logged in with these roles."""
    return Person(subject, f"Name {subject}", roles, offices, True, f"{subject}@cna.example")


@pytest.fixture
def wish(fund: Path) -> Callable[..., Subscription]:
    """Subscribe somebody who was seen today to something, long before the release was built."""
    store = Subscriptions(fund)

    def subscribe(who: Person, kind: str, about: str, lang: str = "fr", **said) -> Subscription:
        store.seen(who, lang)
        return store.subscribe(Subscription(0, who.subject, kind, about, said), LONG_AGO)

    return subscribe


@dataclass
class Mailbox:
    """What a mail server took; `answer`: what it says to each message instead, where set."""

    messages: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answer: str = ""
    port: int = 0

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take a message, or refuse it."""
        if self.answer == "drop":
            server.transport.close()
            return "250 ok"
        if self.answer:
            return self.answer
        self.messages.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        return "250 ok"


@pytest.fixture
def mailbox(fund: Path) -> Iterator[Mailbox]:
    """A mail server on loopback, set up in the data folder."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    file = fund / "keys" / "mail.toml"
    file.write_text(
        f'[smtp]\nhost = "127.0.0.1"\nport = {box.port}\ntls = "none"\n'
        'sender = "vigie@cna.example"\n',
        encoding="utf-8",
    )
    file.chmod(0o600)
    yield box
    server.stop()
