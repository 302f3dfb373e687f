"""Two small releases by hand, and what is changed in one of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from release.reader import Release

#: Table, its columns, its key as it is declared.
TABLES = {
    "contribution.fct_charges": (
        "charge_id varchar, nature varchar, outstanding_amount decimal(18,2), rate double",
        ["charge_id"],
    ),
    "contribution.mart_keyless": ("nature varchar, claimed_amount decimal(18,2)", []),
    "statistics.stat_t01": (
        "ref_period varchar, sex varchar, measure varchar, obs_value decimal(18,2)",
        None,
    ),
    "service.mart_commitments": (
        "code varchar, quarter varchar, office_code varchar, value double, unit varchar",
        ["code", "quarter", "office_code"],
    ),
}
ROWS = (
    "insert into contribution.fct_charges"
    " select 'D' || i, if(i % 2 = 0, 'main', 'student'), i, i / 3 from range(100) t(i)",
    "insert into contribution.mart_keyless values ('main', 10), ('main', 10), ('student', 5)",
    "insert into statistics.stat_t01 values"
    " ('2025', 'F', 'persons', 7), ('2025', 'M', 'persons', 9)",
    "insert into service.mart_commitments values"
    " ('SC01', '2026Q1', 'ALL', 0.9, 'share'), ('SC01', '2026Q1', 'LIE', 0.8, 'share')",
)


def write_release(folder: Path, name: str, changes: Sequence[str] = ()) -> Release:
    """A file that is a release as far as a comparison looks, with these changes to its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("meta", *{table.partition(".")[0] for table in TABLES}):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table meta.release as select $name as release_id, date '2026-09-30' as"
            " business_date, '0.1.0' as code_version, 1 as deliveries, now() as built_at",
            {"name": name},
        )
        for table, (columns, _) in TABLES.items():
            connection.execute(f"create table {table} ({columns})")
        for statement in (*ROWS, *changes):
            connection.execute(statement)
        _dictionary(connection)
    return Release(name, path, date(2026, 9, 30))


def _dictionary(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table meta.dictionary (position integer, schema_name varchar, table_name varchar,"
        " column_name varchar, data_type varchar, description varchar, label_fr varchar,"
        " label_nl varchar, definition_fr varchar, definition_nl varchar, meta_json varchar)"
    )
    for place, (table, (_, key)) in enumerate(TABLES.items()):
        meta = {"dimensions": [{"name": "sex"}]} if key is None else {"key": key} if key else {}
        connection.execute(
            "insert into meta.dictionary by name select $place as position, $schema as schema_name,"
            " $table as table_name, $meta as meta_json",
            {
                "place": place,
                "schema": table.partition(".")[0],
                "table": table.partition(".")[2],
                "meta": json.dumps(meta),
            },
        )
