"""The persons of the fund: who, from when to when, where they live, their national numbers.

Belongs here: demography. Does not belong here: categories and periods (careers.py), money.
Never a real person: no names, and day counters of national numbers from a range that is not
given out (950 and above).
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass

import numpy as np

from .calendar import (
    NULL_DATE,
    QUARTER_BASE_YEAR,
    QUARTER_END,
    QUARTER_START,
    day,
    day_of,
    quarter,
    quarter_of,
    year_of_quarter,
)
from .calibration import HERE, Context, pick
from .law import CATEGORIES

CHUNK = 40_000  # affiliates in stock per chunk
OFFICE_OF_PROVINCE = {
    "10000": "ANT",
    "20001": "BXL",
    "20002": "BXL",
    "30000": "BRG",
    "40000": "GNT",
    "50000": "CHA",
    "60000": "LIE",
    "70000": "HAS",
    "80000": "NAM",
    "90000": "NAM",
    "": "BXL",
}
OFFICES = sorted(set(OFFICE_OF_PROVINCE.values()))
LANGUAGES = ["FR", "NL", "DE"]
AREAS = ["NL", "FR", "BRU", "DE"]
SEXES = ["M", "F", "X"]


@dataclass(frozen=True)
class Municipalities:
    """Municipalities valid on the business dates of the run (arrays side by side)."""

    codes: list[str]
    area: np.ndarray
    office: np.ndarray
    weight: np.ndarray


def municipalities(ctx: Context) -> Municipalities:
    """Municipalities valid from the full delivery to the last delta, weighted."""
    rows = []
    with open(HERE / "data" / "municipalities.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            starts = row["valid_from"] or "1900-01-01"
            ends = row["valid_to"] or "2999-12-31"
            if (
                day_of(dt.date.fromisoformat(starts)) <= ctx.full
                and day_of(dt.date.fromisoformat(ends)) >= ctx.last
            ):
                rows.append(row)
    weights = ctx.profile["area_weight"]
    return Municipalities(
        codes=[row["nis"] for row in rows],
        area=np.array([AREAS.index(row["linguistic_area"]) for row in rows]),
        office=np.array([OFFICES.index(OFFICE_OF_PROVINCE[row["province_nis"]]) for row in rows]),
        weight=np.array(
            [int(row["inhabitants_2020"]) * weights[row["linguistic_area"]] for row in rows]
        ),
    )


@dataclass
class People:
    """Persons of one chunk, arrays side by side; number is the affiliate number.

    exit is NULL_DATE for those in stock on the day of the full delivery.
    """

    number: np.ndarray
    sex: np.ndarray
    birth: np.ndarray
    nationality: np.ndarray
    municipality: np.ndarray
    office: np.ndarray
    language: np.ndarray
    category: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    niss: np.ndarray

    def __len__(self) -> int:
        return len(self.number)


def entry_model(ctx: Context) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """(quarters of entry, weights of those still there, weights of those who left, ratio).

    Entries are steady before and after the start of the history; their level after it follows
    from the ratio of the stocks. ratio: persons who left since the start per person in stock.
    """
    first = quarter(max(ctx.profile["first_entry"], QUARTER_BASE_YEAR), 1)
    end = int(quarter_of(ctx.full))
    quarters = np.arange(first, end + 1)
    at_start = survival(ctx, np.maximum(ctx.first_quarter - quarters, 0))
    at_end = survival(ctx, end - quarters)
    before = quarters < ctx.first_quarter
    stock_start = at_start[before].sum()
    wanted = stock_start / ctx.profile["stock_start_ratio"] - at_end[before].sum()
    level = max(wanted / at_end[~before].sum(), 0.05)
    weight = np.where(before, 1.0, level)
    stay, leave = weight * at_end, weight * (at_start - at_end)
    return quarters, stay, leave, leave.sum() / stay.sum()


def survival(ctx: Context, quarters) -> np.ndarray:
    """Share of entrants still affiliated after so many quarters."""
    quarters = np.asarray(quarters, dtype=float)
    return sum(share * np.exp(-rate * quarters) for share, rate in ctx.profile["survival"])


def chunk_sizes(total: int, size: int) -> list[int]:
    """Even chunks of at most `size`."""
    count = max(1, -(-total // size))
    return [total // count + (i < total % count) for i in range(count)]


def people(ctx: Context) -> list[People]:
    """All persons of the run, one People per chunk, with their national numbers."""
    places = municipalities(ctx)
    chunks, base = [], 0
    for index, stock in enumerate(chunk_sizes(ctx.affiliates, CHUNK)):
        chunk = _chunk(ctx, places, index, stock, base)
        chunks.append(chunk)
        base += len(chunk)
    _number(ctx, chunks)
    return chunks


def _chunk(ctx: Context, places: Municipalities, index: int, stock: int, base: int) -> People:
    rng = ctx.rng("people", index)
    profile = ctx.profile
    quarters, stay, leave, ratio = entry_model(ctx)
    left = round(stock * ratio)
    size = stock + left
    end = int(quarter_of(ctx.full))
    in_stock = np.arange(size) < stock
    entry_q = np.empty(size, dtype=np.int64)
    entry_q[:stock] = rng.choice(quarters, stock, p=stay / stay.sum())
    entry_q[stock:] = rng.choice(quarters, left, p=leave / leave.sum())
    # Exit of those who left: the survival curve inverted between the start and the stock date.
    grid = np.arange(0, 160)
    curve = survival(ctx, grid)
    tenure_low = np.maximum(ctx.first_quarter - entry_q, 0)
    high, low = survival(ctx, tenure_low), survival(ctx, np.maximum(end - entry_q, 0))
    drawn = low + (high - low) * rng.random(size)
    tenure = np.interp(drawn, curve[::-1], grid[::-1])
    exit_q = np.clip(entry_q + tenure.astype(np.int64), ctx.first_quarter, end)
    categories = profile["category"]
    category = pick(rng, {name: categories[name] for name in CATEGORIES}, size)
    # Many of those who left were pensioners already: their share was the same years ago.
    weights = categories | {"pensioner": profile["pensioners_among_left"]}
    others = pick(rng, {name: weights[name] for name in CATEGORIES}, size)
    category = np.where(in_stock, category, others)
    student = category == CATEGORIES.index("student")
    newest = np.where(in_stock, end, exit_q)
    entry_q = np.where(student, np.maximum(entry_q, newest - rng.integers(1, 14, size)), entry_q)

    offset = rng.random(size)
    first_day = rng.random(size) < 0.45
    length = QUARTER_END[entry_q] - QUARTER_START[entry_q] + 1
    entry = QUARTER_START[entry_q] + np.where(first_day, 0, (offset * length)).astype(np.int64)
    entry = np.minimum(entry, ctx.full - 3)
    at_end = rng.random(size) < 0.8
    exit_length = QUARTER_END[exit_q] - QUARTER_START[exit_q]
    leave_day = np.where(
        at_end, QUARTER_END[exit_q], QUARTER_START[exit_q] + rng.random(size) * exit_length
    ).astype(np.int64)
    leave_day = np.where(leave_day >= ctx.full, QUARTER_END[exit_q - 1], leave_day)
    leave_day = np.maximum(leave_day, np.maximum(entry, ctx.start) + 20)
    exit_day = np.where(in_stock, NULL_DATE, np.minimum(leave_day, ctx.full - 1))

    age = _ages(ctx, rng, category)
    reference = np.where(in_stock, ctx.full, exit_day)
    birth = (reference - age * 365.2425).astype(np.int64)
    # Nobody starts before 18.
    too_young = entry - birth < 6580
    entry = np.where(too_young, np.minimum(birth + 6580 + rng.integers(0, 200, size), reference),
                     entry)
    mini = category == CATEGORIES.index("spouse_mini")
    birth = np.where(mini, np.minimum(birth, day(1955, 12, 30)), birth)

    # Dossier numbers follow the date of entry.
    order = np.argsort(entry, kind="stable")
    entry, exit_day, birth, category = entry[order], exit_day[order], birth[order], category[order]
    weight = np.cumsum(places.weight)
    where = np.searchsorted(weight / weight[-1], rng.random(size), side="right")
    where = np.minimum(where, len(places.codes) - 1)
    abroad = rng.random(size) < profile["abroad"]
    language = np.zeros(size, dtype=np.int64)
    area = np.where(abroad, len(AREAS), places.area[where])
    for code, name in enumerate([*AREAS, "ABROAD"]):
        rows = np.flatnonzero(area == code)
        table = profile["language_by_area"][name]
        words = np.array([LANGUAGES.index(word) for word in table])
        language[rows] = words[pick(rng, table, len(rows))]
    nationality = pick(rng, profile["nationality"], size)
    return People(
        number=base + 1 + np.arange(size, dtype=np.int64),
        sex=pick(rng, profile["sex"], size),
        birth=birth.astype(np.int32),
        nationality=nationality,
        municipality=np.where(abroad, -1, where),
        office=np.where(abroad, OFFICES.index("BXL"), places.office[where]),
        language=language,
        category=category,
        entry=entry.astype(np.int32),
        exit=exit_day.astype(np.int32),
        niss=np.zeros(size, dtype=np.int64),
    )


def _ages(ctx: Context, rng: np.random.Generator, category: np.ndarray) -> np.ndarray:
    """Exact age in years at the stock date or at the exit."""
    age = np.zeros(len(category))
    for code, name in enumerate(CATEGORIES):
        rows = np.flatnonzero(category == code)
        classes = ctx.profile["ages"][name]
        chosen = pick(rng, {i: row[2] for i, row in enumerate(classes)}, len(rows))
        low = np.array([row[0] for row in classes], dtype=float)[chosen]
        width = np.array([row[1] for row in classes], dtype=float)[chosen]
        age[rows] = low + width * rng.random(len(rows))
    return age


def _number(ctx: Context, chunks: list[People]) -> None:
    """National numbers, unique over all chunks: counters from 950 on each day and sex.

    When a day is used up, the number goes on as a bis number (month + 20), then on days that no
    month has (32 to 99 of month 00, 20 or 40), with any counter: nobody can bear such a number.
    """
    birth = np.concatenate([chunk.birth for chunk in chunks]).astype(np.int64)
    female = np.concatenate([chunk.sex for chunk in chunks]) == 1
    foreign = np.concatenate([chunk.nationality for chunk in chunks]) != 0
    rng = ctx.rng("bis")
    bis = foreign & (rng.random(len(birth)) < ctx.profile["bis_share"])
    dates = birth.astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = birth - dates.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + 1
    rank = _rank(birth * 4 + female * 2 + bis)
    full = rank >= 24
    month = months + np.where(bis, 40, 0)
    # First overflow: bis numbers of the other kind (sex not known at issue).
    second = full & (rank < 48)
    month = np.where(second, months + 20, month)
    second_rank = np.where(second, _rank(np.where(second, birth * 2 + female, -1)), 0)
    third = (full & ~second) | (second & (second_rank >= 24))
    position = np.where(second, second_rank, rank)
    group = years * 2 + female
    third_rank = _rank(np.where(third, group, -1))
    a_day, a_month = 499, 499 * 68
    month = np.where(third, 20 * (third_rank // a_month), month)
    days = np.where(third, 32 + third_rank % a_month // a_day, days)
    if (third & (third_rank >= 3 * a_month)).any():
        raise ValueError("more persons of one year of birth than synthetic national numbers")
    # Odd counters are men, even ones women: 951, 953 … 997 and 950, 952 … 996.
    counter = 950 + 2 * position + np.where(female, 0, 1)
    counter = np.where(third, 2 * (third_rank % a_day) + np.where(female, 2, 1), counter)
    stem = ((years % 100) * 10_000 + month * 100 + days) * 1000 + counter
    check = 97 - np.where(years >= 2000, 2_000_000_000 + stem, stem) % 97
    niss = stem * 100 + check
    at = 0
    for chunk in chunks:
        chunk.niss = niss[at : at + len(chunk)]
        at += len(chunk)


def _rank(group: np.ndarray) -> np.ndarray:
    """Position of each row within its group, in order of appearance."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.append(starts, len(ordered)))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return rank


def pension_age_date(birth: np.ndarray) -> np.ndarray:
    """Day on which the legal pension age is reached (66 from 2025, 65 before)."""
    at_65 = birth.astype(np.int64) + int(65 * 365.2425)
    late = year_of_quarter(quarter_of(at_65)) >= 2025
    return (birth + np.where(late, int(66 * 365.2425), int(65 * 365.2425))).astype(np.int32)
