"""Companies: who they are, their balances, who directs them.

Belongs here: the register of companies. Does not belong here: what they owe and pay
(company_charges.py), their dossiers (dossiers.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import (
    FAR,
    NULL_DATE,
    date_of,
    day,
    quarter_of,
)
from .calibration import Context, pick
from .frame import Codes, Frame
from .people import AREAS, LANGUAGES, OFFICES, chunk_sizes

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


def register(ctx, rng, places, stock, base) -> tuple[Companies, Frame]:
    """The companies of a chunk, and extract `companies`."""
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


def balances(ctx: Context, company: Companies) -> Frame:
    """Extract `company_balances`; the balance of a year is published in August of the next."""
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


def mandates(ctx: Context, rng, company: Companies, directors: np.ndarray, index: int) -> Frame:
    """Extract `mandates`. directors: numbers of affiliates to choose from."""
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
