"""Contributions of affiliates: threshold, revaluation, contribution, regularisation.

Does not belong here: the rules (dbt_project/functions/contributions.sql).
"""

from __future__ import annotations

from typing import Any

from law import arguments as read
from law.answer import Answer
from law.arguments import Flag
from law.errors import LawError
from law.questions.kind import Query, Question, Rows, Values

CATEGORIES = (
    "main",
    "complementary",
    "article_37",
    "student",
    "spouse_maxi",
    "spouse_mini",
    "pensioner",
    "early_pensioner",
)
THRESHOLDS = (
    "MAIN_MIN",
    "BAND1",
    "BAND2",
    "COMPL",
    "PENS",
    "MAXI",
    "PRIMO",
    "PRIMO_2",
    "PRIMO_DISC_QUARTER",
    "ART37",
    "STUDENT_LOW",
)
BASES = ("income", "reference_income", "starter", "estimate", "helped_income")
YEAR = Flag("year", read.year, required=True)
CATEGORY = Flag("category", read.choice(*CATEGORIES), required=True)
PENSION = Flag("pension", read.choice("paid", "none"))
QUARTERS = Flag("quarters", read.whole(1, 4))
FEE = Flag("fee", read.percent)
QUERY = Query(
    "contribution",
    {
        "year": "integer",
        "category": "varchar",
        "pension": "varchar",
        "is_primo": "boolean",
        "is_first_primo": "boolean",
        "quarters": "integer",
        "quarters_asked": "integer[]",
        "is_quarter_given": "boolean",
        "basis_kind": "varchar",
        "amount": "decimal(14,2)",
        "fee_pct": "decimal(9,4)",
        "provisional": "decimal(14,2)",
    },
)


def _prepare_threshold(values: Values) -> tuple[Query, Values]:
    return Query("threshold", {"year": "integer", "name": "varchar"}), values


