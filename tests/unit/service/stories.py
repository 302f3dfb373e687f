"""Stories that look at a state over time, each on accounts of its own: statements to accounts in
arrears, judicial cases left still, prescription, career messages; benefits and companies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

World = dict[str, list[dict[str, Any]]]
OFFICE = "BXL"


def account(number: int, letter: str = "A") -> str:
    """Accounts of the stories come after those of the cases."""
    return f"{letter}{1000 + number:08d}"


class Story:
    """Collects the rows of the world; numbers keys as it goes."""

    def __init__(self) -> None:
        self.world: World = defaultdict(list)
        self.count = 1_000_000

    def add(self, extract: str, **row) -> str:
        """Adds a row; returns its key, made up when not given."""
        self.count += 1
        keys = {
            "charges": ("charge_id", f"D{self.count:012d}"),
            "payments": ("payment_id", f"P{self.count:012d}"),
            "affiliations": ("affiliation_id", f"F{self.count:09d}"),
            "notices": ("notice_id", f"N{self.count:08d}"),
            "recovery_cases": ("case_id", f"K{self.count:07d}"),
            "recovery_steps": ("step_id", f"S{self.count:08d}"),
            "recovery_agents": ("agent_id", f"AG{self.count:04d}"),
            "insolvencies": ("insolvency_id", f"IN{self.count:05d}"),
            "transmissions": ("transmission_id", f"TR{self.count:07d}"),
            "benefit_claims": ("claim_id", f"B{self.count:07d}"),
            "benefit_payments": ("benefit_payment_id", f"BP{self.count:07d}"),
            "benefit_overpayments": ("overpayment_id", f"OV{self.count:06d}"),
            "overpayment_movements": ("movement_id", f"OM{self.count:06d}"),
            "mandates": ("mandate_id", f"M{self.count}"),
        }
        name, value = keys.get(extract, ("", ""))
        row = {name: value, **row} if name else row
        self.world[extract].append(row)
        return value

    def affiliate(self, number: int, **more) -> str:
        key = account(number)
        self.add("affiliates", affiliate_id=key, person_key=f"P{key}", sex="F",
                 birth_date="1980-01-01", nationality="BE", language="FR", office_code=OFFICE,
                 **more)  # fmt: skip
        return key

    def affiliated(self, key: str, start: str, end=None, reason=None, **more) -> None:
        self.add("affiliations", **{"affiliate_id": key, "category": "main",
                 "capacity": "self_employed", "start_date": start, "end_date": end,
                 "end_reason": reason, "origin": "voluntary", "first_activity": False,
                 "registered_date": start, **more})  # fmt: skip

    def company(self, number: int, **more) -> str:
        key = account(number, "C")
        self.add("companies", **{"company_id": key, "legal_form": "SRL", "office_code": OFFICE,
                 "incorporated_date": "2010-01-01", "origin": "voluntary",
                 "affiliated_date": "2010-04-01", "status": "active", **more})  # fmt: skip
        return key

    def charge(self, account: str, due: str, amount="100.00", year=2023, kind="provisional",
               issued="2023-01-02") -> str:  # fmt: skip
        return self.add("charges", account_id=account, charge_type=kind, contribution_year=year,
                        contribution_quarter=None if kind == "company_contribution" else 1,
                        category=None if account.startswith("C") else "main", issue_date=issued,
                        due_date=due, amount=amount)  # fmt: skip

    def statement(self, account: str, *days: str) -> None:
        for day in days:
            self.add("notices", account_id=account, kind="account_statement", latest_date=day,
                     sent_date=day)  # fmt: skip

    def case(self, account: str, *steps, opened="2020-01-01", closed=None, agent=None,
             charge=None) -> str:  # fmt: skip
        key = self.add("recovery_cases", account_id=account, opened_date=opened, closed_date=closed)
        if charge:
            self.add("recovery_case_charges", case_id=key, charge_id=charge)
        for kind, day in steps:
            self.add("recovery_steps", case_id=key, step_type=kind, step_date=day, agent_id=agent)
        return key


def arrears(story: Story) -> None:
    """Accounts in arrears and their statements; six months before 31 May 2024 is 30 November."""
    # The extract holds statements since January 2023: quarters from 2023Q3 on can be looked at.
    story.statement(story.affiliate(1), "2023-01-10")
    for number, days in ((2, ["2023-12-01"]), (3, ["2023-11-30"]), (4, ["2024-05-31"]), (5, [])):
        account = story.affiliate(number)
        story.charge(account, "2023-03-31")
        story.statement(account, *days)
    # Fell behind on 1 March 2024, three months and a day later is past the as-of date.
    story.charge(story.affiliate(6), "2024-03-01", issued="2024-01-02")
    # Due on 29 February, so owed for three months on the last day of May.
    story.charge(story.affiliate(7), "2024-02-29", issued="2024-01-02")
    # Paid in April: not in arrears any more on the as-of date.
    account = story.affiliate(8)
    story.charge(account, "2023-03-31")
    story.add("payments", account_id=account, value_date="2024-04-02", amount="100.00",
              channel="transfer")  # fmt: skip
    # The older of two charges was paid in April: in arrears without a break, since the older one.
    account = story.affiliate(9)
    story.charge(account, "2022-12-31", year=2022, issued="2022-10-02")
    story.charge(account, "2023-06-30", "70.00")
    story.add("payments", account_id=account, value_date="2024-04-02", amount="100.00",
              channel="transfer")  # fmt: skip


def judicial(story: Story) -> None:
    """Judicial cases: 90 days before 31 March 2024 is 1 January, before 31 May it is 2 March."""
    lawyer = story.add("recovery_agents", agent_type="lawyer", district="BXL")
    for number, step in ((11, "2024-01-01"), (12, "2023-12-31")):
        story.case(story.affiliate(number), ("writ_issued", "2023-11-01"), ("attachment", step),
                   agent=lawyer, closed="2024-04-15")  # fmt: skip
    for number, step in ((13, "2024-03-02"), (14, "2024-03-01")):
        story.case(story.affiliate(number), ("summons", "2024-02-01"), ("judgment", step))
    # A step on the last day of the quarter, and one the day after.
    for number, first, second in ((16, "2023-11-01", "2024-03-31"),
                                  (17, "2024-01-15", "2024-04-01")):  # fmt: skip
        story.case(story.affiliate(number), ("writ_issued", first), ("attachment", second),
                   closed="2024-04-15")  # fmt: skip
    # Closed the day after the end of the quarter: open at its end.
    story.case(story.affiliate(18), ("writ_issued", "2023-11-01"), ("attachment", "2024-02-01"),
               closed="2024-04-01")  # fmt: skip
    # Closed on the last day of the quarter: not open at its end.
    story.case(story.affiliate(15), ("writ_issued", "2023-11-01"), closed="2024-03-31")


def prescriptions(story: Story) -> None:
    """Letters that restart five years, on either side of the as-of date and of six months."""
    for number, letter in ((21, "2019-05-31"), (22, "2019-06-01"), (23, "2019-11-30"),
                           (24, "2019-12-01")):  # fmt: skip
        account = story.affiliate(number)
        charge = story.charge(account, "2014-03-31", year=2014, issued="2014-01-02")
        story.case(account, ("registered_letter", letter), opened="2015-01-01", charge=charge)


def careers(story: Story) -> None:
    """Career messages of 2022 and 2023, both closed on 31 May 2024."""

    def told(key: str, *periods: str, status="accepted", flow="career_data",
             sent="2024-02-01") -> None:  # fmt: skip
        for period in periods:
            story.add("transmissions", flow=flow, recipient="INASTI", account_id=key,
                      period=period, due_date="2024-02-29", sent_date=sent,
                      status=status)  # fmt: skip

    quarters = [f"{year}Q{number}" for year in (2022, 2023) for number in (1, 2, 3, 4)]
    key = story.affiliate(31)
    story.affiliated(key, "2020-01-01")
    told(key, *quarters)
    key = story.affiliate(32)  # one missing, one twice, one rejected
    story.affiliated(key, "2020-01-01")
    told(key, *(quarter for quarter in quarters if quarter not in ("2022Q3", "2023Q2")))
    told(key, "2022Q4")
    # What is missing is not told by a message about something else, nor by one of tomorrow.
    told(key, "2022Q3", flow="pension_income")
    told(key, "2022Q3", sent="2024-06-01", status="pending")
    told(key, "2023Q2", status="rejected")
    # Registered late: due at the end of the second month after, which is today, or last month.
    story.affiliated(story.affiliate(35), "2023-10-01", registered_date="2024-03-10")
    story.affiliated(story.affiliate(36), "2023-10-01", registered_date="2024-02-10")
    key = story.affiliate(33)  # the quarter of a cessation counts, that of a pension does not
    story.affiliated(key, "2022-01-01", "2022-05-31", "pension")
    told(key, "2022Q1")
    key = story.affiliate(34)
    story.affiliated(key, "2022-01-01", "2022-05-31", "cessation")
    told(key, "2022Q1")


def benefits(story: Story) -> None:
    """Claims, payments and overpayments of two quarters."""
    one, two = story.affiliate(41), story.affiliate(42)

    def claim(who, submitted, decided=None, decision=None, benefit="informal_carer", **more) -> str:
        return story.add("benefit_claims", **{
            "affiliate_id": who, "benefit": benefit, "initiated_by": "application",
            "event_date": submitted, "submitted_date": submitted, "decision_date": decided,
            "decision": decision, "reasons_stated": True, "appeal_stated": True,
            **more})  # fmt: skip

    def paid(claim, unit, units, amount, due, day) -> None:
        story.add("benefit_payments", claim_id=claim, period_start="2024-01-01",
                  period_end="2024-01-20", unit=unit, units=units, amount=amount, due_date=due,
                  paid_date=day)  # fmt: skip

    first = claim(one, "2024-01-02", "2024-01-12", "granted")
    paid(first, "day", "15.00", "1492.65", "2024-03-31", "2024-03-31")
    paid(first, "half_day", "10.00", "497.60", "2024-03-31", "2024-04-01")
    paid(first, "day", "1.00", "-99.51", "2024-04-30", "2024-04-02")
    claim(two, "2024-01-03", "2024-04-12", "refused", refusal_reason="x")
    claim(two, "2024-03-03", "2024-04-13", "partial", initiated_by="automatic")
    # Two weeks, each a quarter of the month of 1 574.56.
    weekly = claim(two, "2024-01-05", benefit="bridging_right", cause="bankruptcy")
    paid(weekly, "week", "2.00", "787.28", "2024-03-31", None)
    # Two payments that have nothing to tell them apart but their numbers.
    twice = claim(two, "2021-01-05", "2021-01-12", "granted")
    for _ in range(2):
        paid(twice, "day", "1.00", "99.51", "2021-02-28", "2021-02-28")
    # Leap day: three years after 29 February 2024 is 28 February 2027.
    for benefit, cause in (("bereavement_leave", "regularisation"), ("birth_leave", "error_fund"),
                           ("maternity_help", "error_fund"), ("birth_leave", "fraud")):  # fmt: skip
        of = claim(one, "2022-01-01", benefit=benefit)
        undue = story.add("benefit_overpayments", claim_id=of, cause=cause,
                          established_date="2024-02-29", amount="100.00", reasons_stated=True,
                          appeal_stated=True)  # fmt: skip
        for kind, amount, day in (("repayment", "10.00", "2024-05-31"),
                                  ("withholding", "20.00", "2024-05-30"),
                                  ("waiver", "5.00", "2024-05-01"),
                                  ("write_off", "1.00", "2024-05-02"),
                                  ("repayment", "64.00", "2024-06-01")):  # fmt: skip
            story.add("overpayment_movements", overpayment_id=undue, movement_date=day, kind=kind,
                      amount=amount)  # fmt: skip


def bankruptcies(story: Story) -> None:
    """Bankrupt with an insolvency, without one, in complementary occupation; still to come."""
    for number, end, category in ((43, "2024-04-30", "main"), (44, "2024-04-30", "main"),
                                  (45, "2024-04-30", "main"), (46, "2024-04-30", "complementary"),
                                  (47, "2024-06-01", "main")):  # fmt: skip
        story.affiliated(story.affiliate(number), "2024-01-01", end, "bankruptcy",
                         category=category)  # fmt: skip
    story.affiliated(story.affiliate(48), "2024-01-01")
    story.add("insolvencies", account_id=account(43), kind="bankruptcy", opened_date="2024-02-10")
    story.add("insolvencies", account_id=account(48), kind="collective_debt_settlement",
              opened_date="2024-05-10")  # fmt: skip
    for who, day, decision in ((account(44), "2024-05-10", "granted"),
                               (account(45), "2024-04-29", "granted")):  # fmt: skip
        story.add("benefit_claims", affiliate_id=who, benefit="bridging_right", cause="bankruptcy",
                  initiated_by="application", event_date=day, submitted_date=day,
                  decision_date=day, decision=decision)  # fmt: skip


def companies(story: Story) -> None:
    """The contribution of 2022: threshold 746 410.17 on the balance of 2020."""

    def claimed(key: str, amount="347.50", kind="company_contribution", **more) -> str:
        return story.charge(key, "2022-12-31", amount, 2022, kind, "2022-06-01", **more)

    at, above, none = story.company(51), story.company(52), story.company(53)
    for key, total in ((at, "746410.17"), (above, "746410.18")):
        story.add("company_balances", company_id=key, fiscal_year=2020, balance_sheet_total=total)
    story.add("company_balances", company_id=none, fiscal_year=2021, balance_sheet_total="9999999")
    for key in (at, above, none):
        claimed(key)
    story.add("payments", account_id=above, value_date="2022-07-01", amount="347.50",
              channel="transfer")  # fmt: skip
    idle = story.company(54, status="dormant")
    story.add("charges", account_id=idle, charge_type="cancellation", contribution_year=2022,
              issue_date="2022-07-01", due_date="2022-07-01", amount="-347.50",
              related_charge_id=claimed(idle))  # fmt: skip
    story.add("insolvencies", account_id=story.company(55), kind="bankruptcy",
              opened_date="2022-12-31")  # fmt: skip
    # Opened the year after: 2022 is not exempt for that, and it was not claimed either.
    story.add("insolvencies", account_id=story.company(56), kind="bankruptcy",
              opened_date="2023-01-01")  # fmt: skip
    story.company(57, incorporated_date="2020-01-01", affiliated_date="2020-04-01")
    story.company(58, incorporated_date="2019-12-31", affiliated_date="2020-04-01")
    story.company(59, incorporated_date="2020-01-01", affiliated_date="2020-04-02",
                  legal_form="SA")  # fmt: skip
    # Directors of the one that owes: in 2022, until the year before, from the year after.
    director = story.affiliate(60)
    for start, end in (("2022-12-31", None), ("2015-01-01", "2022-01-01"),
                       ("2015-01-01", "2021-12-31"), ("2023-01-01", None)):  # fmt: skip
        story.add("mandates", affiliate_id=director, company_id=at, role="director",
                  start_date=start, end_date=end)  # fmt: skip


def accounts_book(story: Story) -> None:
    """Two months of the fund's accounts in which nothing moved: one agrees, one does not."""
    for period, amount in (("2010-01", "0.00"), ("2010-02", "5.00")):
        story.world["ledger_totals"].append(
            {"period": period, "ledger_line": "payments_received", "amount": amount}
        )


def tell_all() -> World:
    """The rows of all stories."""
    story = Story()
    for tell in (arrears, judicial, prescriptions, careers, benefits, bankruptcies, companies,
                 accounts_book):  # fmt: skip
        tell(story)
    return story.world
