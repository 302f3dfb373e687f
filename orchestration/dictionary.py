"""`meta.dictionary`: what each table and column of a release means, from the dbt YAML and the
candidate's own types.

Belongs here: joining declarations to what the candidate holds. Does not belong here: texts (they
stand in the YAML beside what they name, or once for several tables: columns.py), reading the
dictionary (release/dictionary.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from orchestration.columns import SAID_AS, TEXTS, texts_of
from orchestration.meta import SCHEMA, declared_tables, write_table

#: What a table or column carries out: a paragraph of the definitions, rulings, an article of law.
_REFERENCE = "definition"


def write_dictionary(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    """Write `meta.dictionary` of the candidate the connection is open on.

    Call it last: tables written after it would not be in it.
    """
    # First once empty, so that the dictionary describes itself too.
    write_table(connection, "dictionary", [])
    write_table(connection, "dictionary", list(_rows(connection, _declarations(manifest))))


def _declarations(manifest: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Declarations by (schema, table): models and seeds of dbt, and our own meta tables."""
    found = {
        (node["schema"], node.get("alias") or node["name"]): {
            "description": node.get("description"),
            "meta": node.get("meta") or node["config"].get("meta") or {},
            "columns": node.get("columns") or {},
        }
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    for name, table in declared_tables().items():
        found[SCHEMA, name] = {
            **table,
            "columns": {column["name"]: column for column in table["columns"]},
        }
    return found


def _rows(
    connection: duckdb.DuckDBPyConnection,
    declarations: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    held = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal "
        "order by schema_name, table_name, column_index"
    ).fetchall()
    position = 0
    table_before = None
    for schema, table, column, data_type in held:
        declared = declarations.get((schema, table), {})
        reference = _meta(declared).get(_REFERENCE)
        if (schema, table) != table_before:
            table_before = (schema, table)
            position += 1
            yield _row(position, schema, table, None, None, declared, reference)
        position += 1
        of_column = declared.get("columns", {}).get(column, {})
        yield _row(position, schema, table, column, data_type, of_column, reference)


def _row(
    position: int,
    schema: str,
    table: str,
    column: str | None,
    data_type: str | None,
    declared: Mapping[str, Any],
    reference_of_table: str | None,
) -> dict[str, Any]:
    meta = _meta(declared)
    texts = texts_of(column, meta)
    more = {key: value for key, value in meta.items() if key not in (*TEXTS, SAID_AS, _REFERENCE)}
    if "measures" in more:
        more["measures"] = [_measure(measure) for measure in more["measures"]]
    return {
        "position": position,
        "schema_name": schema,
        "table_name": table,
        "column_name": column,
        "data_type": data_type,
        "description": " ".join((declared.get("description") or "").split()) or None,
        **texts,
        "definition": meta.get(_REFERENCE, reference_of_table),
        "meta_json": json.dumps(more, ensure_ascii=False, default=str) if more else None,
    }


def _measure(declared: Mapping[str, Any]) -> dict[str, Any]:
    """A measure of a statistic, with the definition of the meaning that it takes."""
    own = {key: value for key, value in declared.items() if key != SAID_AS}
    said = {text: value for text, value in texts_of(None, declared).items() if value}
    return said | own


def _meta(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    return declared.get("meta") or (declared.get("config") or {}).get("meta") or {}
