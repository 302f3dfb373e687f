"""Figures and tables as people see them: a number with its definition, a table with a download.

Belongs here: showing a value that a query returned, with what it means and what defines it. Does
not belong here: computing one.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from dashboards.outside import escaped
from dashboards.source import Reading
from law.texts import article
from release import references

#: In pixels: width of a column of sentences; height of a row from which they wrap, three lines.
_SENTENCE, _THREE_LINES = 380, 68


@dataclass(frozen=True)
class Figure:
    """One number to show: its name, how it is written, what it means, a line under it, what
    defines it ("§4, C1")."""

    label: str
    value: str
    definition: str
    beside: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, meaning, way of writing values, room for sentences, what
    defines it ("§4, C1")."""

    name: str
    label: str
    definition: str = ""
    write: Callable[[object], str] | None = None
    wide: bool = False
    reference: str = ""


def defined_by(reading: Reading, reference: str) -> str:
    """Say in a sentence what defines a figure; nothing when the release does not say it."""
    said = in_words(reading, reference)
    return reading.text("defined_by", by=said) if said else ""


def in_words(reading: Reading, reference: str) -> str:
    """Return a reference ("§4, C1") as people read it."""
    said = []
    for kind, found in references.kinds(reference).items():
        if found:
            several = kind in _WITH_PLURAL and (len(found) > 1 or "-" in found[0])
            key = f"defined_{kind}s" if several else f"defined_{kind}"
            said.append(reading.text(key, which=_listed(reading, found)))
    return ", ".join(said)


_WITH_PLURAL = ("ruling", "table")
_RANGE = re.compile(r"(?<=\d)-(?=[A-Z])")


def _listed(reading: Reading, found: list[str]) -> str:
    """C1, C2 et C5–C7; articles as the language cites them."""
    *first, last = (_RANGE.sub("–", article(reading.lang, one)) for one in found)
    return " ".join([", ".join(first), reading.text("and"), last]) if first else last


def _help(reading: Reading, meaning: str, reference: str) -> str | None:
    """What stands behind the question mark: the meaning, then what defines it."""
    said = (escaped(meaning), defined_by(reading, reference))
    return "\n\n".join(filter(None, said)) or None


def show_figures(reading: Reading, figures: list[Figure]) -> None:
    """Show figures side by side; they wrap on a narrow window."""
    with st.container(horizontal=True, gap="small"):
        for figure in figures:
            st.metric(
                figure.label,
                figure.value,
                delta=figure.beside or None,
                delta_color="off",
                delta_arrow="off",
                help=_help(reading, figure.definition, figure.reference),
                border=True,
                width="stretch",
                height="stretch",
            )


def column_of(reading: Reading, schema: str, table: str, name: str, write=None) -> Column:
    """Return a column named and defined by the dictionary of the release."""
    entry, lang = reading.entry(schema, table, name), reading.lang
    return Column(name, entry.label(lang), entry.definition(lang), write, reference=entry.reference)


def columns_of(
    reading: Reading, schema: str, table: str, names: Iterable[str], write=None
) -> list[Column]:
    """Return columns named and defined by the dictionary, all written the same way."""
    return [column_of(reading, schema, table, name, write) for name in names]


def figure_of(
    reading: Reading, schema: str, table: str, name: str, value: str, beside: str = ""
) -> Figure:
    """Return a figure named and defined by the dictionary of the release."""
    entry, lang = reading.entry(schema, table, name), reading.lang
    return Figure(entry.label(lang), value, entry.definition(lang), beside, entry.reference)


def own_figure(
    reading: Reading, schema: str, table: str, key: str, value: str, beside: str = ""
) -> Figure:
    """Return a figure that a page makes of a table: named by `key`, told by `<key>_help`."""
    reference = reading.entry(schema, table).reference
    return Figure(reading.text(key), value, reading.text(f"{key}_help"), beside, reference)


def show_table(
    reading: Reading, key: str, rows: pd.DataFrame, columns: list[Column], *, wraps: bool = False
) -> None:
    """Show a table with headings, definitions and numbers as the language writes them.

    With `wraps` sentences go over three lines, for tables of few rows.
    """
    shown, settings = displayed(reading, rows, columns)
    st.dataframe(
        shown,
        hide_index=True,
        column_config=settings,
        row_height=_THREE_LINES if wraps else None,
        key=f"{key}_table",
    )
    download(reading, key, rows, columns)


def displayed(
    reading: Reading, rows: pd.DataFrame, columns: list[Column]
) -> tuple[pd.DataFrame, dict]:
    """Return rows as they are read, and the settings of their columns, for st.dataframe."""
    shown = pd.DataFrame(
        {
            column.label: rows[column.name].map(column.write) if column.write else rows[column.name]
            for column in columns
        }
    )
    settings = {
        column.label: st.column_config.TextColumn(
            help=_help(reading, column.definition, column.reference),
            alignment="right" if _is_number(column, rows[column.name]) else "left",
            width=_SENTENCE if column.wide else None,
        )
        for column in columns
    }
    return shown, settings


def _is_number(column: Column, values: pd.Series) -> bool:
    """Whether values line up on the right: numbers do, days and words do not."""
    if is_bool_dtype(values) or is_datetime64_any_dtype(values):
        return False
    return is_numeric_dtype(values) or column.write is not None


def show_twin(reading: Reading, key: str, rows: pd.DataFrame, columns: list[Column]) -> None:
    """Show the figures of a chart as a table, folded away, with its download."""
    label = reading.text("table_twin", rows=reading.language.number(len(rows)))
    with st.expander(label, icon=":material/table_rows:"):
        show_table(reading, key, rows, columns)


def spreadsheet_csv(rows: pd.DataFrame, columns: list[Column]) -> bytes:
    """Return the rows as a CSV that a Belgian spreadsheet opens as it is: `;`, decimal comma."""
    renamed = rows[[column.name for column in columns]].set_axis(
        [column.label for column in columns], axis=1
    )
    return renamed.to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig")


def download(reading: Reading, key: str, rows: pd.DataFrame, columns: list[Column]) -> None:
    """Offer rows as a file for a spreadsheet."""
    st.download_button(
        reading.text("download"),
        # Written when somebody asks for it, not at every drawing of the page.
        lambda: spreadsheet_csv(rows, columns),
        file_name=f"{key}_{reading.release.id}_{reading.lang}.csv",
        mime="text/csv",
        icon=":material/download:",
        help=reading.text("download_help"),
        key=f"{key}_download",
    )
