"""What stands on a page, in the order in which it is read.

Belongs here: titles, headings and paragraphs, and the memory of everything that a rerun showed.
Does not belong here: charts with their tables (exhibits), figures (figures), tables (grids), which
are remembered here too. Headings have no link of their own, at which the keys would stop unseen:
the link to a view is in its head (frame). From this memory a page is printed, so what is drawn past
it is not on paper.
"""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards.outside import Markdown

_SHOWN = "vigie_shown"


@dataclass(frozen=True)
class Heading:
    """A title (level 1) or a heading (2, 3)."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A text, or what it warns of: text, note, info, warning, error, success; or a command to copy:
    code."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Choice:
    """What a reader chose, in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Figures:
    """Figures side by side (figures.Figure)."""

    figures: tuple


@dataclass(frozen=True)
class Exhibit:
    """A chart with the sentence that says what it shows, and its table."""

    key: str
    chart: dict
    sentence: str
    note: str
    rows: pd.DataFrame
    columns: tuple


@dataclass(frozen=True)
class Table:
    """A table of its own."""

    key: str
    rows: pd.DataFrame
    columns: tuple


def begin() -> None:
    """Forget what the rerun before showed."""
    st.session_state[_SHOWN] = []


def remember(item: object) -> None:
    """Add what is drawn next."""
    st.session_state.setdefault(_SHOWN, []).append(item)


def shown() -> list:
    """Return everything that this rerun showed so far."""
    return list(st.session_state.get(_SHOWN, []))


def title(text: str) -> None:
    """Draw the title of the page."""
    remember(Heading(1, text))
    st.title(text, anchor=False)


def heading(text: str, level: int = 2) -> None:
    """Draw a heading: level 2 under the title, level 3 under that."""
    remember(Heading(level, text))
    if level == 2:
        st.header(text, anchor=False)
    else:
        st.subheader(text, anchor=False)


def paragraph(text: Markdown, defined_by: str = "") -> None:
    """Draw a text; `defined_by` says at its question mark what defines the figures in it."""
    remember(Paragraph(text))
    st.markdown(text, help=defined_by or None)


def note(text: Markdown, icon: str = "") -> None:
    """Draw what to know beside a figure, in small."""
    remember(Paragraph(text, "note"))
    st.caption(Markdown(icon) + " " + text if icon else text)


def info(text: Markdown, icon: str = ":material/info:") -> None:
    """Draw a sentence in place of what is not there."""
    remember(Paragraph(text, "info"))
    st.info(text, icon=icon)


def warning(text: Markdown, icon: str = ":material/warning:") -> None:
    """Draw what a reader has to look at."""
    remember(Paragraph(text, "warning"))
    st.warning(text, icon=icon)


def alert(text: Markdown) -> None:
    """Draw a red line."""
    remember(Paragraph(text, "warning"))
    st.markdown(Markdown(":red-background[:material/error: ") + text + "]")


def success(text: Markdown, icon: str = ":material/check_circle:") -> None:
    """Draw that all is well."""
    remember(Paragraph(text, "success"))
    st.success(text, icon=icon)


def error(text: Markdown, icon: str = ":material/block:") -> None:
    """Draw what went wrong, or what must not wait."""
    remember(Paragraph(text, "error"))
    st.error(text, icon=icon)


def code(text: str) -> None:
    """Draw a command to copy."""
    remember(Paragraph(text, "code"))
    st.code(text, language=None, wrap_lines=True)
