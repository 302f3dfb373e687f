"""What the columns of microdata mean: for a person (dictionary.csv, codes.csv) and for a program
(W3C "CSV on the Web" metadata beside each CSV).

Belongs here: these files. Does not belong here: labels and definitions (tables.yaml, and the
dictionary of the release).
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from exports.catalogue import Code, order_of
from exports.microdata import reconciliation
from exports.microdata.declared import Column, Table
from exports.names import CODES, METADATA
from exports.texts import both_languages, other
from exports.writers.csv import CODE_COLUMNS
from exports.writers.csvw import list_column

FILE = "dictionary.csv"
COLUMNS = (
    "FILE", "COLUMN", "TYPE", "REQUIRED", "LIST",
    "LABEL_FR", "LABEL_NL", "DEFINITION_FR", "DEFINITION_NL",
)  # fmt: skip
_CONTEXT = "http://www.w3.org/ns/csvw"
_QUARTER = {"base": "string", "format": "[0-9]{4}Q[1-4]"}
_TYPES = {"quarter": _QUARTER, "boolean": {"base": "boolean", "format": "true|false"}}
_COUNTS = ("DELIVERED", "RELEASE", "DIFFERENCE")


def write_dictionary(folder: Path, named: dict[str, Table]) -> None:
    """Write one line per column of the files `named` (name of the file, its table)."""
    lines = [
        [
            name, column.name, column.type, str(column.required).lower(), column.list_name,
            column.labels["fr"], column.labels["nl"],
            column.definitions["fr"], column.definitions["nl"],
        ]
        for name, table in named.items()
        for column in table.columns
    ]  # fmt: skip
    _write_csv(folder / FILE, COLUMNS, lines)


def write_codes(folder: Path, used: dict[str, set[str]], codes: dict[str, dict[str, Code]]) -> None:
    """Write the labels of the codes that occur, by list, in its order."""
    lines = []
    for list_name, found in sorted(used.items()):
        for code in sorted(found, key=lambda code: order_of(codes[list_name], code)):
            known = codes[list_name].get(code) or Code(code, code, code, 0, False)
            flag = str(known.is_provisional).lower()
            lines.append([list_name, code, known.label_fr, known.label_nl, flag])
    _write_csv(folder / CODES, CODE_COLUMNS, lines)


def write_metadata(folder: Path, named: dict[str, Table], about: dict, lang: str) -> None:
    """Write the metadata of every CSV: of a table with that of the codes it refers to."""
    codes = _plain(CODES, CODE_COLUMNS, ("LIST", "CODE"), "codes_title", lang)
    codes["tableSchema"]["columns"][-1]["datatype"] = _TYPES["boolean"]
    for name, table in named.items():
        tables = [_table(name, table, lang), codes]
        _write(folder / f"{name}{METADATA}", {**_head(about, lang), "tables": tables})
    _write(folder / f"{CODES}{METADATA}", {**_head(about, lang), **codes})
    words = _plain(FILE, COLUMNS, ("FILE", "COLUMN"), "microdata_dictionary", lang)
    _write(folder / f"{FILE}{METADATA}", {**_head(about, lang), **words})
    header = reconciliation.HEADER
    equations = _plain(reconciliation.FILE, header, header[:6], "microdata_reconciliation", lang)
    for column in equations["tableSchema"]["columns"]:
        column["datatype"] = "integer" if column["name"] in _COUNTS else "string"
    _write(folder / f"{reconciliation.FILE}{METADATA}", {**_head(about, lang), **equations})


def _head(about: dict, lang: str) -> dict:
    return {
        "@context": [_CONTEXT, {"@language": lang}],
        "dc:publisher": _natural(both_languages("fund"), lang),
        "dc:created": about["built_at"],
        "dc:source": about["release_id"],
        "dc:rights": _natural(both_languages("microdata_rights"), lang),
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "headerRowCount": 1},
    }


def _table(name: str, table: Table, lang: str) -> dict:
    lists = {column.name: column.list_name for column in table.columns if column.list_name}
    virtual = [list_column(name, list_name) for name, list_name in lists.items()]
    return {
        "url": name,
        "dc:title": _natural(table.titles, lang),
        "tableSchema": {
            "columns": [_column(column, lang) for column in table.columns] + virtual,
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "columnReference": [f"{column}_LIST", column],
                    "reference": {"resource": CODES, "columnReference": ["LIST", "CODE"]},
                }
                for column in lists
            ],
        },
    }


def _column(column: Column, lang: str) -> dict:
    titles = {one: column.labels[one] for one in (lang, other(lang))}
    return {
        "name": column.name,
        "titles": {"und": column.name, **titles},
        "dc:description": _natural(column.definitions, lang),
        "datatype": _TYPES.get(column.type, column.type),
        "null": "",
        "required": column.required,
    }


def _plain(name: str, columns: Iterable[str], key: Iterable[str], title: str, lang: str) -> dict:
    """Describe a file of texts: its headers say themselves what they hold."""
    return {
        "url": name,
        "dc:title": _natural(both_languages(title), lang),
        "tableSchema": {
            "columns": [
                {"name": column, "titles": {"und": column}, "datatype": "string"}
                for column in columns
            ],
            "primaryKey": list(key),
        },
    }


def _natural(said: dict[str, str], lang: str) -> list[dict[str, str]]:
    return [{"@value": said[one], "@language": one} for one in (lang, other(lang))]


def _write(path: Path, said: dict) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_csv(path: Path, header: Iterable[str], lines: Iterable[list[str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
