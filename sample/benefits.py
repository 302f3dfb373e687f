"""Benefits: claims, payments, overpayments and their recovery.

Belongs here: who claims what, when it is decided and paid, in legal amounts (but for the planted
lapses). Does not belong here: legal amounts (law.py).
"""

from __future__ import annotations

import numpy as np

from . import law
from .affiliate_chunk import AffiliateChunk
from .calendar import (
    NULL_DATE,
    add_months,
    add_working_days,
    date_of,
    day,
    end_of_month,
    month_index,
)
from .calibration import Context
from .careers import BASE_QUARTER
from .frame import Codes, Frame
from .truth import Truth, euro, keys

KINDS = ["bridging_right", "maternity_help", "birth_leave", "informal_carer", "bereavement_leave"]
BRIDGING, MATERNITY, BIRTH, CARER, BEREAVEMENT = range(5)
CAUSES = ["bankruptcy", "debt_settlement", "forced_interruption", "economic_difficulty",
          "severe_illness", "palliative", "disabled_child"]  # fmt: skip
DECISIONS = ["granted", "partial", "refused", "inadmissible", "withdrawn"]
UNITS = ["month", "day", "half_day", "voucher"]
REFUSALS = ["conditions_not_met", "late_request", "contributions_unpaid"]
CLAIM_FIELDS = ("person", "benefit", "cause", "event", "submitted", "automatic", "family", "months")


def benefit_frames(ctx: Context, chunk: AffiliateChunk, index: int, truth: Truth) -> list[Frame]:
    """Extracts of the benefits of a chunk."""
    rng = ctx.rng("benefits", index)
    claims = _claims(ctx, rng, chunk)
    claims = _decide(ctx, rng, claims)
    order = np.lexsort((claims["benefit"], claims["submitted"], claims["person"]))
    order = order[claims["submitted"][order] <= ctx.last]
    claims = {name: values[order] for name, values in claims.items()}
    count = len(order)
    ids = (index + 1) * 1_000_000 + np.arange(count, dtype=np.int64)
    frames = [_claims_frame(ctx, chunk, ids, claims)]
    frames.append(_payments(ctx, rng, ids, claims, index, truth))
    frames += _overpayments(ctx, rng, ids, claims, index, truth)
    decided = claims["decided"] <= ctx.last
    granted = decided & (claims["benefit"] == MATERNITY) & (claims["decision"] == 0)
    chunk.maternity_person = claims["person"][granted]
    chunk.maternity_decided = claims["decided"][granted]
    limit = add_months(claims["complete"], 4)
    late = decided & (claims["decided"] > limit)
    truth.add("late_decision", "benefit_claims", keys("B", 9, ids[late]))
    bare = decided & (claims["decision"] == 2) & ~(claims["reasons"] & claims["appeal"])
    truth.add("refusal_without_reasons", "benefit_claims", keys("B", 9, ids[bare]))
    return frames


def _eligible(ctx: Context, chunk: AffiliateChunk, year: int, number: int, codes) -> np.ndarray:
    """Persons liable in a category in a quarter."""
    at = 4 * (year - 1990) + number - 1 - BASE_QUARTER
    table = chunk.careers.category_of
    if at >= table.shape[1]:
        return np.zeros(0, dtype=np.int64)
    enrolled = chunk.careers.registered_of[:, at] < day(year, 3 * number - 2, 1) + 30
    return np.flatnonzero(np.isin(table[:, at], codes) & enrolled)


