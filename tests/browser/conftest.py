"""A real server and a real browser: pages as a person gets them, on loopback.

One server and one browser for all tests of the folder (they are one group of xdist). Skips only
where no Chromium is installed; the checks of the project install one.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dashboards.access.person import everybody
from dashboards.subscriptions.store import Subscriptions
from dashboards.subscriptions.subscription import FIGURE, LIST, Subscription
from exports.register import production, reception, review
from exports.register.clock import day_of, utc_now
from exports.register.desk import open_desk
from exports.register.reception import Arrival
from exports.register.request import Definition
from tests.browser.server import serving
from tests.worlds import copy_of

PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60


@pytest.fixture(scope="session")
def fund(built_world, tmp_path_factory) -> Path:
    """The releases of a small sample fund, every table that a page reads; beside them a register
    in which one answer waits for its checker, and what somebody asked to be told.
    """
    folder = tmp_path_factory.mktemp("fund")
    releases = copy_of(built_world("fund") / "releases", folder / "releases")
    _ask(folder)
    _subscribe(folder)
    return releases


@pytest.fixture(scope="session")
def address(fund, tmp_path_factory) -> Iterator[str]:
    """Address of a running server that shows the sample fund."""
    with serving(fund.parent, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


def _ask(home: Path) -> None:
    anne = open_desk(home, "Anne")
    today = day_of(utc_now())
    meant = Definition(("T08",), "2025", "inasti", "fr")
    words = ("INASTI", "Service statistique", "A.R. n° 38, art. 20", "Cotisations de 2025")
    asked = reception.receive(anne, Arrival(*words, today, today + timedelta(days=9), meant))
    reception.define(anne, asked.id)
    production.produce(anne, asked.id)
    review.ask(anne, asked.id)


def _subscribe(home: Path) -> None:
    """Somebody in the demonstration asked to be told of a figure and of a list."""
    store, who = Subscriptions(home), everybody()
    falls = {"direction": "below", "threshold": "0.5"}
    for kind, about, said in ((FIGURE, "board_rate", falls), (LIST, "worklist", {})):
        store.subscribe(Subscription(0, who.subject, kind, about, said))
    store.seen(who, "fr")


@pytest.fixture
def cold_address(fund, tmp_path) -> Iterator[str]:
    """Address of a server that nobody has asked for a page yet."""
    with serving(fund.parent, tmp_path / "log") as found:
        yield found


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory) -> Iterator:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("Chromium and its driver are not installed here")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield browser
    browser.quit()


@pytest.fixture
def open_browser(_chromium) -> Callable:
    """Give the one browser, as wide and high as asked; what it asked for before is forgotten."""

    def open_one(width: int = 1400, height: int = 1300):
        _chromium.set_window_size(width, height)
        _chromium.get_log("performance")
        return _chromium

    return open_one
