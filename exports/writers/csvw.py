"""What the columns of the CSVs mean, for a program: W3C "CSV on the Web" metadata.

Belongs here: `<file>.csv-metadata.json` beside each CSV. Does not belong here: the CSVs
themselves (csv.py), labels (the release, texts.yaml).

A code and the list it is of make the key of codes.csv; the CSV of a statistic has the code only.
Its list is a virtual column: one with the same value in every row, which a reader adds. Some
readers fill such a column from its default, others from its URL: it has both.
"""

import json
from pathlib import Path

from exports.names import CODES, METADATA
from exports.package import Contents, Part
from exports.texts import both_languages, other, text
from exports.writers.csv import ATTRIBUTES, CODE_COLUMNS, measure_list
from exports.writers.words import absent_line

_CONTEXT = "http://www.w3.org/ns/csvw"
PERIOD = r"[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?"


def write_metadata(folder: Path, contents: Contents) -> None:
    """Write the metadata of every CSV of the package into its folder."""
    codes = _codes(contents)
    for part in contents.parts:
        tables = [_statistic(part, contents), codes]
        _write(folder / f"{part.csv_name}{METADATA}", {**_about(contents), "tables": tables})
    _write(folder / f"{CODES}{METADATA}", {**_about(contents), **codes})


def _write(path: Path, said: dict) -> None:
    written = json.dumps(said, ensure_ascii=False, indent=2)
    path.write_text(written + "\n", encoding="utf-8")


def _about(contents: Contents) -> dict:
    """Say it of the file: comma, one header line, UTF-8; empty is the only sign for no value."""
    return {
        "@context": [_CONTEXT, {"@language": contents.lang}],
        "dc:publisher": _natural("fund", contents.lang),
        "dc:created": contents.built_at.isoformat(),
        "dc:source": contents.release_id,
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "headerRowCount": 1},
    }


def _statistic(part: Part, contents: Contents) -> dict:
    lang, statistic = contents.lang, part.statistic
    columns = [
        {
            **_column("REF_PERIOD", lang),
            "datatype": {"base": "string", "format": PERIOD},
            "required": True,
        }
    ]
    columns += [
        _column(dimension.name.upper(), lang, dimension.label_fr, dimension.label_nl)
        | {"datatype": "string", "required": True}
        for dimension in statistic.dimensions
    ]
    columns.append(_column("MEASURE", lang) | {"datatype": "string", "required": True})
    columns.append(
        _column("OBS_VALUE", lang)
        | {"datatype": "decimal", "null": "", "dc:description": _natural("column_empty", lang)}
    )
    for name in ATTRIBUTES:
        kind = "date" if name == "SNAPSHOT_DATE" else "string"
        needed = {} if name == "COUNT_BASIS" else {"required": True}
        columns.append(_column(name, lang) | {"datatype": kind, "null": "", **needed})

    lists = {dimension.name.upper(): dimension.list_name for dimension in statistic.dimensions}
    lists |= {"MEASURE": measure_list(statistic)}
    # What may be empty is no key: a reader that is strict refuses one.
    keys = ("UNIT", "OBS_STATUS", "CONF_STATUS", "COUNT_BASIS")
    if "" in statistic.count_bases(part.ref_periods):
        keys = keys[:-1]
    lists |= {name: name.lower() for name in keys}
    virtual = [list_column(name, list_name) for name, list_name in lists.items()]
    return {
        "url": part.csv_name,
        "dc:title": [
            {"@value": statistic.title(one), "@language": one} for one in (lang, other(lang))
        ],
        "dc:description": [
            {"@value": absent_line([part], one), "@language": one} for one in (lang, other(lang))
        ],
        "tableSchema": {
            "columns": columns + virtual,
            "primaryKey": ["REF_PERIOD", *map(str.upper, statistic.dimension_names), "MEASURE"],
            "foreignKeys": [
                {
                    "columnReference": [f"{name}_LIST", name],
                    "reference": {"resource": CODES, "columnReference": ["LIST", "CODE"]},
                }
                for name in lists
            ],
        },
    }


def list_column(name: str, list_name: str) -> dict:
    """Return the virtual column that says which list the codes of a column are of."""
    return {
        "name": f"{name}_LIST",
        "virtual": True,
        "datatype": "string",
        "default": list_name,
        "valueUrl": list_name,
    }


def _codes(contents: Contents) -> dict:
    lang = contents.lang
    columns = [_column(name, lang) | {"datatype": "string"} for name in CODE_COLUMNS]
    for column in columns:
        column["required"] = True
    columns[-1]["datatype"] = {"base": "boolean", "format": "true|false"}
    return {
        "url": CODES,
        "dc:title": _natural("codes_title", lang),
        "tableSchema": {"columns": columns, "primaryKey": ["LIST", "CODE"]},
    }


def _column(name: str, lang: str, label_fr: str = "", label_nl: str = "") -> dict:
    """Describe a column: its header is a title of no language, beside one in each."""
    labels = {"fr": label_fr, "nl": label_nl} if label_fr else both_languages(f"column_{name}")
    ordered = {one: labels[one] for one in (lang, other(lang))}
    return {"name": name, "titles": {"und": name, **ordered}}


def _natural(key: str, lang: str) -> list[dict[str, str]]:
    """Return a sentence in both languages, the one asked for first."""
    return [{"@value": text(key, one), "@language": one} for one in (lang, other(lang))]
