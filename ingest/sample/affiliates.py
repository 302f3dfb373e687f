"""One chunk of affiliates: all their extracts, in order, and what was planted in them.

Belongs here: the order in which the parts of the generator meet for a chunk. Does not belong
here: the parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import benefits, charges, contributions, recovery, relief, service
from .careers import (
    BANKRUPTCY,
    EX_OFFICIO,
    VOLUNTARY,
    Careers,
    affiliates_frame,
    affiliations_frame,
    careers,
)
from .collection import Collected, collect
from .context import FAR, NULL_DATE, QUARTER_END, Context, add_working_days
from .frame import Frame
from .population import Municipalities, People
from .truth import Truth, euro, keys

CASES_PER_CHUNK = 1_000_000


@dataclass
class Chunk:
    """What later subjects need of a chunk."""

    people: People
    careers: Careers
    money: contributions.Incomes
    due: contributions.Principal
    rows: charges.ChargeRows
    out: Collected
    ledger: charges.Ledger
    requests: relief.Requests
    maternity_person: np.ndarray | None = None
    maternity_decided: np.ndarray | None = None

    def maternity(self, ctx: Context) -> tuple[np.ndarray, np.ndarray]:
        """Persons granted maternity help within the months kept, and the day of the decision."""
        keep = (self.maternity_decided >= ctx.service_start) & (self.maternity_decided <= ctx.full)
        return self.maternity_person[keep], self.maternity_decided[keep]


def affiliate_frames(ctx: Context, people: People, places: Municipalities, index: int,
                     truth: Truth) -> list[Frame]:  # fmt: skip
    """All frames of one chunk of affiliates."""
    life = careers(ctx, people, index)
    late = _late_affiliations(ctx, life)
    frames = [affiliates_frame(ctx, people, life, places, index)]
    affiliations = affiliations_frame(ctx, people, life, index)
    frames.append(affiliations)
    ids = affiliations.columns["affiliation_id"][late]
    truth.add("late_affiliation", "affiliations", keys("F", 9, ids))
    money = contributions.incomes(ctx, people, life, index)
    frames.append(contributions.incomes_frame(ctx, people, money))
    person, year = np.nonzero(money.corrected < FAR)
    truth.add("corrected_income", "incomes", [
        f"{key}|{contributions.FIRST_INCOME_YEAR + y}"
        for key, y in zip(keys("A", 8, people.number[person]), year, strict=True)
    ])  # fmt: skip
    due, reduced = contributions.principal(ctx, people, life, money, index)

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

    # Relief: requests of all kinds, effects on contributions and on waived surcharges.
    waivers, waived = _waivers(ctx, rng, due, ledger, out)
    requests = relief.Requests.join(
        [asked, postponed, relief.reductions(reduced), relief.refused(ctx, rng, due), waivers]
    )
    order = np.lexsort((requests.kind, requests.submitted, requests.person))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    request_ids = (index + 1) * 1_000_000 + place
    sorted_requests = relief._select(requests, order)
    frames.append(
        relief.requests_frame(
            ctx, "A", people.number[sorted_requests.person], request_ids[order], sorted_requests
        )
    )
    missed = requests.late & (requests.transmitted <= ctx.last)
    truth.add("late_relief_transmission", "relief_requests", keys("RR", 9, request_ids[missed]))
    shift = len(requests) - len(waivers)
    frames.append(_effects(effects, waived, rows, request_ids, shift))

    frames.append(_payments(ctx, rng, people, index, known, out, ledger, rows))
    frames += _recovery(ctx, rng, people, index, out, ledger, rows, truth, bankrupt, due)
    chunk = Chunk(people, life, money, due, rows, out, ledger, sorted_requests)
    frames += benefits.benefit_frames(ctx, chunk, index, truth)
    frames += service.affiliate_service_frames(ctx, chunk, index, truth, how.payer)
    return frames


def _late_affiliations(ctx: Context, life: Careers) -> np.ndarray:
    """Voluntary affiliations registered after the ten working days."""
    able = (life.origin == VOLUNTARY) & (life.requested != NULL_DATE)
    able &= life.registered <= ctx.last
    limit = add_working_days(np.where(able, life.requested, ctx.start), 10)
    return np.flatnonzero(able & (life.registered > limit))


def _waivers(ctx, rng, due, ledger, out):
    """Requests behind the waived surcharges, one per person and quarter end."""
    charge, quarter, cents, _, waived = (
        np.concatenate(column) for column in zip(*out.surcharges, strict=True)
    )
    rows = np.flatnonzero(waived)
    person = ledger.owed.person[charge[rows]]
    key = person * 1000 + quarter[rows]
    unique, position = np.unique(key, return_inverse=True)
    count = len(unique)
    end = quarter[rows][np.unique(key, return_index=True)[1]] if count else np.zeros(0, np.int64)
    submitted = add_working_days(QUARTER_END[end] + rng.integers(60, 150, count), 0)
    submitted = submitted.astype(np.int64)
    sent = add_working_days(submitted, rng.integers(0, 5, count)).astype(np.int64)
    decided = add_working_days(sent + rng.integers(40, 200, count), 0).astype(np.int64)
    requests = relief.Requests(
        unique // 1000, np.full(count, relief.WAIVER), submitted, submitted, sent, decided,
        np.zeros(count, dtype=np.int64), end, end, np.zeros(count, bool),
    )  # fmt: skip
    return requests, (position, rows, decided[position], cents[rows])


def _effects(effects, waived, rows, request_ids, shift) -> Frame:
    position, surcharge, on, cents = waived
    charge_ids = np.concatenate([rows.principal_id[effects.charge], rows.surcharge_id[surcharge]])
    ids = request_ids[np.concatenate([effects.request, position + shift])]
    when = np.concatenate([effects.on, on])
    amount = np.concatenate([effects.amount, cents])
    order = np.argsort(charge_ids, kind="stable")
    order = order[charge_ids[order] >= 0]
    return Frame(
        "relief_effects",
        {
            "request_id": ids[order],
            "charge_id": charge_ids[order],
            "effective_date": when[order].astype(np.int32),
            "amount": amount[order],
        },
        when[order],
    )


def _payments(ctx, rng, people, index, known, out, ledger, rows) -> Frame:
    """Payments known in advance and those of the walk."""
    named = np.where(known[4] >= 0, rows.principal_id[ledger.order[np.maximum(known[4], 0)]], -1)
    walked = [np.concatenate(column) for column in zip(*out.payments, strict=True)]
    columns = tuple(
        np.concatenate([a, b])
        for a, b in zip(
            (*known[:4], named), (*walked, np.full(len(walked[0]), -1)), strict=True
        )
    )
    return charges.payments_frame(ctx, rng, "A", people.number, index, columns)


def _recovery(ctx, rng, people, index, out, ledger, rows, truth, bankrupt, due) -> list[Frame]:
    """Cases, their charges and steps, plans, agents, insolvencies."""
    raw = out.cases
    visible = np.flatnonzero(raw["opened"] <= ctx.last)
    order = visible[np.lexsort((raw["opened"][visible], raw["person"][visible]))]
    case_ids = np.full(len(raw["person"]), -1, dtype=np.int64)
    case_ids[order] = (index + 1) * CASES_PER_CHUNK + np.arange(len(order))
    held_case, held = charges._columns(out.case_charges, 2)
    amount = np.bincount(held_case, weights=ledger.owed.net[held], minlength=len(case_ids))
    plan_on = np.full(len(case_ids), FAR, dtype=np.int64)
    if out.plans:
        plan = [np.concatenate(column) for column in zip(*out.plans, strict=True)]
        granted = plan[3] == 0
        plan_on[plan[8][granted]] = plan[2][granted]
    get = {name: values[order] for name, values in raw.items()}
    issued = np.where(get["writ"] <= np.minimum(get["closed"], ctx.last), get["writ"], FAR)
    served = np.where(get["judicial"] == 1, get["served"], FAR)
    sequence = np.lexsort((issued, get["person"]))
    leads = np.concatenate([[True], get["person"][sequence][1:] != get["person"][sequence][:-1]])
    first = np.zeros(len(order), dtype=bool)
    first[sequence[leads]] = True
    cases = recovery.CaseSet(
        get["person"], get["opened"], get["letter"], issued, served, get["closed"], get["reason"],
        amount[order].astype(np.int64), first, served < FAR, np.zeros(len(order), dtype=np.int64),
        plan_on[order], bankrupt[get["person"]],
    )  # fmt: skip
    recovery.plant(ctx, rng, cases)
    ids = case_ids[order]
    office = people.office[cases.account]
    frames = [recovery.cases_frame(ctx, "A", people.number, ids, cases)]
    frames.append(_case_charges(ctx, raw, case_ids, held_case, held, out, ledger, rows))
    frames.append(recovery.steps_frame(ctx, rng, "A", index, ids, cases, office))
    if out.plans:
        frames += recovery.plans_frames(ctx, "A", people.number, index, out.plans)
    columns = _insolvencies(ctx, rng, people, bankrupt, out, ledger)
    frame, late = recovery.insolvencies_frame(
        ctx, rng, "A", people.number, index, columns, people.office
    )
    frames.append(frame)
    truth.add("late_insolvency_claim", "insolvencies", keys("IN", 9, late))
    return frames


def _case_charges(ctx, raw, case_ids, held_case, held, out, ledger, rows) -> Frame:
    """Charges of each case: contributions that joined it, their surcharges until the writ, the
    costs of the writ."""
    case_of = np.full(len(ledger.owed.person), -1, dtype=np.int64)
    case_of[held] = held_case
    joined = np.maximum(QUARTER_END[ledger.owed.due_quarter[held]] + 1, raw["opened"][held_case])
    charge, quarter = (np.concatenate([part[i] for part in out.surcharges]) for i in (0, 1))
    of = case_of[charge]
    end = np.where(of >= 0, np.minimum(raw["writ"][of], raw["closed"][of]), 0)
    on = QUARTER_END[quarter] + 20
    within = (of >= 0) & (on < end)
    cost = charges._columns(out.costs, 5)
    cases = np.concatenate([held_case, of[within], cost[0]])
    ids = np.concatenate([
        rows.principal_id[ledger.order[held]], rows.surcharge_id[within], rows.cost_id,
    ])  # fmt: skip
    known = np.concatenate([joined, np.maximum(on[within], raw["opened"][of[within]]),
                            cost[3] + 1])  # fmt: skip
    keep = (ids >= 0) & (case_ids[cases] >= 0) & (known <= ctx.last)
    cases, ids, known = case_ids[cases][keep], ids[keep], known[keep]
    order = np.lexsort((ids, cases))
    return Frame(
        "recovery_case_charges",
        {"case_id": cases[order], "charge_id": ids[order]},
        known[order],
    )


def _insolvencies(ctx, rng, people, bankrupt, out, ledger) -> dict:
    """Bankruptcies of affiliates and a few collective debt settlements."""
    failed = np.flatnonzero((bankrupt < ctx.full - 3) & (bankrupt > ctx.start))
    debt = np.bincount(ledger.owed.person, weights=ledger.owed.net, minlength=len(people))
    owing = np.unique(np.concatenate([p for _, p in out.arrears])) if out.arrears else failed
    settle = owing[rng.random(len(owing)) < 0.012]
    settle = np.setdiff1d(settle, failed)
    opened = rng.integers(ctx.start + 700, ctx.full - 20, len(settle))
    who = np.concatenate([failed, settle])
    when = np.concatenate([bankrupt[failed], opened])
    kind = np.concatenate([np.zeros(len(failed), int), np.ones(len(settle), int)])
    order = np.argsort(who, kind="stable")
    claim = np.maximum(debt[who] * (0.08 + 0.3 * rng.random(len(who))), 5000).astype(np.int64)
    return {"who": who[order], "kind": kind[order], "opened": when[order].astype(np.int64),
            "claim": claim[order]}  # fmt: skip


