"""Affiliation periods of the persons of a chunk, and their category in each quarter.

Belongs here: periods, their origin and end, when they became known; liability per quarter. Does
not belong here: who the persons are (people.py), what they owe (contributions.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import (
    FAR,
    NULL_DATE,
    QUARTER_END,
    QUARTER_START,
    add_working_days,
    quarter,
    quarter_of,
)
from .calibration import Context, pick
from .law import CATEGORIES, COMPLEMENTARY, EARLY, MAIN, MAXI, MINI, PENSIONER, STUDENT
from .people import (
    People,
    pension_age_date,
)

ORIGINS = ["voluntary", "ex_officio", "transfer_in", "resumption", "category_change"]
VOLUNTARY, EX_OFFICIO, TRANSFER_IN, RESUMPTION, CATEGORY_CHANGE = range(5)
END_REASONS = [
    "cessation", "transfer_out", "bankruptcy", "pension", "death", "annulled", "category_change",
]  # fmt: skip
CESSATION, TRANSFER_OUT, BANKRUPTCY, PENSION, DEATH, ANNULLED, END_CATEGORY_CHANGE = range(7)
#: first quarter of liability kept (reference incomes of 2015 count for 2018)
BASE_QUARTER = quarter(2015, 1)

@dataclass
class Careers:
    """Periods (arrays side by side, sorted by person and start) and the quarters they cover.

    person: position in the chunk; end is NULL_DATE while running; end_known: day on which the
    fund knew the end (FAR: runs). category_of: (persons, quarters from BASE_QUARTER), -1 when not
    liable; primo_of: which primo quarter, 0 for none. claimed_of: category on which the fund
    claims, which includes quarters after an end it does not know yet; claimed_until: the day it
    learned that the quarter is not due (FAR when it is).
    """

    person: np.ndarray
    category: np.ndarray
    start: np.ndarray
    end: np.ndarray
    reason: np.ndarray
    origin: np.ndarray
    first: np.ndarray
    requested: np.ndarray
    registered: np.ndarray
    end_known: np.ndarray
    category_of: np.ndarray
    primo_of: np.ndarray
    claimed_of: np.ndarray
    claimed_until: np.ndarray
    registered_of: np.ndarray
    early_start_of: np.ndarray
    late_correction: np.ndarray

    @property
    def liable_per_year(self) -> np.ndarray:
        """(persons, years from 2015): liable quarters."""
        persons, quarters = self.category_of.shape
        return (self.category_of >= 0).reshape(persons, quarters // 4, 4).sum(axis=2)

def careers(ctx: Context, people: People, index: int) -> Careers:
    """Draws the periods of a chunk."""
    rng = ctx.rng("careers", index)
    size = len(people)
    person = np.arange(size)
    final = people.category
    reference = np.where(people.exit == NULL_DATE, ctx.full, people.exit)

    # A first category before the last one: a change at the start of a quarter.
    change = np.full(size, NULL_DATE, dtype=np.int64)
    earlier = np.full(size, -1, dtype=np.int64)
    pension = pension_age_date(people.birth)
    pension = QUARTER_START[quarter_of(pension) + 1]
    pensioner = final == PENSIONER
    was_main = pensioner & (people.entry < pension - 95) & (pension < reference - 5)
    # Some came to the fund only with their pension.
    came_late = was_main & (rng.random(size) < ctx.profile["pension_entries"])
    people.entry = np.where(came_late, pension, people.entry).astype(np.int32)
    was_main &= ~came_late
    change[was_main], earlier[was_main] = pension[was_main], MAIN
    middle = people.entry + (reference - people.entry) * (0.15 + 0.7 * rng.random(size))
    middle = QUARTER_START[quarter_of(middle) + 1]
    possible = (change == NULL_DATE) & (middle > people.entry + 100) & (middle < reference - 40)
    draw = rng.random(size)
    for code, before, share in (
        (MAIN, COMPLEMENTARY, 0.09),
        (COMPLEMENTARY, MAIN, 0.05),
        (MAXI, MAIN, 0.10),
        (EARLY, MAIN, 0.70),
    ):
        rows = possible & (final == code) & (draw < share)
        change[rows], earlier[rows] = middle[rows], before
    at_22 = QUARTER_START[quarter_of(people.birth + 22 * 365) + 1]
    young = (people.birth + 21 * 365 > people.entry) & (at_22 < reference - 40) & (draw < 0.5)
    rows = (change == NULL_DATE) & young & np.isin(final, (MAIN, COMPLEMENTARY))
    change[rows], earlier[rows] = at_22[rows], STUDENT

    origin = pick(rng, {o: ctx.profile["origin"][o] for o in ORIGINS[:4]}, size)
    # Transfers between funds take place on 1 January.
    moved = (origin == TRANSFER_IN) & (final != STUDENT)
    new_year = quarter_of(people.entry) // 4 * 4
    entry = np.where(moved, QUARTER_START[new_year], people.entry)
    reason = pick(rng, ctx.profile["end_reason"], size)
    left = people.exit != NULL_DATE
    pensioners = np.isin(final, (PENSIONER, EARLY))
    reason = np.where(pensioners & np.isin(reason, (PENSION, BANKRUPTCY)), DEATH, reason)
    age = (reference - people.birth) / 365.2425
    reason = np.where((reason == PENSION) & (age < 60), CESSATION, reason)
    retires = (age >= 62) & ~pensioners & (reason == CESSATION) & (rng.random(size) < 0.55)
    reason = np.where(retires, PENSION, reason)
    keep_death = rng.random(size) < np.clip((age - 25) / 50, 0.02, 1)
    reason = np.where((reason == DEATH) & ~keep_death, CESSATION, reason)
    reason = np.where((reason == ANNULLED) & (origin != EX_OFFICIO), CESSATION, reason)
    reason = np.where((reason == BANKRUPTCY) & ~np.isin(final, (MAIN, MAXI)), CESSATION, reason)
    # A person annulled had one short period.
    annulled = left & (reason == ANNULLED)
    change[annulled] = NULL_DATE
    leave = people.exit.astype(np.int64)
    year_end = QUARTER_END[quarter_of(np.where(left, leave, ctx.full)) // 4 * 4 + 3]
    moves_out = left & (reason == TRANSFER_OUT)
    moves_out &= year_end <= ctx.full - 5
    reason = np.where(left & (reason == TRANSFER_OUT) & ~moves_out, CESSATION, reason)
    leave = np.where(moves_out, year_end, leave)
    quick = rng.random(size) < 0.75
    any_day = np.isin(reason, (BANKRUPTCY, DEATH, ANNULLED)) | ~quick
    settled = np.where(left & ~any_day, QUARTER_END[quarter_of(np.where(left, leave, 0))], leave)
    leave = np.where(settled < ctx.full, settled, leave)
    leave = np.where(left, np.maximum(leave, entry + 1), NULL_DATE)

    # Registration: some days for a request, months for an affiliation by the fund.
    ex_officio = origin == EX_OFFICIO
    requested = np.where(ex_officio, NULL_DATE, entry - rng.integers(-25, 25, size))
    wait = add_working_days(
        np.where(ex_officio, entry, requested),
        np.where(
            rng.random(size) < ctx.anomalies["late_affiliation"],
            rng.integers(12, 40, size),
            np.minimum(rng.geometric(0.28, size), 10),
        ),
    )
    discovered = entry + 45 + (rng.gamma(1.3, 70, size)).astype(np.int64)
    registered = np.where(ex_officio, discovered, wait).astype(np.int64)
    new = _new_on_delta(ctx, rng, people, entry, left, size)
    late_entry = (registered > ctx.full) & (new == NULL_DATE)
    span = np.maximum(ctx.full - entry, 1)
    capped = ctx.full - (rng.random(size) * np.minimum(span, 9)).astype(np.int64)
    registered = np.where(late_entry, np.maximum(capped, entry), registered)
    registered = np.where(new != NULL_DATE, new, registered)
    requested = np.where(requested == NULL_DATE, NULL_DATE, np.minimum(requested, registered))

    # What the fund knew of the end, and when: most cessations are told in time, some late.
    told = leave + np.where(
        rng.random(size) < 0.8, rng.integers(-20, 15, size), rng.gamma(1.4, 70, size).astype(int)
    )
    told = np.where(reason == TRANSFER_OUT, leave - 30, told)
    told = np.maximum(told, registered + 1)
    told = np.where(left & (told > ctx.full), np.maximum(leave, registered) + 2, told)
    end_known = np.where(left, np.maximum(told, leave), FAR)
    late = _late_cessations(ctx, rng, left, reason, entry, registered, end_known)
    end_known = np.where(late != NULL_DATE, late, end_known)
    stopped = (late != NULL_DATE) & ~left
    leave = np.where(stopped, QUARTER_END[quarter_of(ctx.full) - 1], leave)
    reason = np.where(stopped, CESSATION, reason)
    left = left | stopped

    # An earlier spell with a gap, for a few.
    gap_end = entry - rng.integers(250, 1500, size)
    again = (origin == RESUMPTION) | (rng.random(size) < 0.03)
    gap_end = QUARTER_END[quarter_of(gap_end)]
    gap_start = gap_end - rng.integers(400, 2200, size)
    again &= (gap_start > people.birth + 6600) & ~annulled & (final != STUDENT)
    again &= gap_end < entry - 120
    gap_start = np.where(again, QUARTER_START[quarter_of(gap_start)], 0)
    origin = np.where((origin == RESUMPTION) & ~again, VOLUNTARY, origin)
    first = (rng.random(size) < ctx.profile["first_activity"]) & ~again
    first &= np.isin(origin, (VOLUNTARY, EX_OFFICIO)) & ~np.isin(final, (PENSIONER, EARLY, MINI))

    has_change = change != NULL_DATE
    has_change &= change > entry + 30
    change = np.where(has_change, change, NULL_DATE)
    empty = np.full(size, NULL_DATE)
    spell_1 = (
        person, np.where(pensioners, MAIN, final), gap_start, gap_end, np.zeros(size, int),
        np.where(again, np.where(ex_officio, EX_OFFICIO, VOLUNTARY), 0), np.zeros(size, bool),
        empty, gap_start + 60, gap_end + 20,
    )  # fmt: skip
    spell_2 = (
        person, earlier, entry, change - 1, np.full(size, END_CATEGORY_CHANGE), origin, first,
        requested, registered, np.maximum(change - 1, registered),
    )  # fmt: skip
    later_requested = np.where(has_change, empty, requested)
    spell_3 = (
        person, final, np.where(has_change, change, entry), leave,
        np.where(left, reason, -1), np.where(has_change, CATEGORY_CHANGE, origin),
        first & ~has_change, later_requested,
        np.where(has_change, np.maximum(change, registered), registered), end_known,
    )  # fmt: skip
    keep = np.concatenate([again, has_change, np.ones(size, bool)])
    merged = [np.concatenate(columns)[keep] for columns in zip(spell_1, spell_2, spell_3,
                                                              strict=True)]
    order = np.lexsort((merged[2], merged[0]))
    merged = [column[order] for column in merged]
    # Known ends are never earlier than the period's own registration.
    merged[9] = np.where(merged[9] < FAR, np.maximum(merged[9], merged[8]), FAR)
    lateness = late[merged[0]] * (merged[4] >= 0)
    return _cover(ctx, rng, size, *merged, np.where(merged[9] == lateness, lateness, NULL_DATE))

def _new_on_delta(ctx, rng, people, entry, left, size) -> np.ndarray:
    """Day of the delta that brings a new affiliate, for a few recent entries in stock."""
    new = np.full(size, NULL_DATE, dtype=np.int64)
    if not ctx.deltas:
        return new
    recent = np.flatnonzero(~left & (entry > ctx.full - 200) & (entry > ctx.start))
    chosen = recent[rng.random(len(recent)) < min(0.012 * ctx.deltas, 0.3)]
    new[chosen] = ctx.full + rng.integers(1, ctx.deltas + 1, len(chosen))
    return new

def _late_cessations(ctx, rng, left, reason, entry, registered, end_known) -> np.ndarray:
    """Day of the delta in which the fund learns that someone in stock stopped a quarter ago."""
    late = np.full(len(left), NULL_DATE, dtype=np.int64)
    if not ctx.deltas:
        return late
    running = ~left & (registered < ctx.full - 200) & (entry < ctx.full - 400)
    rows = np.flatnonzero(running)
    chosen = rows[rng.random(len(rows)) < 0.0006 * ctx.deltas]
    late[chosen] = ctx.full + rng.integers(1, ctx.deltas + 1, len(chosen))
    return late

def _cover(ctx, rng, size, person, category, start, end, reason, origin, first, requested,
           registered, end_known, late) -> Careers:  # fmt: skip
    """Category, primo rank and registration of each person in each quarter."""
    width = (ctx.last_quarter // 4 + 1) * 4 - BASE_QUARTER
    liable = np.full((size, width), 99, dtype=np.int8)
    claimed = np.full((size, width), 99, dtype=np.int8)
    until = np.full((size, width), FAR, dtype=np.int32)
    enrolled = np.full((size, width), FAR, dtype=np.int32)
    early = np.zeros((size, width), dtype=bool)
    quarter_a = np.maximum(quarter_of(start), BASE_QUARTER) - BASE_QUARTER
    open_end = np.where(end == NULL_DATE, QUARTER_END[ctx.last_quarter], end)
    quarter_b = quarter_of(open_end) - BASE_QUARTER
    # The quarter of death or of pension is not due.
    due_until = quarter_b - np.isin(reason, (DEATH, PENSION))
    due_until = np.where(reason == ANNULLED, -1, due_until)
    # Until it knows the end, the fund goes on claiming.
    known = np.minimum(end_known, ctx.last)
    claim_until = np.maximum(due_until, quarter_of(known) - BASE_QUARTER)
    claim_until = np.minimum(claim_until, quarter_b + 3)
    claim_until = np.where(reason == END_CATEGORY_CHANGE, due_until, claim_until)
    claim_until = np.minimum(claim_until, width - 1)
    counts = np.maximum(claim_until - quarter_a + 1, 0)
    rows = np.repeat(np.arange(len(person)), counts)
    quarters = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    quarters = quarters + quarter_a[rows]
    who = person[rows]
    due = quarters <= due_until[rows]
    # A lower code takes precedence when two periods share a quarter; a quarter that is due
    # takes precedence over one that is only claimed.
    for code in range(len(CATEGORIES) - 1, -1, -1):
        here = (category[rows] == code) & ~due
        claimed[who[here], quarters[here]] = code
        until[who[here], quarters[here]] = end_known[rows[here]]
        enrolled[who[here], quarters[here]] = registered[rows[here]]
    for code in range(len(CATEGORIES) - 1, -1, -1):
        here = (category[rows] == code) & due
        liable[who[here], quarters[here]] = code
        claimed[who[here], quarters[here]] = code
        until[who[here], quarters[here]] = FAR
        enrolled[who[here], quarters[here]] = registered[rows[here]]
        begins = here & (quarters - quarter_a[rows] < 2)
        begins &= np.isin(origin[rows], (VOLUNTARY, RESUMPTION))
        begins &= (registered[rows] <= start[rows]) & (start[rows] >= QUARTER_START[BASE_QUARTER])
        early[who[begins], quarters[begins]] = True
    liable[liable == 99] = -1
    claimed[claimed == 99] = -1
    primo = np.zeros((size, width), dtype=np.int8)
    starts = (category == MAIN) & first & (reason != ANNULLED)
    # The reduced floor exists since 2018Q2, also for who was in the first four quarters then.
    opening = quarter(2018, 2)
    starts &= quarter_of(start) >= opening - 3
    for step in range(4):
        at = quarter_of(start) - BASE_QUARTER + step
        ok = starts & (at < width) & (at <= due_until) & (at >= opening - BASE_QUARTER)
        ok[ok] &= liable[person[ok], at[ok]] == MAIN
        primo[person[ok], at[ok]] = step + 1
    return Careers(person, category, start, end, reason, origin, first, requested, registered,
                   end_known, liable, primo, claimed, until, enrolled, early, late)  # fmt: skip
