"""The sheets of a workbook as rows, from the parts of the file itself.

Belongs here: sheets, shared texts, cells. Does not belong here: what they mean (reading.py).
"""

import zipfile
from pathlib import Path

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Value = str | float
Rows = list[list[Value]]


def read_sheets(path: Path, wanted: set[str]) -> dict[str, Rows]:
    """Return the rows of the sheets `wanted`, by name: numbers as numbers, the rest as texts."""
    with zipfile.ZipFile(path) as book:
        links = {
            one.get("Id"): one.get("Target") for one in _root(book, "xl/_rels/workbook.xml.rels")
        }
        texts = [_text(one) for one in _root(book, "xl/sharedStrings.xml")]
        sheets = _root(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")
        return {
            one.get("name"): _rows(book, f"xl/{links[one.get(_LINK)]}", texts)
            for one in sheets
            if one.get("name") in wanted
        }


def _root(book: zipfile.ZipFile, name: str) -> etree._Element:
    # Nothing of a foreign file is fetched or expanded.
    return etree.fromstring(book.read(name), etree.XMLParser(resolve_entities=False))


def _text(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_MAIN}t"))


def _rows(book: zipfile.ZipFile, name: str, texts: list[str]) -> Rows:
    found = []
    for row in _root(book, name).iter(f"{_MAIN}row"):
        found.append([_value(cell, texts) for cell in row])
    return found


def _value(cell: etree._Element, texts: list[str]) -> Value:
    held = cell.find(f"{_MAIN}v")
    written = held.text if held is not None else ""
    if cell.get("t") == "s":
        return texts[int(written)]
    return float(written) if written and cell.get("t") in (None, "n") else written
