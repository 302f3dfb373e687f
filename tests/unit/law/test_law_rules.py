"""The rules at their edges, in every category and year, against a plain reading of the law."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from law.answer import Answer
from law.ask import ask, ask_all
from tests.unit.law import plain

CENT = Decimal("0.01")
CATEGORIES = (
    "main",
    "complementary",
    "article_37",
    "student",
    "spouse_maxi",
    "pensioner",
    "early_pensioner",
)
KEYS = [key for key in plain.BASES if key not in ("PRIMO_DISC_QUARTER", "PRIMO_2")]
#: legal-parameters.md, section 1.2: quarterly amounts without fee.
PUBLISHED = {
    2018: "694.46 3980.00 76.83 305.08 358.62 110.19 3131.55 26.76 150.90",
    2019: "709.68 4067.20 78.51 311.76 366.48 112.60 3200.16 27.35 154.21",
    2020: "717.18 4110.20 79.34 315.06 370.36 113.79 3234.00 27.64 155.84",
    2021: "719.68 4124.53 79.62 316.16 371.65 114.19 3245.27 27.73 156.38",
    2022: "751.25 4305.42 83.11 330.02 387.95 119.20 3387.60 28.95 163.24",
    2023: "840.97 4819.65 93.04 369.44 434.28 133.43 3792.21 32.41 182.74",
    2024: "864.15 4952.48 95.60 379.62 446.25 137.11 3896.73 33.30 187.78",
    2025: "871.71 4995.78 96.44 382.94 450.15 138.31 3930.79 33.59 189.42",
    2026: "890.42 5103.05 98.51 391.16 459.82 141.28 4015.19 34.31 193.48",
}


def results(questions: list[str]) -> list[Decimal]:
    """Results of many questions, asked at once."""
    outcomes = ask_all([question.split() for question in questions])
    assert all(isinstance(outcome, Answer) for outcome in outcomes), outcomes
    return [Decimal(outcome.result) for outcome in outcomes]


def contributions(category: str, year: int, incomes: list[Decimal], *more: str) -> list[Decimal]:
    flag = "--helped-income" if category == "spouse_mini" else "--income"
    return results(
        [
            f"contribution --year {year} --category {category} {flag} {income} {' '.join(more)}"
            for income in incomes
        ]
    )


@pytest.mark.parametrize("year", plain.YEARS)
def test_published_quarterly_amounts(year):
    asked = [
        "main --starter",
        "main --income 999999",
        "student --starter",
        "spouse_maxi --starter",
        "main --starter --primo 2 --quarter 4",
        "pensioner --starter",
        "pensioner --income 999999",
        "spouse_mini --helped-income 0",
        "spouse_mini --helped-income 999999",
    ]
    found = results([f"contribution --year {year} --category {rest}" for rest in asked])
    assert [str(amount) for amount in found] == PUBLISHED[year].split()


@pytest.mark.parametrize("year", plain.YEARS)
@pytest.mark.parametrize("category", [*CATEGORIES, "spouse_mini"])
def test_a_cent_below_at_and_a_cent_above_every_threshold(category, year):
    incomes = [Decimal("-2000.00"), Decimal("0.00")]
    for key in KEYS:
        edge = plain.threshold(key, year)
        incomes += [edge - CENT, edge, edge + CENT]
    expected = [plain.contribution(category, income, year) for income in incomes]
    assert contributions(category, year, incomes) == expected


@pytest.mark.parametrize("year", plain.YEARS)
@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_pension_age_without_pension_changes_with_the_fourth_quarter_of_2025(year, quarter):
    scheme = "new" if (year, quarter) >= (2025, 4) else "old"
    incomes = [plain.threshold("PENS", year) - CENT, plain.threshold("PENS", year), Decimal(20000)]
    expected = [
        plain.contribution("pensioner", income, year, no_pension=scheme) for income in incomes
    ]
    found = contributions(
        "pensioner", year, incomes, "--pension", "none", "--quarter", str(quarter)
    )
    assert found == expected


@pytest.mark.parametrize(
    ("year", "quarter", "discounted"),
    [(2022, 1, False), (2022, 2, True), (2021, 4, False), (2024, 1, True), (2026, 4, True)],
)
def test_discount_of_the_first_primo_quarter(year, quarter, discounted):
    """Ruling B9: only below MAIN_MIN, after rounding, from 2022Q2 on."""
    main = plain.threshold("MAIN_MIN", year)
    incomes = [Decimal(0), main - CENT, main]
    discount = plain.threshold("PRIMO_DISC_QUARTER", year) if discounted else Decimal(0)
    full = [plain.contribution("main", income, year, primo=True) for income in incomes]
    found = contributions("main", year, incomes, "--primo", "1", "--quarter", str(quarter))
    assert found == [full[0] - discount, full[1] - discount, full[2]]
    assert contributions("main", year, incomes, "--primo", "2") == full


def test_before_the_scheme_a_primo_quarter_is_one_like_any_other():
    first, second = results(
        [
            f"contribution --year 2018 --category main --income 0 --primo 1 --quarter {quarter}"
            for quarter in (1, 2)
        ]
    )
    assert (first, second) == (Decimal("694.46"), Decimal("358.62"))


@pytest.mark.parametrize(
    ("estimate", "step"), [("0", "PRIMO"), ("7251.66", "PRIMO"), ("7251.67", "PRIMO_2"),
                           ("9361.72", "PRIMO_2"), ("9361.73", "MAIN_MIN")],
)  # fmt: skip
def test_estimate_in_a_primo_quarter_of_2021_goes_to_the_next_step(estimate, step):
    question = f"contribution --year 2021 --category main --primo 3 --estimate {estimate}"
    answer = ask(question.split())
    assert Decimal(answer.result) == plain.bands(plain.threshold(step, 2021), 2021)
    assert Decimal(answer.extra["basis"]) == Decimal(estimate)


def test_estimate_since_2022_is_the_income_itself_not_below_the_floor():
    low, high, side = results(
        [
            "contribution --year 2024 --category main --estimate 100",
            "contribution --year 2024 --category main --estimate 30000",
            "contribution --year 2024 --category complementary --estimate 1865.44",
        ]
    )
    assert (low, high, side) == (Decimal("864.15"), Decimal("1537.50"), Decimal("0.00"))


def test_a_mixed_year_takes_each_quarter_by_its_own_rule():
    """2025, pension age without a pension: three quarters old scheme, the fourth as main."""
    question = (
        "regularisation --year 2025 --category pensioner --pension none --income 3000"
        " --provisional 100"
    )
    answer = ask(question.split()).as_dict()
    assert (answer["final"], answer["result"]) == ("871.71", "771.71")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(CATEGORIES),
    st.sampled_from(plain.YEARS),
    st.lists(st.decimals(-50_000, 200_000, places=2), min_size=2, max_size=40),
)
def test_any_income_agrees_with_the_plain_reading_and_more_income_never_costs_less(
    category, year, incomes
):
    incomes = sorted(incomes)
    found = contributions(category, year, incomes)
    assert found == [plain.contribution(category, income, year) for income in incomes]
    # A student at the minimum of a main occupation, and article 37 at its ceiling, jump up.
    assert found == sorted(found)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("main", "spouse_maxi")),
    st.sampled_from(plain.YEARS),
    st.lists(st.decimals(-50_000, 200_000, places=2), min_size=1, max_size=30),
)
def test_never_below_the_floor_and_never_above_the_ceiling(category, year, incomes):
    floor = {"main": "MAIN_MIN", "spouse_maxi": "MAXI"}[category]
    least = plain.bands(plain.threshold(floor, year), year)
    most = plain.bands(plain.threshold("BAND2", year), year)
    assert all(least <= amount <= most for amount in contributions(category, year, incomes))


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(plain.YEARS), st.integers(0, 3_000_000))
def test_bands_are_continuous(year, place):
    """A cent of income never moves a quarter by more than a cent, but at a threshold's jump."""
    income = plain.threshold("MAIN_MIN", year) + Decimal(place) / 100
    low, high = contributions("main", year, [income, income + CENT])
    assert 0 <= high - low <= CENT


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(CATEGORIES),
    st.sampled_from(plain.YEARS),
    st.integers(1, 4),
    st.decimals(-20_000, 150_000, places=2),
    st.decimals(0, 6, places=4),
)
def test_a_year_is_the_sum_of_its_rounded_quarters_fee_included(
    category, year, quarters, income, fee
):
    question = (
        f"contribution --year {year} --category {category} --income {income}"
        f" --quarters {quarters} --fee {fee}"
    )
    quarter = ask(question.split()).as_dict()
    whole = ask([*question.split(), "--per", "year"]).as_dict()
    for name in ("result", "contribution", "fee"):
        assert Decimal(whole[name]) == quarters * Decimal(quarter[name])
    basis = plain.cents(plain.Fraction(income) * 4 / quarters)
    assert Decimal(quarter["basis"]) == basis
    assert Decimal(quarter["contribution"]) == plain.contribution(category, basis, year)
    expected_fee = plain.Fraction(Decimal(quarter["contribution"])) * plain.Fraction(fee) / 100
    assert Decimal(quarter["fee"]) == plain.cents(expected_fee)
    settled = ask(
        f"regularisation --year {year} --category {category} --income {income}"
        f" --quarters {quarters} --fee {fee} --provisional 123.45".split()
    ).as_dict()
    assert settled["final"] == whole["result"]
    assert Decimal(settled["result"]) == Decimal(whole["result"]) - Decimal("123.45")


DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


@settings(max_examples=60, deadline=None)
@example("provisional", date(2024, 3, 1), 275, Decimal(1), [], None, True)
@example("provisional", date(2024, 3, 1), 276, Decimal(1), [], None, True)
@given(
    st.sampled_from(("provisional", "starter", "regularisation")),
    DAYS,
    st.integers(0, 900),
    st.decimals(0, 5000, places=2),
    st.lists(st.tuples(st.integers(0, 900), st.decimals(0, 1000, places=2)), max_size=3),
    st.none() | st.integers(0, 900),
    st.booleans(),
)
def test_surcharges_agree_with_a_replay(kind, start, days, amount, parts, judicial, as_of):
    claimed = plain.quarter_end(start) if kind == "provisional" else start
    end = claimed + timedelta(days=days)
    parts = [(claimed + timedelta(days=min(on, days)), part) for on, part in parts]
    amount += sum((part for _, part in parts), Decimal(0))
    stop = None if judicial is None else claimed + timedelta(days=judicial)
    first, year_end = claimed, date(claimed.year, 12, 31)
    if kind != "provisional":
        first = plain.quarter_end(plain.quarter_end(claimed) + timedelta(days=1))
        year_end = date(claimed.year + (claimed.month >= 10), 12, 31)
    words = ["surcharge", "--kind", kind, "--amount", str(amount)]
    words += ["--due" if kind == "provisional" else "--notice", str(claimed)]
    words += ["--as-of" if as_of else "--paid", str(end)]
    words += [word for on, part in parts for word in ("--part", f"{on}={part}")]
    words += ["--judicial", str(stop)] if stop else []
    told = ask(words).as_dict()
    paid = end + timedelta(days=1) if as_of else end
    quarterly, annual, count = plain.surcharge(amount, first, year_end, paid, parts, stop)
    if as_of and end <= year_end:  # H6: it arises the day after
        annual = Decimal(0)
    assert (told["quarterly"], told["annual"], told["count"]) == (
        f"{quarterly:.2f}",
        f"{annual:.2f}",
        str(count),
    )
    assert Decimal(told["result"]) == quarterly + annual


