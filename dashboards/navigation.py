"""The declared pages: reading pages.yaml and turning it into a navigation.

Belongs here: which pages exist and in which order. Does not belong here: what they show.
The files stand in views/, not pages/: Streamlit takes a folder of that name beside the entry for a
navigation of its own, and tells the first visitor that the page asked for does not exist.
"""

import re
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
import yaml

from dashboards.i18n import words

FOLDER = Path(__file__).parent
# What Streamlit tells the opening page apart by; readers see an empty address.
_OPENING = "opening"
_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True)
class PageEntry:
    """One page: its id is also its address, `file` is relative to this folder. `by_mail`: it can be
    sent as a PDF with each release. `timeless`: what it shows is of no release, so none is said."""

    id: str
    audience: str
    title_fr: str
    title_nl: str
    file: str
    icon: str
    by_mail: bool = False
    timeless: bool = False

    def title(self, lang: str) -> str:
        """Return the title in the navigation."""
        return self.title_nl if lang == "nl" else self.title_fr


@dataclass(frozen=True)
class Audience:
    """One group of readers, a heading of the navigation."""

    id: str
    title_fr: str
    title_nl: str

    def title(self, lang: str) -> str:
        """Return the heading."""
        return self.title_nl if lang == "nl" else self.title_fr


@cache
def declared() -> tuple[tuple[Audience, ...], tuple[PageEntry, ...]]:
    """Return the audiences and the pages, in the order of the file."""
    content = yaml.safe_load((FOLDER / "pages.yaml").read_text(encoding="utf-8"))
    audiences = tuple(Audience(**entry) for entry in content["audiences"])
    return audiences, tuple(PageEntry(**entry) for entry in content["pages"])


def build(
    lang: str, allowed: frozenset[str] | None = None
) -> tuple[dict[str, list], dict[str, PageEntry]]:
    """Return the sections for st.navigation and the entry of each page by its address.

    An audience without pages has no heading. The first page is the one that opens: its address is
    empty, and its id leads there too (a page that no heading shows). Pages beyond `allowed` (None:
    all) stand under no heading either; their addresses are known, so that they can be answered.
    """
    audiences, pages = declared()
    sections: dict[str, list] = {}
    by_address: dict[str, PageEntry] = {}
    others = [entry for entry in pages if allowed is not None and entry.id not in allowed]
    for audience in audiences:
        for entry in pages:
            if entry.audience != audience.id or entry in others:
                continue
            shown = sections.setdefault(audience.title(lang), [])
            opens = not by_address
            page = st.Page(
                FOLDER / entry.file,
                title=entry.title(lang),
                icon=entry.icon,
                url_path=_OPENING if opens else entry.id,
                default=opens,
            )
            shown.append(page)
            by_address[page.url_path] = entry
            if opens:
                by_id = partial(_lead_to, page)
                shown.append(
                    st.Page(by_id, title=page.title, url_path=entry.id, visibility="hidden")
                )
                by_address[entry.id] = entry
    for entry in others:
        first = next(iter(sections.values()), None) or sections.setdefault("", [])
        first.append(_unseen(entry, lang, opens=not by_address))
        by_address[first[-1].url_path] = entry
        by_address[entry.id] = entry
    _answer_unknown(sections, by_address, lang)
    return sections, by_address


def _answer_unknown(sections: dict[str, list], by_address: dict[str, PageEntry], lang: str) -> None:
    """Make the address that is asked for one of ours where no page has it: Streamlit would answer
    in English, over another page. It has no entry, by which whoever draws knows it."""
    asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    base = (st.get_option("server.baseUrlPath") or "").strip("/").rpartition("/")[2]
    if asked in by_address or asked == base or not _ADDRESS.fullmatch(asked):
        return
    title = words(lang)["page_unknown_title"]
    nothing = st.Page(partial(bool, asked), title=title, url_path=asked, visibility="hidden")
    next(iter(sections.values())).append(nothing)


def _lead_to(page: st.Page) -> None:
    """Lead to a page, with the choices that the address names."""
    said = {name: st.query_params.get_all(name) for name in st.query_params}
    st.switch_page(page, query_params=said)


def shut(lang: str) -> None:
    """Answer every address without showing any page: nobody is let in."""
    sections, _ = build(lang, frozenset())
    st.navigation(sections, position="hidden")


def _unseen(entry: PageEntry, lang: str, *, opens: bool) -> st.Page:
    """An address that leads to a page which is not run."""
    return st.Page(
        partial(bool, entry.id),
        title=entry.title(lang),
        url_path=_OPENING if opens else entry.id,
        default=opens,
        visibility="hidden",
    )
