"""The audit's own rules; that a failed one publishes nothing is tests/pipeline/test_gate.py."""

from __future__ import annotations

from dataclasses import fields

import duckdb

from orchestration.audit import Audit, Check, _from_release

KNOWN = Check("unique_natures_nature", "table", "natures.nature", "error", "pass", 0, "unique")


def test_a_check_that_is_not_repeated_keeps_the_result_of_the_release_or_stops_the_publication():
    with duckdb.connect() as connection:
        connection.execute("create schema meta")
        columns = ", ".join(
            f"{field.name} {'bigint' if field.name == 'failures' else 'varchar'}"
            for field in fields(Check)
        )
        connection.execute(f"create table meta.checks ({columns})")
        values = [getattr(KNOWN, field.name) for field in fields(Check)]
        connection.execute(
            f"insert into meta.checks values ({', '.join('?' * len(values))})", values
        )
        told = Audit(tuple(_from_release(connection, [KNOWN.check_id, "unique_offices_code"])))
        assert told.checks[0] == KNOWN
        assert [check.check_id for check in told.stopping] == ["unique_offices_code"]
        assert list(_from_release(connection, [])) == []


def test_what_could_not_be_computed_is_named_before_what_follows_from_it():
    found = Check("adds_up", "equation", "charges", "error", "fail", 3, "three rows differ")
    skipped = Check("has_rows", "table", "cohorts", "error", "error", 0, "not executed")
    broken = Check("built_cohorts", "build", "cohorts", "error", "error", 1, "out of range")
    assert Audit((found, KNOWN, skipped, broken)).stopping == (broken, skipped, found)
