"""How affiliates pay: payments, surcharges, recovery cases, quarter by quarter.

Belongs here: the walk through the quarters of one chunk, with the imputation of the fund (oldest
due first, designated payments apart) so that surcharges rest on what was unpaid. Does not belong
here: amounts of contributions, the texture of recovery steps, rows of files.

All money is integer cents; charges lie end to end on a line per account in the order (due date,
kind, year, quarter), which is also the order of their identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from . import law
from .calendar import (
    FAR,
    QUARTER_END,
    QUARTER_START,
    month_index,
    number_of_quarter,
    quarter_of,
    year_of_quarter,
)
from .calibration import Context

PAYERS = ["punctual", "late", "slow", "partial", "never"]
NEVER = 4
CHANNELS = ["transfer", "direct_debit", "bailiff", "lawyer", "curator", "offset", "withholding"]
TRANSFER, DIRECT_DEBIT, BAILIFF, LAWYER, CURATOR, OFFSET, WITHHOLDING = range(7)


@dataclass
class Obligations:
    """Charges that lie on the line (arrays): net amount, due quarter, payment by designation.

    named: amount paid by payments that name the charge, settled on named_on (FAR: none).
    """

    person: np.ndarray
    kind: np.ndarray
    year: np.ndarray
    number: np.ndarray
    issue: np.ndarray
    due_quarter: np.ndarray
    net: np.ndarray
    named: np.ndarray
    named_on: np.ndarray
    spared: np.ndarray


@dataclass
class Collected:
    """What the walk leaves behind. Payments: lists of arrays (person, date, cents, channel)."""

    payments: list = field(default_factory=list)
    surcharges: list = field(default_factory=list)  # charge, quarter, cents, annual, waived
    costs: list = field(default_factory=list)  # case, charge, cents, issue, due quarter
    case_charges: list = field(default_factory=list)  # case, charge
    plans: list = field(default_factory=list)
    arrears: list = field(default_factory=list)  # (quarter, persons in arrears at its end)
    cases: dict = field(default_factory=dict)
    line_start: np.ndarray | None = None
    pool: np.ndarray | None = None


class _Cases:
    """Recovery cases as growing arrays."""

    FIELDS = ("person", "opened", "letter", "writ", "served", "served_quarter", "closed",
              "reason", "end_of_line", "judicial", "opening_quarter")  # fmt: skip

    def __init__(self) -> None:
        self.count = 0
        self.data = {name: np.zeros(1024, dtype=np.int64) for name in self.FIELDS}

    def add(self, **columns) -> np.ndarray:
        size = len(columns["person"])
        while self.count + size > len(self.data["person"]):
            for name, values in self.data.items():
                self.data[name] = np.concatenate([values, np.zeros_like(values)])
        rows = np.arange(self.count, self.count + size)
        for name, values in columns.items():
            self.data[name][rows] = values
        self.count += size
        return rows

    def __getitem__(self, name: str) -> np.ndarray:
        return self.data[name]


def collect(ctx: Context, rng, size: int, owed: Obligations, payer: np.ndarray,
            bankrupt_on: np.ndarray, scheduled: tuple) -> Collected:  # fmt: skip
    """Walks through the quarters.

    owed: sorted by (due_quarter, person, kind, year, number). scheduled: pool money known in
    advance (person, date, cents): payments of one's own accord and credits of regularisations.
    """
    walk = _Walk(ctx, rng, size, owed, payer, bankrupt_on, scheduled)
    first = int(owed.due_quarter.min()) if len(owed.person) else ctx.first_quarter
    for q in range(first, ctx.last_quarter + 1):
        walk.step(q)
    out = walk.out
    out.cases = {name: values[: walk.cases.count] for name, values in walk.cases.data.items()}
    out.line_start, out.pool = walk.start, walk.pool
    return out


class _Walk:
    def __init__(self, ctx, rng, size, owed, payer, bankrupt_on, scheduled):
        self.ctx, self.rng, self.size, self.owed, self.payer = ctx, rng, size, owed, payer
        self.out = Collected()
        self.cases = _Cases()
        self.bankrupt_quarter = quarter_of(np.minimum(bankrupt_on, 50_000))
        self.line = np.zeros(size, dtype=np.int64)
        self.pool = np.zeros(size, dtype=np.int64)
        self.start = np.zeros(len(owed.person), dtype=np.int64)
        self.case_of = np.full(len(owed.person), -1, dtype=np.int64)
        self.is_served = np.zeros(len(owed.person), dtype=bool)
        self.active = np.zeros(0, dtype=np.int64)
        self.current = np.full(size, -1, dtype=np.int64)
        self.has_served = np.zeros(size, dtype=bool)
        self.open_cases = np.zeros(0, dtype=np.int64)
        self.surcharge_lump = np.zeros(size, dtype=np.int64)
        self.cost_lump = np.zeros(size, dtype=np.int64)
        self.lump_cases = np.zeros(0, dtype=np.int64)
        self.plan_until = np.full(size, -1, dtype=np.int64)
        # Money known in advance, by quarter; plans and refunds add to it on the way.
        order = np.argsort(scheduled[1], kind="stable")
        self.scheduled = [column[order] for column in scheduled]
        self.scheduled_quarter = quarter_of(self.scheduled[1])
        self.later: dict[int, list] = {}
        table = ctx.profile["recovery"]
        self.p_reminded = np.array([table[name]["reminded"] for name in PAYERS])
        self.p_served = np.array([table[name]["served"] for name in PAYERS])
        self.p_all = np.array([table[name]["all"] for name in PAYERS])
        named_q = quarter_of(np.minimum(owed.named_on, 50_000))
        self.named_order = np.argsort(named_q, kind="stable")
        self.named_quarter = named_q[self.named_order]

    def step(self, q: int) -> None:
        """One quarter: writs, payments, what falls due, what is unpaid, surcharges, cases."""
        last_paid = np.full(self.size, -1, dtype=np.int64)
        self._serve(q)
        self._recover(q, last_paid)
        self._receive(q, last_paid)
        self._fall_due(q)
        self._close(q, *self._unpaid(q), last_paid)

    def _serve(self, q: int) -> None:
        """Writs served in this quarter to those in arrears at the end of the last one."""
        self.served_now = np.zeros(0, dtype=np.int64)
        if not len(self.open_cases):
            return
        cases = self.open_cases[self.cases["served_quarter"][self.open_cases] == q]
        person = self.cases["person"][cases]
        owing = self.line[person] > self.pool[person]
        cases, person = cases[owing], person[owing]
        self.cases["judicial"][cases] = 1
        self.has_served[person] = True
        flag = np.zeros(self.cases.count, dtype=bool)
        flag[cases] = True
        held = self.case_of[self.active] >= 0
        rows = self.active[held]
        self.is_served[rows[flag[self.case_of[rows]]]] = True
        mine = self.current[person] == cases
        self.current[person[mine]] = -1
        self.served_now = cases

    def _recover(self, q: int, last_paid: np.ndarray) -> None:
        """Payments under pressure: all arrears, or part of them, or a plan."""
        rng = self.rng
        overdue = self.line - self.pool
        who = np.flatnonzero((overdue > 0) & (self.plan_until < q))
        payer = self.payer[who]
        reminded = (self.current[who] >= 0) | self.has_served[who]
        chance = np.where(self.has_served[who], self.p_served[payer], self.p_reminded[payer])
        chance = np.where(reminded, chance, 0.5 * chance)
        # Small amounts, and surcharges once the contributions are paid, are settled more readily.
        has_principal = np.zeros(self.size, dtype=bool)
        has_principal[self.owed.person[self.active]] = True
        small = (overdue[who] < 5000) | ~has_principal[who]
        chance = np.where(small, np.maximum(chance, 0.35), chance)
        bankrupt = self.bankrupt_quarter[who] <= q
        chance = np.where(bankrupt, 0.012, chance)
        pays = rng.random(len(who)) < chance
        everything = (rng.random(len(who)) < self.p_all[payer]) | small
        part = 0.15 + 0.5 * rng.random(len(who))
        length = int(QUARTER_END[q] - QUARTER_START[q]) - 22
        on = QUARTER_START[q] + 20 + rng.integers(0, length, len(who))
        draw = rng.random(len(who))
        self._plan(q, who, overdue, ~pays & ~bankrupt)
        who, on, part, draw = who[pays], on[pays], part[pays], draw[pays]
        everything, bankrupt = everything[pays], bankrupt[pays]
        full = overdue[who] + self.surcharge_lump[who] + self.cost_lump[who]
        cents = np.where(everything, full, (overdue[who] * part).astype(np.int64) // 100 * 100)
        served = self.has_served[who]
        channel = np.where(served & (draw < 0.66), BAILIFF, TRANSFER)
        channel = np.where(served & (draw >= 0.66) & (draw < 0.74), LAWYER, channel)
        channel = np.where((draw > 0.955), WITHHOLDING, channel)
        channel = np.where(bankrupt, CURATOR, channel)
        keep = (cents > 0) & (on <= self.ctx.last)
        self._book(who[keep], on[keep], cents[keep], channel[keep], last_paid)

    def _plan(self, q: int, who: np.ndarray, overdue: np.ndarray, free: np.ndarray) -> None:
        """Payment plans for accounts whose registered letter has left and whose writ has not."""
        rng, cases = self.rng, self.cases
        start = int(QUARTER_START[q])
        current = self.current[who]
        able = free & (current >= 0) & (overdue[who] > 40_000) & (self.payer[who] != 0)
        at = np.maximum(current, 0)
        # The registered letter offers terms; the writ has not been served.
        able &= (cases["letter"][at] < start + 55) & (cases["writ"][at] > start + 8)
        asks = able & (rng.random(len(who)) < np.where(self.payer[who] == NEVER, 0.012, 0.14))
        who = who[asks]
        count = len(who)
        letter = cases["letter"][self.current[who]]
        requested = np.maximum(start + 1, letter + 2) + rng.integers(0, 6, count)
        decided = requested + rng.integers(4, 20, count)
        draw = rng.random(count)
        granted = draw < 0.80
        number = rng.integers(6, 19, count)
        debt = overdue[who] + self.surcharge_lump[who]
        rate = -(-debt // number // 100) * 100 + 100
        number = np.minimum(number, -(-debt // rate))
        final = debt - rate * (number - 1)
        leave = np.array([0.02, 0.035, 0.10, 0.16, 0.35])[self.payer[who]]
        paid = np.minimum(rng.geometric(leave, count) - 1, number)
        begin = np.asarray(month_index(decided)) + 1  # first instalment: end of the next month
        self.out.plans.append((who, requested, decided, np.where(granted, 0, np.where(
            draw < 0.95, 1, 2)), number, rate, final, begin, self.current[who], paid))  # fmt: skip
        g = np.flatnonzero(granted)
        if not len(g):
            return
        counts = paid[g]
        rows = np.repeat(g, counts)
        k = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        due = (begin[rows] + k + 1).astype("datetime64[M]").astype("datetime64[D]")
        on = due.astype(np.int64) - 1 - rng.integers(0, 9, len(rows))
        cents = np.where(k == number[rows] - 1, final[rows], rate[rows])
        ok = on <= self.ctx.last
        self._schedule(q, who[rows][ok], on[ok], cents[ok], np.full(ok.sum(), TRANSFER))
        stop = (begin[g] + np.minimum(counts + 2, number[g]) + 1).astype("datetime64[M]")
        stop = stop.astype("datetime64[D]").astype(np.int64)
        self.plan_until[who[g]] = quarter_of(stop)
        held = self.current[who[g]]
        # The writ waits while the plan is kept.
        writ = np.maximum(cases["writ"][held], stop + rng.integers(40, 110, len(g)))
        cases["writ"][held] = writ
        served = writ + rng.integers(14, 40, len(g))
        runs = cases["served"][held] < FAR
        cases["served"][held] = np.where(runs, served, FAR)
        cases["served_quarter"][held] = np.where(runs, quarter_of(served), FAR)

    def _schedule(self, q: int, who, on, cents, channel) -> None:
        """Pool payments of this or later quarters."""
        at = quarter_of(on)
        for when in np.unique(at):
            rows = at == when
            self.later.setdefault(max(int(when), q), []).append(
                (who[rows], on[rows], cents[rows], channel[rows])
            )

    def _book(self, who, on, cents, channel, last_paid) -> None:
        np.add.at(self.pool, who, cents)
        np.maximum.at(last_paid, who, np.where(cents > 0, on, -1))
        self.out.payments.append((who, on, cents, channel))

    def _receive(self, q: int, last_paid: np.ndarray) -> None:
        """Money known in advance that arrives in this quarter (all of it for the first one)."""
        low = np.searchsorted(self.scheduled_quarter, q, side="left")
        high = np.searchsorted(self.scheduled_quarter, q, side="right")
        who, on, cents = (column[low:high] for column in self.scheduled)
        np.add.at(self.pool, who, cents)
        np.maximum.at(last_paid, who, on)
        for batch in self.later.pop(q, []):
            self._book(*batch, last_paid)
        low = np.searchsorted(self.named_quarter, q, side="left")
        high = np.searchsorted(self.named_quarter, q, side="right")
        rows = self.named_order[low:high]
        rows = rows[self.owed.named_on[rows] < FAR]
        np.maximum.at(last_paid, self.owed.person[rows], self.owed.named_on[rows])

    def _fall_due(self, q: int) -> None:
        """Puts the charges that fall due at the end of this quarter on the line."""
        owed = self.owed
        low = np.searchsorted(owed.due_quarter, q, side="left")
        high = np.searchsorted(owed.due_quarter, q, side="right")
        person = owed.person[low:high]
        length = owed.net[low:high] - owed.named[low:high]
        if high > low:
            running = np.cumsum(length) - length
            begins = np.concatenate([[True], person[1:] != person[:-1]])
            base = running[begins]
            sizes = np.diff(np.append(np.flatnonzero(begins), len(person)))
            self.start[low:high] = self.line[person] + running - np.repeat(base, sizes)
            self.line += np.bincount(person, weights=length, minlength=self.size).astype(np.int64)
        self.line += self.cost_lump + self.surcharge_lump
        changed = self.lump_cases
        self.cases["end_of_line"][changed] = np.maximum(
            self.cases["end_of_line"][changed], self.line[self.cases["person"][changed]]
        )
        self.active = np.concatenate([self.active, np.arange(low, high)])
        self.surcharge_lump = np.zeros(self.size, dtype=np.int64)
        self.cost_lump = np.zeros(self.size, dtype=np.int64)

    def _unpaid(self, q: int):
        """(charges with something unpaid at the end of the quarter, how much)."""
        owed, rows = self.owed, self.active
        person = owed.person[rows]
        length = owed.net[rows] - owed.named[rows]
        pool = np.clip(self.start[rows] + length - np.maximum(self.pool[person], 0), 0, length)
        named = np.where(owed.named_on[rows] > QUARTER_END[q], owed.named[rows], 0)
        unpaid = pool + named
        keep = unpaid > 0
        self.active = rows[keep]
        return unpaid[keep], named[keep] > 0

    def _close(self, q: int, unpaid, waits, last_paid) -> None:
        """End of the quarter: surcharges, cases closed and opened, statements, refunds."""
        self._surcharge(q, unpaid)
        ctx, rng, cases = self.ctx, self.rng, self.cases
        rows, person = self.active, self.owed.person[self.active]
        blocked = np.zeros(cases.count + 1, dtype=bool)
        blocked[self.case_of[rows[waits]]] = True  # -1 marks the spare last cell
        blocked = blocked[:-1]
        mine = self.open_cases
        if len(mine):
            who = cases["person"][mine]
            done = (self.pool[who] >= cases["end_of_line"][mine]) & ~blocked[mine]
            on = np.where(last_paid[who] > 0, last_paid[who], QUARTER_END[q])
            on = np.maximum(on, cases["opened"][mine])
            cases["closed"][mine[done]] = on[done]
            given_up = ~done & (QUARTER_END[q] - cases["opened"][mine] > 1500)
            given_up &= (self.payer[who] == NEVER) & (rng.random(len(mine)) < 0.07)
            given_up &= cases["judicial"][mine] == 1
            cases["closed"][mine[given_up]] = QUARTER_END[q] - rng.integers(0, 60, given_up.sum())
            cases["reason"][mine[given_up]] = 1
            gone = done | given_up
            ended = mine[gone]
            current = self.current[cases["person"][ended]] == ended
            self.current[cases["person"][ended[current]]] = -1
            still = np.isin(self.served_now, ended, invert=True)
            self._charge_costs(q, self.served_now[still])
            self.open_cases = mine[~gone]
        # New cases where nothing is being collected.
        loose = self.case_of[rows] < 0
        # The first reminder leaves when a contribution is more than one quarter late.
        old = loose & (self.owed.due_quarter[rows] < q)
        amount = np.bincount(person[old], weights=unpaid[old], minlength=self.size)
        new = (self.current < 0) & (amount > 2500) & (rng.random(self.size) < 0.93)
        self._open(q, np.flatnonzero(new))
        current = self.current[person]
        joins = loose & (current >= 0)
        joins[joins] = cases["writ"][current[joins]] > QUARTER_END[q]
        taken = rows[joins]
        self.case_of[taken] = current[joins]
        self.out.case_charges.append((current[joins], taken))
        length = self.owed.net[taken] - self.owed.named[taken]
        np.maximum.at(cases["end_of_line"], current[joins], self.start[taken] + length)
        owes = self.line > self.pool
        owes[person] = True
        self.out.arrears.append((q, np.flatnonzero(owes)))
        # Money nobody owes goes back.
        surplus = self.pool - self.line
        back = np.flatnonzero((surplus > 2500) & (rng.random(self.size) < 0.22))
        on = QUARTER_END[q] + 12 + rng.integers(0, 50, len(back))
        ok = on <= ctx.last
        self._schedule(q + 1, back[ok], on[ok], -surplus[back[ok]],
                       np.full(ok.sum(), TRANSFER))  # fmt: skip

    def _surcharge(self, q: int, unpaid: np.ndarray) -> None:
        """3 % of what is unpaid at each quarter end, 7 % on 1 January of what was first claimed
        in the year; none on what a served writ holds."""
        rng, owed = self.rng, self.owed
        rows = self.active
        free = ~self.is_served[rows] & ~(owed.spared[rows] & (owed.due_quarter[rows] == q))
        rows, unpaid = rows[free], unpaid[free]
        person = owed.person[rows]
        crisis = 2.5 if int(year_of_quarter(q)) in (2020, 2021) else 1.0
        waived_person = rng.random(self.size) < self.ctx.profile["relief"]["waiver"] * crisis
        waived_person &= self.payer != NEVER
        waived = waived_person[person] & (QUARTER_END[q] + 420 < self.ctx.full)
        parts = [(rows, law.half_up(unpaid * 3, 100), np.zeros(len(rows), dtype=bool), waived)]
        if int(number_of_quarter(q)) == 4:
            issued_q4 = number_of_quarter(quarter_of(owed.issue[rows])) == 4
            claimed = year_of_quarter(owed.due_quarter[rows]) + (owed.spared[rows] & issued_q4)
            hit = claimed == year_of_quarter(q)
            seven = law.half_up(unpaid[hit] * 7, 100)
            parts.append((rows[hit], seven, np.ones(hit.sum(), dtype=bool), waived[hit]))
        for charge, cents, annual, spared in parts:
            some = cents > 0
            charge, cents, annual, spared = charge[some], cents[some], annual[some], spared[some]
            self.out.surcharges.append(
                (charge, np.full(len(charge), q), cents, annual, spared)
            )
            due = np.where(spared, 0, cents)
            self.surcharge_lump += np.bincount(
                owed.person[charge], weights=due, minlength=self.size
            ).astype(np.int64)
        held = self.case_of[rows]
        self.lump_cases = np.unique(held[held >= 0])

    def _charge_costs(self, q: int, served: np.ndarray) -> None:
        """Costs of the writs served in this quarter."""
        cases = self.cases
        flag = np.full(cases.count, -1, dtype=np.int64)
        rows = self.active[::-1]
        held = self.case_of[rows] >= 0
        flag[self.case_of[rows[held]]] = rows[held]  # the oldest charge of each case stays
        served = served[flag[served] >= 0]
        cents = self.rng.integers(16_500, 34_000, len(served))
        issue = cases["served"][served] + self.rng.integers(2, 9, len(served))
        self.out.costs.append(
            (served, flag[served], cents, issue, np.full(len(served), q + 1))
        )
        np.add.at(self.cost_lump, cases["person"][served], cents)
        self.lump_cases = np.union1d(self.lump_cases, served)

    def _open(self, q: int, who: np.ndarray) -> None:
        """Opens cases in the weeks after the quarter end."""
        rng, count = self.rng, len(who)
        opened = QUARTER_END[q] + 14 + rng.integers(0, 26, count)
        letter = opened + rng.integers(90, 116, count)
        writ = opened + rng.integers(130, 196, count)
        chance = np.array([0.5, 0.75, 0.90, 0.85, 0.88])[self.payer[who]]
        draw = rng.random(count)
        # Some debtors are looked for a long time before a writ; a few are never found.
        slow = draw > chance
        writ = np.where(slow, opened + rng.integers(420, 800, count), writ)
        letter = np.where(slow, writ - rng.integers(40, 80, count), letter)
        goes = draw < 1 - 0.06 * (1 - chance)
        served = writ + rng.integers(15, 41, count)
        rows = self.cases.add(
            person=who, opened=opened, letter=letter, writ=np.where(goes, writ, FAR),
            served=np.where(goes, served, FAR),
            served_quarter=np.where(goes, quarter_of(served), FAR),
            closed=np.full(count, FAR), reason=np.zeros(count), end_of_line=np.zeros(count),
            judicial=np.zeros(count), opening_quarter=np.full(count, q + 1),
        )  # fmt: skip
        self.current[who] = rows
        self.open_cases = np.concatenate([self.open_cases, rows])
