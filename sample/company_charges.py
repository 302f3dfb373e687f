"""What companies owe and how they pay it.

Belongs here: yearly contributions, their payment, surcharges and costs, rows of charges and
payments. Does not belong here: legal amounts (law.py), rows of dossiers (dossiers.py).

A company pays a contribution in one payment or not at all, and payments name their charge
except for companies that pay everything: so surcharges follow from dates alone.
"""

from __future__ import annotations

import numpy as np

from . import law
from .calendar import FAR, add_working_days, date_of, day, end_of_month, month_index, quarter_of
from .calibration import Context
from .charges import (
    CANCELLATION,
    COMPANY,
    COMPANY_SURCHARGE,
    COSTS,
    IDS_PER_CHUNK,
    TYPES,
    payments_frame,
)
from .collection import BAILIFF, DIRECT_DEBIT, TRANSFER
from .companies import FIRST_BALANCE, Companies
from .frame import NULL_MONEY, Codes, Frame
from .truth import Truth, euro, keys


def contributions(ctx: Context, rng, company: Companies) -> dict[str, np.ndarray]:
    """One contribution per company and year of affiliation, and what becomes of it."""
    parts = []
    # A company pays from its year of creation to the year before trouble ends it.
    end_year = np.where(company.ended == FAR, 9999, 0)
    known = company.ended < FAR
    end_year[known] = quarter_of(company.ended[known]) // 4 + 1990
    transferred = company.status == 5
    created = quarter_of(company.incorporated) // 4 + 1990
    first, last = date_of(ctx.start).year, min(date_of(ctx.last).year, law.LAST_YEAR)
    for year in range(first, last + 1):
        rows = np.flatnonzero((created <= year) & (year <= end_year) & (
            ~transferred | (year < end_year)))  # fmt: skip
        # Trouble exempts from its own year on; a dormant one is claimed, then cancelled.
        exempt = np.isin(company.status[rows], (2, 3)) & (year >= end_year[rows])
        rows = rows[~exempt]
        start = day(year, 4, 2) if year < 2020 else day(year, 8, 24) if year == 2020 else day(
            year, 5, 25)  # fmt: skip
        batch = add_working_days(start + (company.number[rows] * 7) % 24, 0)
        issue = np.maximum(batch, add_working_days(company.affiliated[rows] + 12, 0))
        due = law.company_due(year, company.incorporated[rows]).astype(np.int64)
        due = np.maximum(due, end_of_month(issue, 1))
        at = year - 2 - FIRST_BALANCE
        has = company.has_balance[rows, at]
        amount, _ = law.company_amount(year, company.balance[rows, at], has)
        parts.append((rows, np.full(len(rows), year), issue.astype(np.int64), due, amount))
    row, year, issue, due, amount = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    ok = issue <= ctx.last
    row, year, issue, due, amount = row[ok], year[ok], issue[ok], due[ok], amount[ok]
    order = np.lexsort((year, row))
    row, year, issue, due, amount = (c[order] for c in (row, year, issue, due, amount))
    count = len(row)
    wrong = rng.random(count) < ctx.anomalies["wrong_company_amount"]
    error = rng.integers(100, 4000, count) * np.where(rng.random(count) < 0.5, -1, 1)
    amount = np.where(wrong, amount + error, amount)
    idle = (company.status[row] == 1) & (year >= end_year[row]) & ~wrong
    cancelled = np.where(idle & (rng.random(count) < 0.8), due + rng.integers(20, 300, count), FAR)
    cancelled = np.where(cancelled <= ctx.last, cancelled, FAR)
    return {"row": row, "year": year, "issue": issue, "due": due, "amount": amount,
            "wrong": wrong, "cancelled": cancelled}  # fmt: skip


