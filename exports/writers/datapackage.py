"""The package described for a program: Frictionless Data Package (datapackage.json).

Belongs here: the resources of a package and the schema of its CSVs. Does not belong here: the CSVs
(csv.py), what else describes them (csvw.py), the hashes that count (manifest).

A code is looked up among all codes of codes.csv (the foreign key), and among those of its own list
(the values a column may have): a key of two columns would need a column for the list.
"""

import json
import re
from pathlib import Path

from exports.manifest import sha256_of
from exports.names import CODES, DATAPACKAGE
from exports.package import Contents, Part, files_of
from exports.texts import text
from exports.writers.csv import ATTRIBUTES, CODE_COLUMNS, attribute_codes, measure_list
from exports.writers.csvw import PERIOD
from exports.writers.words import absent_line

_PROFILE = "https://datapackage.org/profiles/1.0/datapackage.json"
_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}


def write_datapackage(folder: Path, contents: Contents) -> None:
    """Write datapackage.json about every file that the folder has by now."""
    lang = contents.lang
    schemas = {part.csv_name: _schema(part, contents) for part in contents.parts}
    schemas[CODES] = _codes()
    described = {
        "$schema": _PROFILE,
        "name": _name(contents.identifier),
        "title": _title(contents),
        "description": absent_line(contents.parts, lang),
        "version": contents.release_id,
        "created": f"{contents.built_at:%Y-%m-%dT%H:%M:%SZ}",
        "contributors": [{"title": text("fund", lang), "role": "publisher"}],
        "sources": [{"title": contents.release_id}],
        "resources": [_resource(folder, name, schemas.get(name)) for name in files_of(folder)],
    }
    written = json.dumps(described, ensure_ascii=False, indent=2)
    (folder / DATAPACKAGE).write_text(written + "\n", encoding="utf-8")


def media_type(name: str) -> str:
    """Return the media type of a file of a package."""
    return _TYPES[Path(name).suffix]


def _title(contents: Contents) -> str:
    return "; ".join(
        f"{part.statistic.code} {part.statistic.title(contents.lang)}" for part in contents.parts
    )


def _name(written: str) -> str:
    """Return a name as the specification wants it: small letters, digits, points, dashes."""
    return re.sub(r"[^a-z0-9._/-]", "-", written.lower())


def _resource(folder: Path, name: str, schema: dict | None) -> dict:
    path = folder / name
    said = {
        "name": _name(name),
        "path": name,
        "mediatype": media_type(name),
        "format": path.suffix[1:],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }
    if schema is None:
        return said | {"type": "file"}
    return said | {
        "type": "table",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": schema,
    }


def _schema(part: Part, contents: Contents) -> dict:
    statistic = part.statistic
    lists = {"MEASURE": measure_list(statistic)}
    lists |= {name: name.lower() for name in ATTRIBUTES if name != "SNAPSHOT_DATE"}
    held: dict[str, list[str]] = {}
    for list_name, code in attribute_codes(contents):
        held.setdefault(list_name, []).append(code.code)
    fields = [_field("REF_PERIOD", pattern=PERIOD)]
    for one in statistic.dimensions:
        enum = list(part.used[one.name])
        fields.append(_field(one.name.upper(), one.label(contents.lang), enum=enum))
    fields.append(_field("MEASURE", enum=held[lists["MEASURE"]]))
    fields.append({"name": "OBS_VALUE", "type": "number"})
    for name in ATTRIBUTES:
        if name == "SNAPSHOT_DATE":
            fields.append({"name": name, "type": "date", "constraints": {"required": True}})
        else:
            enum = held.get(lists[name])
            fields.append(_field(name, required=name != "COUNT_BASIS", enum=enum))
    coded = [*map(str.upper, statistic.dimension_names), *lists]
    return {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": ["REF_PERIOD", *map(str.upper, statistic.dimension_names), "MEASURE"],
        "foreignKeys": [
            {"fields": [name], "reference": {"resource": _name(CODES), "fields": ["CODE"]}}
            for name in coded
        ],
    }


def _codes() -> dict:
    fields = [_field(name) for name in CODE_COLUMNS]
    fields[-1] = {
        "name": CODE_COLUMNS[-1],
        "type": "boolean",
        "trueValues": ["true"],
        "falseValues": ["false"],
        "constraints": {"required": True},
    }
    return {"fields": fields, "missingValues": [""], "primaryKey": list(CODE_COLUMNS[:2])}


def _field(
    name: str,
    title: str = "",
    *,
    required: bool = True,
    pattern: str = "",
    enum: list[str] | None = None,
) -> dict:
    limits: dict = {"required": True} if required else {}
    limits |= {"pattern": pattern} if pattern else {}
    limits |= {"enum": enum} if enum else {}
    said = {"name": name, "type": "string"} | ({"title": title} if title else {})
    return said | ({"constraints": limits} if limits else {})
