"""Rows of charges, relief effects and payments of the affiliates of a chunk.

Belongs here: putting contributions, cancellations, surcharges and costs in one order, giving
them identifiers, and the same for payments. Does not belong here: amounts (contributions.py),
behaviour (collection.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import law
from .calendar import FAR, QUARTER_END, QUARTER_START, add_working_days, quarter_of
from .calibration import Context, pick
from .collection import (
    CHANNELS,
    DIRECT_DEBIT,
    PAYERS,
    TRANSFER,
    Collected,
    Obligations,
)
from .contributions import REGULARISATION, Principal
from .frame import NULL_MONEY, Codes, Frame, columns_of
from .relief import Effects

TYPES = [
    "provisional", "regularisation", "surcharge_quarterly", "surcharge_annual", "legal_costs",
    "cancellation", "company_contribution", "company_surcharge",
]  # fmt: skip
QUARTERLY, ANNUAL, COSTS, CANCELLATION, COMPANY, COMPANY_SURCHARGE = 2, 3, 4, 5, 6, 7
IDS_PER_CHUNK = 100_000_000


@dataclass
class Behaviour:
    """How each person of a chunk pays."""

    payer: np.ndarray
    names_charge: np.ndarray
    monthly: np.ndarray
    direct_debit: np.ndarray


@dataclass
class Ledger:
    """Everything on the accounts of a chunk: obligations and how the files show them."""

    order: np.ndarray  # position in Principal of each obligation
    owed: Obligations
    known: tuple  # payments known in advance: person, date, cents, channel, principal (-1)
    credits: tuple  # person, date, cents


def behaviour(ctx: Context, rng, origin_ex_officio: np.ndarray, category: np.ndarray) -> Behaviour:
    """Draws the payers; those of small categories pay better."""
    size = len(category)
    table = ctx.profile["payer"]
    payer = np.where(
        origin_ex_officio, pick(rng, table["ex_officio"], size), pick(rng, table["other"], size)
    )
    light = np.isin(category, (law.PENSIONER, law.EARLY, law.COMPLEMENTARY, law.STUDENT))
    better = light & (payer >= 2) & (rng.random(size) < 0.45)
    payer = np.where(better, rng.integers(0, 2, size), payer)
    names = rng.random(size) < ctx.profile["designated"]
    monthly = (rng.random(size) < ctx.profile["monthly_payers"]) & (payer <= 1)
    debit = (rng.random(size) < 0.13) & (payer == 0)
    return Behaviour(payer, names & ~monthly, monthly, debit)


def obligations(ctx: Context, rng, due: Principal, effects: Effects, how: Behaviour) -> Ledger:
    """Net charges in the order of the line, and the payments made of one's own accord."""
    relief = np.bincount(effects.charge, weights=effects.amount, minlength=len(due))
    net = np.maximum(due.amount, 0) - relief.astype(np.int64)
    net = np.where(due.cancelled_on < FAR, 0, net)
    positive = np.flatnonzero(due.amount > 0)
    due_quarter = quarter_of(due.due)
    order = positive[
        np.lexsort(
            (due.number[positive], due.year[positive], due.kind[positive], due.person[positive],
             due_quarter[positive])
        )
    ]  # fmt: skip
    person, quarters, cents = due.person[order], due_quarter[order], net[order]
    count = len(order)
    table = ctx.profile["behaviour"]
    chances = np.zeros((len(PAYERS), 5))
    for i, name in enumerate(PAYERS):
        row = [table[name]["on_time"], *table[name]["late"]]
        chances[i, : len(row)] = row
    steps = np.cumsum(chances, axis=1)[how.payer[person]]
    lateness = (rng.random(count)[:, None] >= steps).sum(axis=1)  # 5: left to recovery
    # Regularisations hurt more than the usual notice.
    lateness = np.where(
        (due.kind[order] == REGULARISATION) & (rng.random(count) < 0.12), 5, lateness
    )
    lateness = np.where(lateness > 3, 5, lateness)
    pay_quarter = quarters + lateness
    start = np.maximum(QUARTER_START[pay_quarter], due.issue[order] + 3)
    end = QUARTER_END[pay_quarter]
    skew = np.where(lateness == 0, 1 - rng.random(count) ** 1.8, rng.random(count) ** 1.3)
    on = start + (skew * (end - start)).astype(np.int64)
    on = np.where(how.direct_debit[person] & (lateness == 0), end - 4, on)
    on = np.clip(_business(on, end), start, end)
    paid = (lateness < 5) & (on <= ctx.last) & (cents > 0)
    names = paid & how.names_charge[person]
    owed = Obligations(
        person, due.kind[order], due.year[order], due.number[order], due.issue[order], quarters,
        cents, np.where(names, cents, 0), np.where(names, on, FAR), due.spared[order],
    )  # fmt: skip
    known = _payments(ctx, rng, how, person, on, cents, paid, names, lateness, start)
    negative = np.flatnonzero(due.amount < 0)
    credits_ = (due.person[negative], due.issue[negative].astype(np.int64), -due.amount[negative])
    return Ledger(order, owed, known, credits_)


