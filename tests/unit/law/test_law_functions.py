"""The functions of the project as SQL that anyone can read and paste."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from law import functions

FILES = functions.files()


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        functions.load(connection)
        yield connection


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_function_reads_no_table(file: Path):
    """dbt would not know that the model reads it."""
    code = re.sub(r"--[^\n]*|extract\(\w+ from", "", file.read_text(encoding="utf-8"))
    assert not re.search(r"\b(from|join)\b", code)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_holds_functions_each_introduced_by_a_comment(file: Path):
    """Or by that of the function above it, where no empty line parts them."""
    for paragraph in file.read_text(encoding="utf-8").strip().split("\n\n"):
        assert paragraph.startswith("-- "), paragraph
        code = [line for line in paragraph.splitlines() if line[:1] not in ("-", " ", ")")]
        assert all(line.startswith("create or replace macro ") for line in code), paragraph


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Half up, away from zero, whatever the sign and the size.
        ("to_the_cent(0.50, 0.01)", "0.01"),
        ("to_the_cent(-0.50, 0.01)", "-0.01"),
        ("to_the_cent(9999999.99, 1.06336653)", "10633665.29"),
        ("to_the_cent(99999999999.99, 1.06336653)", "106336652999.99"),
        ("to_the_cent(cast(null as decimal(18, 2)), 1.5)", None),
        ("quotient(100, 3)", "33.33"),
        ("quotient(-100.01 * 4, 3)", "-133.35"),
        ("quotient(0.01, 2)", "0.01"),
        ("quotient_8(527.62, 142.75)", "3.69611208"),
        ("annualised_income(10000.00, 3)", "13333.33"),
        ("annualised_income(10000.01, 4)", "10000.01"),
        ("surcharge_amount(1000.50, 3)", "30.02"),
        ("surcharge_amount(400.00, 1, times := 3)", "12.00"),
        ("management_fee(864.15, 3.95)", "34.13"),
        ("management_fee(864.15, null)", "0.00"),
    ],
)
def test_money_is_exact(connection, expression, expected):
    (found,) = connection.execute(f"select {expression}").fetchone()
    assert found is None or isinstance(found, Decimal)
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize(
    ("charge_type", "issue_date", "looks_back_on"),
    [
        ("surcharge_quarterly", "2024-12-30", "2024-09-30"),
        ("surcharge_quarterly", "2024-12-31", "2024-12-31"),
        # H6: the 7 % arises on 1 January; a notice of 31 December is about the year before.
        ("surcharge_annual", "2024-12-31", "2023-12-31"),
        ("surcharge_annual", "2025-01-01", "2024-12-31"),
        ("company_surcharge", "2025-01-01", None),
    ],
)
def test_a_notice_looks_back_on_the_end_before(connection, charge_type, issue_date, looks_back_on):
    (found,) = connection.execute(
        "select cast(surcharge_fall_date($1, cast($2 as date)) as varchar)",
        [charge_type, issue_date],
    ).fetchone()
    assert found == looks_back_on


@pytest.mark.parametrize(
    ("day", "year", "quarter"),
    [
        ("2026-08-01", "2026", "2026Q3"),
        ("0202-05-04", "0202", "0202Q2"),
        ("9999-12-31", "9999", "9999Q4"),
    ],
)
def test_a_year_has_four_digits(connection, day, year, quarter):
    """A typing error of the source (0202 for 2020) sorts and reads as other periods do."""
    sql = (
        "select year_text(cast($day as date)), quarter_text(cast($day as date)), "
        "quarter_index_text(quarter_index(cast($day as date))), "
        "quarter_text_index(quarter_text(cast($day as date))) = quarter_index(cast($day as date))"
    )
    assert connection.execute(sql, {"day": day}).fetchone() == (year, quarter, quarter, True)
