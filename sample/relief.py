"""Requests for relief of affiliates: exemption, reduction, deferral, waiver of surcharges.

Belongs here: who asks, when it is decided, what is taken off which charge. Does not belong here:
payments (collection.py). What relief will be granted is drawn before payments, so that the
surcharges rest on what is due in the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import law
from .calendar import FAR, NULL_DATE, QUARTER_BASE_YEAR, QUARTER_END, add_working_days, quarter
from .calibration import Context, pick
from .contributions import PROVISIONAL, REGULARISATION, Principal, Reductions
from .frame import Codes, Frame

KINDS = ["exemption", "reduction", "surcharge_waiver", "deferral"]
EXEMPTION, REDUCTION, WAIVER, DEFERRAL = range(4)
DECISIONS = ["granted", "partial", "refused", "inadmissible", "withdrawn"]
CRISIS_YEARS = (2020, 2021)


@dataclass
class Requests:
    """Relief requests (arrays side by side). person: position in the chunk; late: transmitted
    late on purpose; quarters are -1 when none."""

    person: np.ndarray
    kind: np.ndarray
    submitted: np.ndarray
    complete: np.ndarray
    transmitted: np.ndarray
    decided: np.ndarray
    decision: np.ndarray
    first: np.ndarray
    last: np.ndarray
    late: np.ndarray

    @staticmethod
    def join(parts: list[Requests]) -> Requests:
        """All requests of several kinds, one after the other."""
        names = Requests.__dataclass_fields__
        return Requests(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))

    def __len__(self) -> int:
        return len(self.person)


@dataclass
class Effects:
    """Amounts taken off charges: position of the request, of the charge, day, cents."""

    request: np.ndarray
    charge: np.ndarray
    on: np.ndarray
    amount: np.ndarray


def exemptions(ctx: Context, rng, due: Principal, eager: np.ndarray) -> tuple[Requests, Effects]:
    """Exemption requests on provisional contributions and regularisations, and what they take off.

    eager: weight of each person (those who pay badly ask more often).
    """
    rate = np.full(60, ctx.profile["relief"]["exemption"])
    for year in CRISIS_YEARS:
        rate[year - 2000] *= ctx.profile["relief"]["crisis_factor"]
    rate[22] *= 1.5
    eligible = np.isin(due.category, (law.MAIN, law.MAXI)) & (due.amount > 0)
    eligible &= due.cancelled_on == FAR
    key = due.person * 64 + (due.year - 2000)
    asked_keys = np.unique(key[eligible])
    year = asked_keys % 64
    person = asked_keys // 64
    chosen = rng.random(len(person)) < rate[year] * eager[person]
    person, year = person[chosen], year[chosen] + 2000
    count = len(person)
    first = rng.integers(1, 4, count)
    last = np.minimum(first + rng.integers(1, 4, count), 4)
    # Position of the request of each charge.
    wanted = person * 64 + (year - 2000)
    position = np.searchsorted(wanted, key).clip(0, max(count - 1, 0))
    hit = eligible & (wanted[position] == key) if count else np.zeros(len(due), bool)
    within = (due.number >= first[position]) & (due.number <= last[position]) if count else hit
    provisional = hit & (due.kind == PROVISIONAL) & within
    supplement = hit & (due.kind == REGULARISATION) & (rng.random(len(due)) < 0.25)
    latest = np.full(count, NULL_DATE, dtype=np.int64)
    rows = np.flatnonzero(provisional)
    np.maximum.at(latest, position[rows], due.issue[rows])
    exists = latest > 0
    submitted = latest + 5 + (rng.beta(1.2, 2.5, count) * 300).astype(np.int64)
    requests, decided, decision = _decide(
        ctx, rng, person, submitted, quarter(year, first), quarter(year, last), EXEMPTION
    )
    in_time = decided <= ctx.last
    charges = np.flatnonzero(provisional | supplement)
    at = position[charges]
    share = rng.random(len(charges))
    good = exists[at] & in_time[at] & (decision[at] <= 1) & (due.issue[charges] <= decided[at])
    good &= (decision[at] == 0) | (share < 0.6)
    charges, at = charges[good], at[good]
    effects = Effects(at, charges, decided[at], due.amount[charges])
    keep = np.flatnonzero(exists & (submitted <= ctx.last))
    renumber = np.full(count, -1)
    renumber[keep] = np.arange(len(keep))
    effects.request = renumber[effects.request]
    return select(requests, keep), effects


def _decide(ctx, rng, person, submitted, first, last, kind):
    """A request that INASTI decides: complete, transmitted, decided."""
    count = len(person)
    submitted = add_working_days(submitted.clip(0, ctx.last + 400), 0).astype(np.int64)
    complete = submitted + np.where(rng.random(count) < 0.6, 0, rng.integers(1, 30, count))
    late = rng.random(count) < ctx.anomalies["late_relief_transmission"]
    wait = np.where(late, rng.integers(7, 25, count), rng.integers(0, 5, count))
    transmitted = add_working_days(complete, wait).astype(np.int64)
    decided = add_working_days(transmitted + rng.integers(60, 230, count), 0).astype(np.int64)
    weights = {0: 0.42, 1: 0.40, 2: 0.14, 3: 0.02, 4: 0.02}
    decision = pick(rng, weights, count)
    requests = Requests(person, np.full(count, kind), submitted, complete, transmitted, decided,
                        decision, first, last, late)  # fmt: skip
    return requests, decided, decision


def select(requests: Requests, keep) -> Requests:
    names = Requests.__dataclass_fields__
    return Requests(*(getattr(requests, name)[keep] for name in names))


def deferrals(ctx: Context, rng, due: Principal) -> Requests:
    """Crisis deferrals of 2020 and 2021: the due date of a contribution moves by one year.

    Changes due.due in place."""
    low, high = quarter(2020, 1), quarter(2022, 1)
    quarters = 4 * (due.year - QUARTER_BASE_YEAR) + due.number - 1
    able = (due.kind == PROVISIONAL) & (quarters >= low) & (quarters <= high)
    able &= (due.cancelled_on == FAR) & ~due.spared
    person_draw = rng.random(int(due.person.max()) + 1 if len(due) else 1)
    rate = ctx.profile["relief"]["deferral"]
    chosen = able & (person_draw[due.person] < 2 * rate) & (rng.random(len(due)) < 0.5)
    rows = np.flatnonzero(chosen)
    submitted = add_working_days(due.issue[rows] + rng.integers(1, 35, len(rows)), 0)
    submitted = submitted.astype(np.int64)
    decided = submitted + rng.integers(2, 15, len(rows))
    moved = due.due[rows].astype("datetime64[D]").astype("datetime64[M]")
    moved = (moved + 13).astype("datetime64[D]").astype(np.int64) - 1
    due.due[rows] = moved
    count = len(rows)
    return Requests(due.person[rows], np.full(count, DEFERRAL), submitted, submitted,
                    np.full(count, NULL_DATE), decided, np.zeros(count, dtype=np.int64),
                    quarters[rows], quarters[rows], np.zeros(count, bool))  # fmt: skip


def reductions(reduced: Reductions) -> Requests:
    """The requests behind provisional contributions on an estimate."""
    count = len(reduced.person)
    return Requests(reduced.person, np.full(count, REDUCTION), reduced.submitted,
                    reduced.submitted, np.full(count, NULL_DATE), reduced.decided,
                    np.zeros(count, dtype=np.int64), reduced.first, reduced.last,
                    np.zeros(count, bool))  # fmt: skip


def refused(ctx: Context, rng, due: Principal) -> Requests:
    """Reductions and waivers that were asked and not granted: no effect on any amount."""
    base = ctx.profile["relief"]["reduction"] * 0.08
    rows = np.flatnonzero((due.kind == PROVISIONAL) & (rng.random(len(due)) < base))
    count = len(rows)
    submitted = add_working_days(due.issue[rows] + rng.integers(1, 60, count), 0).astype(np.int64)
    decided = submitted + rng.integers(10, 60, count)
    quarters = 4 * (due.year[rows] - QUARTER_BASE_YEAR) + due.number[rows] - 1
    kind = np.where(rng.random(count) < 0.6, REDUCTION, WAIVER)
    waits = kind == WAIVER
    sent = np.where(waits, add_working_days(submitted, 2), NULL_DATE)
    keep = submitted <= ctx.last
    requests = Requests(due.person[rows], kind, submitted, submitted, sent, decided,
                        2 + pick(rng, {0: 0.75, 1: 0.1, 2: 0.15}, count), quarters, quarters,
                        np.zeros(count, bool))  # fmt: skip
    return select(requests, keep)


def requests_frame(ctx: Context, account: str, accounts: np.ndarray, ids: np.ndarray,
                   requests: Requests) -> Frame:  # fmt: skip
    """Extract `relief_requests`; a decision shows on its day."""
    decided = requests.decided.astype(np.int64)
    pending = decided > ctx.last
    frame = Frame(
        "relief_requests",
        {
            "request_id": ids,
            "account_id": accounts,
            "kind": Codes(requests.kind, KINDS),
            "submitted_date": requests.submitted.astype(np.int32),
            "complete_date": requests.complete.astype(np.int32),
            "transmitted_date": requests.transmitted.astype(np.int32),
            "decision_date": np.where(pending, NULL_DATE, decided).astype(np.int32),
            "decision": Codes(np.where(pending, -1, requests.decision), DECISIONS),
            "from_quarter": requests.first.astype(np.int64),
            "to_quarter": requests.last.astype(np.int64),
        },
        requests.submitted,
        account=account,
    )
    for name in ("complete_date", "transmitted_date"):
        dates = frame.columns[name]
        frame.columns[name] = np.where(dates > ctx.last, NULL_DATE, dates).astype(np.int32)
        frame.hide_future(name, ctx.full)
    rows = np.flatnonzero((decided > ctx.full) & ~pending)
    frame.hide("decision_date", decided[rows], NULL_DATE, rows)
    frame.hide("decision", decided[rows], -1, rows)
    return frame


def waivers(ctx, rng, due, ledger, out):
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
    requests = Requests(
        unique // 1000, np.full(count, WAIVER), submitted, submitted, sent, decided,
        np.zeros(count, dtype=np.int64), end, end, np.zeros(count, bool),
    )  # fmt: skip
    return requests, (position, rows, decided[position], cents[rows])


def effects_frame(effects, waived, rows, request_ids, shift) -> Frame:
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
