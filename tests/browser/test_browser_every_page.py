"""Every declared page in a browser, in both languages; and the first visit of a new server."""

import pytest
from reader import SECONDS, alerts, dialogs, open_twin, shown, wait_title
from selenium.webdriver.support.ui import WebDriverWait

from dashboards import navigation
from dashboards.i18n import LANGUAGES, words

PAGES = [page.id for page in navigation.declared()[1]]
# A browser of its own: other tests look at what theirs has asked for.
SIZE = (1400, 1300)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_whole(fund_address, open_browser, page, lang):
    """Its title, nothing failed, a figure and a table at least; a new page is here by itself."""
    browser = open_browser(*SIZE)
    browser.get(f"{fund_address}/{page}?lang={lang}")
    wait_title(browser, words(lang)[f"{page}_title"])
    assert not alerts(browser)
    assert not dialogs(browser)
    assert shown(browser, "stMetric", "stVegaLiteChart")
    open_twin(browser)
    WebDriverWait(browser, SECONDS, 0.1).until(lambda b: shown(b, "stDataFrame"))


@pytest.mark.parametrize("page", ["deliveries", "contributions", "no-such-page"])
def test_first_link_of_a_cold_server(cold_address, open_browser, page):
    """A page that exists opens without a dialog; only one that does not is said to be missing."""
    browser = open_browser(*SIZE)
    browser.get(f"{cold_address}/{page}?lang=fr")
    known = page in PAGES
    wait_title(browser, words("fr")[f"{page if known else PAGES[0]}_title"])
    assert bool(dialogs(browser)) != known
