"""Service to affiliates and companies: notices, contacts, insurance requests.

Belongs here: what the fund sends and answers, in time or (planted) not. Messages to other
institutions are in transmissions.py.
"""

from __future__ import annotations

import numpy as np

from .affiliate_chunk import AffiliateChunk
from .calendar import (
    FAR,
    NULL_DATE,
    QUARTER_END,
    QUARTER_START,
    add_working_days,
    end_of_month,
    quarter_of,
)
from .calibration import Context, pick
from .careers import CATEGORY_CHANGE, EX_OFFICIO
from .companies import Companies
from .frame import Codes, Frame
from .transmissions import transmissions_frame
from .truth import Truth, keys

NOTICES = ["due_notice", "regularisation_notice", "company_notice", "account_statement",
           "obligations_brochure"]  # fmt: skip
DUE, REGULARISATION, COMPANY, STATEMENT, BROCHURE = range(5)
CHANNELS = {"post": 0.42, "ebox": 0.38, "email": 0.08, "portal": 0.12}
SECONDS = 86_400


def affiliate_service_frames(ctx: Context, chunk: AffiliateChunk, index: int, truth: Truth,
                             payer: np.ndarray) -> list[Frame]:  # fmt: skip
    """Notices, transmissions, contacts and insurance requests of a chunk of affiliates."""
    rng = ctx.rng("notices", index)
    people, due = chunk.people, chunk.due
    shown = np.flatnonzero((chunk.rows.principal_id >= 0) & (due.issue >= ctx.service_start))
    issue = due.issue[shown]
    provisional = due.kind[shown] == 0
    first_month = end_of_month(QUARTER_START[quarter_of(issue)])
    latest = np.where(provisional, np.maximum(first_month, issue + 12), end_of_month(issue, 1))
    parts = [(due.person[shown], np.where(provisional, DUE, REGULARISATION),
              chunk.rows.principal_id[shown], latest, issue + 0)]  # fmt: skip
    parts.append(
        statements(ctx, rng, chunk.out.arrears, len(people), truth, "A", people.number, 18)
    )
    parts.append(_brochures(ctx, rng, chunk, truth))
    return [
        notices_frame(ctx, rng, "A", people.number, index, parts, truth),
        transmissions_frame(ctx, chunk, index, truth),
        contacts_frame(ctx, "A", people.number, index, truth, weight=_activity(chunk, payer)),
        _insurance(ctx, chunk, index, truth),
    ]


def _activity(chunk: AffiliateChunk, payer: np.ndarray) -> np.ndarray:
    """How much each person writes and calls: only while affiliated, more when in trouble."""
    recent = (chunk.careers.category_of[:, -12:] >= 0).mean(axis=1)
    return recent * np.where(payer == 0, 0.8, np.where(payer == 4, 0.6, 1.5))


