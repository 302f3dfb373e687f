"""A reader without a mouse: where Tab leads, what is seen of it, what the keys do.

Belongs here: steps with the keys. Does not belong here: what a page must show (the tests), steps
with a mouse (reader).
"""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.reader import wait_still

#: No page has so many stops; who needs more goes round in circles.
_MOST = 400
#: Numbers every stop, and says what marks it: a line around it or around what stands for it, at
#: least 2 pixels wide, in a colour that has 3 to 1 against what is behind it; or a cell of a grid,
#: which the grid marks itself.
_STOP = """
const here = document.activeElement;
if (!here || here === document.body) return null;
const numbers = window.vigieStops ??= new Map();
const grid = here.closest('canvas');
const stop = grid ?? here;
if (!numbers.has(stop)) numbers.set(stop, numbers.size);
const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = part => {
    for (let one = part; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if (!/, 0\\)$/.test(colour) && !/^rgba\\(/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
};
const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
};
let ring = '';
for (let part = stop, up = 0; part && up < 6 && !ring; part = part.parentElement, up++) {
    const style = getComputedStyle(part), box = part.getBoundingClientRect();
    const marked = style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2
        && box.width > 4 && box.height > 4;
    if (marked && contrast(style.outlineColor, behind(part)) >= 3) ring = part.tagName;
}
let seen = 1;
for (let part = stop; part; part = part.parentElement) seen *= +getComputedStyle(part).opacity;
return {
    number: numbers.get(stop),
    name: (here.getAttribute('aria-label') || here.textContent || here.value || here.tagName)
        .trim().slice(0, 60),
    tag: here.tagName,
    ring: seen > 0.5 ? ring : '',
    inMain: !!here.closest('[data-testid="stMain"]'),
};
"""
#: Where the keys were last is where they go on: the body, which takes none, brings them back.
_BEGIN = """
window.vigieStops = undefined;
document.body.tabIndex = -1;
document.body.focus();
document.body.removeAttribute('tabindex');
"""
#: What of the main part has a name in the order of the keys and was no stop. One of a group of
#: choices is reached by Tab, the others by the arrows.
_MISSED = """
const stops = window.vigieStops;
const reached = part => stops.has(part)
    || [...(part.closest('[role="radiogroup"], [role="tablist"]')?.querySelectorAll('*') ?? [])]
        .some(one => stops.has(one));
return [...document.querySelectorAll(
    '[data-testid="stMain"] :is(a[href], button, input, textarea, select, summary, canvas)')]
    .filter(part => part.tabIndex >= 0 && !part.disabled && part.getClientRects().length
        && part.checkVisibility({visibilityProperty: true}) && !reached(part))
    .map(part => `${part.tagName} ${part.getAttribute('aria-label') || part.textContent}`);
"""


def press(browser, *keys: str) -> None:
    """Press keys where the keys are."""
    ActionChains(browser).send_keys(*keys).perform()


def press_back(browser) -> None:
    """Press Shift and Tab."""
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()


def stop(browser) -> dict | None:
    """What the keys are on; None on nothing."""
    return browser.execute_script(_STOP)


def walk(browser) -> list[dict]:
    """Go through a page by Tab, from its beginning until nothing follows; returns its stops, in
    order. Cells of one grid are one stop.
    """
    browser.execute_script(_BEGIN)
    stops: list[dict] = []
    for _ in range(_MOST):
        press(browser, Keys.TAB)
        found = stop(browser)
        if found is None:
            if stops:
                return stops
            continue
        if not stops or stops[-1]["number"] != found["number"]:
            stops.append(found)
    raise AssertionError(f"no end after {_MOST} keys: {stops[-5:]}")


def missed(browser) -> list[str]:
    """What of the page the last walk did not come to."""
    return browser.execute_script(_MISSED)


def go_to(browser, selector: str) -> None:
    """Press Tab until the keys are on what is looked for."""
    is_there = "const e = document.activeElement; return !!e && e.matches(arguments[0])"
    for _ in range(_MOST):
        press(browser, Keys.TAB)
        if browser.execute_script(is_there, selector):
            wait_still(browser)
            return
    raise AssertionError(f"the keys never come to {selector}")