def _claims(ctx: Context, rng, chunk: AffiliateChunk) -> dict[str, np.ndarray]:
    """Events and claims of all years: arrays by CLAIM_FIELDS."""
    rates = ctx.profile["benefits"]
    parts = []

    def add(person, benefit, cause, event, submitted, automatic, months):
        count = len(person)
        family = (person * 7919 % 100) < 42
        columns = (person, benefit, cause, event, submitted, automatic, family, months)
        parts.append(tuple(np.broadcast_to(column, (count,)) for column in columns))

    main = (law.MAIN, law.MAXI)
    first, last = date_of(ctx.start).year, date_of(ctx.last).year
    if first <= 2020 <= last:
        for year, number, low, high, share in (
            (2020, 2, day(2020, 3, 14), day(2020, 4, 30), rates["crisis"]),
            (2020, 4, day(2020, 10, 15), day(2020, 11, 30), rates["crisis"] * 0.55),
            (2021, 1, day(2021, 1, 10), day(2021, 3, 20), rates["crisis"] * 0.20),
        ):
            who = _eligible(ctx, chunk, year, number, main)
            who = who[rng.random(len(who)) < share]
            event = rng.integers(low, high, len(who))
            months = rng.integers(1, 6, len(who)) if number == 2 else rng.integers(2, 7, len(who))
            add(who, BRIDGING, 2, event, event + rng.integers(2, 28, len(who)), False, months)
    for year in range(first, last + 1):
        for number in range(1, 5):
            start = day(year, 3 * number - 2, 1)
            if start > ctx.last or start < ctx.start:
                continue
            _ordinary(ctx, rng, chunk, add, rates, year, number, start, main)
    _bankrupt(ctx, rng, chunk, add)
    _settling(ctx, rng, chunk, add)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    claims = dict(zip(CLAIM_FIELDS, columns, strict=True))
    dead = claims["event"] >= ctx.last
    return {name: values[~dead] for name, values in claims.items()}


def _ordinary(ctx, rng, chunk, add, rates, year, number, start, main) -> None:
    """Claims whose event lies in one quarter."""
    people = chunk.people
    who = _eligible(ctx, chunk, year, number, main)
    age = (start - people.birth[who]) / 365.25
    event = start + rng.integers(0, 88, len(who))
    draw = rng.random(len(who))
    male = people.sex[who] == 0
    fathers = male & (age > 24) & (age < 46) & (draw < rates["birth"] / 4 * 1.7)
    fathers &= event >= day(2019, 5, 1)
    sent = event + rng.integers(6, 75, len(who))
    add(who[fathers], BIRTH, -1, event[fathers], sent[fathers], False, 0)
    mothers = ~male & (age > 22) & (age < 42) & (draw < rates["maternity"] / 4 * 1.6)
    automatic = rng.random(len(who)) < 0.94
    sent = event + np.where(automatic, rng.integers(5, 30, len(who)),
                            rng.integers(20, 100, len(who)))  # fmt: skip
    add(who[mothers], MATERNITY, -1, event[mothers], sent[mothers], automatic[mothers], 0)
    draw = rng.random(len(who))
    carers = draw < rates["carer"] / 4
    add(who[carers], CARER, 4 + rng.integers(0, 3, carers.sum()), event[carers],
        event[carers] + rng.integers(0, 26, carers.sum()), False,
        rng.integers(1, 5, carers.sum()))  # fmt: skip
    grief = (draw > 1 - rates["bereavement"] / 4) & (event >= day(2021, 7, 25))
    add(who[grief], BEREAVEMENT, -1, event[grief],
        event[grief] + rng.integers(5, 90, grief.sum()), False, 0)  # fmt: skip
    classic = (draw > 0.3) & (draw < 0.3 + rates["classic"] / 4)
    cause = np.array([2, 3])[rng.integers(0, 2, classic.sum())]
    add(who[classic], BRIDGING, cause, event[classic],
        event[classic] + rng.integers(4, 120, classic.sum()), False,
        rng.integers(2, 13, classic.sum()))  # fmt: skip


def _bankrupt(ctx: Context, rng, chunk: AffiliateChunk, add) -> None:
    """After a bankruptcy, the fund starts the claim of most main-occupation affiliates."""
    life = chunk.careers
    rows = np.flatnonzero((life.reason == 2) & (life.end > ctx.start) & (life.end < ctx.full))
    rows = rows[rng.random(len(rows)) < 0.62]
    event = life.end[rows]
    automatic = rng.random(len(rows)) < 0.6
    sent = event + np.where(automatic, rng.integers(5, 50, len(rows)),
                            rng.integers(20, 130, len(rows)))  # fmt: skip
    add(life.person[rows], BRIDGING, 0, event, sent, automatic, rng.integers(4, 13, len(rows)))