def _brochures(ctx: Context, rng, chunk: AffiliateChunk, truth: Truth) -> tuple:
    """Brochure of obligations to those affiliated by the fund and to first affiliations."""
    life = chunk.careers
    rows = np.flatnonzero(
        (life.origin != CATEGORY_CHANGE) & ((life.origin == EX_OFFICIO) | life.first)
        & (life.registered >= ctx.start) & (life.registered <= ctx.last)
    )  # fmt: skip
    missing = rng.random(len(rows)) < ctx.anomalies["missing_brochure"]
    told = missing & (life.registered[rows] + 30 < ctx.full)
    ids = (chunk.rows.frame.columns["charge_id"][:1] // 100_000_000) * 1_000_000
    truth.add(
        "missing_brochure", "affiliations",
        keys("F", 9, (ids[0] if len(ids) else 1_000_000) + rows[told]),
        affiliate_id=keys("A", 8, chunk.people.number[life.person[rows[told]]]),
    )  # fmt: skip
    rows = rows[~missing]
    on = add_working_days(life.registered[rows] + rng.integers(1, 22, len(rows)), 0)
    registered = life.registered[rows]
    on = np.minimum(on, registered + 29)
    return (life.person[rows], np.full(len(rows), BROCHURE), np.full(len(rows), -1),
            registered + 30, on.astype(np.int64))  # fmt: skip


def statements(ctx: Context, rng, arrears: list, size: int, truth: Truth, prefix: str,
               numbers: np.ndarray, day_of_quarter: int) -> tuple:  # fmt: skip
    """Account statements: every second quarter, from `day_of_quarter` on, to those in arrears.

    One that was forgotten (planted) leaves in the next quarter.
    """
    last_sent = np.full(size, -9)
    parts = []
    still = dict(arrears)
    for q, persons in arrears:
        at = q + 1
        if QUARTER_END[at] < ctx.service_start:
            last_sent[persons] = np.where(at - last_sent[persons] >= 2, at, last_sent[persons])
            continue
        wanted = persons[at - last_sent[persons] >= 2]
        draw = rng.random(len(wanted)) < ctx.anomalies["missing_statement"]
        missed = wanted[draw]
        if QUARTER_END[at] <= ctx.full:
            # Only an account that is still in arrears at the end of the quarter has missed one.
            noticed = missed
            if prefix == "A":
                noticed = np.intersect1d(missed, still.get(at, missed))
            truth.add("missing_statement", "notices", keys(prefix, 8, numbers[noticed]),
                      quarter=f"{1990 + at // 4}Q{at % 4 + 1}")  # fmt: skip
        sent = wanted[~draw]
        last_sent[sent] = at
        on = QUARTER_START[at] + day_of_quarter + rng.integers(0, 18, len(sent))
        parts.append((sent, np.full(len(sent), STATEMENT), np.full(len(sent), -1),
                      np.full(len(sent), QUARTER_START[at] + day_of_quarter + 25), on))  # fmt: skip
    if not parts:
        return tuple(np.zeros(0, dtype=np.int64) for _ in range(5))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def notices_frame(ctx: Context, rng, account: str, numbers: np.ndarray, index: int,
                  parts: list, truth: Truth) -> Frame:  # fmt: skip
    """Extract `notices` from (account position, kind, charge, latest date, sent date)."""
    who, kind, charge, latest, sent = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((kind, sent, who))
    who, kind, charge, latest, sent = (
        column[order].astype(np.int64) for column in (who, kind, charge, latest, sent)
    )
    timed = kind <= COMPANY
    late = timed & (rng.random(len(who)) < ctx.anomalies["late_notice"])
    known = sent.copy()
    sent = np.where(late, latest + rng.integers(1, 21, len(who)), sent)
    corrected = timed & (rng.random(len(who)) < ctx.anomalies["corrected_notice"])
    corrected &= (sent + 40 <= ctx.full) & ~late
    rows = np.flatnonzero(corrected)
    count = len(who)
    again = sent[rows] + rng.integers(8, 40, len(rows))
    start = (index + 1) * 10_000_000
    corrected_by = np.full(count + len(rows), -1, dtype=np.int64)
    corrected_by[rows] = start + count + np.arange(len(rows))
    who, kind, charge = (np.concatenate([column, column[rows]]) for column in (who, kind, charge))
    # The deadline of a correction is its own: sending the right notice late is no second lapse.
    latest = np.concatenate([latest, np.maximum(latest[rows], again)])
    sent, known = np.concatenate([sent, again]), np.concatenate([known, again])
    ids = start + np.arange(len(who), dtype=np.int64)
    frame = Frame(
        "notices",
        {
            "notice_id": ids,
            "account_id": numbers[who],
            "kind": Codes(kind, NOTICES),
            "charge_id": charge,
            "latest_date": latest.astype(np.int32),
            "sent_date": np.where(sent <= ctx.last, sent, NULL_DATE).astype(np.int32),
            "channel": Codes(pick(rng, CHANNELS, len(who)), list(CHANNELS)),
            "corrected_by": corrected_by,
        },
        known,
        account=account,
    )
    frame.hide_future("sent_date", ctx.full)
    missed = np.flatnonzero(late & (latest[:count] < ctx.last) & (known[:count] <= ctx.last))
    truth.add("late_notice", "notices", keys("N", 10, ids[missed]),
              kind=[NOTICES[k] for k in kind[missed]])  # fmt: skip
    truth.add("corrected_notice", "notices", keys("N", 10, ids[rows]),
              corrected_by=keys("N", 10, corrected_by[rows]))  # fmt: skip
    return frame


TOPICS = {"affiliation": 0.14, "contribution": 0.34, "payment_difficulty": 0.20, "benefit": 0.08,
          "career_pension": 0.09, "insurance": 0.05, "company": 0.03, "other": 0.07}  # fmt: skip
COMPANY_TOPICS = {"affiliation": 0.1, "contribution": 0.3, "payment_difficulty": 0.12,
                  "benefit": 0.0, "career_pension": 0.0, "insurance": 0.0, "company": 0.4,
                  "other": 0.08}  # fmt: skip
BY = {"phone": 0.46, "email": 0.30, "web": 0.12, "office": 0.05, "post": 0.07}


def contacts_frame(ctx: Context, account: str, numbers: np.ndarray, index: int, truth: Truth,
                   weight: np.ndarray) -> Frame:  # fmt: skip
    """Extract `contacts`: questions, requests, complaints and when they were answered."""
    rng = ctx.rng("contacts-" + account, index)
    span = ctx.last - ctx.service_start + 1
    number = rng.poisson(ctx.profile["contacts_per_year"] * span / 365 * weight)
    who = np.repeat(np.arange(len(numbers)), number)
    size = len(who)
    on = add_working_days(ctx.service_start + rng.integers(0, span, size), 0).astype(np.int64)
    on = np.minimum(on, ctx.last + 30)
    channel = pick(rng, BY, size)
    kind = pick(rng, {0: 0.66, 1: 0.30, 2: 0.04}, size)
    second = rng.integers(30_600, 61_000, size)
    received = on * SECONDS + second
    at_once = (channel == 0) | (channel == 3)
    at_once &= rng.random(size) < 0.8
    late = (rng.random(size) < ctx.anomalies["late_answer"]) & (kind < 2)
    very_late = late & (rng.random(size) < ctx.anomalies["very_late_answer"] /
                        ctx.anomalies["late_answer"])  # fmt: skip
    days = np.where(late, rng.integers(6, 21, size), rng.integers(1, 6, size))
    answer_day = add_working_days(on, days).astype(np.int64)
    answer_day = np.where(very_late, on + rng.integers(47, 95, size), answer_day)
    answered = answer_day * SECONDS + rng.integers(30_600, 61_000, size)
    quick = at_once & ~late
    answered = np.where(quick, received + rng.integers(120, 2400, size), answered)
    slow = (kind == 2) & (rng.random(size) < ctx.anomalies["late_complaint"])
    more = np.where(kind == 2, rng.integers(1, 18, size), rng.integers(0, 12, size))
    closing = add_working_days(answered // SECONDS + more, 0).astype(np.int64)
    closing = np.where(kind == 2, np.minimum(closing, on + 29), closing)
    closing = np.where(slow, on + rng.integers(32, 80, size), closing)
    closed = np.maximum(closing * SECONDS + 61_200, answered)
    closed = np.where(quick & (kind == 0), answered, closed)
    outcome = np.where(kind == 2, 2 + pick(rng, {0: 0.28, 1: 0.22, 2: 0.5}, size),
                       pick(rng, {0: 0.93, 1: 0.07}, size))  # fmt: skip
    topic = pick(rng, TOPICS if account == "A" else COMPANY_TOPICS, size)
    unknown = rng.random(size) < 0.04
    order = np.lexsort((received, who))
    order = order[on[order] <= ctx.last]
    who, on, received, answered, closed = (
        column[order] for column in (who, on, received, answered, closed)
    )
    late, very_late, slow = late[order], very_late[order], slow[order]
    ids = (index + 1) * 10_000_000 + np.arange(len(order), dtype=np.int64)
    frame = Frame(
        "contacts",
        {
            "contact_id": ids,
            "account_id": np.where(unknown[order], -1, numbers[who]),
            "kind": Codes(kind[order], ["question", "request", "complaint"]),
            "topic": Codes(topic[order], list(TOPICS)),
            "channel": Codes(channel[order], list(BY)),
            "received_at": received,
            "first_answer_at": np.where(answered // SECONDS <= ctx.last, answered, -1),
            "closed_at": np.where(closed // SECONDS <= ctx.last, closed, -1),
            "outcome": Codes(
                np.where(closed // SECONDS <= ctx.last, outcome[order], -1),
                ["answered", "redirected", "founded", "partly_founded", "unfounded"],
            ),
        },
        on,
        account=account,
    )
    frame.hide("first_answer_at", answered // SECONDS, -1)
    frame.hide("closed_at", closed // SECONDS, -1)
    frame.hide("outcome", closed // SECONDS, -1)
    for name, mask, limit in (("late_answer", late & ~very_late, 9), ("very_late_answer", very_late,
                                                                     45), ("late_complaint", slow,
                                                                           30)):  # fmt: skip
        hit = mask & (on + limit < ctx.last)
        truth.add(name, "contacts", keys("T", 10, ids[hit]))
    return frame


def _insurance(ctx: Context, chunk: AffiliateChunk, index: int, truth: Truth) -> Frame:
    """Extract `insurance_requests`: continued insurance, assimilation for illness or study."""
    rng = ctx.rng("insurance", index)
    life = chunk.careers
    enrolled = np.zeros(len(chunk.people), dtype=np.int64) + FAR
    np.minimum.at(enrolled, life.person, life.registered)
    years = (ctx.last - ctx.start) / 365
    number = rng.poisson(ctx.profile["insurance_requests"] * years, len(chunk.people))
    who = np.repeat(np.arange(len(number)), number)
    on = add_working_days(ctx.start + rng.integers(0, ctx.last - ctx.start, len(who)), 0)
    on = on.astype(np.int64)
    at = np.clip(quarter_of(on) - 4 * 25, 0, life.category_of.shape[1] - 1)
    keep = (life.category_of[who, at] >= 0) & (enrolled[who] < on) & (on <= ctx.last)
    who, on = who[keep], on[keep]
    order = np.lexsort((on, who))
    who, on = who[order], on[order]
    size = len(who)
    late = rng.random(size) < ctx.anomalies["late_insurance_transmission"]
    wait = np.where(late, rng.integers(7, 25, size), rng.integers(0, 5, size))
    sent = add_working_days(on, wait).astype(np.int64)
    decided = sent + rng.integers(20, 120, size)
    quarters = quarter_of(on).astype(np.int64)
    ids = (index + 1) * 1_000_000 + np.arange(size, dtype=np.int64)
    done = decided <= ctx.last
    frame = Frame(
        "insurance_requests",
        {
            "request_id": ids,
            "affiliate_id": chunk.people.number[who],
            "kind": Codes(pick(rng, {0: 0.3, 1: 0.6, 2: 0.1}, size),
                          ["continued_insurance", "sickness_assimilation", "study_assimilation"]),
            "submitted_date": on.astype(np.int32),
            "transmitted_date": np.where(sent <= ctx.last, sent, NULL_DATE).astype(np.int32),
            "decision_date": np.where(done, decided, NULL_DATE).astype(np.int32),
            "decision": Codes(np.where(done, pick(rng, {0: 0.82, 1: 0.15, 2: 0.03}, size), -1),
                              ["granted", "refused", "withdrawn"]),
            "from_quarter": quarters,
            "to_quarter": quarters + rng.integers(0, 5, size),
        },
        on,
    )  # fmt: skip
    frame.hide_future("transmitted_date", ctx.full)
    frame.hide_future("decision_date", ctx.full, ("decision", -1))
    truth.add("late_insurance_transmission", "insurance_requests",
              keys("IR", 9, ids[late & (sent <= ctx.last)]))  # fmt: skip
    return frame


def company_service_frames(ctx: Context, company: Companies, charge: dict, index: int,
                           truth: Truth) -> list[Frame]:  # fmt: skip
    """Notices and contacts of companies."""
    rng = ctx.rng("company-service", index)
    shown = np.flatnonzero((charge["issue"] >= ctx.service_start) & (charge["id"] >= 0))
    issue = charge["issue"][shown]
    parts = [(charge["row"][shown], np.full(len(shown), COMPANY), charge["id"][shown],
              issue + 15, issue)]  # fmt: skip
    arrears = []
    cost_due = end_of_month(np.minimum(charge["cost_issue"], 25_000), 1)
    for q in range(max(int(quarter_of(ctx.service_start)) - 3, ctx.first_quarter),
                   int(quarter_of(ctx.last))):  # fmt: skip
        # Due dates lie at any month end: the statement of the next quarter leaves in its last
        # month, for all that fell due before.
        on = QUARTER_END[q] + 63
        late = (charge["due"] < on) & (np.minimum(charge["paid"], charge["cancelled"]) >= on)
        late |= (charge["extra"] > 0) & (charge["extra_due"] < on) & (charge["extra_paid"] >= on)
        late |= (charge["cost"] > 0) & (cost_due < on) & (charge["cost_paid"] >= on)
        late &= charge["dropped"] >= on
        arrears.append((q, np.unique(charge["row"][late])))
    parts.append(statements(ctx, rng, arrears, len(company.number), truth, "C",
                                    company.number, 66))  # fmt: skip
    weight = np.where(company.ended == FAR, 0.35, 0.1)
    return [
        notices_frame(ctx, rng, "C", company.number, index, parts, truth),
        contacts_frame(ctx, "C", company.number, index, truth, weight),
    ]
