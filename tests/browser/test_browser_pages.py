"""What a reader does in a browser: open, switch language, change page, narrow window, go on while
a new release is published."""

import json
from datetime import date
from urllib.parse import urlsplit

import pytest
from reader import SECONDS, alerts, click_text, wait_charts, wait_title
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from small_release import build_release

PAGES = [
    ("/?lang=fr", "Cotisations des affiliés"),
    ("/?lang=nl", "Bijdragen van de aangeslotenen"),
    ("/deliveries?lang=fr", "Livraisons et contrôles"),
    ("/deliveries?lang=nl", "Leveringen en controles"),
]


@pytest.mark.parametrize(("path", "title"), PAGES)
@pytest.mark.parametrize("width", [1400, 500])
def test_pages_open_in_both_languages_and_sizes(address, open_browser, path, title, width):
    """The title is there, nothing failed, nothing is wider than the window."""
    browser = open_browser(width)
    browser.get(address + path)
    wait_title(browser, title)
    assert not alerts(browser)
    inner, needed = browser.execute_script(
        "return [window.innerWidth, document.documentElement.scrollWidth]"
    )
    assert needed <= inner


def test_charts_are_drawn_with_a_text_beside_them(address, open_browser):
    """Four charts, each described in words for who does not see it."""
    browser = open_browser()
    browser.get(f"{address}/?lang=fr")
    wait_title(browser, "Cotisations des affiliés")
    charts = wait_charts(browser, 4)
    assert len(charts) == 4
    assert all(len(chart.get_attribute("aria-label")) > 60 for chart in charts)
    assert "perçus" in charts[0].get_attribute("aria-label")


def test_nothing_is_asked_of_another_machine(address, open_browser):
    """Fonts, scripts, charts and maps come from this server."""
    browser = open_browser()
    browser.get(f"{address}/?lang=fr")
    wait_title(browser, "Cotisations des affiliés")
    wait_charts(browser, 4)
    asked = set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(urlsplit(message["params"]["request"]["url"])[:2])
    # The browser's own first page is not ours.
    asked = {host for scheme, host in asked if scheme in {"http", "https", "ws", "wss"}}
    assert asked == {urlsplit(address).netloc}


def test_language_switch_and_navigation(address, open_browser):
    """The switch changes everything in place; another page keeps the language."""
    browser = open_browser()
    browser.get(f"{address}/?lang=fr")
    wait_title(browser, "Cotisations des affiliés")
    click_text(browser, "NL")
    wait_title(browser, "Bijdragen van de aangeslotenen")
    WebDriverWait(browser, SECONDS).until(lambda b: "lang=nl" in b.current_url)
    browser.find_element(By.PARTIAL_LINK_TEXT, "Leveringen").click()
    wait_title(browser, "Leveringen en controles")
    assert not alerts(browser)


def test_a_release_published_under_an_open_page(address, open_browser, home):
    """The open page stays whole, and the next interaction shows the new release."""
    browser = open_browser()
    browser.get(f"{address}/?lang=fr")
    wait_title(browser, "Cotisations des affiliés")
    assert "2026-09-30_20261001T020000Z" in browser.page_source
    build_release(home, "2026-10-01_20261002T020000Z", date(2026, 10, 1))
    assert "2026-09-30_20261001T020000Z" in browser.page_source
    click_text(browser, "Année")
    WebDriverWait(browser, SECONDS).until(lambda b: "2026-10-01_20261002T020000Z" in b.page_source)
    assert "2026-09-30_20261001T020000Z" not in browser.page_source
    assert not alerts(browser)
