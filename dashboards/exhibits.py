"""One exhibit: a heading, a sentence, the chart it describes, what defines it, what to know, the
table twin with its download.

Belongs here: the one way in which every chart of every page is shown. Does not belong here: kinds
of charts (charts), how a table looks (grids), queries and sentences (the page).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, figures, grids, sheet
from dashboards.figures import Column
from dashboards.source import Reading
from release import references


def show(
    reading: Reading,
    key: str,
    chart: charts.Drawing,
    sentence: str,
    rows: pd.DataFrame,
    columns: list[Column],
    note: str = "",
) -> None:
    """Show one exhibit. `rows` and `columns` are the twin; `key` tells it apart from others."""
    sheet.remember(sheet.Exhibit(key, chart, sentence, note, rows, tuple(columns)))
    shown = references.joined(column.reference for column in columns)
    charts.show_chart(reading, key, chart, sentence, figures.defined_by(reading, shown))
    if note:
        st.caption(note)
    grids.show_twin(reading, key, rows, columns)
