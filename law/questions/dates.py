"""Dates: prescription, deadline.

Does not belong here: terms and how they are counted (dbt_project/functions/prescription.sql,
deadlines.sql).
"""

from __future__ import annotations

from law import arguments as read
from law.answer import Answer
from law.arguments import Flag
from law.errors import LawError
from law.questions.benefits import UNITS
from law.questions.kind import Query, Question, Rows, Values

KINDS = ("provisional", "regularisation", "company", "overpayment")
DEADLINES = (
    "opposition",
    "charter_decision",
    "charter_payment",
    "information",
    "bereavement_request",
    "bereavement_leave",
    "birth_request",
    "bridging_request",
    "bridging_appeal",
    "settlement_notice",
    "ex_officio_affiliation",
    "relief_transmission",
    "contribution_due",
    "exemption_request",
    "company_due",
)


def _prepare_prescription(values: Values) -> tuple[Query, Values]:
    overpayment = values["kind"] == "overpayment"
    needed = ("benefit", "established") if overpayment else ("year",)
    refused = ("year", "interrupted") if overpayment else ("benefit", "established", "fraud")
    for name in refused:
        if values[name]:
            raise LawError("flag.not_for_kind", flag=f"--{name}", kind=values["kind"])
    for name in needed:
        if values[name] is None:
            raise LawError("flag.missing", flag=f"--{name}")
    columns = {
        "kind": "varchar",
        "year": "integer",
        "benefit": "varchar",
        "is_fraud": "boolean",
        "established_date": "date",
        "interrupted_dates": "date[]",
    }
    return Query("prescription", columns), {
        "kind": values["kind"],
        "year": values["year"],
        "benefit": values["benefit"],
        "is_fraud": values["fraud"],
        "established_date": values["established"],
        "interrupted_dates": [day.isoformat() for day in values["interrupted"]],
    }


def _explain_prescription(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if row["first_date"] is None:
        if values["year"]:
            raise LawError("year.without_parameters", year=values["year"])
        raise LawError("date.without_parameters", date=values["established"])
    answer = Answer(lang)
    term = int(row["term"])
    if row["starts_years_after"] is None:
        answer.step(
            "prescription.established", row["first_date"], term=term, date=values["established"]
        )
    else:
        start = values["year"] + row["starts_years_after"]
        answer.step("prescription.start", f"{start:04d}-01-01", year=values["year"])
        answer.step("prescription.term", row["first_date"], term=term)
    answer.rests_on(row["article"], row["certainty"])
    if row["interrupted_on"] is not None:
        restart = int(row["restart_term"])
        answer.step(
            "prescription.interrupted",
            row["prescription_date"],
            date=row["interrupted_on"],
            term=restart,
        )
        answer.rests_on(row["restart_article"], row["restart_certainty"])
    answer.step("prescription.last_day", row["last_day"])
    on = row["interrupted_on"]
    return answer.conclude(
        row["prescription_date"],
        "date",
        last_day=row["last_day"],
        interrupted_on=on.isoformat() if on else None,
    )


def _prepare_deadline(values: Values) -> tuple[Query, Values]:
    first = values["first_quarter"]
    if first is not None and values["kind"] != "exemption_request":
        raise LawError("flag.not_for_kind", flag="--first-quarter", kind=values["kind"])
    day = values["from"]
    if first is not None and day.year * 4 + (day.month - 1) // 3 < first:
        raise LawError("first_quarter.later")
    columns = {"kind": "varchar", "from_date": "date", "first_quarter": "integer"}
    return Query("deadline", columns), {
        "kind": values["kind"],
        "from_date": day,
        "first_quarter": first,
    }


def _explain_deadline(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    day = values["from"]
    if row["last_day"] is None or (row["kind"] == "company_due" and row["company_article"] is None):
        raise LawError("date.without_parameters", date=day)
    answer = Answer(lang)
    count = int(row["value"])
    if row["kind"] == "company_due":
        answer.step("deadline.company_usual", row["usual_due_date"])
        answer.step("deadline.month_end", row["deadline"], count=count, date=day)
        answer.rests_on(row["company_article"], row["company_certainty"])
    elif row["counted_from"] == "quarter_start":
        answer.step("deadline.counted_from_quarter", row["counted_date"])
        answer.step(
            "deadline.quarter_start", row["last_day"], count=count, after=row["quarters_after"]
        )
    elif row["counted_from"] in ("quarter_end", "month_end"):
        answer.step(f"deadline.{row['counted_from']}", row["last_day"], count=count, date=day)
    else:
        answer.step("deadline.start", day)
        answer.step(f"deadline.{row['unit']}", row["last_day"], count=count)
    answer.rests_on(row["article"], row["certainty"])
    return answer.conclude(row["last_day"], "date")


QUESTIONS = (
    Question(
        "prescription",
        (
            Flag("kind", read.choice(*KINDS), required=True),
            Flag("year", read.year),
            Flag("interrupted", read.day, repeats=True),
            Flag("benefit", read.choice(*UNITS)),
            Flag("established", read.day),
            Flag("fraud"),
        ),
        _prepare_prescription,
        _explain_prescription,
    ),
    Question(
        "deadline",
        (
            Flag("kind", read.choice(*DEADLINES), required=True),
            Flag("from", read.day, required=True),
            Flag("first-quarter", read.quarter_text),
        ),
        _prepare_deadline,
        _explain_deadline,
    ),
)
