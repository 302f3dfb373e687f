"""Benefits: benefit (amounts), entitlement (how much an event gives), free-quarters.

Does not belong here: the amounts and durations (dbt_project/seeds/law).
"""

from __future__ import annotations

from law import arguments as read
from law.answer import Answer
from law.arguments import Flag
from law.errors import LawError
from law.questions.kind import Query, Question, Rows, Values

#: Units in which each benefit is counted.
UNITS = {
    "bridging_right": ("month",),
    "maternity_help": ("voucher",),
    "birth_leave": ("day", "half_day"),
    "informal_carer": ("month",),
    "bereavement_leave": ("day", "half_day"),
}
BENEFIT = Flag("benefit", read.choice(*UNITS), required=True)
DATE = Flag("date", read.day, required=True)
SECOND_FACT = ("quarters_between", "months_used", "quarters_used")


def _units(flag: str, text: str) -> int | str:
    """A number of units, or `max`."""
    return text if text == "max" else read.whole(1, 999_999)(flag, text)


def _prepare_benefit(values: Values) -> tuple[Query, Values]:
    benefit, unit = values["benefit"], values["unit"]
    if unit not in UNITS[benefit]:
        raise LawError("unit.not_for_benefit", unit=unit, benefit=benefit)
    for flag, owner in (
        ("family", "bridging_right"),
        ("partial", "informal_carer"),
        ("resumption_month", "bridging_right"),
    ):
        if values[flag] and benefit != owner:
            name = flag.replace("_", "-")
            raise LawError("flag.not_for_benefit", flag=f"--{name}", benefit=benefit)
    if unit == "voucher" and values["units"] is not None:
        raise LawError("flag.not_for_benefit", flag="--units", benefit=benefit)
    variant = "full"
    if benefit == "bridging_right":
        variant = "family" if values["family"] else "single"
    elif values["partial"]:
        variant = "partial"
    units = "max" if unit == "voucher" else values["units"] or 1
    columns = {
        "benefit": "varchar",
        "unit": "varchar",
        "variant": "varchar",
        "date": "date",
        "units": "integer",
        "is_max": "boolean",
        "resumption_month": "integer",
    }
    return Query("benefit", columns), {
        "benefit": benefit,
        "unit": unit,
        "variant": variant,
        "date": values["date"],
        "units": None if units == "max" else units,
        "is_max": units == "max",
        "resumption_month": values["resumption_month"],
    }


def _explain_benefit(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    answer = Answer(lang)
    if row["is_max"] and row["units_paid"] is None:
        raise LawError("date.without_parameters", date=row["date"])
    if row["unit"] == "voucher":
        answer.step("entitlement.vouchers", row["units_paid"])
        answer.rests_on(row["most_article"], row["most_certainty"])
        return answer.conclude(row["units_paid"], "vouchers")
    if row["unit_amount"] is None or (row["resumption_month"] and row["reduction_pct"] is None):
        raise LawError("date.without_parameters", date=row["date"])
    answer.step(f"benefit.{row['unit']}", row["unit_amount"], date=row["date"])
    answer.rests_on(row["article"], row["certainty"])
    if row["reduction_pct"] is not None:
        answer.step("benefit.reduced", row["reduced_amount"], pct=row["reduction_pct"])
        answer.rests_on(row["reduction_article"], row["reduction_certainty"])
    answer.step("benefit.most" if row["is_max"] else "benefit.units", row["units_paid"])
    if row["is_max"]:
        answer.rests_on(row["most_article"], row["most_certainty"])
    answer.step("benefit.total", row["total"])
    return answer.conclude(row["total"], "EUR")


def _prepare_entitlement(values: Values) -> tuple[Query, Values]:
    given = [name for name in SECOND_FACT if values[name] is not None]
    if given and values["benefit"] != "bridging_right":
        name = given[0].replace("_", "-")
        raise LawError("flag.not_for_benefit", flag=f"--{name}", benefit=values["benefit"])
    for name in SECOND_FACT:
        if given and values[name] is None:
            raise LawError("flag.missing", flag=f"--{name.replace('_', '-')}")
    columns = {
        "benefit": "varchar",
        "date": "date",
        "quarters_between": "integer",
        "months_used": "integer",
        "quarters_used": "integer",
    }
    return Query("entitlement", columns), values


def _explain_entitlement(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if row["certainty"] is None:
        raise LawError("date.without_parameters", date=values["date"])
    answer = Answer(lang)
    answer.rests_on(row["article"], row["certainty"])
    if row["event_value"] is not None:
        answer.step(f"entitlement.{row['event_unit']}", row["event_value"])
        return answer.conclude(row["event_value"], row["event_unit"])
    answer.step("entitlement.career_months", row["career_months"])
    if values["benefit"] != "bridging_right":
        return answer.conclude(row["career_months"], "months")
    if row["extra_months"] is not None:
        answer.step("entitlement.months_left", row["months_left"], used=values["months_used"])
        quarters = values["quarters_between"]
        answer.step("entitlement.extra_months", row["extra_months"], quarters=quarters)
        answer.step("entitlement.quarters_left", row["quarters_left"])
        answer.step("entitlement.extra_quarters", row["extra_quarters"], quarters=quarters)
        answer.rests_on(row["extra_article"], row["extra_certainty"])
    answer.step("entitlement.fact_months", row["months"], most=row["fact_months"])
    answer.step("entitlement.fact_quarters", row["quarters"], most=row["fact_quarters"])
    return answer.conclude(row["months"], "months", quarters=row["quarters"])


def _prepare_free_quarters(values: Values) -> tuple[Query, Values]:
    return Query("free_quarters", {"event": "varchar", "date": "date"}), values


def _explain_free_quarters(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if row["quarters"] is None:
        raise LawError("date.without_parameters", date=values["date"])
    answer = Answer(lang)
    answer.step("free_quarters", row["quarters"], date=values["date"])
    for text in row["quarter_texts"]:
        answer.step("free_quarter", text)
    answer.rests_on(row["article"], row["certainty"])
    return answer.conclude(row["quarters"], "quarters", quarters=list(row["quarter_texts"]))


QUESTIONS = (
    Question(
        "benefit",
        (
            BENEFIT,
            DATE,
            Flag("unit", read.choice("month", "day", "half_day", "voucher"), required=True),
            Flag("units", _units),
            Flag("family"),
            Flag("partial"),
            Flag("resumption-month", read.whole(1, 3)),
        ),
        _prepare_benefit,
        _explain_benefit,
    ),
    Question(
        "entitlement",
        (
            BENEFIT,
            DATE,
            Flag("quarters-between", read.whole(0, 999)),
            Flag("months-used", read.whole(0, 999)),
            Flag("quarters-used", read.whole(0, 999)),
        ),
        _prepare_entitlement,
        _explain_entitlement,
    ),
    Question(
        "free-quarters",
        (Flag("event", read.choice("birth"), required=True), DATE),
        _prepare_free_quarters,
        _explain_free_quarters,
    ),
)
