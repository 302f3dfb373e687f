"""The `meta.*` tables a run writes, and the dictionary made from declarations and the candidate's
own types.
"""

from __future__ import annotations

import datetime as dt
import json

import duckdb
import pytest

from orchestration.dictionary import write_dictionary
from orchestration.meta import declared_tables, write_table

MANIFEST = {
    "nodes": {
        "model.vigie.dim_a": {
            "resource_type": "model",
            "schema": "core",
            "name": "dim_a",
            "description": "One row per a.",
            "config": {"meta": {"label_fr": "Les a", "code": "T01"}},
            "columns": {
                "b": {
                    "description": "The b",
                    "config": {"meta": {"label_fr": "Le b", "definition_nl": "De b"}},
                }
            },
        },
        "test.vigie.unique": {"resource_type": "test", "schema": "x", "name": "unique"},
    }
}


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.dim_a as select 1 as b, 2 as c")
        yield connection


def test_rows_keep_their_types_and_texts(connection):
    row = {
        "check_id": 'a\'b "c"',
        "kind": "é",
        "subject": None,
        "severity": "error",
        "status": "pass",
        "failures": 3_000_000_000,
        "explanation": "x\ny",
    }
    write_table(connection, "checks", [row])
    assert connection.execute("select * from meta.checks").fetchall() == [tuple(row.values())]
    write_table(connection, "checks", [])
    assert connection.execute("select count(*) from meta.checks").fetchone() == (0,)


def test_dates_and_numbers_are_what_is_declared(connection):
    columns = {column["name"]: None for column in declared_tables()["release"]["columns"]}
    row = {
        **columns,
        "business_date": dt.date(2026, 6, 30),
        "built_at": dt.datetime(2026, 7, 1, 3, 0, 1),  # noqa: DTZ001 (the column is UTC without a zone)
        "deliveries": 3,
    }
    write_table(connection, "release", [row])
    found = connection.execute("select business_date, built_at, deliveries from meta.release")
    assert found.fetchone() == (row["business_date"], row["built_at"], 3)


def test_a_row_with_other_columns_is_refused(connection):
    with pytest.raises(ValueError, match="colour"):
        write_table(connection, "checks", [{"colour": "red"}])


def test_the_dictionary_holds_every_column_with_its_type_and_itself(connection):
    write_table(connection, "checks", [])
    write_dictionary(connection, MANIFEST)
    rows = connection.execute(
        "select table_name, column_name, data_type, description, label_fr, definition_nl, "
        "meta_json "
        "from meta.dictionary where schema_name = 'core' order by position"
    ).fetchall()
    assert rows == [
        ("dim_a", None, None, "One row per a.", "Les a", None, '{"code": "T01"}'),
        ("dim_a", "b", "INTEGER", "The b", "Le b", "De b", None),
        ("dim_a", "c", "INTEGER", None, None, None, None),
    ]
    undeclared = connection.execute(
        "select distinct table_name from meta.dictionary where schema_name = 'meta' "
        "and (label_fr is null or label_nl is null or description is null)"
    ).fetchall()
    assert undeclared == []
    [(tables,)] = connection.execute(
        "select list(table_name order by table_name) from meta.dictionary "
        "where schema_name = 'meta' and column_name is null"
    ).fetchall()
    assert tables == ["checks", "dictionary"]


def test_what_several_tables_share_is_filled_in(connection, monkeypatch):
    said = {
        "b": {"label_fr": "Commun", "label_nl": "Gemeen", "definition_fr": "D'abord."},
        "narrower": {"definition_fr": "Ensuite.", "definition_nl": "Daarna."},
    }
    monkeypatch.setattr("orchestration.columns.dictionary", lambda: said)
    measures = [{"name": "m", "label_fr": "Mesure", "said_as": "narrower"}]
    node = {
        **MANIFEST["nodes"]["model.vigie.dim_a"],
        "config": {"meta": {"measures": measures}},
        "columns": {"b": {"config": {"meta": {"label_fr": "À soi", "said_as": "narrower"}}}},
    }
    write_dictionary(connection, {"nodes": {"model.vigie.dim_a": node}})
    rows = connection.execute(
        "select label_fr, label_nl, definition_fr, definition_nl, meta_json from meta.dictionary "
        "where schema_name = 'core' and column_name = 'b' or column_name is null "
        "and schema_name = 'core' order by position"
    ).fetchall()
    assert rows[1] == ("À soi", "Gemeen", "Ensuite.", "Daarna.", None)
    assert json.loads(rows[0][-1]) == {
        "measures": [
            {
                "name": "m",
                "label_fr": "Mesure",
                "definition_fr": "Ensuite.",
                "definition_nl": "Daarna.",
            }
        ]
    }
