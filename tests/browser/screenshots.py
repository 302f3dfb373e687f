"""`make screenshots`: pages that a guide shows, of the data folder, as pictures in docs/images, as
a French reader sees them first.

Does not belong here: what a page must show (test_browser_pages.py).
"""

import os
import shutil
import tempfile
from pathlib import Path

from selenium import webdriver

from dashboards import navigation
from dashboards.i18n import words
from tests.browser.reader import wait_title
from tests.browser.server import serving

PROJECT = Path(__file__).resolve().parents[2]
_IMAGES = PROJECT / "docs" / "images"
_WIDTH, _HEIGHT = 1400, 1300


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
                browser.get(f"{address}/{page.id}?lang=fr")
                wait_title(browser, words("fr")[f"{page.id}_title"])
                browser.save_screenshot(str(_IMAGES / f"{page.id}.png"))
                print(f"docs/images/{page.id}.png")
        finally:
            browser.quit()


def _shown() -> list[navigation.PageEntry]:
    """The pages whose picture a guide shows: others would be kept for nobody."""
    guides = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    texts = "".join(guide.read_text(encoding="utf-8") for guide in guides)
    return [page for page in navigation.declared()[1] if f"images/{page.id}.png" in texts]


if __name__ == "__main__":
    main()
