"""What tests of the pages do as a reader does: wait, click, look.

Belongs here: steps that more than one test takes. Does not belong here: what a page must show.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import axe_core_python
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 60
#: Seconds after which a menu that folds has folded on the slowest machine.
_FOLDED = 10
_AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_DONE = "[data-testid='stApp'][data-test-script-state='notRunning']"


def wait_title(browser, title: str, seconds: int = SECONDS) -> None:
    """Wait until the page with this title is drawn whole."""

    def ready(current) -> bool:
        titles = [found.text for found in current.find_elements(By.TAG_NAME, "h1")]
        running = current.find_elements(By.CSS_SELECTOR, "[data-testid='stStatusWidget']")
        # The driver gives a space that never breaks as a plain one.
        found = title.replace("\u00a0", " ") in titles
        return found and not running and current.find_elements(By.CSS_SELECTOR, _DONE)

    WebDriverWait(browser, seconds, 0.1, ignored_exceptions=[Exception]).until(ready)


def wait_still(browser) -> None:
    """Wait until nothing is drawn anew and nothing fades: colours are what they stay."""

    def still(current) -> bool:
        return current.execute_script(
            "return !document.querySelector(\"[data-stale='true']\")"
            " && document.getAnimations().every(one => one.playState !== 'running'"
            " || one.effect.getComputedTiming().endTime === Infinity)"
        ) and bool(current.find_elements(By.CSS_SELECTOR, _DONE))

    WebDriverWait(browser, SECONDS, 0.1).until(still)


def click_text(browser, text: str) -> None:
    """Click the button that holds this text."""
    path = f"//button[normalize-space(.)='{text}']"
    WebDriverWait(browser, SECONDS).until(lambda b: b.find_elements(By.XPATH, path))
    browser.find_element(By.XPATH, path).click()


def alerts(browser) -> list[str]:
    """Texts of errors shown on the page."""
    shown = browser.find_elements(By.CSS_SELECTOR, "[data-testid='stException']")
    shown += browser.find_elements(By.CSS_SELECTOR, "[data-testid='stAlertContentError']")
    return [one.text for one in shown]


def wait_charts(browser, count: int) -> list:
    """Wait until this number of charts is drawn with something on them."""
    selector = "[data-testid='stVegaLiteChart'] canvas, [data-testid='stVegaLiteChart'] svg"
    WebDriverWait(browser, SECONDS).until(
        lambda b: len(b.find_elements(By.CSS_SELECTOR, selector)) >= count
    )
    return browser.find_elements(By.CSS_SELECTOR, "[data-testid='stVegaLiteChart']")


def asked_hosts(browser) -> set[str]:
    """The machines that were asked for something since the log was last read."""
    asked = set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(urlsplit(message["params"]["request"]["url"])[:2])
    # The browser's own first page is not ours.
    return {host for scheme, host in asked if scheme in {"http", "https", "ws", "wss"}}


def dark(browser, *, on: bool) -> None:
    """Ask for dark pages, as a system does whose owner prefers them."""
    value = "dark" if on else "light"
    asked = {"features": [{"name": "prefers-color-scheme", "value": value}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", asked)


def violations(browser) -> list[str]:
    """What of WCAG 2.2 AA a page breaks, as axe-core finds it, each with its first place."""
    wait_still(browser)
    browser.set_script_timeout(SECONDS)
    browser.execute_script(_AXE)
    found = browser.execute_async_script(
        "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(arguments[1])",
        _WCAG,
    )
    # Names that are used twice broke a rule (4.1.1) that WCAG 2.2 has no more.
    broken = [one for one in found["violations"] if not one["id"].startswith("duplicate-id")]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in broken]


def too_wide(browser) -> int:
    """Pixels by which the page is wider than the window."""
    return browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


def cut_figures(browser) -> list[str]:
    """Names and amounts of figures that end in an ellipsis because their card is too narrow."""
    return browser.execute_script(
        "return [...document.querySelectorAll(\"[data-testid='stMetric'] *\")].filter(part =>"
        " part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0"
        " && getComputedStyle(part).textOverflow === 'ellipsis').map(part => part.textContent)"
    )


def cut_texts(browser) -> list[str]:
    """Texts that are cut off because what holds them is too narrow, or too low, and stay so: the
    menu folds and lines break anew for a moment after a window changed. Tables scroll by
    themselves; what no eye sees is left out, and a field whose whole text stands beside it.
    """
    found = browser.execute_script(_CUT)
    until = time.monotonic() + _FOLDED
    while found and time.monotonic() < until:
        time.sleep(0.2)
        found = browser.execute_script(_CUT)
    return found


_CUT = """
const apart = '[data-testid="stDataFrame"], [data-testid="stVegaLiteChart"], svg, '
    + '[aria-hidden="true"], script, style';
const told = document.querySelector('[data-testid="stMain"]').innerText;
return [...document.querySelectorAll('[data-testid="stApp"] *')].filter(part => {
    const style = getComputedStyle(part);
    // What is read aloud alone is one pixel wide.
    if (part.clientWidth < 3 || style.visibility === 'hidden' || part.closest(apart)) return false;
    const isTold = part.tagName === 'INPUT' ? told.includes(part.value) : !part.textContent.trim();
    if (isTold) return false;
    const across = style.overflowX !== 'visible' && part.scrollWidth > part.clientWidth + 1;
    const down = ['hidden', 'clip'].includes(style.overflowY) && part.tagName !== 'INPUT'
        && part.scrollHeight > part.clientHeight + 2;
    return across || down;
}).map(part => `${part.tagName} ${part.scrollWidth}>${part.clientWidth} `
    + `${(part.textContent || part.value).trim().slice(0, 60)}`);
"""


@contextmanager
def at_twice(browser, height: int = 1000) -> Iterator[None]:
    """A window of 1280 pixels at 200 %: half as wide, each pixel twice as large."""
    shape = {"width": 640, "height": height, "deviceScaleFactor": 2, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
    try:
        wait_still(browser)
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def dialogs(browser) -> list[str]:
    """Texts of dialogs that stand over the page."""
    return [one.text for one in browser.find_elements(By.CSS_SELECTOR, "[role='dialog']")]


def shown(browser, *kinds: str) -> int:
    """How many elements of these kinds of Streamlit stand on the page."""
    selector = ", ".join(f"[data-testid='{kind}']" for kind in kinds)
    return len(browser.find_elements(By.CSS_SELECTOR, selector))


def wait_shown(browser, *kinds: str) -> None:
    """Wait until one of these kinds of elements stands on the page."""
    WebDriverWait(browser, SECONDS, 0.1).until(lambda b: shown(b, *kinds))


def tick(browser, line: int, pixels: int) -> None:
    """Tick a line of the first table of the page: lines count from 0 and are so many pixels high
    (the heading of a table is 35)."""
    table = browser.find_element(By.CSS_SELECTOR, "[data-testid='stDataFrame'] canvas")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", table)
    middle = table.size["width"] // 2, table.size["height"] // 2
    place = 20 - middle[0], int(35 + pixels * (line + 0.5)) - middle[1]
    ActionChains(browser).move_to_element_with_offset(table, *place).click().perform()


def open_twin(browser) -> None:
    """Unfold the first table twin, on a page whose tables are all folded away."""
    if shown(browser, "stDataFrame"):
        return
    twin = browser.find_element(By.CSS_SELECTOR, "[data-testid='stExpander'] summary")
    # Not at a place of the window: charts that are still growing would push it away.
    browser.execute_script("arguments[0].click()", twin)
