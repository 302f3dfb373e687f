"""The workbook: cover, contents, definitions, codes, notes, then one table a sheet.

Belongs here: how sheets look. Does not belong here: which cells leave, or any wording that is not
in texts.yaml or in the release. Habits of accessible workbooks: each table starts at the same
place, nothing is merged, nothing is said by colour alone, a total is written "Total" and bold.
The same contents give the same bytes: the creation date is that of the release.
"""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from exports.catalogue import TOTAL, Statistic
from exports.package import Contents, Part
from exports.periods import read_period
from exports.tables import Column, CrossTable
from exports.texts import basis, both, other, text
from exports.units import unit_of
from exports.writers.csv import select_long, used_codes

# Past this a sheet is no longer something a person filters with pleasure; the CSV has it all.
DETAIL_LIMIT = 100_000
_HEADER_ROW = 5
_HEADER_HEIGHT = 48
_TITLE_SIZE = 14


class _Book:
    """One workbook being written: its formats, sheets and the list of table sheets."""

    def __init__(self, path: Path, contents: Contents) -> None:
        self.contents = contents
        self.lang = contents.lang
        self.file = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False}
        )
        created = contents.built_at.replace(tzinfo=None)
        self.file.set_properties(
            {
                "title": text("workbook_title", self.lang),
                "subject": " ".join(part.statistic.code for part in contents.parts),
                "author": text("fund", self.lang),
                "company": text("fund", self.lang),
                "comments": f"{contents.release_id} {contents.profile.name}",
                "created": created,
            }
        )
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.plain = self.file.add_format(base)
        self.wrapped = self.file.add_format({**base, "text_wrap": True})
        self.bold = self.file.add_format({**base, "bold": True})
        self.title = self.file.add_format({**base, "bold": True, "font_size": _TITLE_SIZE})
        self.quiet = self.file.add_format({**base, "font_color": "#404040"})
        self.link = self.file.add_format({**base, "font_color": "#0B5394", "underline": 1})
        head = {**base, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EEF2F6"}
        self.head = self.file.add_format(head)
        self.head_number = self.file.add_format({**head, "align": "right"})
        self._numbers: dict[tuple[str, bool], object] = {}
        self._base = base

    def number(self, unit: str, bold: bool = False):
        """Return the format of a number of that unit."""
        key = (unit, bold)
        if key not in self._numbers:
            form = {**self._base, "num_format": unit_of(unit).format, "bold": bold}
            self._numbers[key] = self.file.add_format(form)
        return self._numbers[key]

    def sheet(self, name: str, heading: list[str], widths: list[int], link: bool = True):
        """Open a sheet with its heading lines; the table begins at row `_HEADER_ROW` always."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, line in enumerate(heading):
            sheet.write_string(row, 0, line, self.title if row == 0 else self.quiet)
        if link:
            target = f"internal:'{text('sheet_contents', self.lang)}'!A1"
            sheet.write_url(_HEADER_ROW - 1, 0, target, self.link, text("to_contents", self.lang))
        if name != text("sheet_cover", self.lang):
            # Room for both languages and a unit; a header that grows by itself does not everywhere.
            sheet.set_row(_HEADER_ROW, _HEADER_HEIGHT)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.contents.release_id}&C&A&R&P / &N")
        return sheet

    def simple(
        self, name: str, heading: list[str], widths: list[int], head: list[str], rows: list
    ) -> None:
        """Write a sheet of texts: a frozen header, a filter, one line per row."""
        sheet = self.sheet(name, heading, widths)
        for column, label in enumerate(head):
            sheet.write_string(_HEADER_ROW, column, label, self.head)
        for place, row in enumerate(rows, start=_HEADER_ROW + 1):
            for column, value in enumerate(row):
                sheet.write_string(place, column, str(value), self.wrapped)
        sheet.freeze_panes(_HEADER_ROW + 1, 0)
        sheet.repeat_rows(_HEADER_ROW)
        if rows:
            sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(rows), len(head) - 1)


def write_workbook(path: Path, contents: Contents, cursor) -> None:
    """Write the workbook of a package to `path`; `cursor` reads the full detail sheets."""
    book = _Book(path, contents)
    sheets = _name_sheets(contents)
    _cover(book)
    _contents(book, sheets)
    _definitions(book)
    _codes(book)
    _notes(book)
    for name, part, table in sheets:
        if table is None:
            _detail(book, name, part, cursor)
        else:
            _table(book, name, table)
    book.file.close()


def table_title(table: CrossTable, lang: str) -> str:
    """Return the title of a table: the statistic, then what stands against what."""
    statistic = table.statistic
    names = [*table.layout.rows, *([table.layout.columns] if table.layout.columns else [])]
    labels = " × ".join(statistic.dimension(name).label(lang) for name in names)
    title = f"{statistic.code} {statistic.title(lang)}"
    return f"{title}, {text('by', lang)} {labels}" if labels else title


def _detail_title(part: Part, lang: str) -> str:
    statistic = part.statistic
    return f"{statistic.code} {statistic.title(lang)}, {text('all_dimensions', lang)}"


def _name_sheets(contents: Contents) -> list[tuple[str, Part, CrossTable | None]]:
    """Return (sheet name, part, table); table None is the sheet with the full detail."""
    named: list[tuple[str, Part, CrossTable | None]] = []
    for part in contents.parts:
        code = part.statistic.code
        for number, table in enumerate(part.tables, start=1):
            named.append((f"{code}.{number}", part, table))
        if part.cells < DETAIL_LIMIT:
            named.append((f"{code} {text('sheet_detail', contents.lang)}", part, None))
    return named


def _cover(book: _Book) -> None:
    contents, lang = book.contents, book.lang
    heading = [text("workbook_title", lang), text("workbook_title", other(lang))]
    name = text("sheet_cover", lang)
    sheet = book.sheet(name, heading, [46, 90])
    head = [both("head_item", lang), both("head_content", lang)]
    for column, label in enumerate(head):
        sheet.write_string(_HEADER_ROW, column, label, book.head)
    bases = {
        f"{part.statistic.code}: {basis(code, lang)} / {basis(code, other(lang))}"
        for part in contents.parts
        for code in part.statistic.count_bases(part.ref_periods)
    }
    rows = [("fund", both("fund", lang))]
    for part in contents.parts:
        statistic = part.statistic
        titles = f"{statistic.title(lang)} / {statistic.title(other(lang))}"
        rows.append(("cover_statistics", f"{statistic.code} {titles}"))
    rows += [
        ("cover_recipient", _both_labels(contents.profile, lang)),
        ("cover_confidentiality", both(f"conf_{contents.profile.conf_status}", lang)),
        ("cover_period", contents.period.text),
    ]
    for part in contents.parts:
        spans = (read_period(ref_period) for ref_period in part.ref_periods)
        listed = ", ".join(f"{one.text} ({one.end.isoformat()})" for one in spans if one)
        rows.append(("cover_ref_periods", f"{part.statistic.code}: {listed}"))
    rows += [("cover_count_basis", said) for said in sorted(bases)]
    rows += [
        ("cover_snapshot", contents.business_date.isoformat()),
        ("cover_release", contents.release_id),
        ("cover_produced", f"{contents.built_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("cover_code", contents.code_version),
        ("cover_definitions", contents.definition_version),
    ]
    for place, (key, value) in enumerate(rows, start=_HEADER_ROW + 1):
        label = both("sheet_cover" if key == "fund" else key, lang)
        label = "CNA / NHK" if key == "fund" else label
        sheet.write_string(place, 0, label, book.bold)
        sheet.write_string(place, 1, value, book.wrapped)


def _contents(book: _Book, sheets: list[tuple[str, Part, CrossTable | None]]) -> None:
    lang = book.lang
    heading = [text("contents_title", lang), text("contents_title", other(lang))]
    sheet = book.sheet(text("sheet_contents", lang), heading, [16, 90, 26, 12], link=False)
    for column, key in enumerate(("head_sheet", "head_table", "head_unit", "head_rows")):
        form = book.head_number if key == "head_rows" else book.head
        sheet.write_string(_HEADER_ROW, column, text(key, lang), form)
    place = _HEADER_ROW
    for key in ("cover", "definitions", "codes", "notes"):
        place += 1
        name = text(f"sheet_{key}", lang)
        sheet.write_url(place, 0, f"internal:'{name}'!A1", book.link, name)
        title = both("sheet_cover" if key == "cover" else f"{key}_title", lang)
        sheet.write_string(place, 1, title, book.wrapped)
    for name, part, table in sheets:
        place += 1
        sheet.write_url(place, 0, f"internal:'{name}'!A1", book.link, name)
        if table is None:
            titles, rows = [_detail_title(part, one) for one in (lang, other(lang))], part.cells
        else:
            titles, rows = [table_title(table, one) for one in (lang, other(lang))], len(table.rows)
        sheet.write_string(place, 1, "\n".join(titles), book.wrapped)
        sheet.write_string(place, 2, _units(part, lang), book.wrapped)
        sheet.write_number(place, 3, rows, book.number("COUNT"))
    sheet.freeze_panes(_HEADER_ROW + 1, 0)


def _definitions(book: _Book) -> None:
    lang = book.lang
    rows = []
    for part in book.contents.parts:
        statistic = part.statistic
        said = (statistic.definition_fr, statistic.definition_nl)
        titles = (statistic.title_fr, statistic.title_nl)
        rows.append((statistic.code, text("kind_statistic", lang), "", *titles, "", *said))
        for measure in statistic.measures:
            unit = unit_of(measure.unit).label(lang)
            said = (measure.definition_fr, measure.definition_nl)
            names = (measure.name, measure.label_fr, measure.label_nl, unit)
            rows.append((statistic.code, text("kind_measure", lang), *names, *said))
        for dimension in statistic.dimensions:
            said = (dimension.definition_fr, dimension.definition_nl)
            names = (dimension.name, dimension.label_fr, dimension.label_nl, "")
            rows.append((statistic.code, text("kind_dimension", lang), *names, *said))
    keys = ("statistic", "kind", "code", "label_fr", "label_nl", "unit")
    head = [text(f"head_{key}", lang) for key in (*keys, "definition_fr", "definition_nl")]
    heading = [text("definitions_title", lang), text("definitions_title", other(lang))]
    widths = [12, 14, 24, 34, 34, 12, 60, 60]
    book.simple(text("sheet_definitions", lang), heading, widths, head, rows)


def _codes(book: _Book) -> None:
    lang, contents = book.lang, book.contents
    rows = [("*", TOTAL, text("total", "fr"), text("total", "nl"), "")]
    rows += [
        (
            list_name,
            code.code,
            code.label_fr,
            code.label_nl,
            text("answer_yes", lang) if code.is_provisional else "",
        )
        for list_name, code in used_codes(contents.codes, contents.used)
    ]
    keys = ("list", "code", "label_fr", "label_nl", "provisional")
    head = [text(f"head_{key}", lang) for key in keys]
    heading = [text("codes_title", lang), text("codes_title", other(lang))]
    book.simple(text("sheet_codes", lang), heading, [20, 16, 46, 46, 12], head, rows)


def _notes(book: _Book) -> None:
    lang, contents = book.lang, book.contents
    rows = []
    for part in contents.parts:
        statistic = part.statistic
        longest = max(len(statistic.notes_fr), len(statistic.notes_nl))
        for place in range(longest):
            fr, nl = (
                notes[place] if place < len(notes) else ""
                for notes in (statistic.notes_fr, statistic.notes_nl)
            )
            rows.append((statistic.code, fr, nl))
        values = {"csv": part.csv_name, "cells": part.cells, "limit": DETAIL_LIMIT}
        rows.append((statistic.code, *_both_notes("note_layout", **values)))
        if part.cells >= DETAIL_LIMIT:
            rows.append((statistic.code, *_both_notes("note_detail_left_out", **values)))
        provisional = _provisional(contents, part)
        if provisional:
            rows.append((statistic.code, *_both_notes("note_provisional", lists=provisional)))
    general = ("note_zero", "note_total", "note_period_stock", "note_reproducible")
    rows += [("", *_both_notes(key)) for key in general]
    head = [text(f"head_{key}", lang) for key in ("statistic", "note_fr", "note_nl")]
    heading = [text("notes_title", lang), text("notes_title", other(lang))]
    book.simple(text("sheet_notes", lang), heading, [12, 80, 80], head, rows)


def _provisional(contents: Contents, part: Part) -> str:
    """Name the codes of the statistic that its lists mark as provisional."""
    found = []
    for list_name in dict.fromkeys(d.list_name for d in part.statistic.dimensions):
        codes = contents.codes[list_name].values()
        used = contents.used.get(list_name, ())
        marked = [c.code for c in codes if c.is_provisional and c.code in used]
        if marked:
            found.append(f"{list_name} ({', '.join(marked)})")
    return ", ".join(found)


def _table(book: _Book, name: str, table: CrossTable) -> None:
    lang, statistic = book.lang, table.statistic
    dimensions = [statistic.dimension(row) for row in table.layout.rows]
    # Per dimension a code and both labels: a reader filters on any of them.
    widths = [12, *[w for _ in dimensions for w in (14, 34, 34)], *[17 for _ in table.columns]]
    titles = (table_title(table, one) for one in (lang, other(lang)))
    shown = dict.fromkeys(key[0] for key, _ in table.rows)
    heading = _heading(book, *titles, statistic, shown)
    sheet = book.sheet(name, heading, widths)
    head = [text("head_period", lang)]
    for dimension in dimensions:
        code = f"{dimension.label(lang)} ({text('head_code', lang).lower()})"
        head += [code, dimension.label_fr, dimension.label_nl]
    for column, label in enumerate(head):
        sheet.write_string(_HEADER_ROW, column, label, book.head)
    for column, shown in enumerate(table.columns, start=len(head)):
        sheet.write_string(_HEADER_ROW, column, _column_label(book, table, shown), book.head_number)
    place = _HEADER_ROW
    for key, values in table.rows:
        place += 1
        bold = table.is_total(key)
        form = book.bold if bold else book.plain
        sheet.write_string(place, 0, key[0], form)
        column = 1
        for dimension, code in zip(dimensions, key[1:], strict=True):
            labels = _labels(book.contents, dimension.list_name, code)
            for value in (code, *labels):
                sheet.write_string(place, column, value, form)
                column += 1
        for shown, value in zip(table.columns, values, strict=True):
            if value is not None:
                number = book.number(shown.measure.unit, bold or shown.code == TOTAL)
                sheet.write_number(place, column, float(value), number)
            column += 1
    sheet.freeze_panes(_HEADER_ROW + 1, len(head))
    sheet.repeat_rows(_HEADER_ROW)
    if table.rows:
        sheet.autofilter(_HEADER_ROW, 0, place, len(head) + len(table.columns) - 1)


def _detail(book: _Book, name: str, part: Part, cursor) -> None:
    lang, statistic = book.lang, part.statistic
    dimensions = statistic.dimensions
    widths = [12, *[18 for _ in dimensions], 24, 18, 12]
    titles = (_detail_title(part, one) for one in (lang, other(lang)))
    heading = _heading(book, *titles, statistic, part.ref_periods)
    sheet = book.sheet(name, heading, widths)
    head = [text("head_period", lang), *(dimension.label(lang) for dimension in dimensions)]
    head += [text("head_measure", lang), text("head_value", lang), text("head_unit", lang)]
    for column, label in enumerate(head):
        form = book.head_number if column == len(head) - 2 else book.head
        sheet.write_string(_HEADER_ROW, column, label, form)
    units = {measure.name: measure.unit for measure in statistic.measures}
    place = _HEADER_ROW
    rows = select_long(cursor, statistic, list(part.ref_periods))
    while batch := rows.fetchmany(20_000):
        for row in batch:
            place += 1
            for column, value in enumerate(row[:-1]):
                sheet.write_string(place, column, value, book.plain)
            unit = units[row[-2]]
            if row[-1] is not None:
                sheet.write_number(place, len(row) - 1, float(row[-1]), book.number(unit))
            sheet.write_string(place, len(row), unit, book.plain)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    if place > _HEADER_ROW:
        sheet.autofilter(_HEADER_ROW, 0, place, len(head) - 1)


def _heading(
    book: _Book, title: str, second: str, statistic: Statistic, ref_periods: Iterable[str]
) -> list[str]:
    """Four lines above every table: both titles, unit and count basis, date and release."""
    lang, contents = book.lang, book.contents
    units = ", ".join(dict.fromkeys(unit_of(m.unit).label(lang) for m in statistic.measures))
    bases = ", ".join(basis(code, lang) for code in statistic.count_bases(ref_periods))
    snapshot = contents.business_date.isoformat()
    return [
        title,
        second,
        text("basis_line", lang, unit=units, basis=bases),
        text("snapshot_line", lang, date=snapshot, release=contents.release_id),
    ]


def _column_label(book: _Book, table: CrossTable, column: Column) -> str:
    """Both languages, one under the other; the measure is named when there are several."""
    lang = book.lang
    lines = []
    if column.code is not None:
        list_name = table.statistic.dimension(table.layout.columns).list_name
        fr, nl = _labels(book.contents, list_name, column.code)
        lines += [fr, nl] if lang == "fr" else [nl, fr]
    if column.code is None or len(table.statistic.measures) > 1:
        unit = unit_of(column.measure.unit).label(lang)
        labels = (column.measure.label(lang), column.measure.label(other(lang)))
        lines += [*labels, f"({unit})"]
    return "\n".join(dict.fromkeys(lines))


def _labels(contents: Contents, list_name: str, code: str) -> tuple[str, str]:
    if code == TOTAL:
        return text("total", "fr"), text("total", "nl")
    known = contents.codes[list_name].get(code)
    return (known.label_fr, known.label_nl) if known else (code, code)


def _units(part: Part, lang: str) -> str:
    units = (unit_of(measure.unit).label(lang) for measure in part.statistic.measures)
    return ", ".join(dict.fromkeys(units))


def _both_labels(profile, lang: str) -> str:
    return f"{profile.label(lang)} / {profile.label(other(lang))}"


def _both_notes(key: str, **values: object) -> tuple[str, str]:
    return text(key, "fr", **values), text(key, "nl", **values)
