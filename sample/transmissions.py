"""Messages to other institutions: mutualities, INASTI, the tax administration.

Belongs here: which message is due for whom and when, sent in time or (planted) not. Does not
belong here: notices to the affiliates themselves (service.py).
"""

from __future__ import annotations

import numpy as np

from .affiliate_chunk import AffiliateChunk
from .calendar import (
    FAR,
    NULL_DATE,
    QUARTER_END,
    add_working_days,
    day,
    end_of_month,
    number_of_quarter,
    quarter_of,
    year_of_quarter,
)
from .calibration import Context
from .careers import BASE_QUARTER, END_CATEGORY_CHANGE
from .frame import Codes, Frame
from .law import EARLY, PENSIONER
from .truth import Truth, keys

FLOWS = ["mutuality_contribution_voucher", "incapacity_certificate", "maternity_voucher_order",
         "career_data", "pension_income", "tax_certificate", "pension_form"]  # fmt: skip
MUTUALITY, INCAPACITY, MATERNITY, CAREER, INCOME, TAX, FORM = range(7)
#: mutualities (the first digit is the union), then the other institutions
RECIPIENTS = ["101", "108", "110", "126", "135", "206", "216", "228", "304", "306", "309", "315",
              "319", "323", "403", "407", "417", "501", "509", "526", "600", "910",
              "INASTI", "SPF_FIN", "TITRES_SERVICES"]  # fmt: skip
MUTUALITIES = 22
INASTI, SPF_FIN, VOUCHERS = 22, 23, 24
STATUSES = ["pending", "sent", "accepted", "rejected"]
REASONS = ["unknown_person", "period_already_received", "invalid_amount", "format_error"]


def transmissions_frame(ctx: Context, chunk: AffiliateChunk, index: int, truth: Truth) -> Frame:
    """Extract `transmissions` of a chunk of affiliates."""
    rng = ctx.rng("transmissions", index)
    people, life = chunk.people, chunk.careers
    first = max(int(quarter_of(ctx.service_start)), ctx.first_quarter)
    last = int(quarter_of(ctx.full))
    if QUARTER_END[last] > ctx.full:
        last -= 1
    window = life.category_of[:, first - BASE_QUARTER : last - BASE_QUARTER + 1] >= 0
    person, offset = np.nonzero(window)
    quarters = first + offset
    enrolled = life.registered_of[person, quarters - BASE_QUARTER].astype(np.int64)
    union = rng.integers(0, MUTUALITIES, len(people))
    parts = []
    due = np.maximum(end_of_month(QUARTER_END[quarters], 1), end_of_month(enrolled, 1))
    parts.append((person, np.full(len(person), MUTUALITY), union[person], quarters, due))
    due = np.maximum(end_of_month(QUARTER_END[quarters], 2), end_of_month(enrolled, 2))
    missing = rng.random(len(person)) < ctx.anomalies["missing_career_message"]
    told = missing & (due < ctx.full)
    truth.add(
        "missing_career_message", "transmissions", keys("A", 8, people.number[person[told]]),
        period=[_period(q) for q in quarters[told]],
    )  # fmt: skip
    sends = ~missing
    parts.append((person[sends], np.full(sends.sum(), CAREER), np.full(sends.sum(), INASTI),
                  quarters[sends], due[sends]))  # fmt: skip
    years = np.arange(int(year_of_quarter(first)), int(year_of_quarter(last)) + 1)
    for year in years[:-1] if number_of_quarter(last) < 4 else years:
        at = 4 * (year - 1990) - BASE_QUARTER
        seen = (life.category_of[:, at : at + 4] >= 0) & (
            life.registered_of[:, at : at + 4] < day(year + 1, 1, 1)
        )
        who = np.flatnonzero(seen.any(axis=1))
        for flow, to, deadline in ((INCOME, INASTI, day(year + 1, 6, 30)),
                                   (TAX, SPF_FIN, day(year + 1, 3, 31))):  # fmt: skip
            count = len(who)
            period = np.full(count, -year)
            parts.append((who, np.full(count, flow), np.full(count, to), period,
                          np.full(count, deadline)))  # fmt: skip
    parts += _events(ctx, rng, chunk, union)
    return _rows(ctx, rng, chunk, index, parts, truth)