@pytest.mark.parametrize(
    ("words", "result", "count"),
    [
        # In time up to the quarter end; the 7 % up to 31 December.
        ("provisional --amount 1000 --due 2024-09-30 --paid 2024-09-30", "0.00", "0"),
        ("provisional --amount 1000 --due 2024-09-30 --paid 2024-10-01", "30.00", "1"),
        ("provisional --amount 1000 --due 2024-09-30 --paid 2024-12-31", "30.00", "1"),
        ("provisional --amount 1000 --due 2024-09-30 --paid 2025-01-01", "130.00", "2"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2024-09-29", "0.00", "0"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2024-09-30", "30.00", "1"),
        # H6: the 7 % arises on 1 January, on what is unpaid at the end of 31 December.
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2024-12-30", "30.00", "1"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2024-12-31", "60.00", "2"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2025-01-01", "130.00", "2"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2025-01-01 --part 2024-12-31=600",
         "70.00", "2"),
        ("provisional --amount 1000 --due 2024-09-30 --as-of 2025-01-01 --part 2025-01-01=600",
         "130.00", "2"),
        ("reduction --year 2023 --reduced 400 --legal 800 --final 1200 --as-of 2023-12-31",
         "12.00", "1"),
        ("reduction --year 2023 --reduced 400 --legal 800 --final 1200 --as-of 2024-01-01",
         "40.00", "1"),
        # A settlement sent in the fourth quarter counts as next year for the 7 %.
        ("regularisation --amount 1000 --notice 2024-09-30 --paid 2025-01-01", "100.00", "1"),
        ("regularisation --amount 1000 --notice 2024-10-01 --paid 2025-12-31", "90.00", "3"),
        ("regularisation --amount 1000 --notice 2024-10-01 --paid 2026-01-01", "190.00", "4"),
        # The last 3 % is that of the quarter before the summons; no 7 % on its year.
        (
            "provisional --amount 1000 --due 2024-03-31 --paid 2025-06-01 --judicial 2024-09-30",
            "60.00",
            "2",
        ),
        (
            "provisional --amount 1000 --due 2024-03-31 --paid 2025-06-01 --judicial 2025-01-02",
            "190.00",
            "4",
        ),
        # Unjustified reduction: definitive, at most the legal provisional, less the reduced.
        ("reduction --year 2023 --reduced 400 --legal 800 --final 1200 --paid 2023-12-31", "0.00",
         "0"),
        ("reduction --year 2023 --reduced 400 --legal 800 --final 1200 --paid 2024-01-01", "40.00",
         "1"),
        ("reduction --year 2023 --reduced 400 --legal 1800 --final 1200 --paid 2024-07-01"
         " --notice 2024-06-30", "104.00", "2"),
        ("reduction --year 2023 --reduced 900 --legal 800 --final 1200 --paid 2024-07-01", "0.00",
         "0"),
        # Companies: calendar months, the month of payment included, rounded once per part.
        ("company --amount 347.50 --due 2024-12-31 --paid 2024-12-31", "0.00", "0"),
        ("company --amount 347.50 --due 2024-12-31 --paid 2025-01-01", "3.48", "1"),
        ("company --amount 347.50 --due 2024-12-31 --paid 2025-02-28", "6.95", "2"),
        ("company --amount 0.00 --due 2024-12-31 --paid 2025-01-01", "0.00", "0"),
        ("company --amount 0.50 --due 2024-12-31 --paid 2025-01-01", "0.01", "1"),
        ("company --amount 347.50 --due 2024-12-31 --as-of 2025-01-31", "3.48", "1"),
        ("company --amount 347.50 --due 2024-12-31 --paid 2025-06-10 --part 2025-01-15=100.50"
         " --judicial 2025-02-28", "5.95", "2"),
    ],
)  # fmt: skip
def test_surcharges_at_their_edges(words, result, count):
    told = ask(["surcharge", "--kind", *words.split()]).as_dict()
    assert (told["result"], told["count"]) == (result, count)


@pytest.mark.parametrize(
    ("lang", "count", "told"),
    [
        ("fr", 1, "1 trimestre"),
        ("fr", 2, "2 trimestres"),
        ("nl", 1, "1 kwartaal"),
        ("nl", 0, "0 kwartalen"),
    ],
)
def test_one_has_its_own_word(lang, count, told):
    answer = Answer(lang)
    answer.rests_on("art. 1", "known")
    assert answer.conclude(count, "quarters").as_text().splitlines()[0] == told
