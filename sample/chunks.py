"""One chunk of accounts, affiliates or companies: all its extracts, part after part.

Belongs here: the order in which the parts of the generator meet for a chunk, which is that of a
life: periods, what is charged, what is paid, what is recovered, benefits, service. Does not
belong here: the parts.
"""

from __future__ import annotations

import numpy as np

from . import (
    benefits,
    charges,
    companies,
    company_charges,
    contributions,
    dossiers,
    relief,
    service,
)
from .affiliate_chunk import AffiliateChunk
from .affiliations import affiliates_frame, affiliations_frame, late_affiliations
from .calendar import FAR
from .calibration import Context
from .careers import BANKRUPTCY, EX_OFFICIO, careers
from .collection import collect
from .frame import Frame
from .people import Municipalities, People
from .truth import Truth, euro, keys


def affiliate_frames(ctx: Context, people: People, places: Municipalities, index: int,
                     truth: Truth) -> list[Frame]:  # fmt: skip
    """All frames of one chunk of affiliates."""
    life = careers(ctx, people, index)
    affiliations = affiliations_frame(ctx, people, life, index)
    frames = [affiliates_frame(ctx, people, life, places, index), affiliations]
    ids = affiliations.columns["affiliation_id"][late_affiliations(ctx, life)]
    truth.add("late_affiliation", "affiliations", keys("F", 9, ids))

    # What is charged.
    money = contributions.incomes(ctx, people, life, index)
    frames.append(contributions.incomes_frame(ctx, people, money))
    person, year = np.nonzero(money.corrected < FAR)
    truth.add("corrected_income", "incomes", [
        f"{key}|{contributions.FIRST_INCOME_YEAR + y}"
        for key, y in zip(keys("A", 8, people.number[person]), year, strict=True)
    ])  # fmt: skip
    due, reduced = contributions.principal(ctx, people, life, money, index)

    # What is paid: of one's own accord, and on the walk through the quarters.
    rng = ctx.rng("affiliates-pay", index)
    size = len(people)
    ex_officio = np.zeros(size, dtype=bool)
    ex_officio[life.person[life.origin == EX_OFFICIO]] = True
    how = charges.behaviour(ctx, rng, ex_officio, people.category)
    postponed = relief.deferrals(ctx, rng, due)
    eager = np.array([0.5, 1.3, 1.9, 1.9, 0.5])[how.payer]
    asked, effects = relief.exemptions(ctx, rng, due, eager)
    ledger = charges.obligations(ctx, rng, due, effects, how)
    bankrupt = np.full(size, FAR, dtype=np.int64)
    broke = life.reason == BANKRUPTCY
    bankrupt[life.person[broke]] = life.end[broke]
    known = ledger.known
    pool = known[4] < 0
    scheduled = tuple(
        np.concatenate([column[pool], credit])
        for column, credit in zip(known[:3], ledger.credits, strict=True)
    )
    out = collect(ctx, rng, size, ledger.owed, how.payer, bankrupt, scheduled)
    rows = charges.charges_frame(ctx, people.number, index, due, ledger, out)
    frames.append(rows.frame)
    _list_amounts(ctx, due, rows, truth)

    # Relief: requests of all kinds, effects on contributions and on waived surcharges.
    waivers, waived = relief.waivers(ctx, rng, due, ledger, out)
    requests = relief.Requests.join(
        [asked, postponed, relief.reductions(reduced), relief.refused(ctx, rng, due), waivers]
    )
    order = np.lexsort((requests.kind, requests.submitted, requests.person))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    request_ids = (index + 1) * 1_000_000 + place
    sorted_requests = relief.select(requests, order)
    frames.append(
        relief.requests_frame(
            ctx, "A", people.number[sorted_requests.person], request_ids[order], sorted_requests
        )
    )
    missed = requests.late & (requests.transmitted <= ctx.last)
    truth.add("late_relief_transmission", "relief_requests", keys("RR", 9, request_ids[missed]))
    shift = len(requests) - len(waivers)
    frames.append(relief.effects_frame(effects, waived, rows, request_ids, shift))

    frames.append(charges.affiliate_payments(ctx, rng, people, index, known, out, ledger, rows))
    recovered, settling, settling_on = dossiers.affiliate_dossiers(
        ctx, rng, people, index, out, ledger, rows, truth, bankrupt
    )
    frames += recovered
    chunk = AffiliateChunk(
        people, life, money, due, rows, out, ledger, sorted_requests, settling, settling_on
    )
    frames += benefits.benefit_frames(ctx, chunk, index, truth)
    frames += service.affiliate_service_frames(ctx, chunk, index, truth, how.payer)
    return frames


def _list_amounts(ctx: Context, due, rows, truth: Truth) -> None:
    """Charges whose amount is not the one the law gives, by mistake or on an estimate."""
    wrong = np.flatnonzero(due.wrong & (rows.principal_id >= 0))
    truth.add(
        "wrong_amount", "charges", keys("D", 12, rows.principal_id[wrong]),
        amount=euro(due.amount[wrong]), charge_type=[charges.TYPES[k] for k in due.kind[wrong]],
    )  # fmt: skip
    if ctx.affiliates <= ctx.anomalies["thin_from"]:
        # No error: what was claimed on an estimate, on a granted request.
        reduced_rows = np.flatnonzero(due.reduced & (rows.principal_id >= 0))
        truth.add("reduced_provisional", "charges",
                  keys("D", 12, rows.principal_id[reduced_rows]))  # fmt: skip


def company_frames(ctx: Context, places: Municipalities, index: int, stock: int, base: int,
                   directors: np.ndarray, truth: Truth) -> list[Frame]:  # fmt: skip
    """All frames of one chunk of companies. directors: numbers of affiliates to choose from."""
    rng = ctx.rng("companies", index)
    company, register = companies.register(ctx, rng, places, stock, base)
    frames = [
        register,
        companies.balances(ctx, company),
        companies.mandates(ctx, rng, company, directors, index),
    ]
    charge = company_charges.contributions(ctx, rng, company)
    company_charges.settle(ctx, rng, company, charge)
    frames += company_charges.charge_frames(ctx, rng, company, charge, index, truth)
    frames += dossiers.company_dossiers(ctx, rng, company, charge, index, truth)
    frames += service.company_service_frames(ctx, company, charge, index, truth)
    return frames
