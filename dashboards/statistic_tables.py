"""A table of a statistic on a page: what its recipient sees, and why where nothing may stand.

Belongs here: the lines and columns of one block. Does not belong here: which cells are hidden
(exports.protection), which table is shown (the pages).
"""

import pandas as pd
import streamlit as st

from dashboards import grids
from dashboards.figures import Column
from dashboards.formats import Format
from dashboards.source import Reading
from exports.catalogue import Code, Measure
from exports.signs import HIDDEN
from exports.tables import BlockTable, Row
from exports.texts import text_or
from exports.units import places
from exports.writers.csv import code_in
from exports.writers.xlsx import unit_label

#: So many lines of a table are listed; the package has them all.
LISTED = 500
#: Up to so many values of a line stand before its labels.
_VALUES_FIRST = 3

Codes = dict[str, dict[str, Code]]


def show(reading: Reading, key: str, table: BlockTable, codes: Codes) -> None:
    """Show the first lines of a table, with its download."""
    number = reading.language.number
    rows, columns = lines(reading, table, codes)
    if len(rows) > LISTED:
        st.caption(reading.text("statistics_shown", shown=number(LISTED), all=number(len(rows))))
    grids.show_table(reading, key, rows.head(LISTED), columns)


def lines(reading: Reading, table: BlockTable, codes: Codes) -> tuple[pd.DataFrame, list[Column]]:
    """Return the lines of a table and their columns."""
    lang = reading.lang
    shown = [_line(reading, table, row, codes) for row in table.rows]
    labels = [
        Column(
            dimension.name,
            dimension.label(lang),
            dimension.definition_nl if lang == "nl" else dimension.definition_fr,
        )
        for dimension in table.dimensions
    ]
    if len(table.ref_periods) > 1:
        labels.insert(0, Column("period", reading.text("statistics_period")))
    values = [_value(measure, lang) for measure in table.measures]
    # Labels are long: a few values stand before them, so that they are not out of sight; many
    # would push the labels out of it.
    first = len(values) <= _VALUES_FIRST
    columns = [*values, *labels] if first else [*labels, *values]
    if table.statuses:
        columns.append(Column("why", reading.text("statistics_why")))
    return pd.DataFrame(shown), columns


def _value(measure: Measure, lang: str) -> Column:
    decimals = places(measure.unit, measure.decimals)
    return Column(
        measure.name,
        unit_label(measure, lang),
        measure.definition_nl if lang == "nl" else measure.definition_fr,
        Format("number", 2 if decimals is None else decimals),
    )


def _line(reading: Reading, table: BlockTable, row: Row, codes: Codes) -> dict[str, object]:
    line: dict[str, object] = {"period": row.ref_period}
    for dimension, code in zip(table.dimensions, row.codes, strict=True):
        line[dimension.name] = code_in(codes, dimension.list_name, code).label(reading.lang)
    why = []
    for measure, cell in zip(table.measures, row.cells, strict=True):
        line[measure.name] = None if cell.value is None else float(cell.value)
        if cell.obs_status == HIDDEN:
            why.append(text_or(f"conf_{cell.conf_status}", reading.lang, cell.conf_status))
        elif cell.value is None:
            why.append(text_or(f"status_{cell.obs_status}", reading.lang, cell.obs_status))
    line["why"] = "; ".join(dict.fromkeys(why))
    return line
