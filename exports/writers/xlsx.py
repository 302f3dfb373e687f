"""The workbook: cover, contents, notes, definitions, codes, then one block a sheet.

Belongs here: which sheets there are and the tables of the blocks. Does not belong here: which
cells leave, how a sheet is made (book.py), the sheets that explain (front.py), or any wording that
is not in texts.yaml or in the release.
"""

from collections.abc import Iterator
from pathlib import Path

from exports.catalogue import Measure
from exports.package import Contents
from exports.periods import words
from exports.signs import SIGNS
from exports.tables import BlockTable, Row, Shown
from exports.texts import basis, text
from exports.units import number_format, places
from exports.writers.book import YEAR, Book, Head, Line
from exports.writers.csv import known_code
from exports.writers.front import note_numbers, signs_mean, write_front
from exports.writers.words import title, unit_label

_WIDTH_CODE = 15
_WIDTH_VALUE = 17
_WIDTH_LABEL = (16, 44)


def write_workbook(path: Path, contents: Contents) -> None:
    """Write the workbook of a package to `path`."""
    book = Book(contents)
    sheets = {
        sheet_name(table, contents.lang): table for part in contents.parts for table in part.tables
    }
    titles = {name: title(table, contents.lang) for name, table in sheets.items()}
    write_front(book, sheets, titles)
    for name, table in sheets.items():
        _block(book, name, titles[name], table)
    book.close(path)


def sheet_name(table: BlockTable, lang: str) -> str:
    """Return the name of a sheet: the block and its frequency."""
    return f"{table.block.name} {text(f'frequency_{table.frequency}', lang)}"


def _block(book: Book, name: str, said: str, table: BlockTable) -> None:
    lang = book.lang
    labels = _labels(book, table)
    code = text("head_code", lang).lower()
    period, *names = _unique(
        [text("head_period", lang), *(d.label(lang) for d in table.dimensions)]
    )
    heads = [Head(period, 12)]
    for name_of, found in zip(names, labels, strict=True):
        low, high = _WIDTH_LABEL
        width = min(max(low, 2 + max(map(len, found.values()))), high)
        heads.append(Head(name_of, width))
        width = min(max(_WIDTH_CODE, 2 + max(map(len, found))), high)
        heads.append(Head(f"{name_of} ({code})", width, is_code=True))
    units = _unique([unit_label(measure, lang) for measure in table.measures])
    heads += [Head(unit, _WIDTH_VALUE, number=True) for unit in units]
    measures = _unique([measure.label(lang) for measure in table.measures])
    for attribute in ("OBS_STATUS", "CONF_STATUS"):
        heads += [Head(f"{attribute} {measure}", _WIDTH_CODE) for measure in measures]
    table_name = f"{table.block.name}_{table.frequency}".replace(".", "_")
    rows = _rows(book, table, labels)
    # On paper the statuses of several measures would make the figures too small to read.
    printed = len(heads) - 2 * len(table.measures) if len(table.measures) > 1 else len(heads)
    book.sheet(name, said, _lines(book, table), heads, rows, table_name, printed)


def _lines(book: Book, table: BlockTable) -> list[Line]:
    """What a reader has to know before the first figure: when, what, which signs, which notes."""
    lang, contents = book.lang, book.contents
    bases = {measure.basis_of(ref) for ref in table.ref_periods for measure in table.measures}
    shown = [words(ref, lang) for ref in table.ref_periods]
    periods = ", ".join(shown) if len(shown) < 3 else f"{shown[0]} … {shown[-1]}"
    return [
        Line(
            text(
                "period_line",
                lang,
                periods=periods,
                date=contents.business_date,
                release=contents.release_id,
            )
        ),
        Line(
            text(
                "line_basis",
                lang,
                unit=", ".join(unit_label(measure, lang) for measure in table.measures),
                basis=", ".join(sorted(basis(code, lang) for code in bases)),
            )
        ),
        Line(signs_line(table, lang)),
        Line(
            text("notes_line", lang, numbers=note_numbers(contents, table.statistic)),
            text("sheet_notes", lang),
        ),
        Line(text("to_contents", lang), text("sheet_contents", lang)),
    ]


def signs_line(table: BlockTable, lang: str) -> str:
    """Say which signs this table uses, and what a zero and an absent row mean in it."""
    used = signs_mean(table.statuses, lang)
    said = text("signs_used", lang, signs=used) if used else text("signs_none", lang)
    return f"{said} {text('signs_zero', lang)}"


def _rows(
    book: Book, table: BlockTable, labels: list[dict[str, str]]
) -> Iterator[list[tuple[object, object]]]:
    for row in table.rows:
        form = book.bold if row.is_total else book.plain
        cells: list[tuple[object, object]] = [_identifier(book, row.ref_period, form)]
        for known, code in zip(labels, row.codes, strict=True):
            cells += [_identifier(book, known[code], form), (code, form)]
        cells += [
            _value(book, measure, row, cell)
            for measure, cell in zip(table.measures, row.cells, strict=True)
        ]
        cells += [(cell.obs_status, book.status) for cell in row.cells]
        cells += [(cell.conf_status, book.status) for cell in row.cells]
        yield cells


def _value(book: Book, measure: Measure, row: Row, cell: Shown) -> tuple[object, object]:
    if cell.value is None:
        return SIGNS[cell.obs_status], book.sign
    kept, value = places(measure.unit, measure.decimals), float(cell.value)
    form = book.number(number_format(measure.unit, measure.decimals), row.is_total)
    return (value if kept is None else round(value, kept)), form


def _identifier(book: Book, said: str, form) -> tuple[object, object]:
    """A year is a number, so that it sorts and is no number kept as a text."""
    return (int(said), book.number(YEAR)) if said.isdigit() and said[0] != "0" else (said, form)


def _labels(book: Book, table: BlockTable) -> list[dict[str, str]]:
    """Return the label of each code that occurs, for each dimension of a table."""
    columns = zip(*(row.codes for row in table.rows), strict=True)
    return [
        {
            code: known_code(book.contents, dimension.list_name, code).label(book.lang)
            for code in dict.fromkeys(codes)
        }
        for dimension, codes in zip(table.dimensions, columns, strict=True)
    ]


def _unique(names: list[str]) -> list[str]:
    """Number what bears a name already taken: a table refuses it twice, and so does a reader."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        found.append(name if count == 1 else f"{name} {count}")
    return found
