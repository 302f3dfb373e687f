"""One workbook being written: its formats, and a sheet that holds one table.

Belongs here: how every sheet is made, after the rules of accessible spreadsheets: the title in A1,
lines of explanation, then one table that is marked as one; nothing merged, no blank row or column,
unique headers, nothing said by colour alone, a language, no text that becomes a formula. Does not
belong here: what stands in a sheet.
"""

import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from exports.package import Contents
from exports.texts import text

YEAR = "0"
_A4 = 9
_TITLE_SIZE = 14
_LINE_HEIGHT = 15
_CORE = "docProps/core.xml"


@dataclass(frozen=True)
class Line:
    """A line of explanation above a table; `target` makes a link of it."""

    said: str
    target: str = ""


@dataclass(frozen=True)
class Head:
    """The header of a column: `number` sets it to the right, `is_code` keeps digits as text."""

    label: str
    width: int
    number: bool = False
    is_code: bool = False


@dataclass(frozen=True)
class Link:
    """A cell that leads to another sheet."""

    sheet: str


def _lines(said: str, width: int) -> int:
    """Return the lines that a text takes in a column of that width, which counts wide digits."""
    return max(1, math.ceil(len(said) / (1.1 * max(width, 1))))


class Book:
    """One workbook; `close` writes it, the same bytes for the same contents."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.lang = contents.lang
        self._content = io.BytesIO()
        self._file = xlsxwriter.Workbook(self._content, {"in_memory": True})
        self._file.set_properties(
            {
                "title": text(
                    "labelled",
                    self.lang,
                    name=text("workbook_title", self.lang),
                    said=contents.asked,
                ),
                "subject": " ".join(part.statistic.code for part in contents.parts),
                "author": text("fund", self.lang),
                "company": text("fund", self.lang),
                "comments": f"{contents.release_id} {contents.profile.name}",
                # The day of the release: the same request gives the same bytes on any day.
                "created": contents.built_at.replace(tzinfo=None),
            }
        )
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._base = base
        self.plain = self._file.add_format(base)
        self.wrapped = self._file.add_format({**base, "text_wrap": True})
        self.bold = self._file.add_format({**base, "bold": True})
        self.sign = self._file.add_format({**base, "align": "right"})
        self.status = self._file.add_format({**base, "align": "center"})
        self._title = self._file.add_format({**base, "bold": True, "font_size": _TITLE_SIZE})
        self._link = self._file.add_format({**base, "font_color": "#0B5394", "underline": 1})
        head = {**base, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E4EAF1"}
        self._head = self._file.add_format(head)
        self._head_number = self._file.add_format({**head, "align": "right"})
        self._numbers: dict[tuple[str, bool], object] = {}

    def number(self, shown: str, bold: bool = False):
        """Return the format of a number shown as `shown`; "0" is one nobody groups (a year)."""
        key = (shown, bold)
        if key not in self._numbers:
            left = {"align": "left"} if shown == YEAR else {}
            form = {**self._base, "num_format": shown, "bold": bold, **left}
            self._numbers[key] = self._file.add_format(form)
        return self._numbers[key]

    def sheet(
        self,
        name: str,
        title: str,
        lines: Sequence[Line],
        heads: Sequence[Head],
        rows: Iterable[Sequence[tuple[object, object]]],
        table_name: str,
        printed: int = 0,
    ) -> None:
        """Write a sheet: title, lines, then the table; a cell is (value, format). `printed`: how
        many columns go on paper (0: all of them).

        The first column stays in view, and the header too, on the screen and on every page.
        """
        sheet = self._file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self._title)
        for place, line in enumerate(lines, start=1):
            if line.target:
                sheet.write_url(place, 0, f"internal:'{line.target}'!A1", self._link, line.said)
            else:
                sheet.write_string(place, 0, line.said, self.plain)
        top = 1 + len(lines)
        last = self._rows(sheet, top + 1, rows, [head.width for head in heads])
        for column, head in enumerate(heads):
            sheet.set_column(column, column, head.width)
        # Room for a label and its unit: a header that grows by itself does not everywhere.
        lines_of_head = max(_lines(head.label, head.width - 3) for head in heads)
        sheet.set_row(top, _LINE_HEIGHT * min(lines_of_head, 6) + 3)
        columns = [
            {
                "header": head.label,
                "header_format": self._head_number if head.number else self._head,
            }
            for head in heads
        ]
        sheet.add_table(
            top,
            0,
            last,
            len(heads) - 1,
            {
                "name": table_name,
                "columns": columns,
                "style": "Table Style Light 1",
                "title": title,
                "description": " ".join(line.said for line in lines),
            },
        )
        # Codes such as 02000 are texts: no green corner asks to make numbers of them.
        codes = " ".join(
            xlsxwriter.utility.xl_range(top + 1, column, last, column)
            for column, head in enumerate(heads)
            if head.is_code
        )
        if codes:
            sheet.ignore_errors({"number_stored_as_text": codes})
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(top)
        sheet.print_area(0, 0, last, (printed or len(heads)) - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.contents.release_id}&C&A&R&P / &N")

    def _rows(
        self,
        sheet,
        place: int,
        rows: Iterable[Sequence[tuple[object, object]]],
        widths: Sequence[int],
    ) -> int:
        """Write the rows from `place` on; return the place of the last one."""
        for row in rows:
            lines = max(
                (
                    _lines(value, width)
                    for (value, form), width in zip(row, widths, strict=True)
                    if form is self.wrapped and isinstance(value, str)
                ),
                default=1,
            )
            if lines > 1:
                sheet.set_row(place, _LINE_HEIGHT * lines)
            for column, (value, form) in enumerate(row):
                if isinstance(value, str):
                    # As a text, whatever it begins with: a label is no formula and no link.
                    sheet.write_string(place, column, value, form)
                elif isinstance(value, Link):
                    target = f"internal:'{value.sheet}'!A1"
                    sheet.write_url(place, column, target, self._link, value.sheet)
                else:
                    sheet.write_number(place, column, value, form)
            place += 1
        return place - 1

    def close(self, path: Path) -> None:
        """Write the file, with the language of its words: the writer of XLSX knows no language."""
        self._file.close()
        said = f"<dc:language>{self.lang}-BE</dc:language>".encode()
        with (
            zipfile.ZipFile(self._content) as made,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out,
        ):
            for entry in made.infolist():
                content = made.read(entry)
                if entry.filename == _CORE:
                    content = content.replace(b"<dcterms:created", said + b"<dcterms:created", 1)
                    if said not in content:
                        raise AssertionError("the properties of the workbook have no date")
                out.writestr(entry, content)
