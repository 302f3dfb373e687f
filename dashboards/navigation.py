"""The declared pages: reading pages.yaml and turning it into a navigation.

Belongs here: which pages exist and in which order. Does not belong here: what they show.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st
import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class PageEntry:
    """One page: its id is also its address, `file` is relative to this folder."""

    id: str
    audience: str
    title_fr: str
    title_nl: str
    file: str
    icon: str

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


def build(lang: str) -> tuple[dict[str, list], dict[str, PageEntry]]:
    """Return the sections for st.navigation and the entry of each page by its address.

    An audience without pages has no heading. The first page is the one that opens.
    """
    audiences, pages = declared()
    sections: dict[str, list] = {}
    by_address: dict[str, PageEntry] = {}
    for audience in audiences:
        for entry in pages:
            if entry.audience != audience.id:
                continue
            page = st.Page(
                FOLDER / entry.file,
                title=entry.title(lang),
                icon=entry.icon,
                url_path=entry.id,
                default=not by_address,
            )
            sections.setdefault(audience.title(lang), []).append(page)
            # The page that opens has the empty address.
            by_address[page.url_path] = entry
    return sections, by_address