def _explain_threshold(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if row["threshold_amount"] is None:
        raise LawError("threshold.without_parameters", name=values["name"], year=values["year"])
    answer = Answer(lang)
    # Half of a base amount may have a third decimal (STUDENT_LOW).
    decimals = 2 if row["base_amount"] == round(row["base_amount"], 2) else 3
    answer.step("base_amount", row["base_amount"], decimals, name=values["name"])
    answer.step("index", row["factor"], 8, numerator=row["numerator"], divisor=row["divisor"])
    answer.step("indexed", row["threshold_amount"], year=values["year"])
    answer.rests_on(row["article"], row["certainty"])
    answer.rests_on(row["index_article"])
    return answer.conclude(row["threshold_amount"], row["unit"])


def _prepare_revaluation(values: Values) -> tuple[Query, Values]:
    return Query("revaluation", {"year": "integer", "income": "decimal(14,2)"}), values


def _explain_revaluation(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if row["coefficient"] is None:
        raise LawError("year.without_parameters", year=values["year"])
    answer = Answer(lang)
    years = {"reference_year": row["reference_year"], "year": values["year"]}
    answer.step("coefficient", row["coefficient"], 8, **years)
    answer.rests_on(row["article"], row["certainty"])
    if values["income"] is None:
        return answer.conclude(row["coefficient"], "factor", 8)
    answer.step("revalued", row["revalued"], income=row["income"], **years)
    return answer.conclude(row["revalued"], "EUR/year")


def _prepare_contribution(values: Values) -> tuple[Query, Values]:
    given = [name for name in BASES if values[name] not in (None, False)]
    if len(given) != 1:
        raise LawError("basis.one" if given else "basis.none")
    primo, per = values["primo"], values["per"] or "quarter"
    if primo and values["category"] != "main":
        raise LawError("primo.main_only")
    if primo and per == "year":
        raise LawError("primo.not_per_year")
    quarters, quarter = values["quarters"] or 4, values["quarter"]
    return QUERY, {
        **_common(values, given[0]),
        "is_primo": primo is not None,
        "is_first_primo": primo == 1,
        "quarters": quarters,
        "quarters_asked": [quarter or 1] * (quarters if per == "year" else 1),
        "is_quarter_given": quarter is not None,
    }


def _prepare_regularisation(values: Values) -> tuple[Query, Values]:
    wanted, other = "income", "helped_income"
    if values["category"] == "spouse_mini":
        wanted, other = other, wanted
    if values[other] is not None:
        raise LawError("flag.not_for_category", flag=_flag(other), category=values["category"])
    if values[wanted] is None:
        raise LawError("flag.missing", flag=_flag(wanted))
    quarters = values["quarters"] or 4
    return QUERY, {
        **_common(values, wanted),
        "is_primo": False,
        "is_first_primo": False,
        "quarters": quarters,
        # All four quarters are known to be those of the year, so each takes its own rule.
        "quarters_asked": [1, 2, 3, 4] if quarters == 4 else [1] * quarters,
        "is_quarter_given": quarters == 4,
        "provisional": values["provisional"],
    }


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _common(values: Values, basis: str) -> dict[str, Any]:
    category, pension = values["category"], values["pension"]
    if (basis == "helped_income") != (category == "spouse_mini"):
        raise LawError("flag.not_for_category", flag=_flag(basis), category=category)
    if pension and category != "pensioner":
        raise LawError("flag.not_for_category", flag="--pension", category=category)
    if category in ("pensioner", "early_pensioner"):
        pension = pension or "paid"
    return {
        "year": values["year"],
        "category": category,
        "pension": pension,
        "basis_kind": basis,
        "amount": None if basis == "starter" else values[basis],
        "fee_pct": values["fee"],
    }


def _explain_contribution(values: Values, rows: Rows, lang: str) -> Answer:
    answer, first = _explain_quarters(values, rows, lang)
    unit = "EUR/year" if values["per"] == "year" else "EUR/quarter"
    return answer.conclude(
        first["total_asked"],
        unit,
        basis=first["basis"],
        contribution=first["contribution_asked"],
        fee=first["fee_asked"],
    )


def _explain_regularisation(values: Values, rows: Rows, lang: str) -> Answer:
    answer, first = _explain_quarters(values, rows, lang)
    answer.step("provisional", first["provisional"])
    answer.step("difference", first["difference"])
    answer.rests_on(first["regularisation_article"])
    return answer.conclude(first["difference"], "EUR/year", final=first["total_asked"])


def _explain_quarters(values: Values, rows: Rows, lang: str) -> tuple[Answer, dict[str, Any]]:
    first = rows[0]
    if not all(row["is_known"] for row in rows):
        raise LawError("year.without_parameters", year=values["year"])
    if first["needs_quarter"]:
        # A question about one quarter may name it; a regularisation is about the year.
        key = "quarter.needed" if "quarter" in values else "quarter.whole_year"
        raise LawError(key, year=values["year"])
    answer = Answer(lang)
    _explain_basis(answer, first)
    told = None
    for number, row in enumerate(rows):
        # Quarters of a year mostly follow one rule: told once.
        rule = (row["assessed"], row["contribution"])
        if rule != told:
            _explain_quarter(answer, row, number + 1 if told or len(rows) > 1 else None)
        told = rule
    if len(rows) > 1:
        answer.step("sum_of_quarters", first["total_asked"], quarters=len(rows))
    return answer, first


def _explain_basis(answer: Answer, row: dict[str, Any]) -> None:
    kind, year = row["basis_kind"], row["year"]
    if kind == "income" and row["quarters"] != 4:
        answer.step("annualised", row["basis"], income=row["amount"], quarters=row["quarters"])
        answer.rests_on(row["annualisation_article"])
    elif kind == "reference_income":
        if row["coefficient"] is None:
            raise LawError("year.without_parameters", year=year)
        years = {"reference_year": row["reference_year"], "year": year}
        answer.step("coefficient", row["coefficient"], 8, **years)
        answer.step("revalued", row["basis"], income=row["amount"], **years)
        answer.rests_on(row["revaluation_article"], row["revaluation_certainty"])
    elif kind == "estimate":
        if row["estimate_rule"] is None:
            raise LawError("estimate.refused", year=year)
        if row["estimate_rule"] == "steps" and row["step_amount"] is None:
            raise LawError("estimate.above_steps", year=year)
        answer.step("basis.estimate", row["basis"])
        if row["step_amount"] is not None:
            answer.step("estimate_step", row["step_amount"], name=row["step_key"])
        answer.rests_on(row["estimate_article"], row["estimate_certainty"])
        answer.rests_on(None, row["step_certainty"])
    else:
        answer.step(f"basis.{kind}", row["basis"], year=year)


def _explain_quarter(answer: Answer, row: dict[str, Any], place: int | None) -> None:
    """Steps from the basis to the amount of one quarter."""
    basis = row["step_amount"] or row["basis"]
    if place:
        answer.step("quarter", row["contribution_quarter"], year=row["year"])
    if row["basis_kind"] == "starter":
        pass
    elif row["nothing_below_amount"] is not None and basis < row["nothing_below_amount"]:
        answer.step("nothing_below", row["nothing_below_amount"])
    elif row["as_main_from_amount"] is not None and basis >= row["as_main_from_amount"]:
        answer.step("as_main_from", row["as_main_from_amount"])
        answer.step("floor", row["main_floor_amount"])
    elif row["free_up_to_amount"] is not None:
        answer.step("free_up_to", row["free_up_to_amount"])
    elif row["floor_amount"] is not None:
        answer.step("floor", row["floor_amount"])
    answer.step("assessed", row["assessed"])
    answer.step(
        "bands",
        row["contribution_before_discount"],
        rate_1=row["rate_1_pct"],
        rate_2=row["rate_2_pct"],
        band_1=row["band1_amount"],
        band_2=row["band2_amount"],
    )
    if row["discount"]:
        answer.step("primo_discount", row["discount"])
        answer.step("after_discount", row["contribution"])
    answer.rests_on(row["article"], row["certainty"])
    answer.rests_on(row["rate_article"])
    answer.rests_on(row["index_article"])
    if row["fee_pct"] is not None:
        answer.step("fee", row["fee"], pct=row["fee_pct"])
        answer.step("with_fee", row["contribution"] + row["fee"])
        answer.rests_on(row["fee_article"])


QUESTIONS = (
    Question(
        "threshold",
        (YEAR, Flag("name", read.choice(*THRESHOLDS), required=True)),
        _prepare_threshold,
        _explain_threshold,
    ),
    Question(
        "revaluation",
        (YEAR, Flag("income", read.income)),
        _prepare_revaluation,
        _explain_revaluation,
    ),
    Question(
        "contribution",
        (
            YEAR,
            CATEGORY,
            Flag("income", read.income),
            Flag("reference-income", read.income),
            Flag("starter"),
            Flag("estimate", read.income),
            Flag("helped-income", read.income),
            QUARTERS,
            Flag("per", read.choice("quarter", "year")),
            FEE,
            Flag("primo", read.whole(1, 4)),
            PENSION,
            Flag("quarter", read.whole(1, 4)),
        ),
        _prepare_contribution,
        _explain_contribution,
    ),
    Question(
        "regularisation",
        (
            YEAR,
            CATEGORY,
            Flag("income", read.income),
            Flag("helped-income", read.income),
            QUARTERS,
            FEE,
            PENSION,
            Flag("provisional", read.money, required=True),
        ),
        _prepare_regularisation,
        _explain_regularisation,
    ),
)
