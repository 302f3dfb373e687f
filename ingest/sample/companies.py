"""Companies: register, balances, yearly contributions, how they pay, their dossiers.

Belongs here: everything about company accounts. Does not belong here: legal amounts (law.py),
the texture of recovery steps (recovery.py).

A company pays a contribution in one payment or not at all, and payments name their charge
except for companies that pay everything: so surcharges follow from dates alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import law, recovery, service
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
from .context import (
    FAR,
    NULL_DATE,
    QUARTER_END,
    Context,
    add_working_days,
    date_of,
    day,
    end_of_month,
    month_index,
    pick,
    quarter_of,
)
from .frame import NULL_MONEY, Codes, Frame
from .population import AREAS, LANGUAGES, OFFICES, Municipalities, chunk_sizes
from .truth import Truth, euro, keys

CHUNK = 60_000
FIRST_INDEX = 500  # chunk numbers of companies start here
STATUSES = ["active", "dormant", "liquidation", "bankrupt", "closed", "transferred_out"]
FIRST_BALANCE = 2015
PAYS = ["on_time", "late", "slow", "never"]


@dataclass
class Companies:
    """Companies of a chunk, arrays side by side."""

    number: np.ndarray
    incorporated: np.ndarray
    affiliated: np.ndarray
    status: np.ndarray
    ended: np.ndarray
    office: np.ndarray
    balance: np.ndarray
    has_balance: np.ndarray
    pays: np.ndarray


def company_chunks(ctx: Context) -> list[tuple[int, int, int]]:
    """(chunk number, companies in stock, first number) of each chunk."""
    chunks, base = [], 0
    for i, stock in enumerate(chunk_sizes(ctx.companies, CHUNK)):
        chunks.append((FIRST_INDEX + i, stock, base))
        base += stock + round(stock * ctx.profile["companies"]["closed_ratio"])
    return chunks


def company_frames(ctx: Context, places: Municipalities, index: int, stock: int, base: int,
                   directors: np.ndarray, truth: Truth) -> list[Frame]:  # fmt: skip
    """All frames of one chunk of companies. directors: numbers of affiliates to choose from."""
    rng = ctx.rng("companies", index)
    company, register = _register(ctx, rng, places, stock, base)
    frames = [register, _balances(ctx, company), _mandates(ctx, rng, company, directors, index)]
    charge = _contributions(ctx, rng, company)
    _settle(ctx, rng, company, charge)
    frames += _charge_rows(ctx, rng, company, charge, index, truth)
    frames += _dossiers(ctx, rng, company, charge, index, truth)
    frames += _service(ctx, company, charge, index, truth)
    return frames


def _register(ctx, rng, places, stock, base) -> tuple[Companies, Frame]:
    setting = ctx.profile["companies"]
    size = stock + round(stock * setting["closed_ratio"])
    left = np.arange(size) >= stock
    rng.shuffle(left)
    # Steady growth of the register; those who left were there after the start of the history.
    old = ctx.start - (rng.gamma(1.3, 2400, size)).astype(np.int64)
    recent = ctx.start + rng.integers(0, ctx.full - ctx.start - 30, size)
    incorporated = np.where(rng.random(size) < 0.46, recent, np.maximum(old, day(1991, 1, 5)))
    delay = np.where(rng.random(size) < 0.8, rng.integers(5, 90, size),
                     rng.integers(90, 700, size))  # fmt: skip
    affiliated = np.minimum(incorporated + delay, ctx.full - 2)
    low = np.maximum(affiliated, ctx.start) + 30
    ended = low + (rng.random(size) * np.maximum(ctx.full - 5 - low, 1)).astype(np.int64)
    ended = np.where(left, np.minimum(ended, ctx.full - 1), NULL_DATE)
    status = np.where(left, 4 + (rng.random(size) < 0.2), pick(rng, setting["status"], size))
    order = np.argsort(incorporated, kind="stable")
    incorporated, affiliated, ended, status = (
        column[order] for column in (incorporated, affiliated, ended, status)
    )
    trouble = np.isin(status, (1, 2, 3))
    since = np.maximum(affiliated, ctx.start)
    since = since + (rng.random(size) ** 0.7 * (ctx.full - 40 - since)).astype(np.int64)
    since = np.where(trouble, np.maximum(since, affiliated), FAR)
    weight = np.cumsum(places.weight)
    where = np.minimum(
        np.searchsorted(weight / weight[-1], rng.random(size), side="right"),
        len(places.codes) - 1,
    )
    language = np.zeros(size, dtype=np.int64)
    for code, name in enumerate(AREAS):
        rows = np.flatnonzero(places.area[where] == code)
        table = ctx.profile["language_by_area"][name]
        words = np.array([LANGUAGES.index(word) for word in table])
        language[rows] = words[pick(rng, table, len(rows))]
    number = base + 1 + np.arange(size, dtype=np.int64)
    # Numbers of the series 15… have not been given out.
    stem = 15_000_000 + number
    enterprise = stem * 100 + 97 - stem % 97
    years = np.arange(FIRST_BALANCE, date_of(ctx.full).year)
    level = np.log(setting["balance_median"]) + setting["balance_sigma"] * rng.normal(0, 1, size)
    drift = np.cumsum(rng.normal(0.02, 0.13, (size, len(years))), axis=1)
    balance = np.round(np.exp(level[:, None] + drift) * 100).astype(np.int64)
    created = incorporated.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    has = (created[:, None] <= years) & (rng.random(size) > setting["balance_missing"])[:, None]
    has &= rng.random((size, len(years))) > 0.03
    stopped = quarter_of(np.where(ended == NULL_DATE, FAR // 20000, ended)) // 4 + 1990
    has &= (ended == NULL_DATE)[:, None] | (years < stopped[:, None])
    company = Companies(
        number, incorporated, affiliated, status,
        np.where(trouble, since, np.where(ended == NULL_DATE, FAR, ended)), places.office[where],
        balance, has, pick(rng, setting["pays"], size),
    )  # fmt: skip
    worse = np.isin(status, (2, 3))
    company.pays = np.where(worse & (rng.random(size) < 0.8), 3, company.pays)
    frame = Frame(
        "companies",
        {
            "company_id": number,
            "enterprise_number": enterprise,
            "legal_form": Codes(
                pick(rng, setting["legal_form"], size), list(setting["legal_form"])
            ),
            "incorporated_date": incorporated.astype(np.int32),
            "municipality_nis": Codes(where, places.codes),
            "language": Codes(language, LANGUAGES),
            "office_code": Codes(company.office, OFFICES),
            "origin": Codes(pick(rng, setting["origin"], size), list(setting["origin"])),
            "affiliated_date": affiliated.astype(np.int32),
            "status": Codes(status, STATUSES),
            "closed_date": ended.astype(np.int32),
        },
        affiliated,
        account="C",
    )
    if ctx.deltas:
        healthy = np.flatnonzero(status == 1)
        rows = healthy[rng.random(len(healthy)) < 0.004 * ctx.deltas]
        on = ctx.full + rng.integers(1, ctx.deltas + 1, len(rows))
        frame.hide("status", on, 0, rows)  # dormant from that day, active before
    return company, frame


def _balances(ctx: Context, company: Companies) -> Frame:
    row, year = np.nonzero(company.has_balance)
    august = [day(FIRST_BALANCE + y + 1, 8, 1) for y in range(company.balance.shape[1])]
    published = np.array(august)[year] + (company.number[row] * 13) % 50
    known = np.maximum(published, company.affiliated[row])
    keep = known <= ctx.last
    row, year, known = row[keep], year[keep], known[keep]
    return Frame(
        "company_balances",
        {
            "company_id": company.number[row],
            "fiscal_year": FIRST_BALANCE + year,
            "balance_sheet_total": company.balance[row, year],
        },
        known,
        account="C",
    )


def _mandates(ctx: Context, rng, company: Companies, directors: np.ndarray, index: int) -> Frame:
    size = len(company.number)
    count = rng.integers(0, 3, size) if len(directors) else np.zeros(size, dtype=int)
    row = np.repeat(np.arange(size), count)
    who = directors[rng.integers(0, max(len(directors), 1), len(row))]
    start = company.affiliated[row] + rng.integers(0, 200, len(row))
    start = np.minimum(start, ctx.full - 2)
    end = start + rng.integers(200, 4000, len(row))
    end = np.where((rng.random(len(row)) < 0.35) & (end < ctx.full), end, NULL_DATE)
    frame = Frame(
        "mandates",
        {
            "mandate_id": (index + 1) * 1_000_000 + np.arange(len(row), dtype=np.int64),
            "affiliate_id": who,
            "company_id": company.number[row],
            "role": Codes(
                (rng.random(len(row)) < 0.14).astype(int), ["director", "active_partner"]
            ),
            "start_date": start.astype(np.int32),
            "end_date": end.astype(np.int32),
        },
        np.maximum(start, ctx.start),
        account="C",
    )
    if ctx.deltas:
        stale = np.flatnonzero((end == NULL_DATE) & (start < ctx.full - 900))
        rows = stale[rng.random(len(stale)) < 0.0004 * ctx.deltas]
        frame.delete(rows, ctx.full + rng.integers(1, ctx.deltas + 1, len(rows)))
    return frame


def _contributions(ctx: Context, rng, company: Companies) -> dict[str, np.ndarray]:
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


def _settle(ctx: Context, rng, company: Companies, charge: dict) -> None:
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


def _charge_rows(ctx, rng, company, charge, index, truth: Truth) -> list[Frame]:
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


def _dossiers(ctx, rng, company, charge, index, truth: Truth) -> list[Frame]:
    """Recovery cases of companies, one per contribution, and insolvencies."""
    rows = np.flatnonzero(charge["opened"] < FAR)
    row = charge["row"][rows]
    ids = (index + 1) * 1_000_000 + np.arange(len(rows), dtype=np.int64)
    writ = charge["writ"][rows]
    order = np.lexsort((writ, row))
    leads = np.concatenate([[True], row[order][1:] != row[order][:-1]])
    first = np.zeros(len(rows), dtype=bool)
    first[order[leads]] = True
    never = np.full(len(rows), FAR)
    cases = recovery.CaseSet(
        row, charge["opened"][rows], charge["letter"][rows], writ, charge["served"][rows],
        charge["closed"][rows], charge["reason"][rows], charge["amount"][rows], first,
        charge["served"][rows] < FAR, np.zeros(len(rows), dtype=np.int64), never,
        np.where(np.isin(company.status[row], (2, 3)), company.ended[row], FAR),
    )  # fmt: skip
    recovery.plant(ctx, rng, cases)
    frames = [recovery.cases_frame(ctx, "C", company.number, ids, cases)]
    parts = []
    for name, since in (("id", charge["opened"]), ("extra_id", charge["extra_issue"] + 1),
                        ("cost_id", charge["cost_issue"] + 1)):  # fmt: skip
        known = np.maximum(since[rows], charge["opened"][rows])
        ok = (charge[name][rows] >= 0) & (known <= ctx.last)
        ok &= (name == "id") | (known <= np.minimum(charge["closed"][rows], ctx.last))
        parts.append((ids[ok], charge[name][rows][ok], known[ok]))
    case, held, known = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((held, case))
    frames.append(Frame("recovery_case_charges",
                        {"case_id": case[order], "charge_id": held[order]}, known[order],
                        account="C"))  # fmt: skip
    frames.append(recovery.steps_frame(ctx, rng, "C", index, ids, cases, company.office[row]))
    failed = np.flatnonzero(np.isin(company.status, (2, 3)) & (company.ended < ctx.full - 2))
    debt = np.bincount(charge["row"], weights=np.where(charge["paid"] == FAR, charge["amount"], 0),
                       minlength=len(company.number))  # fmt: skip
    columns = {"who": failed, "kind": np.where(company.status[failed] == 3, 0, 3),
               "opened": company.ended[failed].astype(np.int64),
               "claim": np.maximum(debt[failed], 4000).astype(np.int64)}  # fmt: skip
    frame, late = recovery.insolvencies_frame(
        ctx, rng, "C", company.number, index, columns, company.office
    )
    frames.append(frame)
    truth.add("late_insolvency_claim", "insolvencies", keys("IN", 9, late))
    return frames


def _service(ctx: Context, company: Companies, charge: dict, index: int, truth: Truth):
    """Notices and contacts of companies."""
    rng = ctx.rng("company-service", index)
    shown = np.flatnonzero((charge["issue"] >= ctx.service_start) & (charge["id"] >= 0))
    issue = charge["issue"][shown]
    parts = [(charge["row"][shown], np.full(len(shown), service.COMPANY), charge["id"][shown],
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
    parts.append(service.statements(ctx, rng, arrears, len(company.number), truth, "C",
                                    company.number, 66))  # fmt: skip
    weight = np.where(company.ended == FAR, 0.35, 0.1)
    return [
        service.notices_frame(ctx, rng, "C", company.number, index, parts, truth),
        service.contacts_frame(ctx, "C", company.number, index, truth, weight),
    ]