def settle(ctx: Context, rng, company: Companies, charge: dict) -> None:
    """Adds to each contribution: payment, dossier dates, surcharge, costs."""
    row, due, issue = charge["row"], charge["due"], charge["issue"]
    count = len(row)
    habit = company.pays[row]
    draw = rng.random(count)
    # Habits are strong, not absolute.
    mode = np.where(draw < 0.80, habit, np.where(draw < 0.93, np.minimum(habit, 1), habit))
    mode = np.where((habit <= 1) & (draw > 0.95), 1, mode)
    opened = due + 70 + rng.integers(0, 40, count)
    letter = opened + rng.integers(90, 116, count)
    writ = opened + rng.integers(130, 196, count)
    served = writ + rng.integers(15, 41, count)
    draw = rng.random(count)
    slower = draw > 0.85
    writ = np.where(slower, opened + rng.integers(300, 600, count), writ)
    letter = np.where(slower, writ - rng.integers(40, 80, count), letter)
    served = writ + rng.integers(15, 41, count)
    goes = draw < 0.985
    writ, served = np.where(goes, writ, FAR), np.where(goes, served, FAR)
    skew = 1 - rng.random(count) ** 1.7
    on_time = issue + 8 + (skew * np.maximum(due - issue - 8, 0)).astype(np.int64)
    late = due + 8 + (rng.beta(1, 2, count) * 190).astype(np.int64)
    slow = np.where(goes, served, letter) + 12 + rng.integers(0, 260, count)
    paid = np.choose(mode, [on_time, late, slow, np.full(count, FAR)])
    paid = np.where(paid < FAR, add_working_days(np.minimum(paid, 25_000), 0), FAR)
    ended = company.ended[row]
    broke = np.isin(company.status[row], (2, 3)) & (paid > ended)
    paid = np.where(broke, FAR, paid)
    paid = np.where((charge["cancelled"] < FAR) | (paid > ctx.last), FAR, paid)
    settled = np.minimum(paid, charge["cancelled"])
    has_case = (opened < settled) & (opened <= ctx.last)
    stop = np.minimum(settled, ctx.last)
    writ = np.where(has_case & (writ <= stop), writ, FAR)
    served = np.where((writ < FAR) & (served <= stop), served, FAR)
    # 1 % a month, to the month of payment or of the service of the writ.
    end = np.minimum(paid, served)
    months = np.where(end < FAR, month_index(np.minimum(end, 25_000)) - month_index(due), 0)
    extra = law.half_up(charge["amount"] * np.maximum(months, 0), 100)
    extra_issue = np.minimum(end, 25_000) + rng.integers(4, 14, count)
    extra = np.where((charge["cancelled"] < FAR) | (extra_issue > ctx.last), 0, extra)
    extra_due = end_of_month(extra_issue, 1).astype(np.int64)
    pays_extra = (extra > 0) & (paid < FAR) & (rng.random(count) < np.where(mode == 1, 0.93, 0.85))
    extra_paid = np.maximum(paid, extra_issue) + rng.integers(5, 60, count)
    extra_paid = np.where(pays_extra & (extra_paid <= ctx.last), extra_paid, FAR)
    fee = rng.integers(16_500, 34_000, count)
    cost = np.where((served < FAR) & (served + 9 <= ctx.last), fee, 0)
    cost_issue = served + rng.integers(2, 9, count)
    cost_paid = np.maximum(paid, cost_issue + 3) + rng.integers(0, 45, count)
    ok = (cost > 0) & (paid < FAR) & (cost_paid <= ctx.last) & (rng.random(count) < 0.85)
    cost_paid = np.where(ok, cost_paid, FAR)
    closed = np.maximum(settled, np.where(extra > 0, extra_paid, 0))
    closed = np.maximum(closed, np.where(cost > 0, cost_paid, 0))
    given_up = has_case & (closed >= FAR) & (opened < ctx.full - 1100) & (mode == 3)
    given_up &= rng.random(count) < 0.55
    closed = np.where(given_up, np.minimum(opened + 800 + rng.integers(0, 600, count),
                                           ctx.full - 3), closed)  # fmt: skip
    reason = np.where(given_up, 1, np.where(charge["cancelled"] < FAR, 4, 0))
    # Most of what is given up is cancelled; the rest stays on the account and is prescribed.
    dropped = given_up & (rng.random(count) < 0.8)
    dropped_on = np.where(dropped, closed + 10, FAR)
    charge |= {"mode": mode, "paid": paid, "opened": np.where(has_case, opened, FAR),
               "letter": letter, "writ": writ, "served": served, "extra": extra,
               "extra_issue": extra_issue, "extra_due": extra_due, "extra_paid": extra_paid,
               "cost": cost, "cost_issue": cost_issue, "cost_paid": cost_paid,
               "closed": np.where(closed <= ctx.last, closed, FAR), "reason": reason,
               "dropped": np.where(dropped_on <= ctx.last, dropped_on, FAR)}  # fmt: skip


