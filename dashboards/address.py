"""Choices in the address: a link shows the view that its sender saw.

Belongs here: what the address says, taken into the session before a choice is drawn, and written
back after it. Does not belong here: widgets (filters) and what a choice means (pages).

Streamlit's own binding writes the words a reader sees ("Bruxelles") into the address: a link made
in French says nothing in Dutch, and switching the language leaves words that hold no more. So the
address holds codes, which mean the same in both languages and in every release.

The session wins over an address that it wrote itself; another address (a link, the button back)
wins over the session.
"""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlencode, urlsplit

import streamlit as st

_PAGE, _WRITTEN, _LOST = "vigie_page", "vigie_address_written", "vigie_address_lost"
_TAKEN = "vigie_address_taken"
#: What an address says besides choices: the language (app), and what a notice leads to (notices).
_OTHERS = {"lang", "about", "with", "end"}
#: Longer texts are no choice of ours.
_LONGEST = 200


def begin(page: str) -> None:
    """Start a rerun of a page; another page has an address of its own."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_WRITTEN] = {}
    st.session_state[_LOST] = []
    st.session_state[_TAKEN] = set()


def take(key: str, read: Callable[[list[str]], object]) -> None:
    """Take what the address says into the session under `key`, before the widget is drawn.

    `read` turns the texts of the address into a choice, or into None where they are none: then the
    choice falls back to the usual one, and `lost` names it.
    """
    name = _name(key)
    st.session_state.setdefault(_TAKEN, set()).add(name)
    asked = [text for text in st.query_params.get_all(name) if len(text) <= _LONGEST]
    if asked == _written().get(name, []):
        return
    _written().pop(name, None)
    found = read(asked) if asked else None
    if found is not None:
        st.session_state[key] = found
        return
    if asked:
        st.session_state[_LOST].append(name)
    st.session_state.pop(key, None)


def write(key: str, chosen: object, usual: object = None) -> None:
    """Write a choice into the address; the usual one leaves it short."""
    name = _name(key)
    told = [] if chosen == usual else _texts(chosen)
    if st.query_params.get_all(name) != told:
        if told:
            st.query_params[name] = told
        else:
            del st.query_params[name]
    _written()[name] = told


def one_of(known: Iterable[str]) -> Callable[[list[str]], str | None]:
    """Return a reader of one code among those known."""
    return lambda texts: texts[-1] if texts[-1] in set(known) else None


def some_of(known: Iterable[str]) -> Callable[[list[str]], list[str] | None]:
    """Return a reader of codes among those known; one that is unknown makes it another view."""
    return lambda texts: texts if set(texts) <= set(known) else None


def ends_of(known: Sequence) -> Callable[[list[str]], tuple | None]:
    """Return a reader of a first and a last one, in the order of those known."""

    places = {str(one): place for place, one in enumerate(known)}

    def read(texts: list[str]) -> tuple | None:
        if len(texts) != 2 or not set(texts) <= set(places):
            return None
        first, last = (places[text] for text in texts)
        return (known[first], known[last]) if first <= last else None

    return read


def flag(texts: list[str]) -> bool | None:
    """Read yes or no."""
    return {"1": True, "0": False}.get(texts[-1])


def lost() -> list[str]:
    """Return the names of what the address asked for and this page does not have."""
    return list(st.session_state.get(_LOST, []))


def leave_unknown() -> bool:
    """Take out of the address what is no choice of this page, once all its choices are drawn;
    returns whether there was any. Its names are a stranger's words: they are not shown."""
    known = _OTHERS | st.session_state.get(_TAKEN, set()) | set(_written())
    unknown = [name for name in st.query_params if name not in known]
    for name in unknown:
        del st.query_params[name]
    return bool(unknown)


def link(**pinned: str) -> str:
    """Return the whole address of what is shown, with `pinned` said even where it is usual."""
    place = urlsplit(st.context.url or "")._replace(query="", fragment="").geturl()
    # What we wrote ourselves: nobody else's words go on.
    said = {name: texts for name, texts in _written().items() if texts} | pinned
    return f"{place}?{urlencode(said, doseq=True)}"


def said() -> str:
    """Return the choices of what is shown as one text, without the release: a later one is shown
    with the same choices."""
    told = {name: texts for name, texts in _written().items() if texts and name != "release"}
    return urlencode(told, doseq=True)


def _name(key: str) -> str:
    """The name in the address: the key without the name of its page."""
    return key.removeprefix(f"{st.session_state.get(_PAGE, '')}_")


def _written() -> dict[str, list[str]]:
    return st.session_state.setdefault(_WRITTEN, {})


def _texts(chosen: object) -> list[str]:
    if chosen is None or chosen == "":
        return []
    if isinstance(chosen, bool):
        return [str(int(chosen))]
    if isinstance(chosen, list | tuple):
        return [str(one) for one in chosen]
    return [str(chosen)]