def _business(on, end):
    """The next working day, but never past the end of the quarter."""
    moved = add_working_days(on, 0)
    return np.where(moved > end, on, moved)


def _payments(ctx, rng, how, person, on, cents, paid, names, lateness, start):
    """Payment rows of one's own accord: monthly payers split a quarter in three."""
    channel = np.where(how.direct_debit[person], DIRECT_DEBIT, TRANSFER)
    split = paid & how.monthly[person] & (lateness == 0) & (cents > 3000)
    whole = np.flatnonzero(paid & ~split)
    parts = [(person[whole], on[whole], cents[whole], channel[whole],
              np.where(names[whole], whole, -1))]  # fmt: skip
    rows = np.flatnonzero(split)
    third = cents[rows] // 300 * 100
    for part in range(3):
        amount = third if part < 2 else cents[rows] - 2 * third
        when = start[rows] + ((on[rows] - start[rows]) * (part + 1) / 3).astype(np.int64)
        parts.append((person[rows], when, amount, channel[rows], np.full(len(rows), -1)))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


@dataclass
class ChargeRows:
    """Where the charges of a chunk ended up: identifiers by principal, and of the rest."""

    principal_id: np.ndarray
    surcharge_id: np.ndarray
    cost_id: np.ndarray
    cancellation_id: np.ndarray
    frame: Frame


def charges_frame(ctx: Context, accounts: np.ndarray, index: int, due: Principal, ledger: Ledger,
                  out: Collected) -> ChargeRows:  # fmt: skip
    """Extract `charges` of the affiliates of a chunk."""
    principal_of = ledger.order
    sur = [np.concatenate(column) for column in zip(*out.surcharges, strict=True)]
    s_charge, s_quarter, s_cents, s_annual, _ = sur
    s_parent = principal_of[s_charge]
    cost = columns_of(out.costs, 5)
    c_parent = principal_of[cost[1]]
    x_rows = np.flatnonzero(due.cancelled_on < FAR)
    count_p, count_s, count_c, count_x = len(due), len(s_parent), len(c_parent), len(x_rows)
    # Notices of surcharges leave in the second and third week of the quarter.
    s_issue = QUARTER_END[s_quarter] + 12 + (due.person[s_parent] * 7 + s_quarter) % 6
    rank_p = np.where(due.amount < 0, 4, due.kind)
    parent = np.concatenate([np.full(count_p, -1), s_parent, c_parent, x_rows])
    person = np.concatenate([due.person, due.person[s_parent], due.person[c_parent],
                             due.person[x_rows]])  # fmt: skip
    kind = np.concatenate([
        due.kind, np.where(s_annual, ANNUAL, QUARTERLY), np.full(count_c, COSTS),
        np.full(count_x, CANCELLATION),
    ])  # fmt: skip
    rank = np.concatenate([rank_p, np.full(count_s, 3), np.full(count_c, 2), np.full(count_x, 5)])
    of = np.concatenate([np.arange(count_p), s_parent, c_parent, x_rows])
    issue = np.concatenate([due.issue, s_issue, cost[3], due.cancelled_on[x_rows]])
    due_date = np.concatenate([due.due, QUARTER_END[s_quarter + 1], QUARTER_END[cost[4]],
                               due.cancelled_on[x_rows]])  # fmt: skip
    amount = np.concatenate([due.amount, s_cents, cost[2], -due.amount[x_rows]])
    basis = np.concatenate([due.basis, np.full(len(of) - count_p, NULL_MONEY)])
    year, number = due.year[of], due.number[of]
    order = np.lexsort((kind, number, year, rank, due_date, person))
    keep = issue <= ctx.last
    order = order[keep[order]]
    ids = np.full(len(of), -1, dtype=np.int64)
    ids[order] = (index + 1) * IDS_PER_CHUNK + np.arange(len(order))
    related = np.where(parent >= 0, ids[np.maximum(parent, 0)], -1)
    o = order
    frame = Frame(
        "charges",
        {
            "charge_id": ids[o],
            "account_id": accounts[person[o]],
            "charge_type": Codes(kind[o], TYPES),
            "contribution_year": year[o],
            "contribution_quarter": number[o],
            "category": Codes(due.category[of[o]], law.CATEGORIES),
            "issue_date": issue[o].astype(np.int32),
            "due_date": due_date[o].astype(np.int32),
            "amount": amount[o],
            "income_basis": basis[o],
            "related_charge_id": related[o],
        },
        issue[o],
    )
    a, b = count_p, count_p + count_s
    return ChargeRows(ids[:a], ids[a:b], ids[b : b + count_c], ids[b + count_c :], frame)


