"""A reader without a mouse, or without a screen: every page by the keys alone, and in the words of
its language."""

import time
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from dashboards import spoken
from dashboards.i18n import words
from release.reader import open_release
from tests.browser.keys import go_to, missed, press, press_back, stop, walk
from tests.browser.reader import SECONDS, at_twice, dark, wait_shown, wait_still, wait_title

pytestmark = pytest.mark.xdist_group("browser")
PAGES = ["home", "contributions", "worklist", "account", "deadlines", "requests", "review"]
PAGES += ["notices", "access"]
_PANEL = "[data-testid='stPopoverBody']"
_NAMES = """
const names = ['aria-label', 'aria-roledescription', 'placeholder', 'title'];
return [...document.querySelectorAll(names.map(name => `[${name}]`).join())]
    .filter(part => part.getClientRects().length && !part.closest('[aria-hidden="true"]'))
    .flatMap(part => names.map(name => part.getAttribute(name)))
    .filter(Boolean)
"""


def open_page(browser, address: str, page: str, lang: str) -> None:
    browser.get(f"{address}/{page}?lang={lang}")
    wait_title(browser, words(lang)[f"{page}_title"])
    wait_still(browser)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_gone_through_by_tab(address, open_browser, page):
    """Each stop is seen, none comes twice, none is left out, and the walk ends; in light (French)
    and in dark (Dutch), where every ring has the contrast of WCAG 2.2 (1.4.11)."""
    browser = open_browser()
    for lang, is_dark in (("fr", False), ("nl", True)):
        dark(browser, on=is_dark)
        open_page(browser, address, page, lang)
        stops = walk(browser)
        numbers = [one["number"] for one in stops]
        assert len(set(numbers)) == len(numbers), "a stop comes twice"
        assert sum(one["inMain"] for one in stops) > 3
        press_back(browser)
        assert stop(browser)["number"] == numbers[-1], "no way back"
        assert [one for one in stops if not one["ring"]] == []
        assert missed(browser) == []
    dark(browser, on=False)


def test_in_large_print_the_folded_menu_is_opened_and_closed_by_the_keys(address, open_browser):
    """At 200 % the menu lies beside the window: no stop is there until it is opened."""
    browser = open_browser()
    open_page(browser, address, "contributions", "fr")
    with at_twice(browser):
        stops = walk(browser)
        assert [one for one in stops if not one["ring"]] == []
        assert not any(words("fr")["language"] in one["name"] for one in stops)
        assert missed(browser) == []
        browser.execute_script("document.body.focus()")
        go_to(browser, "[data-testid='stExpandSidebarButton']")
        press(browser, Keys.ENTER)
        go_to(browser, "[data-testid='stSidebarNavLink'][href*='deliveries']")
        assert stop(browser)["ring"]
        press(browser, Keys.ENTER)
        wait_title(browser, words("fr")["deliveries_title"])


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_read_aloud_in_english(address, open_browser, page, lang):
    """No name is one of Streamlit's, as far as they are known (spoken.yaml)."""
    browser = open_browser()
    open_page(browser, address, page, lang)
    english = set(spoken.said(lang)) - set(spoken.said(lang).values())
    parts = [tuple(one.split("{}")) for one in english if "{}" in one]

    def left(current) -> list[str]:
        return [
            name
            for name in current.execute_script(_NAMES)
            if name in english
            or any(name.startswith(a) and name.endswith(b) and name != a + b for a, b in parts)
        ]

    WebDriverWait(browser, SECONDS, 0.2).until(lambda b: not left(b), message="English is left")
    assert browser.execute_script("return document.documentElement.lang") == lang


