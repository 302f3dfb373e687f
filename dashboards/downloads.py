"""Tables as files for a spreadsheet: CSV and workbook, same values under the same headings; and the
button that gives any file.

Belongs here: the two files of a table, a package as one file, that button. Does not belong here:
statistics that leave the house (exports), which pass disclosure control.

One form in all files: days as 31/12/2026, a decimal comma, shares as percentages, the unit in the
heading; a last column says which truth the figures show: what was known then, or what is known
today of dates in the past.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st
import xlsxwriter

from dashboards.access import watch
from dashboards.figures import Column
from dashboards.source import Reading
from exports.package import files_of

#: Spreadsheets count days from 1900 and hold 1900 for a leap year: days before March 1900 are
#: shown as another day or not at all.
_FIRST_DAY = date(1900, 3, 1)
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = {"day": 12, "moment": 17, "text": 22, "flag": 8, "wide": 70}
#: A zip holds days from 1980 on; the same package gives the same bytes.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_MIMES = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def button(
    reading: Reading,
    key: str,
    text: str,
    file: str,
    make: Callable[[], bytes],
    *,
    about: str = "",
    icon: str = ":material/download:",
    noted_as: str = "",
) -> None:
    """Offer a file: the one way in which a page gives one, so that none leaves without a line in
    the record of accesses. It is made when somebody takes it, not at every drawing of the page.

    Args:
        text: the key of its label; `about`: of the sentence at its question mark.
        noted_as: the name that the record keeps (default: that of the file).
    """
    st.download_button(
        reading.text(text),
        watch.given(reading, noted_as or file, make),
        file_name=file,
        mime=_MIMES[Path(file).suffix],
        icon=icon,
        help=reading.text(about) if about else None,
        key=key,
    )


def zipped(folder: Path, besides: Sequence[Path] = ()) -> bytes:
    """Return all files of a package as one zip, as `vigie verify` reads it: the same bytes for the
    same files. `besides`: files that lie elsewhere and leave with it.
    """
    files = {name: folder / name for name in files_of(folder)} | {one.name: one for one in besides}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return target.getvalue()


def offer(reading: Reading, key: str, rows: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Offer rows as a CSV."""
    button(
        reading,
        f"{key}_download",
        "download",
        f"{key}_{reading.release.id}_{reading.lang}.csv",
        lambda: spreadsheet_csv(reading, rows, columns),
        about="download_help",
    )


def offer_workbook(
    reading: Reading,
    key: str,
    title: str,
    rows: Callable[[], pd.DataFrame],
    columns: Sequence[Column],
) -> None:
    """Offer a whole working list as a workbook; `rows` are read when somebody asks for it."""
    button(
        reading,
        f"{key}_xlsx",
        "worklist_xlsx",
        f"{key}_{reading.release.id}_{reading.lang}.xlsx",
        lambda: table_xlsx(reading, title, rows(), columns),
    )


def spreadsheet_csv(reading: Reading, rows: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Return the rows as a CSV that a Belgian spreadsheet opens as it is: `;`, decimal comma."""
    filed = {
        column.format.heading(column.label): _as_text(reading, column, rows[column.name])
        for column in columns
    }
    filed[reading.text("truth")] = [truth(reading)] * len(rows)
    table = pd.DataFrame(filed)
    return table.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


def truth(reading: Reading) -> str:
    """Say which truth the figures of a reading show."""
    key = "truth_then" if reading.is_past else "truth_now"
    return reading.text(key, date=reading.language.day(reading.release.business_date))


def _as_text(reading: Reading, column: Column, values: pd.Series) -> list[str]:
    form, language = column.format, reading.language
    empty = values.isna()
    if form.is_number:
        has_cents = form.kind != "euros" or language.has_cents
        decimals = form.filed_decimals if has_cents else 0
        texts = [f"{value:.{decimals}f}".replace(".", ",") for value in form.filed(values)]
    elif form.kind == "text":
        texts = [_never_a_formula(str(value)) for value in values]
    else:
        texts = [form.write(language, value) for value in values]
    return ["" if none else text for none, text in zip(empty, texts, strict=True)]


def _never_a_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def table_xlsx(
    reading: Reading, title: str, rows: pd.DataFrame, columns: Sequence[Column]
) -> bytes:
    """Return a workbook of one sheet that people filter and sort: typed cells, a frozen heading;
    texts are never formulas."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F6", "text_wrap": True})
    sheet = book.add_worksheet(title[:31])
    known = Column("_truth", reading.text("truth"))
    told = rows.assign(_truth=truth(reading))
    for place, column in enumerate([*columns, known]):
        form = column.format
        cell = book.add_format(_cell_format(column))
        kind = "wide" if column.wide else form.kind
        sheet.set_column(place, place, _WIDTHS.get(kind, 14), cell)
        sheet.write_string(0, place, form.heading(column.label), head)
        for line, value in enumerate(form.typed(told[column.name]), start=1):
            _write(reading, sheet, line, place, column, value)
    sheet.freeze_panes(1, 1)
    if len(rows):
        sheet.autofilter(0, 0, len(rows), len(columns))
    book.close()
    return target.getvalue()


def _cell_format(column: Column) -> dict:
    zeros = "." + "0" * column.format.decimals if column.format.decimals else ""
    numbers = {
        "day": "dd/mm/yyyy",
        "moment": "dd/mm/yyyy hh:mm",
        "number": f"#,##0{zeros}",
        "euros": f"#,##0{zeros}",
        "share": f"#,##0{'.' + '0' * column.format.filed_decimals}",
        "plain": "0",
    }
    form = {"valign": "top", "text_wrap": column.wide}
    if column.format.kind in numbers:
        form["num_format"] = numbers[column.format.kind]
    return form


def _write(reading: Reading, sheet, line: int, place: int, column: Column, value) -> None:
    form = column.format
    if value is None or pd.isna(value):
        return
    if form.kind in ("day", "moment"):
        if value.date() < _FIRST_DAY:
            sheet.write_string(line, place, form.write(reading.language, value))
        else:
            sheet.write_datetime(line, place, value.to_pydatetime())
    elif form.is_number:
        sheet.write_number(line, place, float(form.filed(pd.Series([value])).iloc[0]))
    else:
        sheet.write_string(line, place, form.write(reading.language, value))
