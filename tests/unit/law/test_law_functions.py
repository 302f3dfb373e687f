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
        # B11: without a floor the income is taken as it is, however small.
        (
            "assessed_income(0.50, {'nothing_below_amount': null, 'as_main_from_amount': null,"
            " 'main_floor_amount': 100.00, 'floor_amount': null, 'free_up_to_amount': null},"
            " false)",
            "0.50",
        ),
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


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Quarters as numbers: 4 x year + quarter - 1.
        ("quarter_index(date '2026-01-01')", 8104),
        ("quarter_index(date '2026-12-31')", 8107),
        ("quarter_text_index('2026Q1')", 8104),
        ("quarter_text_index('2025Q4')", 8103),
        ("quarter_index_text(8103)", "2025Q4"),
        ("quarter_index_text(8104)", "2026Q1"),
        ("last_ended_quarter(date '2026-03-30')", 8103),
        ("last_ended_quarter(date '2026-03-31')", 8104),
        ("last_ended_quarter(date '2026-04-01')", 8104),
        ("quarter_start(date '2026-06-30')", "2026-04-01"),
        ("quarter_end(date '2026-04-01')", "2026-06-30"),
        ("quarter_end(date '2025-12-31')", "2025-12-31"),
        ("quarter_index_start(8103)", "2025-10-01"),
        ("quarter_index_end(8103)", "2025-12-31"),
        ("quarter_index_start(8104)", "2026-01-01"),
        ("quarter_index_end(8104)", "2026-03-31"),
        ("month_number(date '2026-01-31') - month_number(date '2025-12-01')", 1),
        ("month_number(date '2026-01-31') - month_number(date '2024-01-01')", 24),
        ("month_text(date '2026-09-30')", "2026-09"),
        ("months_added(date '2024-01-31', 1)", "2024-02-29"),
        ("years_added(date '2024-02-29', 1)", "2025-02-28"),
        ("year_start(2026)", "2026-01-01"),
        ("month_end(date '2024-01-15', 1)", "2024-02-29"),
        ("month_end(date '2024-01-31', 0)", "2024-01-31"),
        ("first_year()", 2018),
        # Ages: on the day before, the day; S7: of 29 February on 1 March.
        ("age_in_years(date '1980-05-17', date '2026-05-16')", 45),
        ("age_in_years(date '1980-05-17', date '2026-05-17')", 46),
        ("age_in_years(date '1980-05-17', date '2026-12-31')", 46),
        ("age_in_years(date '1980-05-17', date '2026-04-30')", 45),
        ("age_in_years(date '1980-05-17', date '2026-06-01')", 46),
        ("age_in_years(date '2000-02-29', date '2026-02-28')", 25),
        ("age_in_years(date '2000-02-29', date '2026-03-01')", 26),
        ("age_class(19)", "<20"),
        ("age_class(20)", "20-24"),
        ("age_class(24)", "20-24"),
        ("age_class(25)", "25-29"),
        ("age_class(69)", "65-69"),
        ("age_class(70)", "70+"),
        # H6: a notice late in the year counts for the next; the last 3 % before a summons.
        ("surcharge_kind('provisional', true)", "starter"),
        ("surcharge_kind('provisional', false)", "provisional"),
        ("surcharge_kind('regularisation', true)", "regularisation"),
        ("surcharge_kind('company_contribution', false)", "company"),
        ("surcharge_kind('judicial_costs', false)", None),
        ("surcharge_claimed_date('provisional', date '2024-01-05', date '2024-03-31')",
         "2024-03-31"),
        ("surcharge_claimed_date('starter', date '2024-01-05', date '2024-03-31')", "2024-01-05"),
        ("surcharge_claimed_date('regularisation', date '2024-01-05', date '2024-03-31')",
         "2024-01-05"),
        ("last_surcharge_quarter(date '2026-03-31')", 8103),
        ("stops_surcharges('writ_served', null)", True),
        ("stops_surcharges('summons', 'served')", True),
        ("stops_surcharges('writ_served', 'not_served')", False),
        ("stops_surcharges('summons', 'withdrawn')", False),
        ("stops_surcharges('registered_letter', null)", False),
        # Art. 93: calendar months of delay, that of the last day included.
        ("months_of_delay(date '2024-12-31', date '2024-12-31')", 0),
        ("months_of_delay(date '2024-12-31', date '2025-01-01')", 1),
        ("months_of_delay(date '2024-12-31', date '2025-01-31')", 1),
        ("months_of_delay(date '2024-12-31', date '2025-02-01')", 2),
        ("months_of_delay(date '2024-12-30', date '2024-12-31')", 1),
        # In force from its first to its last day, open where no end is given.
        ("is_in_force({'valid_from': date '2024-01-01', 'valid_to': date '2024-12-31'}, "
         "date '2023-12-31')", False),
        ("is_in_force({'valid_from': date '2024-01-01', 'valid_to': date '2024-12-31'}, "
         "date '2024-01-01')", True),
        ("is_in_force({'valid_from': date '2024-01-01', 'valid_to': date '2024-12-31'}, "
         "date '2024-12-31')", True),
        ("is_in_force({'valid_from': date '2024-01-01', 'valid_to': date '2024-12-31'}, "
         "date '2025-01-01')", False),
        ("is_in_force({'valid_from': date '2024-01-01', 'valid_to': null}, date '2999-01-01')",
         True),
        ("weakest(['seen', 'unsure', 'known'])", "unsure"),
        ("weakest(['seen', 'known', 'derived'])", "known"),
        ("weakest(['seen', null, 'derived'])", "derived"),
        ("weakest(['seen', null])", "seen"),
        ("benefit_variant('bridging_right', true)", "family"),
        ("benefit_variant('bridging_right', null)", "single"),
        ("benefit_variant('informal_carer', null, is_partial := true)", "partial"),
        ("benefit_variant('informal_carer', true)", "full"),
        ("benefit_variant('birth_leave', true, is_partial := true)", "full"),
    ],
)  # fmt: skip
def test_a_function_at_its_edges(connection, expression, expected):
    """Days, quarters, ages and small rules: the day before, the day, the day after."""
    # Texts of days, so that a moment is not taken for one.
    (found, kind) = connection.execute(
        f"select v, typeof(v) from (select {expression} as v)"
    ).fetchone()
    if kind == "DATE":
        found = found.isoformat()
    assert found == expected
    assert kind in ("DATE", "INTEGER", "BIGINT", "VARCHAR", "BOOLEAN")
