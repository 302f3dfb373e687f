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
