"""What the law asks for a charge: the question that the build answered for it, put again to the law
as it is built (decision 009), and the articles.

Belongs here: which question a charge is, from what the release and the deliveries know. Does not
belong here: any rule or amount (law, dbt_project/functions).
"""

from __future__ import annotations

from decimal import Decimal

from explain import common
from explain.common import in_force
from explain.model import Equation, Note, Part, Row, Rows
from explain.source import Source

EXPECTED = "contribution.fct_expected_contributions"
SURCHARGES = "contribution.fct_expected_surcharges"
CHARGES = "contribution.fct_charges"
#: A charge lapses as the kind of claim that it is.
_LAPSES_AS = {
    "provisional": "provisional",
    "regularisation": "regularisation",
    "company_contribution": "company",
}


def law_of(source: Source, charge: Row, lang: str) -> list[Part]:
    """Parts about the amount that the law asks, then about when the claim lapses."""
    kind = charge["charge_type"]
    if kind in ("provisional", "regularisation"):
        parts = _contribution(source, charge, lang)
    elif kind == "company_contribution":
        parts = _company(source, charge, lang)
    else:
        parts = _surcharge(source, charge)
    if charge["expected_amount"] is not None:
        terms = [("expected_amount", charge["expected_amount"])]
        if charge["difference_amount"]:
            terms.append(("difference_amount", charge["difference_amount"]))
        parts.append(Equation(CHARGES, terms, ("gross_amount", charge["gross_amount"])))
    return [*parts, *_prescription(source, charge, lang)]


def _contribution(source: Source, charge: Row, lang: str) -> list[Part]:
    if not source.may_see(EXPECTED):
        return []
    year, account = charge["contribution_year"], charge["account_id"]
    rows = source.ask(
        "charge/expected", account=account, year=year, quarter=charge["contribution_quarter"]
    )
    if not rows:
        return [Note("not_liable")]
    parts: list[Part] = [Rows("expected", EXPECTED, rows)]
    expected = charge["expected_amount"]
    if expected is None:
        return parts
    if charge["charge_type"] == "provisional":
        return parts + _provisional(source, charge, rows[0], lang)
    return parts + _regularisation(source, charge, rows, lang)


def _provisional(source: Source, charge: Row, quarter: Row, lang: str) -> list[Part]:
    year = charge["contribution_year"]
    asked = ["contribution", "--year", year, "--category", quarter["category"]]
    asked += ["--quarter", charge["contribution_quarter"]]
    if quarter["primo_quarter"] is not None and quarter["category"] == "main":
        asked += ["--primo", quarter["primo_quarter"]]
    if not quarter["has_reference_year"]:
        return common.law([*asked, "--starter"], charge["expected_amount"], lang)
    back = source.ask("charge/reference_years", year=year)[0]["income_years_back"]
    if source.lineage is None:
        return [_unread(charge)]
    told, income = _income(source, charge["account_id"], year - back if back else None)
    if income is None:
        return told
    answer = common.law([*asked, "--reference-income", income], charge["expected_amount"], lang)
    return told + answer


def _regularisation(source: Source, charge: Row, rows: list[dict], lang: str) -> list[Part]:
    if source.lineage is None:
        return [_unread(charge)]
    year = charge["contribution_year"]
    told, income = _income(source, charge["account_id"], year)
    categories = {row["category"] for row in rows}
    if income is None or len(categories) != 1:
        return told
    (before,) = source.ask(
        "charge/year",
        account=charge["account_id"],
        year=year,
        issued=charge["issue_date"],
        id=charge["charge_id"],
    )
    asked = ["regularisation", "--year", year, "--category", *categories, "--income", income]
    asked += ["--quarters", rows[0]["quarters_liable"]]
    asked += ["--provisional", before["provisional_amount"] + before["earlier_amount"]]
    return told + common.law(asked, charge["expected_amount"], lang)


def _unread(charge: Row) -> Note:
    """Why the steps are not told where there is no right to the raw history. The release keeps what
    the law makes of an income (annualised, revalued, rounded), not the income itself: steps that
    begin with another amount would explain nothing.
    """
    return Note("law_unread", {"charge_id": charge["charge_id"]})


def _income(source: Source, account: str, year: int | None) -> tuple[list[Part], Decimal | None]:
    """The lines that brought the income of a year, and that income where it is in force."""
    found = common.versions(source, "incomes", "affiliate_id", [account]) if year else []
    found = [row for row in found if row["income_year"] == year]
    columns = ("income_year", "net_income", "received_date")
    parts: list[Part] = [Rows("incomes", "", common.lines_of(found, *columns))] if found else []
    standing = in_force(found)
    return parts, standing[0]["net_income"] if standing else None


def _company(source: Source, charge: Row, lang: str) -> list[Part]:
    if source.lineage is None:
        return [_unread(charge)]
    year = charge["contribution_year"]
    back = source.ask("charge/reference_years", year=year)[0]["balance_years_back"]
    found = common.versions(source, "company_balances", "company_id", [charge["account_id"]])
    found = [row for row in found if back and row["fiscal_year"] == year - back]
    parts: list[Part] = []
    if found:
        columns = ("fiscal_year", "balance_sheet_total")
        parts.append(Rows("balances", "", common.lines_of(found, *columns)))
    standing = in_force(found)
    asked = ["company", "--year", year]
    if standing and standing[0]["balance_sheet_total"] is not None:
        asked += ["--balance", standing[0]["balance_sheet_total"]]
    return parts + common.law(asked, charge["expected_amount"], lang)


def _surcharge(source: Source, charge: Row) -> list[Part]:
    """What a surcharge was measured by, and the rates in force on the day it fell."""
    if not source.may_see(SURCHARGES):
        return []
    rows = source.ask("charge/surcharge", account=charge["account_id"], id=charge["charge_id"])
    if not rows or rows[0]["surcharge_kind"] is None:
        return []
    (row,) = rows
    rates = source.ask("charge/surcharge_rates", kind=row["surcharge_kind"], day=row["fall_date"])
    parts: list[Part] = [common.facts(SURCHARGES, row)]
    return [*parts, Rows("rates", "reference.law_surcharges", rates)] if rates else parts


def _prescription(source: Source, charge: Row, lang: str) -> list[Part]:
    if not source.may_see("recovery.mart_prescription"):
        return []
    rows = source.ask("charge/prescription", id=charge["charge_id"])
    if not rows:
        return []
    (row,) = rows
    parts: list[Part] = [Rows("prescription", "recovery.mart_prescription", rows)]
    kind = _LAPSES_AS.get(charge["charge_type"])
    if kind is None:
        return parts
    asked = ["prescription", "--kind", kind, "--year", charge["contribution_year"]]
    if row["interrupted_on"] is not None:
        asked += ["--interrupted", row["interrupted_on"]]
    return parts + common.law(asked, row["prescription_date"], lang)
