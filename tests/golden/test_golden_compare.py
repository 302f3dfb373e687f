"""The comparison must fail where tables differ: a helper that finds nothing proves nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.golden.compare import differences

COLUMNS = "code varchar, amount decimal(18,2), done_pct double, ended date, open boolean"
EXPECTED = "code,amount,done_pct,ended,open\nA,10.00,33.33333333,2025-01-31,true\nB,0.50,*,,false\n"


def compare(tmp_path: Path, rows: list[str], **options: object) -> list[str]:
    file = tmp_path / "expected.csv"
    file.write_text(EXPECTED, encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({COLUMNS})")
        for row in rows:
            connection.execute(f"insert into t values {row}")
        return differences(connection, "t", file, **options)


FIRST = "('A', 10, 100 / 3.0, date '2025-01-31', true)"
SECOND = "('B', 0.5, 99, null, false)"


def test_same_rows_in_any_order_are_equal(tmp_path: Path) -> None:
    assert compare(tmp_path, [SECOND, FIRST]) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([FIRST], "missing code=B"),
        ([FIRST, SECOND, SECOND], "not expected code=B"),
        (["('A', 10.01, 100 / 3.0, date '2025-01-31', true)", SECOND], "amount is 10.01, not 10"),
        (["('A', 10, 33.33334, date '2025-01-31', true)", SECOND], "done_pct is 33.33334"),
        (["('A', 10, 100 / 3.0, null, true)", SECOND], "ended is , not 2025-01-31"),
        (["('A', 10, 100 / 3.0, date '2025-01-31', null)", SECOND], "open is , not true"),
    ],
)
def test_any_difference_is_told(tmp_path: Path, rows: list[str], told: str) -> None:
    assert any(told in problem for problem in compare(tmp_path, rows))


def test_more_rows_only_where_allowed(tmp_path: Path) -> None:
    rows = [FIRST, SECOND, "('C', 1, 1, null, null)"]
    assert compare(tmp_path, rows) != []
    assert compare(tmp_path, rows, more_rows_allowed=True) == []
