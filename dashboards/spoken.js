/* Run by spoken.py at the first drawing of a page and when its language changes; what watches the
   document is set up once. Words are put in place of exact English ones alone, and what they were is
   kept, so that another language finds them again. */
{
const lang = '__LANG__', said = '__SAID__';
document.documentElement.lang = lang;
const whole = new Map(Object.entries(said).filter(([english]) => !english.includes('{}')));
const parts = Object.entries(said).filter(([english]) => english.includes('{}'))
    .map(([english, ours]) => [...english.split('{}'), ours]);

const inOurs = english => {
    if (whole.has(english)) return whole.get(english);
    for (const [before, after, ours] of parts)
        if (english.length > before.length + after.length
            && english.startsWith(before) && english.endsWith(after))
            return ours.replace('{}', () => english.slice(before.length, english.length - after.length));
    return null;
};

const here = window.vigieSpoken ??= {kept: new WeakMap()};
const NAMES = ['aria-label', 'aria-roledescription', 'placeholder'];
const all = (part, which) =>
    [...(part.matches(which) ? [part] : []), ...part.querySelectorAll(which)];
/* Texts are touched where they are Streamlit's alone: those of the data are never looked at. */
const TEXTS = '[data-testid="stSkipToContent"], [data-testid="stTooltipContent"], '
    + '[data-testid="InputInstructions"], [data-testid^="stDataFrameColumn"], '
    + '[role="listbox"] > [data-rac]:not([role="option"])';

/* `place` names what is said: an attribute, or the text itself. */
const say = (node, place, read, write) => {
    const now = read();
    if (!now) return;
    const before = here.kept.get(node)?.[place];
    const english = before && before.ours === now ? before.english : now;
    const ours = inOurs(english);
    if (ours === null || ours === now) return;
    here.kept.set(node, {...here.kept.get(node), [place]: {english, ours}});
    write(ours);
};
const sayName = (part, name) =>
    say(part, name, () => part.getAttribute(name), ours => part.setAttribute(name, ours));
const sayText = text => text.parentElement?.closest(TEXTS)
    && say(text, 'text', () => text.data.trim(), ours => { text.data = ours; });

const sayAll = part => {
    if (part.nodeType === Node.TEXT_NODE) return void sayText(part);
    if (part.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of NAMES) all(part, `[${name}]`).forEach(one => sayName(one, name));
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    if (part.closest(TEXTS) || part.querySelector(TEXTS))
        while (texts.nextNode()) sayText(texts.currentNode);
    const put = (which, name, value) => all(part, which).forEach(one => one.setAttribute(name, value));
    /* A list whose lines stand in no list. */
    put('[data-testid="stSidebarNavItems"], [data-testid="stSidebarNav"] li', 'role', 'presentation');
    /* A frame that scrolls a table, as its cells do. */
    put('.dvn-scroller', 'tabindex', '-1');
    /* A sign beside words that say the same: its name is that of a drawing. */
    put('[role="img"][aria-label$=" icon"]', 'aria-hidden', 'true');
    /* The marks of a chart, which would be read one by one under names of ours: its sentence and
       its table say it. */
    put('[data-testid="stVegaLiteChart"] svg', 'aria-hidden', 'true');
};
here.sayAll = sayAll;
here.sayName = sayName;
here.sayText = sayText;

if (!here.watching) {
    here.watching = new MutationObserver(changes => {
        for (const {type, target, attributeName, addedNodes} of changes) {
            if (type === 'attributes') here.sayName(target, attributeName);
            else if (type === 'characterData') here.sayText(target);
            else addedNodes.forEach(part => here.sayAll(part));
        }
    });
    here.watching.observe(document.body, {
        attributes: true, attributeFilter: NAMES, characterData: true, childList: true, subtree: true,
    });
    /* A panel that a button opens is drawn at the end of the document: by the keys it comes right
       after its button, and then what comes after that. */
    document.addEventListener('keydown', event => {
        const panel = document.querySelector('[data-testid="stPopoverBody"]');
        const button = document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');
        if (event.key !== 'Tab' || !panel || !button) return;
        const inside = [...panel.querySelectorAll('a[href], button, input, textarea, [tabindex="0"]')]
            .filter(one => one.tabIndex >= 0 && !one.disabled && one.getClientRects().length);
        const now = document.activeElement;
        if (now === button && !event.shiftKey && inside.length) {
            inside[0].focus();
            event.preventDefault();
        } else if (now === inside[0] && event.shiftKey) {
            button.focus();
            event.preventDefault();
        } else if (now === inside.at(-1) && !event.shiftKey) {
            /* Tab goes on from here. */
            button.focus();
        }
    }, true);
}
sayAll(document.body);
}
