"""What affiliates owe: incomes, provisional contributions, regularisations.

Belongs here: incomes of a chunk, and the principal charges that follow from law, incomes and
periods, with the errors planted on their amounts. Does not belong here: relief, payments,
surcharges (collection.py), rows of files (charges.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import law
from .calendar import (
    FAR,
    QUARTER_END,
    QUARTER_START,
    add_working_days,
    day,
    number_of_quarter,
    quarter_of,
    year_of_quarter,
)
from .calibration import Context
from .careers import BASE_QUARTER, Careers
from .frame import Codes, Frame
from .people import People

FIRST_INCOME_YEAR = 2015
PROVISIONAL, REGULARISATION = 0, 1

@dataclass
class Incomes:
    """Incomes per person and year from 2015 (cents), when known (FAR: never)."""

    amount: np.ndarray
    received: np.ndarray
    declared: np.ndarray
    earlier: np.ndarray  # amount before a correction
    corrected: np.ndarray  # day of the delta that corrects it (FAR: none)

    @property
    def known(self) -> np.ndarray:
        """True where an income will be in the files."""
        return self.received < FAR

@dataclass
class Principal:
    """Contributions claimed: one row per provisional charge or regularisation (arrays).

    person: position in the chunk; amount in cents, as claimed; legal: as it should be; basis:
    NULL for none; cancelled_on: day of the cancellation (FAR for none); settles: true when the
    first surcharge is spared (starters); reduced: on an estimate.
    """

    person: np.ndarray
    kind: np.ndarray
    year: np.ndarray
    number: np.ndarray
    category: np.ndarray
    issue: np.ndarray
    due: np.ndarray
    amount: np.ndarray
    basis: np.ndarray
    cancelled_on: np.ndarray
    spared: np.ndarray
    wrong: np.ndarray
    reduced: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

@dataclass
class Reductions:
    """Granted requests to pay on an estimate (arrays): person, quarters, dates."""

    person: np.ndarray
    first: np.ndarray
    last: np.ndarray
    submitted: np.ndarray
    decided: np.ndarray

def incomes(ctx: Context, people: People, careers: Careers, index: int) -> Incomes:
    """Draws the incomes of the years 2015 to the one before the last delivery."""
    rng = ctx.rng("incomes", index)
    setting = ctx.profile["income"]
    size = len(people)
    last_year = int(year_of_quarter(ctx.last_quarter)) - 1
    years = np.arange(FIRST_INCOME_YEAR, last_year + 1)
    liable = careers.liable_per_year[:, : len(years)]
    mid = careers.category_of[:, : 4 * len(years)].reshape(size, len(years), 4).max(axis=2)
    mid = np.where(mid < 0, people.category[:, None], mid)
    # Median income of a full year by category, in euro of 2018.
    median = np.array([18200, 9500, 26000, 6300, 9000, 3600, 4100, 3700], dtype=float)[mid]
    spread = np.array([0.85, 0.45, 0.6, 1.15, 0.9, 0.9, 0.55, 1.4])[mid]
    person_level = rng.normal(0, 0.8, size)[:, None]
    shock = rng.normal(0, 0.6, (size, len(years)))
    growth = np.array([0.955, 0.97, 0.985, 1.0, 1.015, 0.955, 1.03, 1.10, 1.15, 1.185, 1.215, 1.24])
    factor = np.concatenate([growth, np.full(30, growth[-1])])[: len(years)]
    part = np.where(liable > 0, liable, 4) / 4
    income = median * setting["level"] * np.exp(spread * (person_level + shock)) * factor * part
    # Many a side activity earns next to nothing, year after year.
    tiny = (rng.random(size) < setting["small"])[:, None] & (mid >= law.PENSIONER)
    income = np.where(tiny & (mid != law.STUDENT), 0.1 * income, income)
    draw = rng.random((size, len(years)))
    income = np.where(draw < setting["zero"], 0, income)
    loss = (draw >= setting["zero"]) & (draw < setting["zero"] + setting["loss"])
    income = np.where(loss, -0.2 * income, income)
    amount = np.round(np.clip(income, -40_000, 900_000) * 100).astype(np.int64)

    starts = np.array([day(y + 1, 9, 1) for y in years])
    delay = rng.gamma(2.4, 80, (size, len(years))).astype(np.int64)
    received = add_working_days(starts[None, :] + np.minimum(delay, 800), 0).astype(np.int64)
    declared = rng.random((size, len(years))) < setting["declared"]
    registered = np.full(size, FAR, dtype=np.int64)
    np.minimum.at(registered, careers.person, careers.registered)
    enrolled = careers.registered_of[:, : 4 * len(years)].reshape(size, len(years), 4)
    enrolled = np.where(enrolled == FAR, registered[:, None, None], enrolled).max(axis=2)
    enrolled = np.where(enrolled == FAR, registered[:, None], enrolled)
    received = np.maximum(received, enrolled + 10)
    # A year before the affiliation is known for a few: from another fund.
    elsewhere = (liable == 0) & (rng.random((size, len(years))) < 0.08)
    known = ((liable > 0) | elsewhere) & (rng.random((size, len(years))) >= setting["missing"])
    # The reference incomes of the current contributions are not news of the delta days.
    current = years[None, :] + 3 <= law.LAST_YEAR
    window = (received > ctx.full) & (received <= ctx.last)
    received = np.where(window & current & (enrolled < ctx.full - 30), ctx.full - 1, received)
    hidden = window & current & (enrolled >= ctx.full - 30)
    known &= (received <= ctx.last) & ~hidden & (registered[:, None] <= ctx.last)
    received = np.where(known, received, FAR).astype(np.int64)
    return Incomes(amount, received, declared, *_corrections(ctx, rng, amount, received, years))


def _corrections(ctx: Context, rng, amount, received, years):
    """A few incomes of the last years are corrected by a delta, after their settlement.

    Only years that are no reference year of a contribution in the files."""
    corrected = np.full(amount.shape, FAR, dtype=np.int64)
    able = (received < ctx.full - 60) & (years[None, :] + 3 > law.LAST_YEAR) & (amount > 500_000)
    chance = ctx.anomalies["corrected_income"] * ctx.deltas
    able &= rng.random(amount.shape) < chance
    count = int(able.sum())
    corrected[able] = ctx.full + rng.integers(1, max(ctx.deltas, 1) + 1, count)
    earlier = amount.copy()
    earlier[able] = (amount[able] * (0.6 + 0.3 * rng.random(count))).astype(np.int64)
    return earlier, corrected

def principal(ctx: Context, people: People, careers: Careers, money: Incomes,
              index: int) -> tuple[Principal, Reductions]:  # fmt: skip
    """Provisional contributions and regularisations of a chunk, in legal amounts (but for the
    planted errors), whatever was paid."""
    rng = ctx.rng("principal", index)
    size = len(people)
    years = careers.category_of.shape[1] // 4
    liable = careers.liable_per_year
    charged = np.zeros((size, years), dtype=np.int64)  # provisional, net of cancellations
    final = np.zeros((size, years), dtype=np.int64)
    before = np.zeros((size, years), dtype=np.int64)  # on the income before its correction
    reductions = _reductions(ctx, rng, careers, index)
    estimate_from = np.full((size, years), FAR, dtype=np.int64)
    estimate_from[reductions.person, reductions.first // 4 - BASE_QUARTER // 4] = reductions.first
    share = 0.3 + 0.4 * rng.random(size)
    batch = rng.integers(11, 24, size)
    parts: list[tuple] = []
    granted = np.zeros(len(reductions.person), dtype=bool)
    for q in range(ctx.first_quarter, min(ctx.last_quarter, 4 * (law.LAST_YEAR - 1990) + 3) + 1):
        at, year, number = q - BASE_QUARTER, int(year_of_quarter(q)), int(number_of_quarter(q))
        y = year - FIRST_INCOME_YEAR
        category = careers.claimed_of[:, at]
        rows = np.flatnonzero(category >= 0)
        category = category[rows].astype(np.int64)
        primo = careers.primo_of[rows, at].astype(np.int64)
        if (year, number) == (2022, 1):
            primo = np.where(primo == 1, 4, primo)  # the deduction came with 2022Q2
        reference = y - 3
        has = money.known[rows, reference] & np.isin(liable[rows, reference], (0, 4))
        revalued = law.revalued(money.amount[rows, reference], np.full(len(rows), year))
        yearly = np.full(len(rows), year)
        floor = law.starter_basis(category, yearly, primo)
        basis = np.where(has, revalued, floor)
        starter = law.starter_quarterly(category, yearly, primo)
        amount = np.where(has, law.quarterly(category, revalued, yearly, primo), starter)
        # Reduced on request: an estimate, not below the floor.
        asked = (estimate_from[rows, y] <= q) & has & (category == law.MAIN) & (primo == 0)
        estimate = np.maximum((revalued * share[rows]).astype(np.int64), floor)
        estimate = np.where(year < 2022, floor, estimate)
        lower = law.quarterly(category, estimate, yearly, primo)
        asked &= lower < amount
        basis, amount = np.where(asked, estimate, basis), np.where(asked, lower, amount)
        if asked.any():
            hit = np.isin(reductions.person, rows[asked]) & (reductions.first // 4 == q // 4)
            granted |= hit

        first_month = QUARTER_START[q] + batch[rows] - 1
        issue = add_working_days(
            np.maximum(first_month, careers.registered_of[rows, at] + 8), 0
        ).astype(np.int64)
        due = np.maximum(QUARTER_END[quarter_of(issue)], QUARTER_END[q])
        until = careers.claimed_until[rows, at].astype(np.int64)
        issued = (issue <= ctx.last) & (issue < until) & (amount > 0)
        wrong = issued & (until == FAR) & (rng.random(len(rows)) < ctx.anomalies["wrong_amount"])
        # The helped spouse of a mini-statut is not in the files: nobody could tell.
        wrong &= ~asked & (category != law.MINI)
        amount = np.where(wrong, _wrong(rng, amount), amount)
        cancelled = np.where(until < FAR, until + 5, FAR)
        cancelled = np.where(cancelled <= ctx.last, cancelled, FAR)
        valid = issued & (cancelled == FAR)
        charged[rows, y] += np.where(valid, amount, 0)
        keep = np.flatnonzero(issued)
        who = rows[keep]
        spared = careers.early_start_of[who, at]
        parts.append(
            (who, np.full(len(keep), PROVISIONAL), yearly[keep], np.full(len(keep), number),
             category[keep], issue[keep], due[keep], amount[keep], basis[keep], cancelled[keep],
             spared, wrong[keep], asked[keep])
        )  # fmt: skip
        # Amount due in the end, on the income of the year itself.
        due_in_end = careers.category_of[rows, at].astype(np.int64)
        if y < money.amount.shape[1]:
            own = law.annualised(money.amount[rows, y], liable[rows, y])
            quarterly = law.quarterly(np.maximum(due_in_end, 0), own, yearly, primo)
            final[rows, y] += np.where(due_in_end >= 0, quarterly, 0)
            before[rows, y] += np.where(due_in_end >= 0, quarterly, 0)
            again = np.flatnonzero((money.corrected[rows, y] < FAR) & (due_in_end >= 0))
            who = rows[again]
            own = law.annualised(money.earlier[who, y], liable[who, y])
            old = law.quarterly(due_in_end[again], own, yearly[again], primo[again])
            before[who, y] += old - quarterly[again]
    parts.extend(_settle(ctx, rng, careers, money, charged, before, final, liable))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    keep = Reductions(*(getattr(reductions, name)[granted] for name in
                        ("person", "first", "last", "submitted", "decided")))  # fmt: skip
    return Principal(*columns), keep

def _settle(ctx, rng, careers, money, charged, before, final, liable):
    """Regularisations: final amount less the provisional charges, both signs; a second one when
    the income was corrected."""
    size = len(charged)
    last_category = np.full(size, 0, dtype=np.int64)
    for y in range(money.amount.shape[1]):
        year = FIRST_INCOME_YEAR + y
        codes = careers.category_of[:, 4 * y : 4 * y + 4].astype(np.int64)
        last_category = np.where(codes.max(axis=1) >= 0, codes.max(axis=1), last_category)
        if year < int(year_of_quarter(ctx.first_quarter)):
            continue
        difference = before[:, y] - charged[:, y]
        # The settlement leaves before the end of the month after the receipt of the income.
        received = money.received[:, y].clip(0, ctx.last)
        issue = add_working_days(received + rng.integers(5, 22, size), 0)
        known = money.known[:, y] & (liable[:, y] > 0) & (difference != 0) & (issue <= ctx.last)
        mini = (codes == law.MINI).any(axis=1)
        known &= ~mini
        rows = np.flatnonzero(known)
        issue = issue[rows].astype(np.int64)
        amount = difference[rows]
        wrong = rng.random(len(rows)) < ctx.anomalies["wrong_amount"]
        amount = np.where(wrong, _wrong(rng, amount), amount)
        basis = law.annualised(money.amount[rows, y], liable[rows, y])
        due = QUARTER_END[quarter_of(issue) + 1]
        count = len(rows)
        yield (rows, np.full(count, REGULARISATION), np.full(count, year), np.full(count, -1),
               last_category[rows], issue, due, amount, basis, np.full(count, FAR),
               np.zeros(count, dtype=bool), wrong, np.zeros(count, dtype=bool))  # fmt: skip
        moved = final[:, y] != before[:, y]
        again = np.flatnonzero((money.corrected[:, y] < FAR) & moved & ~mini)
        count = len(again)
        issue = money.corrected[again, y]
        none = np.zeros(count, dtype=bool)
        yield (again, np.full(count, REGULARISATION), np.full(count, year), np.full(count, -1),
               last_category[again], issue, QUARTER_END[quarter_of(issue) + 1],
               (final - before)[again, y], law.annualised(money.amount[again, y], liable[again, y]),
               np.full(count, FAR), none, none, none)  # fmt: skip

def _wrong(rng: np.random.Generator, amount: np.ndarray) -> np.ndarray:
    """An amount that is off by 2 to 15 %, at least one cent, of the same sign."""
    error = np.maximum(np.abs(amount) * (0.02 + 0.13 * rng.random(len(amount))), 1)
    sign = np.where(rng.random(len(amount)) < 0.5, -1, 1)
    sign = np.where(np.abs(amount) <= 2, 1, sign)
    return amount + (np.sign(amount) * sign * error.astype(np.int64))

def _reductions(ctx: Context, rng: np.random.Generator, careers: Careers, index: int) -> Reductions:
    """Draws who asks to pay on an estimate, from which quarter of a year on."""
    size, width = careers.category_of.shape
    rows = []
    for year in range(int(year_of_quarter(ctx.first_quarter)), FIRST_INCOME_YEAR + width // 4):
        rate = ctx.profile["relief"]["reduction"] * (2.2 if year in (2020, 2021) else 1)
        y = year - FIRST_INCOME_YEAR
        main = (careers.category_of[:, 4 * y] == law.MAIN) & (careers.liable_per_year[:, y] == 4)
        person = np.flatnonzero(main & (rng.random(size) < rate))
        first = BASE_QUARTER + 4 * y + rng.integers(0, 4, len(person))
        decided = QUARTER_START[first] - rng.integers(0, 9, len(person))
        submitted = decided - rng.integers(6, 28, len(person))
        ok = decided <= ctx.full
        rows.append((person[ok], first[ok], np.full(ok.sum(), BASE_QUARTER + 4 * y + 3),
                     submitted[ok], decided[ok]))  # fmt: skip
    return Reductions(*(np.concatenate(column) for column in zip(*rows, strict=True)))

def incomes_frame(ctx: Context, people: People, money: Incomes) -> Frame:
    """Extract `incomes`."""
    person, year = np.nonzero(money.known)
    received = money.received[person, year]
    frame = Frame(
        "incomes",
        {
            "affiliate_id": people.number[person],
            "income_year": (FIRST_INCOME_YEAR + year).astype(np.int64),
            "net_income": money.amount[person, year],
            "source": Codes(money.declared[person, year], ["tax_administration", "declared"]),
            "received_date": received.astype(np.int32),
        },
        received,
    )
    corrected = money.corrected[person, year]
    rows = np.flatnonzero(corrected < FAR)
    frame.hide("net_income", corrected[rows], money.earlier[person, year][rows], rows)
    return frame

