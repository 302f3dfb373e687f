"""The tables `meta.*` of a release that the run itself writes, from their declaration in
meta_tables.yml.

Belongs here: putting rows that Python holds into a declared table. Does not belong here: what the
rows say (audit.py, dictionary.py, gate.py), the `meta.*` tables that are computed (dbt_project).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

SCHEMA = "meta"
DECLARATIONS = Path(__file__).with_name("meta_tables.yml")


@lru_cache
def declared_tables() -> Mapping[str, Mapping[str, Any]]:
    """The declarations by table name, as written in the file."""
    tables = yaml.safe_load(DECLARATIONS.read_text(encoding="utf-8"))
    return {table["name"]: table for table in tables}


def write_table(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Replace `meta.<name>` by rows; each row has exactly the declared columns.

    The rows travel as one JSON text: hundreds of rows in one statement, types as declared.
    """
    columns = {
        column["name"]: column["data_type"].upper() for column in declared_tables()[name]["columns"]
    }
    rows = list(rows)
    for row in rows:
        if set(row) != set(columns):
            raise ValueError(f"meta.{name}: columns {sorted(set(row) ^ set(columns))}")
    names = ", ".join(f'"{column}"' for column in columns)
    typed = ", ".join(f'row_."{column}" as "{column}"' for column in columns)
    connection.execute(f"create schema if not exists {SCHEMA}")
    connection.execute(
        f"create or replace table {SCHEMA}.{name} as select {names} from ("
        f"select {typed} from (select unnest(from_json($rows, $shape)) as row_))",
        {"rows": json.dumps(rows, default=str), "shape": json.dumps([columns])},
    )
