"""Figures and columns as people see them: a number or a heading with its definition.

Belongs here: naming a value that a query returned, with what it means and what defines it. Does
not belong here: computing one, the table around columns (grids), how values are written (formats).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import streamlit as st

from dashboards import sheet
from dashboards.formats import NOTHING, TEXT, Format
from dashboards.i18n import Language
from dashboards.outside import escaped
from dashboards.source import Reading
from law.texts import article
from release import references


@dataclass(frozen=True)
class Figure:
    """One number to show: its name, how it is written, what it means, a line under it, what
    defines it ("§4, C1"); what it is compared with, a line each."""

    label: str
    value: str
    definition: str
    beside: str = ""
    reference: str = ""
    compared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, meaning, kind of values, room for sentences, what
    defines it ("§4, C1"). `written`: the column that holds the text of each value, where values
    have units of their own."""

    name: str
    label: str
    definition: str = ""
    format: Format = TEXT
    wide: bool = False
    reference: str = ""
    written: str = ""


def defined_by(reading: Reading, reference: str) -> str:
    """Say in a sentence what defines a figure; nothing when the release does not say it."""
    said = in_words(reading, reference)
    return reading.text("defined_by", by=said) if said else ""


def in_words(reading: Reading, reference: str) -> str:
    """Return a reference ("§4, C1") as people read it."""
    return _in_words(reading.language, reference)


@cache
def _in_words(language: Language, reference: str) -> str:
    said = []
    for kind, found in references.kinds(reference).items():
        if found:
            several = kind in _WITH_PLURAL and (len(found) > 1 or "-" in found[0])
            key = f"defined_{kind}s" if several else f"defined_{kind}"
            said.append(language.text(key, which=_listed(language, found)))
    return ", ".join(said)


_WITH_PLURAL = ("ruling", "table")
_RANGE = re.compile(r"(?<=\d)-(?=[A-Z])")


def _listed(language: Language, found: list[str]) -> str:
    """C1, C2 et C5–C7; articles as the language cites them."""
    *first, last = (_RANGE.sub("–", article(language.code, one)) for one in found)
    return " ".join([", ".join(first), language.text("and"), last]) if first else last


def help_of(reading: Reading, meaning: str, reference: str) -> str | None:
    """What stands behind the question mark: the meaning, then what defines it."""
    said = (escaped(meaning), defined_by(reading, reference))
    return "\n\n".join(filter(None, said)) or None


def show_figures(reading: Reading, figures: list[Figure]) -> None:
    """Show figures side by side; they wrap on a narrow window."""
    sheet.remember(sheet.Figures(tuple(figures)))
    # One frame for all or none: cards of two kinds side by side are not as high.
    framed = any(figure.compared for figure in figures)
    with st.container(horizontal=True, gap="small"):
        for figure in figures:
            if not framed:
                _metric(reading, figure, border=True)
                continue
            with st.container(border=True, width="stretch", height="stretch", gap="xsmall"):
                _metric(reading, figure, border=False)
                for line in figure.compared:
                    st.caption(line)


def _metric(reading: Reading, figure: Figure, border: bool) -> None:
    st.metric(
        figure.label,
        figure.value,
        delta=figure.beside or None,
        delta_color="off",
        delta_arrow="off",
        help=help_of(reading, figure.definition, figure.reference),
        border=border,
        width="stretch",
        height="stretch" if border else "content",
    )


def show_known(reading: Reading, make: Callable[[Reading], list[Figure]]) -> None:
    """Show the figures that `make` reads; where a release of the past is chosen each has beside it
    what is known today of the same choices."""
    figures = make(reading)
    if reading.is_past:
        known = {figure.label: figure.value for figure in make(reading.today())}
        figures = [
            replace(
                one, compared=(*one.compared, known_today(reading, known.get(one.label, NOTHING)))
            )
            for one in figures
        ]
    show_figures(reading, figures)


def known_today(reading: Reading, value: str) -> str:
    """Say what is known today in place of what was known then."""
    day = reading.language.day(reading.today().release.business_date)
    return reading.text("known_today", date=day, value=value)


@dataclass(frozen=True)
class From:
    """What a table of the release says of its columns: names, meanings, what defines them."""

    reading: Reading
    schema: str
    table: str

    def label(self, name: str) -> str:
        """Return what the release calls a column."""
        return self.reading.label_of(self.schema, self.table, name)

    def column(self, name: str, format: Format = TEXT, *, wide: bool = False) -> Column:
        """Return a column named and defined by the dictionary of the release."""
        entry, lang = self.reading.entry(self.schema, self.table, name), self.reading.lang
        return Column(
            name, entry.label(lang), entry.definition(lang), format, wide, entry.reference
        )

    def columns(
        self, names: Iterable[str], format: Format | Mapping[str, Format] = TEXT
    ) -> list[Column]:
        """Return columns named and defined by the dictionary, all written the same way or each in
        its own; a text where none is said."""
        forms = format if isinstance(format, Mapping) else {}
        usual = TEXT if forms else format
        return [self.column(name, forms.get(name, usual)) for name in names]

    def own_column(self, name: str, key: str, format: Format = TEXT) -> Column:
        """Return a column that a page makes of the table: named by the text `key`, told by
        `<key>_help`."""
        text = self.reading.text
        return Column(name, text(key), text(f"{key}_help"), format, reference=self.reference)

    def figure(
        self, name: str, value: str, beside: str = "", compared: tuple[str, ...] = ()
    ) -> Figure:
        """Return a figure named and defined by the dictionary of the release."""
        entry, lang = self.reading.entry(self.schema, self.table, name), self.reading.lang
        meaning = entry.definition(lang)
        return Figure(entry.label(lang), value, meaning, beside, entry.reference, compared)

    def own_figure(
        self, key: str, value: str, beside: str = "", compared: tuple[str, ...] = ()
    ) -> Figure:
        """Return a figure that a page makes of the table: named by the text `key`, told by
        `<key>_help`."""
        text = self.reading.text
        return Figure(text(key), value, text(f"{key}_help"), beside, self.reference, compared)

    @property
    def reference(self) -> str:
        """What defines the table."""
        return self.reading.entry(self.schema, self.table).reference