def _settling(ctx: Context, rng, chunk: AffiliateChunk, add) -> None:
    """After the opening of a collective settlement of debts, about half of those concerned who are
    in main occupation that quarter ask for the bridging right; the fund starts few claims."""
    who, event = chunk.settling, chunk.settling_on.astype(np.int64)
    months = month_index(event)
    main = np.zeros(len(who), dtype=bool)
    for quarter in np.unique(months // 3):
        year, number = 1970 + quarter // 4, quarter % 4 + 1
        here = months // 3 == quarter
        main[here] = np.isin(who[here], _eligible(ctx, chunk, year, number, (law.MAIN, law.MAXI)))
    who, event = who[main], event[main]
    asks = rng.random(len(who)) < 0.5
    who, event = who[asks], event[asks]
    automatic = rng.random(len(who)) < 0.15
    sent = event + rng.integers(10, 100, len(who))
    add(who, BRIDGING, 1, event, sent, automatic, rng.integers(3, 13, len(who)))


def _decide(ctx: Context, rng, claims: dict) -> dict:
    """Completes claims with their decision."""
    count = len(claims["person"])
    submitted = add_working_days(claims["submitted"], 0).astype(np.int64)
    complete = submitted + np.where(rng.random(count) < 0.6, 0, rng.integers(1, 40, count))
    late = rng.random(count) < ctx.anomalies["late_decision"]
    wait = np.where(late, rng.integers(125, 260, count), rng.integers(3, 95, count))
    crisis = (claims["benefit"] == BRIDGING) & (claims["event"] < day(2021, 4, 1))
    crisis &= claims["event"] >= day(2020, 3, 1)
    wait = np.where(crisis & ~late, rng.integers(3, 30, count), wait)
    wait = np.where((claims["benefit"] == MATERNITY) & ~late, rng.integers(2, 25, count), wait)
    decided = add_working_days(complete + wait, 0).astype(np.int64)
    draw = rng.random(count)
    decision = np.where(draw < 0.05, 2, np.where(draw < 0.06, 3, np.where(draw < 0.07, 4, 0)))
    severe = np.isin(claims["benefit"], (BRIDGING, CARER)) & ~crisis
    decision = np.where(severe & (draw >= 0.07) & (draw < 0.22), 2, decision)
    decision = np.where(severe & (draw >= 0.22) & (draw < 0.26), 1, decision)
    bare = rng.random(count) < ctx.anomalies["refusal_without_reasons"]
    lacking = rng.integers(0, 3, count)
    return claims | {
        "submitted": submitted,
        "complete": complete,
        "decided": decided,
        "decision": decision,
        "refusal": np.where(decision == 2, rng.integers(0, 3, count), -1),
        "reasons": ~(bare & (lacking != 1)),
        "appeal": ~(bare & (lacking != 0)),
    }


def _claims_frame(ctx: Context, chunk: AffiliateChunk, ids, claims: dict) -> Frame:
    decided = claims["decided"] <= ctx.last
    frame = Frame(
        "benefit_claims",
        {
            "claim_id": ids,
            "affiliate_id": chunk.people.number[claims["person"]],
            "benefit": Codes(claims["benefit"], KINDS),
            "cause": Codes(claims["cause"], CAUSES),
            "initiated_by": Codes(claims["automatic"], ["application", "automatic"]),
            "event_date": claims["event"].astype(np.int32),
            "submitted_date": claims["submitted"].astype(np.int32),
            "complete_date": np.where(
                claims["complete"] <= ctx.last, claims["complete"], NULL_DATE
            ).astype(np.int32),
            "decision_date": np.where(decided, claims["decided"], NULL_DATE).astype(np.int32),
            "decision": Codes(np.where(decided, claims["decision"], -1), DECISIONS),
            "refusal_reason": Codes(np.where(decided, claims["refusal"], -1), REFUSALS),
            "reasons_stated": np.where(decided, claims["reasons"], -1).astype(np.int8),
            "appeal_stated": np.where(decided, claims["appeal"], -1).astype(np.int8),
            "with_family_charge": np.where(
                np.isin(claims["benefit"], (BRIDGING, CARER)), claims["family"], -1
            ).astype(np.int8),
        },
        claims["submitted"],
    )
    frame.hide_future("complete_date", ctx.full)
    frame.hide_future(
        "decision_date", ctx.full, ("decision", -1), ("refusal_reason", -1),
        ("reasons_stated", -1), ("appeal_stated", -1),
    )  # fmt: skip
    return frame


def _payments(ctx: Context, rng, ids, claims: dict, index: int, truth: Truth) -> Frame:
    """Payments of granted claims: months in a row, or the leave or the vouchers at once."""
    granted = np.flatnonzero((claims["decision"] <= 1) & (claims["decided"] <= ctx.last))
    monthly = np.isin(claims["benefit"][granted], (BRIDGING, CARER))
    rows_m = granted[monthly]
    count = np.where(claims["decision"][rows_m] == 1, (claims["months"][rows_m] + 1) // 2,
                     claims["months"][rows_m])  # fmt: skip
    rows = np.repeat(rows_m, count)
    k = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    event = claims["event"][rows]
    crisis = (event >= day(2020, 3, 1)) & (event < day(2021, 4, 1))
    crisis &= claims["benefit"][rows] == BRIDGING
    month = month_index(event) + k + np.where(crisis, 0, 1)
    start = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    double = crisis & (start >= day(2020, 10, 1)) & (start < day(2021, 3, 1))
    units = np.where(double, 200, 100)
    family = claims["family"][rows] & (claims["benefit"][rows] == BRIDGING)
    amount = law.monthly_amount(start, family, claims["benefit"][rows] == CARER) * units // 100
    parts = [(rows, start, end_of_month(start), np.zeros(len(rows), int), units, amount)]
    once = granted[~monthly]
    event, benefit = claims["event"][once], claims["benefit"][once]
    size = len(once)
    length = np.where(benefit == BIRTH, law.birth_leave_days(event), 10)
    short = (benefit == BIRTH) & (rng.random(size) < 0.10)
    length = np.where(short, rng.integers(4, 9, size), length)
    half = (benefit == BIRTH) & (rng.random(size) < 0.12)
    vouchers = benefit == MATERNITY
    begin = event + rng.integers(1, 14, size)
    end = np.minimum(begin + length * rng.integers(2, 5, size), end_of_month(event, 4))
    number = np.where(half, 2 * length, length) * 100
    number = np.where(vouchers, law.VOUCHERS * 100, number)
    one = np.where(vouchers, law.VOUCHER_CENTS, law.daily_amount(np.maximum(begin, day(2019, 5, 1)),
                                                                half))  # fmt: skip
    unit = np.where(vouchers, 3, np.where(half, 2, 1))
    begin = np.where(vouchers, event, begin)
    end = np.where(vouchers, event, np.maximum(end, begin))
    parts.append((once, begin, end, unit, number, number // 100 * one))
    row, start, end, unit, units, amount = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((start, row))
    row, start, end, unit, units, amount = (
        column[order] for column in (row, start, end, unit, units, amount)
    )
    decided = claims["decided"][row]
    size = len(row)
    # The scheme's last day: the end of the month after the period or the decision.
    due = end_of_month(np.maximum(end, decided), 1)
    late = rng.random(size) < ctx.anomalies["late_benefit_payment"]
    ready = np.maximum(decided + 2, end - 8)
    paid = np.minimum(add_working_days(ready + rng.integers(0, 18, size), 0), due).astype(np.int64)
    paid = np.where(late, due + rng.integers(1, 45, size), paid)
    leads = np.concatenate([[True], row[1:] != row[:-1]])[:size]
    slow = leads & (rng.random(size) < ctx.anomalies["late_first_payment"]) & (paid < ctx.full)
    paid = np.where(slow, add_months(decided, 4) + rng.integers(2, 60, size), paid)
    # No period of a claim is paid before its first one.
    paid = np.maximum(paid, paid[leads][np.cumsum(leads) - 1])
    known = np.maximum(decided, np.minimum(start, paid - 1))
    wrong = rng.random(size) < ctx.anomalies["wrong_benefit_amount"]
    wrong &= unit != 3
    error = np.maximum((amount * 0.02).astype(np.int64), 100) * np.where(rng.random(size) < 0.5,
                                                                         -1, 1)  # fmt: skip
    amount = np.where(wrong, amount + error, amount)
    keep = np.flatnonzero(known <= ctx.last)
    row, start, end, unit, units, amount, due, paid, known, wrong = (
        column[keep]
        for column in (row, start, end, unit, units, amount, due, paid, known, wrong)
    )
    own = (index + 1) * 1_000_000 + np.arange(len(keep), dtype=np.int64)
    frame = Frame(
        "benefit_payments",
        {
            "benefit_payment_id": own,
            "claim_id": ids[row],
            "period_start": start.astype(np.int32),
            "period_end": end.astype(np.int32),
            "unit": Codes(unit, UNITS),
            "units": units,
            "amount": amount,
            "due_date": due.astype(np.int32),
            "paid_date": np.where(paid <= ctx.last, paid, NULL_DATE).astype(np.int32),
        },
        known,
    )
    frame.hide_future("paid_date", ctx.full)
    truth.add("wrong_benefit_amount", "benefit_payments", keys("BP", 9, own[wrong]),
              amount=euro(amount[wrong]))  # fmt: skip
    late = (paid > due) & (due < ctx.last)
    truth.add("late_benefit_payment", "benefit_payments", keys("BP", 9, own[late]))
    first = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else late
    slow = first & (paid > add_months(claims["decided"][row], 4))
    truth.add("late_first_payment", "benefit_payments", keys("BP", 9, own[slow]),
              claim_id=keys("B", 9, ids[row[slow]]))  # fmt: skip
    return frame


def _overpayments(ctx: Context, rng, ids, claims: dict, index: int, truth: Truth) -> list[Frame]:
    """Undue payments found afterwards, and what is paid back."""
    paid = (claims["decision"] <= 1) & (claims["decided"] < ctx.full - 120)
    rows = np.flatnonzero(paid & (rng.random(len(ids)) < 0.022))
    count = len(rows)
    on = claims["decided"][rows] + rng.integers(60, 700, count)
    rows, on = rows[on <= ctx.last], on[on <= ctx.last]
    count = len(rows)
    notified = on + rng.integers(1, 9, count)
    monthly = np.isin(claims["benefit"][rows], (BRIDGING, CARER))
    amount = np.where(monthly, 129_169, 40_000) * rng.integers(1, 4, count) // 2
    cause = np.searchsorted([0.06, 0.28, 0.70], rng.random(count))
    bare = rng.random(count) < ctx.anomalies["overpayment_without_reasons"]
    reasons, appeal = ~bare, ~(bare & (rng.random(count) < 0.4))
    own = (index + 1) * 1_000_000 + np.arange(count, dtype=np.int64)
    frame = Frame(
        "benefit_overpayments",
        {
            "overpayment_id": own,
            "claim_id": ids[rows],
            "established_date": on.astype(np.int32),
            "notified_date": np.where(notified <= ctx.last, notified, NULL_DATE).astype(np.int32),
            "amount": amount,
            "cause": Codes(cause, ["fraud", "error_fund", "error_beneficiary", "regularisation"]),
            "reasons_stated": reasons.astype(np.int8),
            "appeal_stated": appeal.astype(np.int8),
        },
        on,
    )
    frame.hide_future("notified_date", ctx.full)
    truth.add("overpayment_without_reasons", "benefit_overpayments", keys("OV", 9, own[bare]))
    # Paid back in instalments, or left; the fund's own error is often waived.
    number = rng.integers(0, 9, count)
    waived = (cause == 1) & (rng.random(count) < 0.6)
    number = np.where(waived, 1, number)
    parts = np.repeat(np.arange(count), number)
    k = np.arange(len(parts)) - np.repeat(np.cumsum(number) - number, number)
    when = add_working_days(notified[parts] + 30 * (k + 1) + rng.integers(0, 9, len(parts)), 0)
    kind = np.where(waived[parts], 2, np.where(rng.random(len(parts)) < 0.3, 1, 0))
    share = np.maximum(amount // np.maximum(number, 4), 100)[parts]
    share = np.where(waived[parts], amount[parts], share)
    keep = np.flatnonzero(when <= ctx.last)
    movements = Frame(
        "overpayment_movements",
        {
            "movement_id": (index + 1) * 1_000_000 + np.arange(len(keep), dtype=np.int64),
            "overpayment_id": own[parts[keep]],
            "movement_date": when[keep].astype(np.int32),
            "kind": Codes(kind[keep], ["repayment", "withholding", "waiver", "write_off"]),
            "amount": share[keep],
        },
        when[keep],
    )
    return [frame, movements]


