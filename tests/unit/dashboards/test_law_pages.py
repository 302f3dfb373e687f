"""The pages of the law: accuracy of what was claimed, and the simulator."""

from __future__ import annotations

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from law.ask import ask
from tests.unit.dashboards.drawn import page as page_of


def page(name: str, lang: str) -> AppTest:
    return page_of(f"management/{name}", lang)


@pytest.fixture
def compared(home):
    """The small release with a handful of compared charges: 9 right, 2 explained, 1 not."""
    (file,) = (home / "releases").glob("*.duckdb")
    with duckdb.connect(str(file)) as release:
        release.execute("""
            create or replace table contribution.mart_accuracy as
            select *, contribution_year < 2026 as is_issued_year_earlier from (values
                ('affiliate', 'provisional', 2025, 'main', 'none', true, 9, 900.00, 0.00, 0.00),
                ('affiliate', 'provisional', 2025, 'main', 'reduction_granted', true, 2, 100.00,
                    -60.00, 60.00),
                ('affiliate', 'provisional', 2026, 'main', 'unexplained', true, 1, 107.50, 7.50,
                    7.50),
                ('affiliate', 'regularisation', 2026, 'main', 'income_missing', false, 3, 30.00,
                    0.00, 0.00)
            ) as t (account_type, charge_type, contribution_year, nature, difference_reason,
                has_expected_amount, charges, gross_amount, difference_amount,
                absolute_difference_amount)
        """)
        charge = """
            'A00000001' as account_id, 'provisional' as charge_type, 2026 as contribution_year,
            'main' as category, 'main' as nature, date '2026-01-20' as issue_date,
            107.50 as gross_amount
        """
        surcharges = """
            (null, 'D000000000001', 'surcharge_annual', 'not_claimed', date '2025-12-31', 7.00),
            (null, 'D000000000001', 'surcharge_quarterly', 'relief_pending', date '2025-12-31', 3),
            ('D000000000002', 'D000000000001', 'surcharge_quarterly', null, date '2026-03-31', 3.00)
        """
        for table, query in {
            "fct_charges": f"""
                select 'D000000000001' as charge_id, {charge}, 100.00 as expected_amount,
                    7.50 as difference_amount, 'unexplained' as difference_reason
                union all
                select 'D000000000002', {charge}, null, null, null
            """,
            "fct_expected_surcharges": f"""
                select 'A00000001' as account_id, charge_id, related_charge_id, charge_type,
                    'provisional' as surcharge_kind, fall_date, 100.00 as unpaid_amount,
                    case when charge_id is null then 0.00 else 3.00 end as gross_amount,
                    expected_amount, gross_amount - expected_amount as difference_amount,
                    difference_reason
                from (values {surcharges}) as t (charge_id, related_charge_id, charge_type,
                    difference_reason, fall_date, expected_amount)
            """,
        }.items():
            release.execute(f"create or replace table contribution.{table} as {query}")
    return home


@pytest.mark.parametrize(("lang", "title"), [("fr", "Exactitude"), ("nl", "Juistheid")])
def test_accuracy_counts_what_is_right_and_shows_what_is_not(compared, lang, title):
    app = page("accuracy", lang)
    assert app.title[0].value.startswith(title)
    share, of, explained, unexplained, stake = (metric.value for metric in app.metric)
    assert (share, of, explained, unexplained) == ("75,00\u00a0%", "12", "2", "1")
    assert "7,50" in stake
    drilled, owed = app.dataframe[-2].value, app.dataframe[-1].value
    assert list(drilled.iloc[:, 0]) == ["D000000000001"]
    assert list(owed.iloc[:, 5]) == [7, 3]


@pytest.mark.parametrize(("lang", "title"), [("fr", "La loi"), ("nl", "De wet")])
def test_simulator_gives_the_answer_of_the_command_line(home, lang, title):
    app = page("law", lang)
    assert app.title[0].value.startswith(title)
    words = ["contribution", "--year", "2026", "--category", "main", "--income", "40000"]
    answer = ask(words, lang)
    assert app.metric[0].value.startswith(answer.readable(answer.result))
    assert list(app.dataframe[0].value.iloc[:, 0]) == [text for text, _ in answer.steps]
    assert "vigie law " + " ".join(words) in {code.value for code in app.code}


def test_simulator_says_why_it_has_no_answer(home):
    app = page("law", "fr")
    app.selectbox(key="law_question").set_value("deadline").run()
    assert not app.exception
    assert "--" not in app.warning[0].value
    assert "À partir du" in app.warning[0].value


@pytest.mark.parametrize("question", ["threshold", "surcharge", "benefit", "deadline"])
def test_every_question_has_its_form(home, question):
    app = page("law", "nl")
    app.selectbox(key="law_question").set_value(question).run()
    assert not app.exception


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("40.000,50", "40000.50"),
        ("40 000", "40000"),
        ("40\u00a0000,5", "40000.5"),
        ("40\u202f000", "40000"),
        ("40\u2009000,50 €", "40000.50"),
        ("€ 40.000", "40000"),
        ("40.000", "40000"),
        ("40000.5", "40000.5"),
        ("40,000.50", "40000.50"),
        ("1.234.567,89", "1234567.89"),
        ("-2.000", "-2000"),
        ("\u22122000,10", "-2000.10"),
        ("40000", "40000"),
        ("12,345", "12.345"),
        ("4 %", "4"),
        ("1.2.3", "1.2.3"),
        ("40.00,5", "40.00,5"),
        ("forty", "forty"),
        ("", ""),
    ],
)
def test_belgian_numbers(typed, read):
    from dashboards.typed import number

    assert number(typed) == read


def test_days_quarters_and_payments_as_typed():
    from dashboards import typed

    assert typed.day("5/9/2026") == typed.day("05.09.2026") == "2026-09-05"
    assert typed.day("2026-09-05") == "2026-09-05"
    assert {typed.quarter(t) for t in ("T3 2026", "K3 2026", "3/2026", "2026Q3", "2026T3")} == {
        "2026Q3"
    }
    assert typed.payment("5/9/2026 = 1.000,50") == "2026-09-05=1000.50"
    assert typed.payment("x") == "x"


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_simulator_takes_belgian_numbers_and_names_fields(home, lang):
    app = page("law", lang)
    app.text_input(key="law_contribution_income").input("40.000,50")
    app.button[0].click().run()
    words = ["contribution", "--year", "2026", "--category", "main", "--income", "40000.50"]
    answer = ask(words, lang)
    assert app.metric[0].value.startswith(answer.readable(answer.result))
    app.text_input(key="law_contribution_income").input("beaucoup")
    app.button[0].click().run()
    told = app.warning[0].value
    assert "--" not in told
    assert "beaucoup" in told
    assert "40.000,50" in told
