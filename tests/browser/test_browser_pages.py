"""What a reader does in a browser: open any page, in both languages, on a narrow window; change
language and page; go on while a new release is published; be the first visitor of a new server."""

import shutil
from datetime import date
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from dashboards import navigation
from dashboards.i18n import words
from release.pointer import move_pointer
from release.reader import open_release
from tests.browser.reader import (
    SECONDS,
    alerts,
    asked_hosts,
    at_twice,
    click_text,
    cut_figures,
    cut_texts,
    dark,
    dialogs,
    open_twin,
    tick,
    too_wide,
    violations,
    wait_charts,
    wait_shown,
    wait_still,
    wait_title,
)

PAGES = [page.id for page in navigation.declared()[1]]
#: What waits for a verdict is a list; a statement is a text; two releases are compared once the
#: other is chosen.
WITHOUT_FIGURE = {
    "review": ("stDataFrame",),
    "accessibility": ("stHeading",),
    "versions": ("stAlertContainer",),
}
WITHOUT_TABLE = {"accessibility", "versions"}
pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_whole(address, open_browser, page):
    """Nothing failed, a figure and a table at least, in French, in Dutch, at 200 % and on a narrow
    window, where nothing is cut off and nothing scrolls sideways but tables; nothing that WCAG 2.2
    AA forbids, in light (French) and in dark (Dutch); nothing is asked of another machine. A new
    page is here by itself."""
    browser = open_browser()
    dark(browser, on=False)
    browser.get(f"{address}/{page}?lang=fr")
    seen = WITHOUT_FIGURE.get(page, ("stMetric", "stVegaLiteChart"))
    wait_title(browser, words("fr")[f"{page}_title"])
    wait_shown(browser, *seen)
    assert not alerts(browser)
    if page not in WITHOUT_TABLE:
        open_twin(browser)
        wait_shown(browser, "stDataFrame")
    assert violations(browser) == []
    large_print(browser)
    dark(browser, on=True)
    click_text(browser, "NL")
    wait_title(browser, words("nl")[f"{page}_title"])
    wait_shown(browser, *seen)
    assert violations(browser) == []
    large_print(browser)
    browser.set_window_size(500, 1200)
    assert too_wide(browser) <= 0
    wait_still(browser)
    assert cut_figures(browser) == []
    assert not alerts(browser)
    assert not dialogs(browser)
    assert asked_hosts(browser) == {urlsplit(address).netloc}


def large_print(browser) -> None:
    """At 200 % the page is as wide as its window and every text is whole."""
    with at_twice(browser):
        assert too_wide(browser) <= 0
        assert cut_figures(browser) == []
        assert cut_texts(browser) == []


def test_charts_are_drawn_with_a_text_beside_them(address, open_browser):
    """Four charts, each described in words for who does not see it."""
    browser = open_browser()
    browser.get(f"{address}/contributions?lang=fr")
    wait_title(browser, words("fr")["contributions_title"])
    charts = wait_charts(browser, 4)
    assert len(charts) == 4
    assert all(len(chart.get_attribute("aria-label")) > 60 for chart in charts)
    assert "perçus" in charts[0].get_attribute("aria-label")


def test_language_switch_and_navigation(address, open_browser):
    """The switch changes everything in place; another page keeps the language."""
    browser = open_browser()
    browser.get(f"{address}/contributions?lang=fr")
    wait_title(browser, words("fr")["contributions_title"])
    click_text(browser, "NL")
    wait_title(browser, words("nl")["contributions_title"])
    WebDriverWait(browser, SECONDS).until(lambda b: "lang=nl" in b.current_url)
    browser.find_element(By.PARTIAL_LINK_TEXT, "Leveringen").click()
    wait_title(browser, words("nl")["deliveries_title"])
    assert not alerts(browser)


