"""What comes after a contribution, and what companies owe: surcharge, company.

Does not belong here: the rules (dbt_project/functions/surcharges.sql, companies.sql).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from law import arguments as read
from law.answer import Answer
from law.arguments import Flag
from law.errors import LawError
from law.questions.kind import Query, Question, Rows, Values

#: The flags that say what was claimed, by kind: needed, and allowed besides.
CLAIM_FLAGS: dict[str, tuple[set[str], set[str]]] = {
    "provisional": ({"amount", "due"}, set()),
    "starter": ({"amount", "notice"}, set()),
    "regularisation": ({"amount", "notice"}, set()),
    "reduction": ({"year", "reduced", "legal", "final"}, {"notice"}),
    "company": ({"amount", "due"}, set()),
}
COLUMNS = {
    "kind": "varchar",
    "amount": "decimal(14,2)",
    "year": "integer",
    "reduced_amount": "decimal(14,2)",
    "legal_amount": "decimal(14,2)",
    "final_amount": "decimal(14,2)",
    "due_date": "date",
    "notice_date": "date",
    "paid_date": "date",
    "as_of_date": "date",
    "judicial_date": "date",
    "part_dates": "date[]",
    "part_amounts": "decimal(14,2)[]",
}


def _prepare_surcharge(values: Values) -> tuple[Query, Values]:
    kind = values["kind"]
    needed, allowed = CLAIM_FLAGS[kind]
    for name in ("amount", "due", "notice", "year", "reduced", "legal", "final"):
        if values[name] is None and name in needed:
            raise LawError("flag.missing", flag=f"--{name}")
        if values[name] is not None and name not in needed | allowed:
            raise LawError("flag.not_for_kind", flag=f"--{name}", kind=kind)
    if (values["paid"] is None) == (values["as_of"] is None):
        raise LawError("paid.or_as_of")
    due = values["due"]
    if kind == "provisional" and not _ends_quarter(due):
        raise LawError("due.quarter_end", date=due)
    if kind == "reduction" and values["notice"] and values["notice"].year <= values["year"]:
        raise LawError("notice.before_year_end", year=values["year"])
    principal = values["amount"]
    if kind == "reduction":
        least = min(Decimal(values["final"]), Decimal(values["legal"]))
        principal = max(least - Decimal(values["reduced"]), Decimal(0))
    end = values["paid"] or values["as_of"]
    if any(on > end for on, _ in values["part"]):
        raise LawError("part.too_late", date=end)
    if sum(Decimal(amount) for _, amount in values["part"]) > Decimal(principal):
        raise LawError("part.too_much")
    query = Query("surcharge_company" if kind == "company" else "surcharge", COLUMNS)
    return query, {
        "kind": kind,
        "amount": values["amount"],
        "year": values["year"],
        "reduced_amount": values["reduced"],
        "legal_amount": values["legal"],
        "final_amount": values["final"],
        "due_date": due,
        "notice_date": values["notice"],
        "paid_date": values["paid"],
        "as_of_date": values["as_of"],
        "judicial_date": values["judicial"],
        "part_dates": [on.isoformat() for on, _ in values["part"]],
        "part_amounts": [amount for _, amount in values["part"]],
    }


def _ends_quarter(day: Any) -> bool:
    after = day + timedelta(days=1)
    return after.day == 1 and after.month % 3 == 1


def _explain_surcharge(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if values["kind"] == "company":
        return _explain_company_surcharge(row, lang)
    if row["quarterly_pct"] is None:
        raise LawError("date.without_parameters", date=row["claimed_date"])
    answer = Answer(lang)
    if values["kind"] == "reduction":
        answer.step(
            "reduction_principal",
            row["principal"],
            final=row["final_amount"],
            legal=row["legal_amount"],
            reduced=row["reduced_amount"],
        )
    else:
        answer.step("principal", row["principal"])
    for fall in row["falls"] or []:
        # H6: what is unpaid at the end of 31 December has the 7 % from the day after on.
        arises_after = timedelta(days=1 if fall["period"] == "year" else 0)
        answer.step(
            f"surcharge.{fall['period']}",
            fall["surcharge"],
            date=fall["fall_date"] + arises_after,
            pct=fall["pct"].quantize(Decimal("0.01")),
            unpaid=fall["unpaid"],
        )
    if not row["falls"]:
        answer.step("no_surcharge", Decimal(0))
    answer.rests_on(row["quarterly_article"], row["quarterly_certainty"])
    answer.rests_on(row["yearly_article"], row["yearly_certainty"])
    answer.step("total", row["total"])
    return answer.conclude(
        row["total"],
        "EUR",
        quarterly=row["quarterly"],
        annual=row["annual"],
        count=row["count"],
    )


def _explain_company_surcharge(row: dict[str, Any], lang: str) -> Answer:
    if row["pct"] is None:
        raise LawError("date.without_parameters", date=row["due_date"])
    answer = Answer(lang)
    answer.step("principal", row["amount"])
    for part in row["parts"] or []:
        unpaid = part["is_last"] and row["as_of_date"] is not None
        answer.step(
            "months.unpaid" if unpaid else "months.paid",
            part["surcharge"],
            date=part["part_date"],
            amount=part["part_amount"],
            months=part["months"],
            pct=row["pct"].quantize(Decimal("0.01")),
        )
    answer.rests_on(row["article"], row["certainty"])
    answer.step("total", row["total"])
    return answer.conclude(
        row["total"], "EUR", quarterly=Decimal(0), annual=Decimal(0), count=row["count"]
    )


def _prepare_company(values: Values) -> tuple[Query, Values]:
    created = values["created"]
    if created and created.year > values["year"]:
        raise LawError("created.after_year", year=values["year"])
    columns = {
        "year": "integer",
        "balance": "decimal(18,2)",
        "created_date": "date",
        "exempt": "varchar",
    }
    return Query("company", columns), {**values, "created_date": created}


def _explain_company(values: Values, rows: Rows, lang: str) -> Answer:
    (row,) = rows
    if not row["is_known"]:
        raise LawError("year.without_parameters", year=values["year"])
    answer = Answer(lang)
    if row["is_new"]:
        answer.step("company.new", row["created_date"])
    elif row["balance"] is None:
        answer.step("company.no_balance", row["amount"], balance_year=row["balance_year"])
    else:
        answer.step("company.balance", row["balance"], balance_year=row["balance_year"])
        answer.step("company.threshold", row["threshold"], year=values["year"])
        answer.rests_on(row["threshold_article"])
        if not values["exempt"]:
            answer.rests_on(None, row["threshold_certainty"])
    answer.step(f"company.amount.{row['size_class']}", row["amount"], year=values["year"])
    amount = row["amount"]
    if values["exempt"]:
        amount = row["exempt_amount"]
        answer.step(f"company.exempt.{values['exempt']}", amount)
        answer.rests_on(row["exempt_article"], row["exempt_certainty"])
    else:
        answer.rests_on(row["amount_article"], row["amount_certainty"])
    answer.step("company.due", row["due_date"])
    answer.rests_on(row["due_article"], row["due_certainty"])
    return answer.conclude(amount, "EUR/year", size=row["size_class"], due_date=row["due_date"])


QUESTIONS = (
    Question(
        "surcharge",
        (
            Flag("kind", read.choice(*CLAIM_FLAGS), required=True),
            Flag("amount", read.money),
            Flag("due", read.day),
            Flag("notice", read.day),
            Flag("year", read.year),
            Flag("reduced", read.money),
            Flag("legal", read.money),
            Flag("final", read.money),
            Flag("paid", read.day),
            Flag("as-of", read.day),
            Flag("part", read.part, repeats=True),
            Flag("judicial", read.day),
        ),
        _prepare_surcharge,
        _explain_surcharge,
    ),
    Question(
        "company",
        (
            Flag("year", read.year, required=True),
            Flag("balance", read.money),
            Flag("created", read.day),
            Flag("exempt", read.choice("inactive", "insolvency", "starter")),
        ),
        _prepare_company,
        _explain_company,
    ),
)
