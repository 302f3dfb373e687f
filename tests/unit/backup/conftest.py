"""A small data folder with all that belongs in a copy, without a release (the drill of
tests/pipeline has one).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.access import log
from dashboards.access.person import Person
from dashboards.notebook.entry import Entry
from dashboards.notebook.store import Notebook
from dashboards.subscriptions.store import Subscriptions
from dashboards.subscriptions.subscription import FIGURE, Subscription
from ingest.load import load_ready
from orchestration.progress import Progress
from orchestration.settings import Settings
from tests.unit.ingest.support import valid, world, write_delivery
from tests.unit.register.conftest import _no_settings, postgresql  # noqa: F401
from tests.unit.register.support import delivered, desk_of
from tests.worlds import copy_of

SECRET = "une phrase assez longue"
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


class Folder:
    """A data folder, its landing, and where its desk hands out."""

    def __init__(self, home: Path, asked: int = 0) -> None:
        self.home, self.asked = home, asked
        self.landing = home / "landing"
        self.days = 0

    def fill(self) -> None:
        """The first delivery, request, note and access."""
        home = self.home
        write_delivery(self.landing, "2026-06-30-1", "2026-06-30", "full", world())
        assert load_ready(self.landing, home).refused is None
        self.hand_out()
        self.note("A00000001", "first")
        self.look()

    @property
    def settings(self) -> Settings:
        return Settings.from_env(home=self.home, landing=self.landing, lang="en")

    def deliver(self) -> None:
        """One delta more, loaded."""
        self.days += 1
        day = f"2026-07-{self.days:02d}"
        payment = valid("payments", payment_id=f"P{900_000_000_000 + self.days}", amount="1.00")
        write_delivery(self.landing, f"{day}-1", day, "delta", {"payments": [payment]})
        assert load_ready(self.landing, self.home).refused is None

    def hand_out(self) -> str:
        """One request more at the desk, answered."""
        self.asked += 1
        out = self.home.parent / "handed_out" / str(self.asked)
        return delivered(desk_of(self.home), out, f"Combien, {self.asked} ?")

    def note(self, account: str, text: str) -> None:
        """One line more in the notebook."""
        Notebook(self.home).add(Entry(0, None, "Anne", account, "note", note=text))

    def look(self) -> None:
        """One access more."""
        log.write(log.Access(log.PAGE, "anne", "Anne", page="home"), self.home)

    def subscribe(self, url: str | None = None, about: str = "checks_found") -> Subscription:
        """Somebody is told of a figure."""
        store = Subscriptions(self.home, url)
        anne = Person("anne", "Anne", ("operations",), None, True, "anne@cna.example")
        store.seen(anne, "fr", SINCE)
        said = {"direction": "above", "threshold": "1"}
        return store.subscribe(Subscription(0, "anne", FIGURE, about, said), SINCE)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled") / "home"
    Folder(home).fill()
    return home


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Folder:
    """One for a test alone."""
    return Folder(copy_of(filled, tmp_path / "home"), asked=1)


@pytest.fixture
def silent() -> Progress:
    return Progress("en")
