"""T15 and T16 against a slow plain replay: every cell again, record by record, from the extracts.

Deadlines and working days are counted here day by day (ruling E2), apart from the calendar of the
warehouse; rows, contributors and margins are put together by replay.py.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import pytest

from tests.golden.entangled import AS_OF
from tests.golden.replay import Replay, ended_periods, working_day_after, working_days

pytestmark = pytest.mark.xdist_group("golden_statistics")

TO_A_MUTUALITY = ("mutuality_contribution_voucher", "incapacity_certificate")


def known(day: date | None) -> date | None:
    """S2: what is dated after the as-of date has not happened."""
    return day if day is not None and day <= AS_OF else None


def test_career_messages_and_insurance_requests_cell_by_cell(query: Any, extracts: Any) -> None:
    replay = Replay("T15")
    for account, flow, recipient, due, sent, status in extracts(
        "select account_id, flow, recipient, due_date, sent_date, status from raw.transmissions"
    ):
        done = known(sent)
        digit = re.search("[0-9]", recipient)
        union = digit[0] if digit and digit[0] in "1234569" else "other"
        replay.add(
            ended_periods(due, AS_OF),
            {
                "record_kind": "transmission",
                "record_type": flow,
                "record_status": status if sent is None or done else "pending",
                "mutuality_union": union if flow in TO_A_MUTUALITY else "_Z",
            },
            account,
            records=1,
            done_records=done is not None,
            judged_records=done is not None or due < AS_OF,
            in_time_records=done is not None and done <= due,
            days=max((done - due).days, 0) if done else 0,
        )
    for account, kind, submitted, transmitted, day, decision, first, last in extracts(
        "select affiliate_id, kind, submitted_date, transmitted_date, decision_date, decision,"
        " from_quarter, to_quarter from raw.insurance_requests"
    ):
        done = known(transmitted)
        fifth = working_day_after(submitted, 5)
        in_time = done is not None and working_days(submitted, done) <= 5
        replay.add(
            ended_periods(submitted, AS_OF),
            {
                "record_kind": "insurance_request",
                "record_type": kind,
                "record_status": decision if decision and (not day or known(day)) else "pending",
                "mutuality_union": "_Z",
            },
            account,
            records=1,
            quarters=max(number(last) - number(first) + 1, 0) if first and last else 0,
            done_records=done is not None,
            judged_records=done is not None or fifth < AS_OF,
            in_time_records=in_time,
            days=0 if done is None or in_time else (done - fifth).days,
        )
    replay.assert_equals(query)


def number(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5])


def test_items_of_the_service_cell_by_cell(query: Any, extracts: Any) -> None:
    replay = Replay("T16")
    offices = dict(
        extracts(
            "select affiliate_id, office_code from raw.affiliates"
            " union all select company_id, office_code from raw.companies"
        )
    )

    def item(
        service: str,
        day: date,
        account: str | None,
        *,
        judged: bool,
        in_time: bool,
        days: int | None = None,
        who: Any = None,
        **codes: str,
    ) -> None:
        took = {} if days is None else {"days": days, "done_items": 1, "median_days": days}
        replay.add(
            ended_periods(day, AS_OF),
            {"service": service, "office": offices[account] if account else "none", **codes},
            account or who,
            items=1,
            judged_items=judged,
            in_time_items=in_time,
            **took,
        )

    for account, requested, registered in extracts(
        "select affiliate_id, requested_date, registered_date from raw.affiliations"
        " where origin = 'voluntary' and requested_date is not null"
    ):
        item(
            "registration",
            registered,
            account,
            judged=True,
            in_time=working_days(requested, registered) <= 10,
            days=(registered - requested).days,
        )
    for key, account, kind, topic, channel, outcome, *moments in extracts(
        "select contact_id, account_id, kind, topic, channel, outcome, received_at,"
        " first_answer_at, closed_at from raw.contacts"
    ):
        received, answered, closed = (moment and moment.date() for moment in moments)
        done = known(closed if kind == "complaint" else answered)
        if kind == "complaint":
            deadline = received + timedelta(days=30)
            in_time = done is not None and done <= deadline
        else:
            deadline = working_day_after(received, 5)
            in_time = done is not None and working_days(received, done) <= 5
        item(
            kind,
            received,
            account,
            judged=done is not None or deadline < AS_OF,
            in_time=in_time,
            days=(done - received).days if done else None,
            who=("contact", key),
            topic=topic,
            channel=channel,
            outcome=outcome or "none",
        )
    for account, submitted, complete, decided, decision, reasons, appeal in extracts(
        "select affiliate_id, submitted_date, complete_date, decision_date, decision,"
        " reasons_stated, appeal_stated from raw.benefit_claims where decision_date is not null"
    ):
        start = complete or submitted
        if decision != "withdrawn":
            item(
                "benefit_decision",
                decided,
                account,
                judged=True,
                in_time=decided <= four_months_after(start),
                days=(decided - start).days,
            )
        if decision == "refused":
            item("refusal_reasons", decided, account, judged=True, in_time=bool(reasons and appeal))

    def by_last_day(service: str, last: date, done: date | None, account: str, **codes: str):
        day = known(done)
        item(
            service,
            last,
            account,
            judged=day is not None or last < AS_OF,
            in_time=day is not None and day <= last,
            **codes,
        )

    for account, due, paid in extracts(
        "select affiliate_id, due_date, paid_date from raw.benefit_payments"
        " join raw.benefit_claims using (claim_id) where amount > 0"
    ):
        by_last_day("benefit_payment", due, paid, account)
    for account, kind, channel, latest, sent in extracts(
        "select account_id, kind, channel, latest_date, sent_date from raw.notices"
        " where kind in ('due_notice', 'regularisation_notice')"
    ):
        by_last_day(kind, latest, sent, account, channel=channel)
    for account, deadline, filed in extracts(
        "select account_id, claim_deadline, claim_filed_date from raw.insolvencies"
        " where claim_deadline is not null"
    ):
        by_last_day("insolvency_claim", deadline, filed, account)
    replay.assert_equals(query)


def four_months_after(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + 4, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def test_the_fund_has_what_the_rules_tell_apart(extracts: Any) -> None:
    """Days after the as-of date, contacts without account, mutualities without a union."""
    later = f"> date '{AS_OF + timedelta(days=1)}'"
    (counts,) = extracts(
        f"select (select count(*) from raw.transmissions where sent_date {later}),"
        f" (select count(*) from raw.notices where sent_date {later}),"
        f" (select count(*) from raw.contacts where first_answer_at {later}),"
        f" (select count(*) from raw.insurance_requests where decision_date {later}),"
        " (select count(*) from raw.insurance_requests where to_quarter < from_quarter),"
        " (select count(*) from raw.contacts where account_id is null),"
        " (select count(*) from raw.transmissions where recipient like '%8%')"
    )
    assert min(counts) > 0
