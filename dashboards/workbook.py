"""A table as a workbook that people filter and sort: one sheet, typed cells, a frozen heading.

Belongs here: the download of a working list. Does not belong here: statistics that leave the house
(exports), which pass disclosure control.
"""

import io
from datetime import date

import pandas as pd
import xlsxwriter

from dashboards.figures import Column

_WIDTHS = {"date": 12, "number": 14, "text": 22, "wide": 70}


def table_xlsx(title: str, rows: pd.DataFrame, columns: list[Column]) -> bytes:
    """Return the workbook; amounts stay numbers, dates stay dates, texts are never formulas."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F6", "text_wrap": True})
    formats = {
        "date": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
        "text": book.add_format({"valign": "top"}),
        "wide": book.add_format({"valign": "top", "text_wrap": True}),
    }
    sheet = book.add_worksheet(title[:31])
    for place, column in enumerate(columns):
        values = rows[column.name]
        kind = "wide" if column.wide else _kind(values)
        sheet.set_column(place, place, _WIDTHS[kind], formats[kind])
        sheet.write_string(0, place, column.label, head)
        for line, value in enumerate(values, start=1):
            _write(sheet, line, place, value, kind)
    sheet.freeze_panes(1, 1)
    if len(rows):
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    book.close()
    return target.getvalue()


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if pd.api.types.is_float_dtype(values):
        return "number"
    return "text"


def _write(sheet, line: int, place: int, value, kind: str) -> None:
    if value is None or value != value:
        return
    if isinstance(value, pd.Timestamp | date):
        sheet.write_datetime(line, place, value)
    elif isinstance(value, str):
        sheet.write_string(line, place, value)
    else:
        sheet.write_number(line, place, float(value))
