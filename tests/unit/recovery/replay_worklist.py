"""The worklist by plain replay: which rule names which account, looked up one account at a time.

Here: the rules as docs/recovery.fr.md tells them, with the windows of the seed list as it is
delivered. Not here: points and ranks, which the test orders from the table itself.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.unit.recovery.replay import JUDICIAL, ZERO, World, prescriptions

NEXT = {
    "none": "reminder", "reminder": "formal_notice", "account_statement": "formal_notice",
    "proactive_contact": "formal_notice", "formal_notice": "registered_letter",
    "registered_letter": "writ_issued", "payment_plan": "review_plan",
    "writ_issued": "writ_served", "writ_served": "attachment", "opposition": "ask_agent",
    "summons": "ask_agent", "judgment": "attachment", "attachment": "ask_agent",
    "insolvency_claim": "ask_agent", "write_off": "close_case",
}  # fmt: skip
RANK = {kind: place for place, kind in enumerate(NEXT)}


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), last)


def named(world: World, plans: list[tuple]) -> list[tuple]:
    """Rows of fct_worklist_reasons: account, reason, case, next action, due by."""
    as_of = world.as_of
    balance = {}
    for charge, row in world.charges.items():
        left = world.outstanding(charge, as_of)
        balance[row["account_id"]] = balance.get(row["account_id"], ZERO) + left
    found = []

    def add(account, reason, action, due_by, event, case=None):
        found.append((account, reason, (due_by, -event.toordinal(), case or ""), action, case))

    for case, row in world.cases.items():
        closed = row["closed_date"]
        if row["opened_date"] > as_of or (closed is not None and closed <= as_of):
            continue
        account, steps = row["account_id"], world.steps[case]
        left = sum((world.outstanding(c, as_of) for c in world.held[case]), ZERO)
        if steps:
            latest = max(
                steps, key=lambda s: (s["step_date"], RANK.get(s["step_type"], 0), s["step_id"])
            )
            if latest["step_type"] in ("writ_issued", "writ_served"):
                for payment in world.rows["payments"]:
                    day = payment["value_date"]
                    if (
                        payment["account_id"] == account
                        and payment["amount"] > 0
                        and 0 <= (day - latest["step_date"]).days <= 30
                        and 0 <= (as_of - day).days <= 30
                    ):
                        add(account, "payment_after_writ", "stop_enforcement", day, day, case)
        stage = world.case_stage(case, as_of)
        if stage in ("formal_notice", "registered_letter") and left > 0:
            every = world.account_steps(account)
            since = min(s["step_date"] for s in steps if s["step_type"] == stage)
            recent = [
                s
                for s in every
                if s["step_type"] == "proactive_contact"
                and s["outcome"] != "not_reached"
                and (as_of - s["step_date"]).days <= 180
            ]
            if not recent and not any(s["step_type"] in JUDICIAL for s in every):
                due_by = months_later(since, 1)
                add(account, "contact_owed", "proactive_contact", due_by, since, case)
        last = max((s["step_date"] for s in steps), default=row["opened_date"])
        if (as_of - last).days >= 90:
            due_by, action = last + timedelta(days=90), NEXT[stage] if left > 0 else "close_case"
            add(account, "dormant_case", action, due_by, last, case)

    ending: dict[str, date] = {}
    for charge, _, when, *_ in prescriptions(world):
        if as_of < when <= months_later(as_of, 6):
            account = world.charges[charge]["account_id"]
            ending[account] = min(when, ending.get(account, when))
    for account, when in ending.items():
        due_by = when - timedelta(days=1)
        add(account, "prescription_near", "registered_letter", due_by, when)
    for row in world.rows["insolvencies"]:
        deadline, filed, closed = row["claim_deadline"], row["claim_filed_date"], row["closed_date"]
        if (
            deadline is not None
            and 0 <= (deadline - as_of).days <= 30
            and (filed is None or filed > as_of)
            and (closed is None or closed > as_of)
            and balance.get(row["account_id"], ZERO) > 0
        ):
            add(row["account_id"], "claim_deadline_near", "insolvency_claim", deadline, deadline)
    accounts = {p["plan_id"]: p["account_id"] for p in world.rows["payment_plans"]}
    for plan, _, _, _, broken, _, status in plans:
        account = accounts[plan]
        steps = [s["step_date"] for s in world.account_steps(account)]
        if (
            status == "broken"
            and balance.get(account, ZERO) > 0
            and (not steps or max(steps) < broken)
        ):
            add(account, "plan_missed", "review_plan", broken, broken)
    for row in world.rows["notices"]:
        day, sent = row["latest_date"], row["sent_date"]
        is_unsent = sent is None or sent > as_of
        if row["kind"] == "account_statement" and day < as_of and is_unsent:
            add(row["account_id"], "statement_overdue", "account_statement", day, day)

    first = {}
    for account, reason, key, action, case in found:
        if (account, reason) not in first or key < first[account, reason][0]:
            first[account, reason] = (key, action, case)
    return sorted(
        (account, reason, case or "", action, key[0])
        for (account, reason), (key, action, case) in first.items()
    )