def test_a_language_a_filter_and_a_table_by_the_keys(address, open_browser):
    """The arrows change the language in place; a list opens, is gone through and chosen from; a
    slider moves; a table is unfolded, its cells are gone through, and the next stop follows it."""
    browser = open_browser()
    open_page(browser, address, "contributions", "fr")
    go_to(browser, "[data-testid='stSidebar'] [role='radio']")
    press(browser, Keys.ARROW_RIGHT)
    press(browser, Keys.SPACE)
    wait_title(browser, words("nl")["contributions_title"])

    def asked(name: str) -> bool:
        return f"{name}=" in browser.current_url

    go_to(browser, "[data-testid='stMain'] input[type='range']")
    press(browser, Keys.ARROW_RIGHT)
    WebDriverWait(browser, SECONDS).until(lambda b: asked("years"))
    wait_still(browser)
    go_to(browser, "[data-testid='stMultiSelect'] input")
    press(browser, Keys.ARROW_DOWN)
    WebDriverWait(browser, SECONDS).until(
        lambda b: b.find_elements(By.CSS_SELECTOR, "[role='option']")
    )
    press(browser, Keys.ENTER)
    WebDriverWait(browser, SECONDS).until(lambda b: asked("natures"))
    press(browser, Keys.ESCAPE)
    wait_still(browser)
    go_to(browser, "summary")
    press(browser, Keys.ENTER)
    wait_shown(browser, "stDataFrame")
    wait_still(browser)
    go_to(browser, "[data-testid='stDataFrame'] canvas, [data-testid='stDataFrame'] canvas *")
    press(browser, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert stop(browser)["tag"] in ("CANVAS", "TD")
    go_to(browser, "[data-testid='stDownloadButton'] button")


def test_the_panel_of_a_page_is_reached_and_left_by_the_keys(address, open_browser):
    """It stands at the end of the document; by Tab it comes after its button, then the rest."""
    browser = open_browser()
    open_page(browser, address, "contributions", "fr")
    go_to(browser, "[data-testid='stPopoverButton']")
    press(browser, Keys.ENTER)
    wait_shown(browser, "stPopoverBody")
    # It opens before what stands in it is there.
    for said in (words("fr")["paper"], words("fr")["notices_follow_page"], "release="):
        WebDriverWait(browser, SECONDS).until(
            lambda b, said=said: said in b.find_element(By.CSS_SELECTOR, _PANEL).text
        )
    wait_still(browser)
    inside = []
    for _ in range(10):
        press(browser, Keys.TAB)
        if browser.execute_script(f'return !document.activeElement.closest("{_PANEL}")'):
            break
        inside.append(stop(browser)["name"])
    assert any(words("fr")["paper"] in name for name in inside)
    assert any("release=" in name for name in inside)
    assert any(words("fr")["notices_follow_page"] in name for name in inside)
    assert stop(browser)["inMain"]
    press_back(browser)
    assert "stPopoverButton" in browser.execute_script("return document.activeElement.outerHTML")
    press(browser, Keys.ESCAPE)
    WebDriverWait(browser, SECONDS).until(lambda b: not b.find_elements(By.CSS_SELECTOR, _PANEL))
    assert "stPopoverButton" in browser.execute_script("return document.activeElement.outerHTML")


def test_a_tab_by_the_keys(address, open_browser, fund):
    """One stop for all tabs; the arrows go from one to the other, and what it shows follows."""
    browser = open_browser()
    account = _an_account(fund.parent)
    browser.get(f"{address}/account?lang=fr&account={account}")
    wait_title(browser, words("fr")["account_title"])
    wait_shown(browser, "stTabs")
    wait_still(browser)
    go_to(browser, "[role='tab']")
    before = browser.current_url
    press(browser, Keys.ARROW_RIGHT, Keys.ENTER)
    WebDriverWait(browser, SECONDS).until(lambda b: b.current_url != before)
    opened = browser.find_elements(By.CSS_SELECTOR, "[role='tab'][aria-selected='true']")
    assert len(opened) == 1
    assert stop(browser)["name"] == opened[0].get_attribute("textContent").strip()
    wait_still(browser)
    stops = walk(browser)
    assert [one for one in stops if not one["ring"]] == []
    assert missed(browser) == []


def _an_account(home: Path) -> str:
    found = (
        open_release(home).cursor().execute("select min(account_id) from recovery.mart_worklist")
    )
    return found.fetchone()[0]


def test_a_download_by_the_keys(address, open_browser, tmp_path):
    browser = open_browser()
    browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    open_page(browser, address, "deliveries", "nl")
    go_to(browser, "[data-testid='stDownloadButton'] button")
    press(browser, Keys.ENTER)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not list(tmp_path.glob("*.csv")):
        time.sleep(0.2)
    (file,) = tmp_path.glob("*.csv")
    assert ";" in file.read_text(encoding="utf-8-sig")


def test_a_wish_is_asked_for_and_ended_by_the_keys(address, open_browser):
    """A form: its choices by the arrows, its field by typing, its button by Enter."""
    browser, said = open_browser(), words("fr")
    browser.get(f"{address}/notices?lang=fr&kind=figure&about=checks_found")
    wait_title(browser, said["notices_title"])
    wait_still(browser)
    go_to(browser, "[data-testid='stForm'] [type='radio']")
    press(browser, Keys.ARROW_RIGHT)
    go_to(browser, "[data-testid='stForm'] [type='text']")
    press(browser, "1 000")
    go_to(browser, "[data-testid='stForm'] button")
    press(browser, Keys.ENTER)
    wait_shown(browser, "stAlertContentSuccess")
    told = browser.find_element(By.CSS_SELECTOR, "[data-testid='stAlertContentSuccess']").text
    assert said["notices_done_new"] in told.replace("\n", " ")