def _events(ctx: Context, rng, chunk: AffiliateChunk, union: np.ndarray) -> list[tuple]:
    """Incapacity certificates and pension forms."""
    life = chunk.careers
    active = np.flatnonzero((life.category_of[:, -8:] >= 0).any(axis=1))
    ill = active[rng.random(len(active)) < 0.05]
    on = ctx.service_start + rng.integers(0, ctx.full - ctx.service_start + 1, len(ill))
    enrolled = np.full(len(chunk.people), FAR, dtype=np.int64)
    np.minimum.at(enrolled, life.person, life.registered)
    ok = enrolled[ill] < on
    ill, on = ill[ok], on[ok]
    parts = [(ill, np.full(len(ill), INCAPACITY), union[ill], quarter_of(on).astype(np.int64),
              add_working_days(on, 10).astype(np.int64))]  # fmt: skip
    rows = np.flatnonzero(
        (life.reason == END_CATEGORY_CHANGE) & (life.end > ctx.service_start)
        & (life.end < ctx.full)
    )  # fmt: skip
    nexts = np.minimum(rows + 1, len(life.category) - 1)
    rows = rows[np.isin(life.category[nexts], (PENSIONER, EARLY))]
    parts.append((life.person[rows], np.full(len(rows), FORM), np.full(len(rows), INASTI),
                  quarter_of(life.end[rows]).astype(np.int64),
                  life.end[rows].astype(np.int64) + 45))  # fmt: skip
    return parts


def maternity_orders(ctx: Context, rng, person, decided) -> tuple:
    """Orders of the service vouchers of maternity help."""
    size = len(person)
    return (person, np.full(size, MATERNITY), np.full(size, VOUCHERS),
            quarter_of(decided).astype(np.int64),
            add_working_days(decided, 10).astype(np.int64))  # fmt: skip


def _period(quarter: int) -> str:
    return f"{int(year_of_quarter(quarter))}Q{int(number_of_quarter(quarter))}"


def _rows(ctx: Context, rng, chunk: AffiliateChunk, index: int, parts: list, truth: Truth) -> Frame:
    parts.append(maternity_orders(ctx, rng, *chunk.maternity(ctx)))
    who, flow, to, period, due = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((due, flow, who))
    who, flow, to, period, due = (column[order] for column in (who, flow, to, period, due))
    size = len(who)
    late = rng.random(size) < ctx.anomalies["late_transmission"]
    rejected = rng.random(size) < ctx.anomalies["rejected_transmission"]
    rejected &= np.isin(flow, (MUTUALITY, CAREER)) & ~late
    due = due.astype(np.int64)
    span = np.where(np.isin(flow, (MUTUALITY, CAREER, INCOME, TAX)), 22, 8)
    sent = due - 1 - (rng.random(size) * span).astype(np.int64)
    sent = np.where(late, due + rng.integers(1, 25, size), sent)
    sent = np.where(rejected, due - 24 + rng.integers(0, 4, size), sent)
    # Prepared some days before it leaves.
    known = np.maximum(sent - rng.integers(0, 6, size), ctx.service_start)
    rows = np.flatnonzero(rejected)
    # What is rejected is sent again, in time.
    who, flow, to, period, due = (
        np.concatenate([column, column[rows]]) for column in (who, flow, to, period, due)
    )
    again = due[size:] - 1 - rng.integers(0, 12, len(rows))
    sent, known = np.concatenate([sent, again]), np.concatenate([known, again])
    # One tenth of the messages is never acknowledged by the recipient's system.
    status = np.where(np.isin(flow, (MUTUALITY, CAREER, INCOME)), 2, 1)
    status[rows] = 3
    reason = np.full(len(who), -1)
    reason[rows] = rng.integers(0, len(REASONS), len(rows))
    ids = (index + 1) * 10_000_000 + np.arange(len(who), dtype=np.int64)
    words = [_period(q) for q in range(4 * 60)] + [str(year) for year in range(1990, 2050)]
    at = np.where(period >= 0, period, 240 - period - 1990)
    unsent = sent > ctx.last
    keep = known <= ctx.last
    frame = Frame(
        "transmissions",
        {
            "transmission_id": ids[keep],
            "flow": Codes(flow[keep], FLOWS),
            "recipient": Codes(to[keep], RECIPIENTS),
            "account_id": chunk.people.number[who[keep]],
            "period": Codes(at[keep], words),
            "due_date": due[keep].astype(np.int32),
            "sent_date": np.where(unsent, NULL_DATE, sent)[keep].astype(np.int32),
            "status": Codes(np.where(unsent, 0, status)[keep], STATUSES),
            "rejection_reason": Codes(np.where(unsent, -1, reason)[keep], REASONS),
        },
        known[keep],
    )
    frame.hide_future("sent_date", ctx.full, ("status", 0), ("rejection_reason", -1))
    missed = np.flatnonzero(late & (due[:size] < ctx.last) & keep[:size])
    truth.add("late_transmission", "transmissions", keys("TR", 10, ids[missed]),
              flow=[FLOWS[f] for f in flow[missed]])  # fmt: skip
    refused = rows[keep[rows] & ~unsent[rows]]
    truth.add("rejected_transmission", "transmissions", keys("TR", 10, ids[refused]),
              flow=[FLOWS[f] for f in flow[refused]])  # fmt: skip
    return frame