def test_a_release_published_under_an_open_page(address, open_browser, fund):
    """The open page stays whole, and the next interaction shows the new release."""
    browser = open_browser()
    before, after = open_release(fund.parent), "2027-01-01_20270102T020000Z"
    browser.get(f"{address}/contributions?lang=fr")
    wait_title(browser, words("fr")["contributions_title"])
    assert before.id in browser.page_source
    shutil.copy(before.path, fund / f"{after}.duckdb")
    move_pointer(fund, after, f"{after}.duckdb", date(2027, 1, 1))
    assert before.id in browser.page_source
    click_text(browser, "Année")
    WebDriverWait(browser, SECONDS).until(lambda b: after in b.page_source)
    assert before.id not in browser.page_source
    assert not alerts(browser)


def test_a_ticked_line_stays_the_same_when_the_lines_change(address, open_browser):
    """The fourth promise is opened by its line; with all measures in the table it is another line,
    and the same promise stays open."""
    browser = open_browser()
    browser.get(f"{address}/commitment?lang=fr")
    wait_title(browser, words("fr")["commitment_title"])

    def opened() -> str:
        boxes = browser.find_elements(By.CSS_SELECTOR, ".st-key-commitment_code input")
        return boxes[0].get_attribute("value") if boxes else ""

    def lines() -> int:
        grids = browser.find_elements(By.CSS_SELECTOR, "[role='grid']")
        return int(grids[0].get_attribute("aria-rowcount")) if grids else 0

    # A table that gives way to another one while it is looked at is looked at again.
    wait = WebDriverWait(browser, SECONDS, ignored_exceptions=[StaleElementReferenceException])
    wait.until(lambda b: lines() and opened())
    before, all_lines = opened(), lines()
    # SC06 has no target: it is never what opens by itself.
    tick(browser, 3, 27)
    wait.until(lambda b: opened() not in ("", before))
    chosen = opened()
    assert chosen.startswith("SC06")
    browser.find_element(By.CSS_SELECTOR, ".st-key-commitment_all label").click()
    wait.until(lambda b: lines() > all_lines)
    wait.until(lambda b: opened() == chosen)
    assert not alerts(browser)


def test_no_second_download_in_the_toolbar(address, open_browser):
    """The toolbar of a table has no CSV of its own; the language of the document is the page's."""
    browser = open_browser()
    browser.get(f"{address}/deliveries?lang=nl")
    wait_title(browser, words("nl")["deliveries_title"])
    wait_shown(browser, "stDataFrame")
    labels = "[data-testid='stElementToolbar'] button"
    buttons = browser.find_elements(By.CSS_SELECTOR, labels)
    assert "Download as CSV" not in {one.get_attribute("aria-label") for one in buttons}
    declared = "return document.documentElement.lang"
    WebDriverWait(browser, SECONDS).until(lambda b: b.execute_script(declared) == "nl")
    assert browser.title == "Leveringen en controles · Vigie"
    click_text(browser, "FR")
    WebDriverWait(browser, SECONDS).until(lambda b: b.execute_script(declared) == "fr")
    WebDriverWait(browser, SECONDS).until(lambda b: b.title == "Livraisons et contrôles · Vigie")


def test_first_links_of_a_new_server(cold_address, open_browser):
    """No page opens with a dialog, also for the first visitor of all; one that does not exist is
    said to be missing."""
    browser = open_browser()
    said = words("fr")["page_unknown"]
    browser.get(f"{cold_address}/deliveries?lang=fr")
    wait_title(browser, words("fr")["deliveries_title"])
    assert dialogs(browser) == []
    assert said not in browser.find_element(By.TAG_NAME, "body").text
    browser.get(f"{cold_address}/no-such-page?lang=fr")
    wait_shown(browser, "stAlertContentWarning")
    assert dialogs(browser) == []
    assert said in browser.find_element(By.TAG_NAME, "body").text


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_an_address_of_no_page_is_answered_in_the_language_of_the_page(address, open_browser, lang):
    """By a sentence of ours, without Streamlit's dialog; the next page opens as ever."""
    browser, said = open_browser(), words(lang)
    browser.get(f"{address}/nothing-here?lang={lang}")
    wait_shown(browser, "stAlertContentWarning")
    assert said["page_unknown"] in browser.find_element(By.TAG_NAME, "body").text
    assert dialogs(browser) == []
    browser.get(f"{address}/contributions?lang={lang}")
    wait_title(browser, said["contributions_title"])
