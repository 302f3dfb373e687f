"""Reading the dictionary of a release."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from release import publish
from release.dictionary import read_dictionary
from release.reader import open_release

DAY = date(2026, 6, 30)


def test_entries_are_found_by_name_and_fall_back(tmp_path):
    candidate = tmp_path / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.dictionary as select * from (values "
            "(2, 'core', 'dim_a', 'b', 'INTEGER', 'English', null, null, null, null, null), "
            "(1, 'core', 'dim_a', null, null, 'One row per a', 'Table A', 'Tabel A', "
            "'Déf.', 'Def.', "
            """'{"code": "T01"}')) """
            "as t(position, schema_name, table_name, column_name, data_type, description, "
            "label_fr, label_nl, definition_fr, definition_nl, meta_json)"
        )
    publish.publish(tmp_path, candidate, "2026-06-30_20260701T050000Z", DAY)
    dictionary = read_dictionary(open_release(tmp_path))
    table = dictionary.table("core", "dim_a")
    assert (table.label("nl"), table.definition("fr"), table.meta["code"]) == (
        "Tabel A",
        "Déf.",
        "T01",
    )
    [column] = dictionary.columns("core", "dim_a")
    assert (column.label("fr"), column.definition("nl"), column.data_type) == (
        "b",
        "English",
        "INTEGER",
    )
    assert [entry.table for entry in dictionary.tables("core")] == ["dim_a"]
    with pytest.raises(KeyError):
        dictionary.column("core", "dim_a", "zzz")
