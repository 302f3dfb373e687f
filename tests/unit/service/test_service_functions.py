"""The terms of the service commitment as plain SQL, on the day before, the day, the day after."""

from __future__ import annotations

import duckdb
import pytest

from law import functions

#: A last day of 10 May, looked at from 31 May.
IN_TIME = "date '2024-05-10', date '2024-05-31'"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        functions.load(connection)
        yield connection


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"done_in_time(date '2024-05-09', {IN_TIME})", True),
        (f"done_in_time(date '2024-05-10', {IN_TIME})", True),
        (f"done_in_time(date '2024-05-11', {IN_TIME})", False),
        # Not done, or only tomorrow: late once the last day is over, open until then.
        (f"done_in_time(null, {IN_TIME})", False),
        (f"done_in_time(date '2024-06-01', {IN_TIME})", False),
        ("done_in_time(null, date '2024-05-30', date '2024-05-31')", False),
        ("done_in_time(null, date '2024-05-31', date '2024-05-31')", None),
        ("done_in_time(null, date '2024-06-01', date '2024-05-31')", None),
        ("done_in_time(date '2024-05-31', date '2024-05-31', date '2024-05-31')", True),
        ("is_judged(null, null, date '2024-05-31')", True),
        ("is_judged(null, date '2024-05-30', date '2024-05-31')", True),
        ("is_judged(null, date '2024-05-31', date '2024-05-31')", False),
        ("is_judged(date '2024-05-31', date '2024-06-30', date '2024-05-31')", True),
        ("is_judged(date '2024-06-01', date '2024-06-30', date '2024-05-31')", False),
        # E2: a Sunday after the fifth working day still counts.
        ("is_in_time(null, null, null, date '2024-05-31')", True),
        ("is_in_time(date '2024-05-10', date '2024-05-10', null, date '2024-05-31')", True),
        ("is_in_time(date '2024-05-11', date '2024-05-10', null, date '2024-05-31')", False),
        ("is_in_time(date '2024-05-12', date '2024-05-10', date '2024-05-12', date '2024-05-31')",
         True),
        ("is_in_time(date '2024-05-13', date '2024-05-10', date '2024-05-12', date '2024-05-31')",
         False),
        ("is_in_time(null, date '2024-05-10', null, date '2024-05-31')", False),
        ("is_in_time(date '2024-06-01', date '2024-06-30', null, date '2024-05-31')", False),
        # Messages of the fourth quarter are due at the end of February.
        ("quarter_index_text(last_closed_career_quarter(date '2024-01-31'))", "2022Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2024-02-28'))", "2022Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2024-02-29'))", "2022Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2024-03-01'))", "2023Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2023-02-28'))", "2021Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2023-03-01'))", "2022Q4"),
        ("quarter_index_text(last_closed_career_quarter(date '2024-12-31'))", "2023Q4"),
        ("mutuality_union('319')", "3"),
        ("mutuality_union('OA 206')", "2"),
        ("mutuality_union('900')", "9"),
        ("mutuality_union('719')", "other"),
        ("mutuality_union(null)", "other"),
    ],
)  # fmt: skip
def test_a_term_at_its_edges(connection, expression, expected):
    assert connection.execute(f"select {expression}").fetchone() == (expected,)
