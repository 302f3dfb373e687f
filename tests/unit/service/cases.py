"""Hand-made items of the service commitment, each on one side of its deadline.

One case is one account with an office of its own, so that the release shows what became of it
alone: a share of 1/1 when it met the promise, 0/1 when it missed it, no row when it is not due
yet. Dates were counted by hand on the calendar of 2024: a leap year, with Easter Monday on 1
April, 1 May on a Wednesday, Ascension on 9 May, Whit Monday on 20 May.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

AS_OF = date(2024, 5, 31)
MET, MISSED, OPEN = "met", "missed", "open"
Rows = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Case:
    """What must become of one item: the quarter it counts in, the days it is over."""

    measure: str
    what: str
    rows: Rows
    outcome: str
    quarter: str = ""
    over: int | None = None
    company: bool = False


def affiliation(requested, registered, **more):
    return [("affiliations", {"requested_date": requested, "registered_date": registered,
             "origin": "voluntary", "start_date": registered, "category": "main",
             "capacity": "self_employed", "first_activity": False, **more})]  # fmt: skip


def informed(registered, *sent, origin="ex_officio", first=False):
    brochures = [("notices", {"kind": "obligations_brochure", "latest_date": registered,
                  "sent_date": day}) for day in sent]  # fmt: skip
    return affiliation(None, registered, origin=origin, first_activity=first) + brochures


def contact(kind, received, answered=None, closed=None, **more):
    return [("contacts", {"kind": kind, "topic": "other", "channel": "phone",
             "received_at": f"{received} 16:30",
             "first_answer_at": answered and f"{answered} 09:00",
             "closed_at": closed and f"{closed} 09:00", **more})]  # fmt: skip


def claim(submitted, decided=None, decision=None, **more):
    return [("benefit_claims", {"benefit": "birth_leave", "initiated_by": "application",
             "event_date": submitted, "submitted_date": submitted, "decision_date": decided,
             "decision": decision, "reasons_stated": True, "appeal_stated": True,
             **more})]  # fmt: skip


def paid(due, day=None, amount="100.00", start="2024-01-01", **more):
    return [("benefit_payments", {"period_start": start, "period_end": due, "unit": "day",
             "units": "1.00", "amount": amount, "due_date": due, "paid_date": day,
             **more})]  # fmt: skip


def message(flow, due, sent=None, status="sent", **more):
    return [("transmissions", {"flow": flow, "recipient": "319", "period": "2024Q1",
             "due_date": due, "sent_date": sent, "status": status, **more})]  # fmt: skip


def notice(kind, latest, sent=None, **more):
    return [("notices", {"kind": kind, "latest_date": latest, "sent_date": sent, **more})]


def relief(submitted, complete=None, transmitted=None, **more):
    return [("relief_requests", {"kind": "exemption", "submitted_date": submitted,
             "complete_date": complete, "transmitted_date": transmitted, **more})]  # fmt: skip


def insurance(submitted, transmitted=None, **more):
    return [("insurance_requests", {"kind": "continued_insurance", "submitted_date": submitted,
             "transmitted_date": transmitted, **more})]  # fmt: skip


def plan(requested, **more):
    return [("payment_plans", {"requested_date": requested, **more})]


def overpaid(**more):
    return [("benefit_overpayments", {"established_date": "2024-02-29", "amount": "5.00",
             "cause": "regularisation", "reasons_stated": True, "appeal_stated": True,
             **more})]  # fmt: skip


def recovery(*steps):
    """A case with steps (type, date) or (type, date, outcome)."""
    opened = min(day for _, day, *_ in steps)
    return [("recovery_cases", {"opened_date": opened})] + [
        ("recovery_steps", {"step_type": kind, "step_date": day, "outcome": (*rest, None)[0]})
        for kind, day, *rest in steps
    ]


def insolvency(opened, deadline=None, filed=None, kind="bankruptcy"):
    return [("insolvencies", {"kind": kind, "opened_date": opened, "claim_deadline": deadline,
             "claim_filed_date": filed})]  # fmt: skip


def contribution(amount, issued="2024-01-15", **more):
    """A contribution of the first quarter of 2024; of somebody without a reference year the law
    asks 864.15 in main occupation, 95.60 in complementary occupation."""
    return [("charges", {"charge_type": "provisional", "contribution_year": 2024,
             "contribution_quarter": 1, "category": "main", "issue_date": issued,
             "due_date": "2024-06-30", "amount": amount, **more})]  # fmt: skip


def liable(category="main", start="2023-01-01"):
    return affiliation(None, "2023-02-01", start_date=start, category=category)


def settled(amount):
    """A settlement of 2022 on 20 000: four quarters of 1 025.00, nothing claimed before."""
    income = {"income_year": 2022, "net_income": "20000.00", "received_date": "2024-01-02",
              "source": "tax_administration"}  # fmt: skip
    claimed = contribution(amount, "2024-02-20", charge_type="regularisation",
                           contribution_year=2022, contribution_quarter=None)  # fmt: skip
    return [*liable(start="2018-01-01"), ("incomes", income), *claimed]


def of_company(amount, balance=None, year=2024):
    """A company contribution; 2024: 387.34 up to a balance of 831 990.83 in 2022, else 967.52."""
    balances = [("company_balances", {"fiscal_year": 2022, "balance_sheet_total": balance})]
    return (balances if balance else []) + contribution(
        amount, "2024-04-02", charge_type="company_contribution", contribution_year=year,
        contribution_quarter=None, category=None, due_date="2024-12-31",
    )  # fmt: skip


WARNED = [("reminder", "2023-06-01"), ("formal_notice", "2023-08-01"),
          ("registered_letter", "2023-10-01")]  # fmt: skip

CASES = [
    # Ten working days from Monday 22 April end on 7 May: the first of May is no working day.
    Case("SC01", "the day before", affiliation("2024-04-22", "2024-05-06"), MET, "2024Q2"),
    Case("SC01", "the tenth working day", affiliation("2024-04-22", "2024-05-07"), MET, "2024Q2"),
    Case("SC01", "the day after", affiliation("2024-04-22", "2024-05-08"), MISSED, "2024Q2", 1),
    # Ten working days from 2 May end on Friday 17 May; Whit Monday is no eleventh (E2).
    Case("SC01", "Whit Monday after the tenth working day",
         affiliation("2024-05-02", "2024-05-20"), MET, "2024Q2"),
    Case("SC01", "the eleventh working day",
         affiliation("2024-05-02", "2024-05-21"), MISSED, "2024Q2", 4),
    Case("SC01", "Easter Monday lies between",
         affiliation("2024-03-20", "2024-04-04"), MET, "2024Q2"),
    Case("SC01", "asked on a Saturday", affiliation("2024-03-02", "2024-03-15"), MET, "2024Q1"),
    Case("SC01", "asked on a Saturday, a day late",
         affiliation("2024-03-02", "2024-03-18"), MISSED, "2024Q1", 3),
    Case("SC01", "asked in a year of a typing error",
         affiliation("1925-03-03", "2015-04-28"), MISSED, "2015Q2", 32914),
    Case("SC01", "not voluntary",
         affiliation("2024-03-02", "2024-05-18", origin="transfer_in"), OPEN, "2024Q2"),
    # Thirty days from 30 January 2024 end on 29 February.
    Case("SC02", "on the leap day", informed("2024-01-30", "2024-02-29"), MET, "2024Q1"),
    Case("SC02", "the day after", informed("2024-01-30", "2024-03-01"), MISSED, "2024Q1", 1),
    Case("SC02", "a brochure of before does not count",
         informed("2024-01-30", "2024-01-29"), MISSED, "2024Q1", 92),
    Case("SC02", "the first one counts",
         informed("2024-01-30", "2024-02-28", "2024-05-02"), MET, "2024Q1"),
    Case("SC02", "still to come", informed("2024-05-02"), OPEN, "2024Q2"),
    Case("SC02", "overdue on the as-of date", informed("2024-04-30"), MISSED, "2024Q2", 1),
    Case("SC07", "in time",
         informed("2024-01-30", "2024-02-29", origin="voluntary", first=True), MET, "2024Q1"),
    Case("SC07", "late",
         informed("2024-01-30", "2024-03-01", origin="voluntary", first=True), MISSED, "2024Q1", 1),
    Case("SC07", "not a first affiliation", informed("2024-01-30", origin="voluntary"), OPEN),
    # Five working days from Thursday 2 May: 3, 6, 7, 8, then 10 May, since the 9th is Ascension.
    Case("SC03", "the fifth working day", contact("question", "2024-05-02", "2024-05-10"), MET,
         "2024Q2"),
    Case("SC03", "the next working day", contact("request", "2024-05-02", "2024-05-13"), MISSED,
         "2024Q2", 3),
    # Saturday and Sunday after the fifth working day: no more than five have passed (E2).
    Case("SC03", "the Sunday after", contact("question", "2024-05-02", "2024-05-12"), MET,
         "2024Q2"),
    Case("SC03", "unanswered, still in time", contact("question", "2024-05-24"), OPEN, "2024Q2"),
    Case("SC03", "unanswered, a day over", contact("question", "2024-05-23"), MISSED, "2024Q2", 1),
    Case("SC03", "answered after the as-of date",
         contact("question", "2024-05-16", "2024-06-03"), MISSED, "2024Q2", 7),
    Case("SC03", "complaints are apart", contact("complaint", "2024-05-02"), OPEN, "2024Q2"),
    Case("SC03B", "forty-five days", contact("question", "2024-02-01", "2024-03-17"), MET,
         "2024Q1"),
    Case("SC03B", "forty-six days", contact("question", "2024-02-01", "2024-03-18"), MISSED,
         "2024Q1", 1),
    Case("SC04", "thirty days", contact("complaint", "2024-02-01", None, "2024-03-02"), MET,
         "2024Q1"),
    Case("SC04", "thirty-one days", contact("complaint", "2024-02-01", None, "2024-03-03"), MISSED,
         "2024Q1", 1),
    Case("SC04", "open, thirty days are today", contact("complaint", "2024-05-01"), OPEN,
         "2024Q2"),
    Case("SC04", "open, thirty-one days", contact("complaint", "2024-04-30"), MISSED, "2024Q2", 1),
    Case("SC05", "started by the fund",
         claim("2024-02-01", "2024-02-20", "granted", benefit="maternity_help",
               initiated_by="automatic"), MET, "2024Q1"),
    Case("SC05", "asked for",
         claim("2024-02-01", "2024-02-20", "granted", benefit="maternity_help"), MISSED, "2024Q1"),
    Case("SC05", "refused is not granted",
         claim("2024-02-01", "2024-02-20", "refused", benefit="maternity_help"), OPEN, "2024Q1"),
    Case("SC05", "granted today",
         claim("2024-05-01", "2024-05-31", "granted", benefit="maternity_help",
               initiated_by="automatic"), MET, "2024Q2"),
    Case("SC05", "granted tomorrow",
         claim("2024-05-01", "2024-06-01", "granted", benefit="maternity_help",
               initiated_by="automatic"), OPEN, "2024Q2"),
    Case("SC08", "a plan after sixty days",
         contact("question", "2024-01-02", topic="payment_difficulty")
         + plan("2024-03-02"), MET, "2024Q1"),
    Case("SC08", "a plan after sixty-one days",
         contact("question", "2024-01-02", topic="payment_difficulty")
         + plan("2024-03-03"), MISSED, "2024Q1", 1),
    Case("SC08", "a relief request the same day",
         contact("question", "2024-01-02", topic="payment_difficulty") + relief("2024-01-02"), MET,
         "2024Q1"),
    Case("SC08", "the first of two requests counts",
         contact("question", "2024-01-02", topic="payment_difficulty") + relief("2024-02-01")
         + plan("2024-04-01"), MET, "2024Q1"),
    Case("SC08", "a request of before does not count",
         contact("question", "2024-01-02", topic="payment_difficulty") + relief("2024-01-01"),
         MISSED, "2024Q1", 90),
    Case("SC09", "claimed on the sixtieth day",
         insolvency("2024-01-02") + affiliation(None, "2020-01-01")
         + claim("2024-03-02", benefit="bridging_right", cause="bankruptcy"), MET, "2024Q1"),
    Case("SC09", "claimed a day later",
         insolvency("2024-01-02") + affiliation(None, "2020-01-01")
         + claim("2024-03-03", benefit="bridging_right", cause="bankruptcy"), MISSED, "2024Q1", 1),
    Case("SC09", "started by the fund, later",
         insolvency("2024-01-02") + affiliation(None, "2020-01-01")
         + claim("2024-04-03", benefit="bridging_right", cause="bankruptcy",
                 initiated_by="automatic"), MET, "2024Q1"),
    Case("SC09", "not in main occupation",
         insolvency("2024-01-02") + affiliation(None, "2020-01-01", category="complementary"),
         OPEN, "2024Q1"),
    Case("SC09", "the affiliation ended the day before",
         insolvency("2024-01-02")
         + affiliation(None, "2020-01-01", end_date="2024-01-01", end_reason="bankruptcy"),
         MISSED, "2024Q1", 90),
    Case("SC09", "the affiliation ended two days before",
         insolvency("2024-01-02")
         + affiliation(None, "2020-01-01", end_date="2023-12-31", end_reason="cessation"), OPEN),
    # Four months after 31 October is the last day of February.
    Case("SC10", "on the leap day", claim("2023-10-31", "2024-02-29", "granted"), MET, "2024Q1"),
    Case("SC10", "the day after", claim("2023-10-31", "2024-03-01", "refused",
         refusal_reason="x"), MISSED, "2024Q1", 1),
    Case("SC10", "a common year", claim("2022-10-31", "2023-03-01", "granted"), MISSED, "2023Q1",
         1),
    Case("SC10", "the complete file counts",
         claim("2023-09-01", "2024-03-01", "granted", complete_date="2023-11-01"), MET, "2024Q1"),
    Case("SC10", "decided, nobody says how", claim("2023-10-31", "2024-02-29"), MET, "2024Q1"),
    Case("SC10", "withdrawn", claim("2022-10-31", "2023-03-01", "withdrawn"), OPEN, "2023Q1"),
    Case("SC10", "decided today", claim("2024-05-01", "2024-05-31", "granted"), MET, "2024Q2"),
    Case("SC10", "decided tomorrow", claim("2024-05-01", "2024-06-01", "granted"), OPEN, "2024Q2"),
    Case("SC11", "on the due date",
         claim("2024-01-01", "2024-01-02", "granted") + paid("2024-03-31", "2024-03-31"), MET,
         "2024Q1"),
    Case("SC11", "the day after",
         claim("2024-01-01", "2024-01-02", "granted") + paid("2024-03-31", "2024-04-01"), MISSED,
         "2024Q1", 1),
    Case("SC11", "unpaid, due today",
         claim("2024-01-01", "2024-01-02", "granted") + paid("2024-05-31"), OPEN, "2024Q2"),
    Case("SC11", "unpaid since yesterday",
         claim("2024-01-01", "2024-01-02", "granted") + paid("2024-05-30"), MISSED, "2024Q2", 1),
    Case("SC11", "a reversal is no payment",
         claim("2024-01-01", "2024-01-02", "granted") + paid("2024-03-31", None, "-5.00"), OPEN),
    Case("SC12", "four months after the decision",
         claim("2023-10-01", "2023-10-31", "granted") + paid("2024-12-31", "2024-02-29"), MET,
         "2023Q4"),
    Case("SC12", "the day after",
         claim("2023-10-01", "2023-10-31", "granted") + paid("2024-12-31", "2024-03-01"), MISSED,
         "2023Q4", 1),
    Case("SC12", "the one made first counts",
         claim("2023-10-01", "2023-10-31", "granted")
         + paid("2024-12-31", "2024-05-01", start="2024-01-01")
         + paid("2024-12-31", "2024-02-01", start="2024-02-01"), MET, "2023Q4"),
    Case("SC12", "the first period is not paid",
         claim("2023-10-01", "2023-10-31", "granted")
         + paid("2024-12-31", start="2024-01-01")
         + paid("2024-12-31", "2024-03-01", start="2024-02-01"), MISSED, "2023Q4", 1),
    Case("SC12", "none is made",
         claim("2024-01-01", "2024-01-30", "granted") + paid("2024-12-31"), MISSED, "2024Q1", 1),
    Case("SC12", "decided and paid today",
         claim("2024-05-01", "2024-05-31", "granted") + paid("2024-12-31", "2024-05-31"), MET,
         "2024Q2"),
    Case("SC12", "to be decided tomorrow",
         claim("2024-05-01", "2024-06-01", "granted") + paid("2024-12-31", "2024-05-31"), OPEN,
         "2024Q2"),
    Case("SC13", "to the cent",
         claim("2024-01-01", benefit="bridging_right", with_family_charge=False)
         + paid("2024-04-01", None, "1574.56", unit="month"), MET, "2024Q2"),
    Case("SC13", "a cent less",
         claim("2024-01-01", benefit="bridging_right", with_family_charge=False)
         + paid("2024-04-01", None, "1574.55", unit="month"), MISSED, "2024Q2"),
    Case("SC13", "a week, whose amount nobody prints",
         claim("2024-01-02", benefit="bridging_right", cause="bankruptcy")
         + paid("2024-03-31", "2024-03-31", "393.64", unit="week"), OPEN, "2024Q1"),
    Case("SC13", "nobody is sure of the amount",
         claim("2018-01-01", benefit="bridging_right", with_family_charge=False)
         + paid("2018-04-01", None, "1.00", start="2018-03-01", unit="month"), OPEN, "2018Q2"),
    Case("SC14", "both said", claim("2024-01-01", "2024-02-01", "refused", refusal_reason="x"),
         MET, "2024Q1"),
    Case("SC14", "refused today",
         claim("2024-05-01", "2024-05-31", "refused", refusal_reason="x"), MET, "2024Q2"),
    Case("SC14", "refused tomorrow",
         claim("2024-05-01", "2024-06-01", "refused", refusal_reason="x"), OPEN, "2024Q2"),
    Case("SC14", "no appeal told",
         claim("2024-01-01", "2024-02-01", "refused", refusal_reason="x", appeal_stated=False),
         MISSED, "2024Q1"),
    Case("SC14", "nothing said about reasons",
         claim("2024-01-01", "2024-02-01", "refused", refusal_reason="x", reasons_stated=None),
         MISSED, "2024Q1"),
    Case("SC15", "both said",
         claim("2023-01-01", "2023-02-01", "granted")
         + overpaid(), MET,
         "2024Q1"),
    Case("SC15", "established today",
         claim("2023-01-01", "2023-02-01", "granted") + overpaid(established_date="2024-05-31"),
         MET, "2024Q2"),
    Case("SC15", "established tomorrow",
         claim("2023-01-01", "2023-02-01", "granted") + overpaid(established_date="2024-06-01"),
         OPEN, "2024Q2"),
    Case("SC15", "reasons missing",
         claim("2023-01-01", "2023-02-01", "granted")
         + overpaid(reasons_stated=False), MISSED,
         "2024Q1"),
    *(case for code, flow in (
        ("SC16", "maternity_voucher_order"), ("SC17", "mutuality_contribution_voucher"),
        ("SC18", "incapacity_certificate"), ("SC21", "tax_certificate"),
      ) for case in (
        Case(code, "the day before", message(flow, "2024-02-29", "2024-02-28"), MET, "2024Q1"),
        Case(code, "on the due date", message(flow, "2024-02-29", "2024-02-29"), MET, "2024Q1"),
        Case(code, "the day after", message(flow, "2024-02-29", "2024-03-01"), MISSED, "2024Q1",
             1),
        Case(code, "due today", message(flow, "2024-05-31", None, "pending"), OPEN, "2024Q2"),
        Case(code, "due yesterday", message(flow, "2024-05-30", None, "pending"), MISSED, "2024Q2",
             1),
        Case(code, "sent tomorrow", message(flow, "2024-05-30", "2024-06-01"), MISSED, "2024Q2",
             1),
    )),
    Case("SC17B", "accepted at once",
         message("mutuality_contribution_voucher", "2024-02-29", "2024-03-02", "accepted"), MET,
         "2024Q1"),
    Case("SC17B", "sent and accepted today",
         message("mutuality_contribution_voucher", "2024-02-29", "2024-05-31", "accepted"), MET,
         "2024Q1"),
    Case("SC17B", "to be sent tomorrow",
         message("mutuality_contribution_voucher", "2024-02-29", "2024-06-01", "accepted"), OPEN),
    Case("SC17B", "accepted the second time",
         message("mutuality_contribution_voucher", "2024-02-29", "2024-02-01", "rejected")
         + message("mutuality_contribution_voucher", "2024-02-29", "2024-02-12", "accepted"),
         MISSED, "2024Q1"),
    Case("SC17B", "not answered",
         message("mutuality_contribution_voucher", "2024-02-29", "2024-02-01", "sent"), OPEN),
    Case("SC19", "the fifth working day", insurance("2024-05-02", "2024-05-10"), MET, "2024Q2"),
    Case("SC19", "the next working day", insurance("2024-05-02", "2024-05-13"), MISSED, "2024Q2",
         3),
    Case("SC19", "the Saturday after", insurance("2024-05-02", "2024-05-11"), MET, "2024Q2"),
    Case("SC19", "waiting, still in time", insurance("2024-05-24"), OPEN, "2024Q2"),
    Case("SC19", "waiting, a day over", insurance("2024-05-23"), MISSED, "2024Q2", 1),
    Case("SC19", "withdrawn before it left", insurance("2024-05-02", decision="withdrawn"), MISSED,
         "2024Q2", 21),
    *(case for flow in ("career_data", "pension_income") for case in (
        Case("SC20", "in time and accepted", message(flow, "2024-02-29", "2024-02-29", "accepted"),
             MET, "2024Q1"),
        Case("SC20", "a day late", message(flow, "2024-02-29", "2024-03-01", "accepted"), MISSED,
             "2024Q1", 1),
        Case("SC20", "rejected", message(flow, "2024-02-29", "2024-02-01", "rejected"), MISSED,
             "2024Q1"),
        Case("SC20", "not answered, due today", message(flow, "2024-05-31", "2024-05-01"), OPEN,
             "2024Q2"),
        Case("SC20", "not answered, due yesterday", message(flow, "2024-05-30", "2024-05-01"),
             MISSED, "2024Q2"),
    )),
    Case("SC22", "never corrected", notice("due_notice", "2024-01-31", "2024-02-03"), MET,
         "2024Q1"),
    Case("SC22", "corrected",
         notice("regularisation_notice", "2024-01-31", "2024-01-03", corrected_by="N9"), MISSED,
         "2024Q1"),
    Case("SC22", "not sent", notice("due_notice", "2024-01-31"), OPEN, "2024Q1"),
    Case("SC22", "sent today", notice("due_notice", "2024-05-31", "2024-05-31"), MET, "2024Q2"),
    Case("SC22", "to be sent tomorrow", notice("due_notice", "2024-05-31", "2024-06-01"), OPEN),
    *(case for code, kind in (("SC23", "due_notice"), ("SC23B", "regularisation_notice"),
                              ("SC33B", "company_notice")) for case in (
        Case(code, "the last day", notice(kind, "2024-02-29", "2024-02-29"), MET, "2024Q1",
             company=code == "SC33B"),
        Case(code, "the day after", notice(kind, "2024-02-29", "2024-03-01"), MISSED, "2024Q1", 1,
             company=code == "SC33B"),
        Case(code, "not sent, last day today", notice(kind, "2024-05-31"), OPEN, "2024Q2",
             company=code == "SC33B"),
        Case(code, "not sent, last day yesterday", notice(kind, "2024-05-30"), MISSED, "2024Q2", 1,
             company=code == "SC33B"),
    )),
    Case("SC24", "to the cent", liable() + contribution("864.15"), MET, "2024Q1"),
    Case("SC24", "a cent more", liable() + contribution("864.16"), MISSED, "2024Q1"),
    Case("SC24", "a cent less", liable() + contribution("864.14"), MISSED, "2024Q1"),
    Case("SC24", "nobody liable, nothing to compare with", contribution("864.15"), OPEN, "2024Q1"),
    Case("SC24", "a settlement to the cent", settled("4100.00"), MET, "2024Q1"),
    Case("SC24", "a settlement a cent off", settled("4100.01"), MISSED, "2024Q1"),
    Case("SC24", "right for another category",
         liable() + contribution("95.60", category="complementary"), MISSED, "2024Q1"),
    Case("SC24B", "right for another category",
         liable() + contribution("95.60", category="complementary"), MET, "2024Q1"),
    Case("SC24B", "wrong for another category",
         liable() + contribution("95.61", category="complementary"), MISSED, "2024Q1"),
    Case("SC24B", "to the cent", liable() + contribution("864.15"), MET, "2024Q1"),
    Case("SC25", "granted in part",
         relief("2024-01-02", decision_date="2024-02-29", decision="partial"), MET, "2024Q1"),
    Case("SC25", "a plan withdrawn",
         [("payment_plans", {"requested_date": "2024-01-02", "decision_date": "2024-02-29",
           "decision": "withdrawn"})], OPEN, "2024Q1"),
    Case("SC25", "granted today",
         relief("2024-05-02", decision_date="2024-05-31", decision="granted"), MET, "2024Q2"),
    Case("SC25", "granted tomorrow",
         relief("2024-05-02", decision_date="2024-06-01", decision="granted"), OPEN, "2024Q2"),
    Case("SC25C", "asked today",
         [("payment_plans", {"requested_date": "2024-05-31"})], MISSED, "2024Q2"),
    Case("SC25C", "to be asked tomorrow",
         [("payment_plans", {"requested_date": "2024-06-01"})], OPEN, "2024Q2"),
    Case("SC25C", "waiting for a decision",
         [("payment_plans", {"requested_date": "2024-05-02"})], MISSED, "2024Q2"),
    Case("SC26", "the fifth working day", relief("2024-04-01", "2024-05-02", "2024-05-10"), MET,
         "2024Q2"),
    Case("SC26", "the next working day", relief("2024-04-01", "2024-05-02", "2024-05-13"), MISSED,
         "2024Q2", 3),
    Case("SC26", "the Sunday after", relief("2024-04-01", "2024-05-02", "2024-05-12"), MET,
         "2024Q2"),
    Case("SC26", "the file is not complete", relief("2024-04-01"), OPEN, "2024Q2"),
    Case("SC26", "complete and passed on today",
         relief("2024-04-01", "2024-05-31", "2024-05-31"), MET, "2024Q2"),
    Case("SC26", "complete tomorrow",
         relief("2024-04-01", "2024-06-01", "2024-06-01"), OPEN, "2024Q2"),
    Case("SC26", "not an exemption",
         relief("2024-04-01", "2024-04-01", kind="reduction"), OPEN, "2024Q2"),
    *(case for code, company in (("SC27", False), ("SC35", True)) for case in (
        Case(code, "all three before", recovery(*WARNED, ("writ_issued", "2024-02-29")), MET,
             "2024Q1", company=company),
        Case(code, "the letter on the day itself",
             recovery(*WARNED[:2], ("registered_letter", "2024-02-29"),
                      ("summons", "2024-02-29")), MISSED, "2024Q1", company=company),
        Case(code, "warned once more after it",
             recovery(*WARNED, ("writ_issued", "2024-02-29"), ("reminder", "2024-03-01"),
                      ("formal_notice", "2024-03-15"), ("registered_letter", "2024-04-01")), MET,
             "2024Q1", company=company),
        Case(code, "the first writ counts",
             recovery(*WARNED[:2], ("writ_issued", "2024-02-29"),
                      ("registered_letter", "2024-03-01"), ("writ_served", "2024-04-01")), MISSED,
             "2024Q1", company=company),
        Case(code, "the writ leaves today", recovery(*WARNED, ("writ_issued", "2024-05-31")), MET,
             "2024Q2", company=company),
        Case(code, "the formal notice on the day itself",
             recovery(WARNED[0], ("formal_notice", "2024-02-29"), WARNED[2],
                      ("writ_issued", "2024-02-29")), MISSED, "2024Q1", company=company),
        Case(code, "the reminder on the day itself",
             recovery(("reminder", "2024-02-29"), *WARNED[1:], ("writ_issued", "2024-02-29")),
             MISSED, "2024Q1", company=company),
        Case(code, "no reminder", recovery(*WARNED[1:], ("writ_served", "2024-02-29")), MISSED,
             "2024Q1", company=company),
        Case(code, "the writ is still to come", recovery(*WARNED, ("writ_issued", "2024-06-01")),
             OPEN, "2024Q2", company=company),
    )),
    *(case for code, company in (("SC28", False), ("SC35B", True)) for case in (
        Case(code, "180 days before",
             recovery(("proactive_contact", "2023-09-02", "reached"),
                      ("writ_issued", "2024-02-29")), MET, "2024Q1", company=company),
        Case(code, "181 days before",
             recovery(("proactive_contact", "2023-09-01", "reached"),
                      ("writ_issued", "2024-02-29")), MISSED, "2024Q1", company=company),
        Case(code, "the day before",
             recovery(("proactive_contact", "2024-02-28"), ("writ_issued", "2024-02-29")), MET,
             "2024Q1", company=company),
        Case(code, "the same day",
             recovery(("proactive_contact", "2024-02-29", "reached"),
                      ("writ_issued", "2024-02-29")), MISSED, "2024Q1", company=company),
        Case(code, "the first judicial step of all cases counts",
             recovery(("proactive_contact", "2024-02-01", "reached"),
                      ("writ_issued", "2024-02-29"))
             + recovery(("reminder", "2024-03-01"), ("writ_issued", "2024-04-10")), MET,
             "2024Q1", company=company),
        Case(code, "nobody was reached",
             recovery(("proactive_contact", "2024-02-01", "not_reached"),
                      ("writ_issued", "2024-02-29")), MISSED, "2024Q1", company=company),
        Case(code, "the last contact within the time counts",
             recovery(("proactive_contact", "2023-01-01", "reached"),
                      ("proactive_contact", "2024-02-01", "reached"),
                      ("proactive_contact", "2024-02-10", "not_reached"),
                      ("writ_issued", "2024-02-29")), MET, "2024Q1", company=company),
    )),
    Case("SC31", "the last day", insolvency("2024-01-02", "2024-02-29", "2024-02-29"), MET,
         "2024Q1"),
    Case("SC31", "the day after", insolvency("2024-01-02", "2024-02-29", "2024-03-01"), MISSED,
         "2024Q1", 1),
    Case("SC31", "not filed, last day today", insolvency("2024-01-02", "2024-05-31"), OPEN,
         "2024Q2"),
    Case("SC31", "not filed, last day yesterday", insolvency("2024-01-02", "2024-05-30"), MISSED,
         "2024Q2", 1),
    Case("SC33", "never corrected", notice("company_notice", "2024-01-31", "2024-01-03"), MET,
         "2024Q1", company=True),
    Case("SC33", "sent today", notice("company_notice", "2024-05-31", "2024-05-31"), MET, "2024Q2",
         company=True),
    Case("SC33", "to be sent tomorrow", notice("company_notice", "2024-05-31", "2024-06-01"), OPEN,
         company=True),
    Case("SC33", "corrected",
         notice("company_notice", "2024-01-31", "2024-01-03", corrected_by="N9"), MISSED, "2024Q1",
         company=True),
    Case("SC34", "small at the threshold", of_company("387.34", "831990.83"), MET, "2024Q2",
         company=True),
    Case("SC34", "small a cent above the threshold", of_company("387.34", "831990.84"), MISSED,
         "2024Q2", company=True),
    Case("SC34", "large a cent above the threshold", of_company("967.52", "831990.84"), MET,
         "2024Q2", company=True),
    Case("SC34", "large at the threshold", of_company("967.52", "831990.83"), MISSED, "2024Q2",
         company=True),
    Case("SC34", "no balance", of_company("387.34"), MET, "2024Q2", company=True),
    Case("SC34", "a cent less", of_company("387.33"), MISSED, "2024Q2", company=True),
    Case("SC34", "a year without figures", of_company("347.50", year=2012), OPEN, "2024Q2",
         company=True),
]  # fmt: skip
