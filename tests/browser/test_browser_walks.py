"""Going from page to page by the menu, as a reader does: what is kept on the way, and that no page
breaks because of the one before it.

Does not belong here: a page opened by its address (test_browser_pages.py).
"""

import random

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from dashboards.i18n import words
from dashboards.navigation import declared
from tests.browser.reader import SECONDS, alerts, wait_still, wait_title

WORDS = words("fr")


def go(browser, page: str) -> None:
    """Click the line of a page in the menu, and wait until it is drawn."""
    entry = next(one for one in declared()[1] if one.id == page)
    lines = browser.find_elements(By.CSS_SELECTOR, "[data-testid='stSidebarNavLink']")
    next(one for one in lines if one.text.splitlines()[-1] == entry.title("fr")).click()
    WebDriverWait(browser, SECONDS).until(lambda b: b.title.startswith(entry.title("fr")))
    wait_still(browser)


def who_acts(browser) -> str:
    """The name in the field of who acts."""
    path = f"//input[@aria-label={WORDS['desk_who']!r}]"
    return browser.find_element(By.XPATH, path).get_attribute("value")


def test_who_acts_stays_the_same_from_page_to_page(address, open_browser):
    browser = open_browser()
    browser.get(f"{address}/requests?lang=fr")
    wait_title(browser, WORDS["requests_title"])
    assert who_acts(browser)
    field = browser.find_element(By.XPATH, f"//input[@aria-label={WORDS['desk_who']!r}]")
    field.send_keys(Keys.CONTROL, "a", Keys.NULL, "Dirk", Keys.ENTER)
    wait_still(browser)
    for page in ("review", "requests", "home", "review"):
        go(browser, page)
        assert not alerts(browser)
        if page != "home":
            assert who_acts(browser) == "Dirk"


def test_no_page_breaks_because_of_the_one_before(address, open_browser):
    browser = open_browser()
    browser.get(f"{address}/?lang=fr")
    wait_title(browser, WORDS["home_title"])
    pages = [entry.id for entry in declared()[1]]
    for page in random.Random(7).sample(pages, len(pages)):
        go(browser, page)
        assert not alerts(browser), page