def payments_frame(ctx: Context, rng, account: str, accounts: np.ndarray, index: int,
                   rows: tuple) -> Frame:  # fmt: skip
    """Extract `payments` from (account position, date, cents, channel, charge identifier).

    A few recent payments were booked on the wrong account: a delta deletes them and brings
    them again on another account.
    """
    person, on, cents, channel, charge = rows
    order = np.lexsort((channel, cents, on, person))
    person, on, cents, channel, charge = (column[order] for column in rows)
    known = on.astype(np.int64)
    count = len(person)
    deleted = np.zeros(0, dtype=np.int64)
    if ctx.deltas and count:
        recent = np.flatnonzero((on > ctx.full - 25) & (on < ctx.full - 3) & (cents > 0))
        deleted = recent[rng.random(len(recent)) < 0.002 * ctx.deltas]
        deleted = deleted[:: max(1, len(deleted) // 400)] if len(deleted) else recent[:1]
        day_of_delete = ctx.full + rng.integers(1, ctx.deltas + 1, len(deleted))
        other = rng.integers(0, len(accounts), len(deleted))
        person = np.concatenate([person, other])
        on, cents = np.concatenate([on, on[deleted]]), np.concatenate([cents, cents[deleted]])
        channel = np.concatenate([channel, channel[deleted]])
        charge = np.concatenate([charge, np.full(len(deleted), -1)])
        known = np.concatenate([known, day_of_delete])
    size = len(person)
    stem = np.where(charge >= 0, charge % 10**10, accounts[person] * 10 + 7)
    check = np.where(stem % 97 == 0, 97, stem % 97)
    structured = (charge >= 0) | (rng.random(size) < 0.45)
    structured &= np.isin(channel, (TRANSFER, DIRECT_DEBIT)) & (cents > 0)
    frame = Frame(
        "payments",
        {
            "payment_id": (index + 1) * IDS_PER_CHUNK + np.arange(size, dtype=np.int64),
            "account_id": accounts[person],
            "value_date": on.astype(np.int32),
            "amount": cents,
            "channel": Codes(channel, CHANNELS),
            "charge_id": charge,
            "structured_communication": np.where(structured, stem * 100 + check, -1),
        },
        known,
        account=account,
    )
    if len(deleted):
        frame.delete(deleted, day_of_delete)
    return frame


def affiliate_payments(ctx, rng, people, index, known, out, ledger, rows) -> Frame:
    """Payments known in advance and those of the walk."""
    named = np.where(known[4] >= 0, rows.principal_id[ledger.order[np.maximum(known[4], 0)]], -1)
    walked = [np.concatenate(column) for column in zip(*out.payments, strict=True)]
    columns = tuple(
        np.concatenate([a, b])
        for a, b in zip(
            (*known[:4], named), (*walked, np.full(len(walked[0]), -1)), strict=True
        )
    )
    return payments_frame(ctx, rng, "A", people.number, index, columns)