def charge_frames(ctx, rng, company, charge, index, truth: Truth) -> list[Frame]:
    """Extracts `charges` and `payments` of companies."""
    count = len(charge["row"])
    own = np.arange(count)
    extra = np.flatnonzero(charge["extra"] > 0)
    cost = np.flatnonzero(charge["cost"] > 0)
    of = np.concatenate([own, extra, cost])
    kind = np.repeat([COMPANY, COMPANY_SURCHARGE, COSTS], [count, len(extra), len(cost)])
    issue = np.concatenate([charge["issue"], charge["extra_issue"][extra],
                            charge["cost_issue"][cost]])  # fmt: skip
    due = np.concatenate([charge["due"], charge["extra_due"][extra],
                          end_of_month(charge["cost_issue"][cost], 1)])  # fmt: skip
    amount = np.concatenate([charge["amount"], charge["extra"][extra], charge["cost"][cost]])
    # Cancellations: of a contribution not due, or of all that was given up.
    gone = np.where(kind == COMPANY, charge["cancelled"][of], FAR)
    gone = np.minimum(gone, charge["dropped"][of])
    void = np.flatnonzero((gone < FAR) & (gone >= issue))
    parent = np.concatenate([np.where(kind == COMPANY, -1, of), void])
    of = np.concatenate([of, of[void]])
    kind = np.concatenate([kind, np.full(len(void), CANCELLATION)])
    issue, due = np.concatenate([issue, gone[void]]), np.concatenate([due, gone[void]])
    amount = np.concatenate([amount, -amount[void]])
    order = np.lexsort((kind, charge["year"][of], due, charge["row"][of]))
    order = order[issue[order] <= ctx.last]
    ids = np.full(len(of), -1, dtype=np.int64)
    ids[order] = (index + 1) * IDS_PER_CHUNK + np.arange(len(order))
    charge["id"] = ids[:count]
    charge["extra_id"] = np.full(count, -1)
    charge["extra_id"][extra] = ids[count : count + len(extra)]
    charge["cost_id"] = np.full(count, -1)
    charge["cost_id"][cost] = ids[count + len(extra) : count + len(extra) + len(cost)]
    related = np.where(parent >= 0, ids[np.maximum(parent, 0)], -1)
    nobody = Codes(np.full(len(order), -1), ["main"])
    frame = Frame(
        "charges",
        {
            "charge_id": ids[order],
            "account_id": company.number[charge["row"][of[order]]],
            "charge_type": Codes(kind[order], TYPES),
            "contribution_year": charge["year"][of[order]],
            "contribution_quarter": np.full(len(order), -1),
            "category": nobody,
            "issue_date": issue[order].astype(np.int32),
            "due_date": due[order].astype(np.int32),
            "amount": amount[order],
            "income_basis": np.full(len(order), NULL_MONEY),
            "related_charge_id": related[order],
        },
        issue[order],
        account="C",
    )
    wrong = charge["wrong"]
    truth.add("wrong_company_amount", "charges", keys("D", 12, charge["id"][wrong]),
              amount=euro(charge["amount"][wrong]))  # fmt: skip
    return [frame, _payments(ctx, rng, company, charge, index)]


def _payments(ctx, rng, company, charge, index) -> Frame:
    """Payments of contributions, surcharges, costs; only those who owe nothing, and never paid
    late, leave them unnamed: a surcharge then follows from the dates of its own charge."""
    row = charge["row"]
    size = len(company.number)
    open_something = (charge["paid"] == FAR) & (charge["cancelled"] == FAR)
    open_something |= (charge["extra"] > 0) & (charge["extra_paid"] == FAR)
    open_something |= (charge["cost"] > 0) & (charge["cost_paid"] == FAR)
    open_something |= charge["extra"] > 0
    dirty = np.bincount(row, weights=open_something, minlength=size) > 0
    unnamed = ~dirty & (rng.random(size) < 0.45)
    debit = rng.random(size) < 0.05
    after_writ = charge["served"] < FAR
    parts = []
    for paid, cents, ids in (("paid", "amount", "id"), ("extra_paid", "extra", "extra_id"),
                             ("cost_paid", "cost", "cost_id")):  # fmt: skip
        rows = np.flatnonzero(charge[paid] < FAR)
        channel = np.where(debit[row[rows]] & (charge["mode"][rows] == 0), DIRECT_DEBIT, TRANSFER)
        channel = np.where(after_writ[rows] & (rng.random(len(rows)) < 0.7), BAILIFF, channel)
        name = np.where(unnamed[row[rows]], -1, charge[ids][rows])
        parts.append((row[rows], charge[paid][rows], charge[cents][rows], channel, name))
    columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    return payments_frame(ctx, rng, "C", company.number, index, columns)
