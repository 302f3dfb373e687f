"""The five figures of the board, of the last whole quarter beside the one a year before: claimed,
collected, rate, outstanding, perception of article 60bis; and what a change is made of.

Belongs here: these figures and their drivers, for the first page and for the letter. Does not
belong here: how they are shown.

Claimed and collected are those of the charges that fell due in the quarter, as they stood at its
end: two quarters of the same age (finding D7). What more or less was collected is parted, nature
by nature, into volume (more was claimed, at the rate of the year before) and rate (what was claimed
was paid better or worse); the parts add up to the change, to the cent.

Where small counts are not shown, natures of too few accounts stand together as one part, and what
was left out is in no figure: board_view says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from dashboards import queries
from dashboards.i18n import quarter_of
from dashboards.reference import WatchLevel, watch_level
from dashboards.source import Reading

VOLUME, RATE, LEVEL = "volume", "rate", "level"
_SQL = queries.beside(__file__)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Driver:
    """A part of a change: of which nature, of which kind (volume, rate, level), in EUR."""

    nature: str
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class Compared:
    """A figure now and a year before, in `unit` (EUR, or share: 0-1); None where there was nothing.
    The drivers add up to the change of an amount."""

    name: str
    now: Decimal | None
    before: Decimal | None
    drivers: tuple[Driver, ...] = ()
    unit: str = "EUR"
    level: WatchLevel | None = None

    @property
    def change(self) -> Decimal | None:
        """Return now less before."""
        if self.now is None or self.before is None:
            return None
        return self.now - self.before


@dataclass(frozen=True)
class Board:
    """`quarter`, `before`: the last whole quarter and the one a year before (2026Q3); `year`: the
    last whole calendar year."""

    quarter: str
    before: str
    year: int
    claimed: Compared
    collected: Compared
    rate: Compared
    outstanding: Compared
    perception: Compared

    @property
    def figures(self) -> tuple[Compared, ...]:
        """Return the five figures in the order in which a board reads them."""
        return self.claimed, self.collected, self.rate, self.outstanding, self.perception


def last_whole(day: date) -> str:
    """Return the last quarter that was over on a day: on 30 September already the third."""
    return quarter_of(_start(quarter_of(day + timedelta(days=1))) - timedelta(days=1))


def board(reading: Reading, quarter: str | None = None) -> Board:
    """Return the figures of a quarter; of the last whole one to begin with."""
    quarter = quarter or last_whole(reading.release.business_date)
    before = f"{int(quarter[:4]) - 1}{quarter[4:]}"
    rows = reading.query(_SQL["equal_age"], quarter=quarter, before=before)
    claimed = _amounts("claimed", rows, "claimed_now", "claimed_before")
    return Board(
        quarter=quarter,
        before=before,
        year=_whole_year(quarter),
        claimed=claimed,
        collected=_collected(rows),
        rate=_rate(rows),
        outstanding=_outstanding(reading, quarter, before),
        perception=_perception(reading, _whole_year(quarter)),
    )


def end_of(quarter: str) -> date:
    """Return the last day of a quarter."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return _start(f"{year + number // 4}Q{number % 4 + 1}") - timedelta(days=1)


def _start(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)


def _whole_year(quarter: str) -> int:
    year = int(quarter[:4])
    return year if quarter.endswith("Q4") else year - 1


def _money(value: object) -> Decimal:
    return Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP)


def _amounts(name: str, rows: pd.DataFrame, now: str, before: str) -> Compared:
    """An amount whose change is parted by nature."""
    parts = [
        Driver(row["nature"], LEVEL, _money(row[now]) - _money(row[before]))
        for row in rows.to_dict("records")
    ]
    total_now, total_before = (
        sum(map(_money, rows[column]), Decimal(0)) for column in (now, before)
    )
    return Compared(name, total_now, total_before, _largest_first(parts))


def _collected(rows: pd.DataFrame) -> Compared:
    parts = []
    for row in rows.to_dict("records"):
        change = _money(row["collected_now"]) - _money(row["collected_before"])
        claimed, collected = _money(row["claimed_before"]), _money(row["collected_before"])
        more = _money(row["claimed_now"]) - claimed
        # A nature that was not claimed before has no rate to be measured at: all of it is volume.
        volume = change if claimed <= 0 else (more * collected / claimed).quantize(
            _CENT, ROUND_HALF_UP
        )  # fmt: skip
        parts += [
            Driver(row["nature"], VOLUME, volume),
            Driver(row["nature"], RATE, change - volume),
        ]
    plain = _amounts("collected", rows, "collected_now", "collected_before")
    return Compared("collected", plain.now, plain.before, _largest_first(parts))


def _rate(rows: pd.DataFrame) -> Compared:
    def rate(when: str) -> Decimal | None:
        claimed = sum(map(_money, rows[f"claimed_{when}"]), Decimal(0))
        collected = sum(map(_money, rows[f"collected_{when}"]), Decimal(0))
        return collected / claimed if claimed > 0 else None

    return Compared("rate", rate("now"), rate("before"), unit="share")


def _outstanding(reading: Reading, quarter: str, before: str) -> Compared:
    days = {"day": end_of(quarter), "day_before": end_of(before)}
    rows = reading.query(_SQL["outstanding"], **days)
    return _amounts("outstanding", rows, "now_amount", "before_amount")


def _perception(reading: Reading, year: int) -> Compared:
    rows = reading.query(_SQL["perception"], year=year, year_before=year - 1)
    found = {
        int(of): Decimal(str(pct)) / 100
        for of, pct in zip(rows["claim_year"], rows["perception_pct"], strict=True)
    }
    level = watch_level(reading, "contribution", "mart_perception", "year_end_outstanding_ratio")
    return Compared("perception", found.get(year), found.get(year - 1), unit="share", level=level)


def _largest_first(parts: list[Driver]) -> tuple[Driver, ...]:
    kept = [part for part in parts if part.amount]
    return tuple(sorted(kept, key=lambda one: (-abs(one.amount), one.nature, one.kind)))
