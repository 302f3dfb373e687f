"""`make screenshots`: pages that a guide shows, of the data folder, as pictures in docs/images, as
a French reader sees them first; of a list whose line opens a whole page, the first is opened.

Does not belong here: what a page must show (test_browser_pages.py).
"""

import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from dashboards import navigation
from dashboards.i18n import words
from tests.browser.reader import shown, tick, wait_charts, wait_still, wait_title
from tests.browser.server import serving

PROJECT = Path(__file__).resolve().parents[2]
_IMAGES = PROJECT / "docs" / "images"
_WIDTH, _HEIGHT, _HIGHEST = 1400, 1300, 2600
#: Nobody waits for these pictures; a page of a busy machine is long in coming.
_PATIENCE = 600
#: Pages on which a line of the list opens what the guide explains.
_OPENED = ("requests", "review")
_ONE_LINE = 35


def main() -> None:
    """Write the pictures; one line a page."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument(f"--window-size={_WIDTH},{_HEIGHT}")
    driver = webdriver.ChromeService(shutil.which("chromedriver"))
    home = Path(os.environ.get("VIGIE_HOME", "data")).resolve()
    with tempfile.TemporaryDirectory() as folder, serving(home, Path(folder) / "log") as address:
        browser = webdriver.Chrome(options=options, service=driver)
        try:
            for page in _shown():
                browser.set_window_size(_WIDTH, _HEIGHT)
                browser.get(f"{address}/{page.id}?lang=fr")
                wait_title(browser, words("fr")[f"{page.id}_title"], _PATIENCE)
                wait_still(browser)
                wait_charts(browser, browser.execute_script(_CHARTS))
                if page.id in _OPENED and shown(browser, "stDataFrame"):
                    tick(browser, 0, _ONE_LINE)
                    _whole(browser, page)
                picture = Image.open(io.BytesIO(browser.get_screenshot_as_png()))
                # Pages have few colours: a third of the bytes, which every clone keeps for ever.
                picture.quantize(256).save(_IMAGES / f"{page.id}.png", optimize=True)
                print(f"docs/images/{page.id}.png")
        finally:
            browser.quit()


_CHARTS = "return document.querySelectorAll(\"[data-testid='stVegaLiteChart']\").length"
_HEIGHT_OF = "return document.querySelector(\"[data-testid='stMain']\").scrollHeight"


def _whole(browser: webdriver.Chrome, page: navigation.PageEntry) -> None:
    """Wait for what the line opens, and make the window as high as the page."""
    WebDriverWait(browser, _PATIENCE).until(lambda b: "chosen=" in b.current_url)
    wait_title(browser, words("fr")[f"{page.id}_title"], _PATIENCE)
    wait_still(browser)
    around = _HEIGHT - browser.execute_script("return window.innerHeight")
    height = browser.execute_script(_HEIGHT_OF) + around
    browser.set_window_size(_WIDTH, max(_HEIGHT, min(_HIGHEST, height)))
    wait_still(browser)


def _shown() -> list[navigation.PageEntry]:
    """The pages whose picture a guide shows: others would be kept for nobody."""
    guides = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    texts = "".join(guide.read_text(encoding="utf-8") for guide in guides)
    return [page for page in navigation.declared()[1] if f"images/{page.id}.png" in texts]


if __name__ == "__main__":
    main()
