"""Words of the interface and number formats, in French and Dutch.

Belongs here: what surrounds the data. Does not belong here: labels and definitions of data, which
the release carries in both languages.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import yaml

from dashboards.outside import Markdown, escaped

LANGUAGES = ("fr", "nl")
DEFAULT = "fr"
BRUSSELS = ZoneInfo("Europe/Brussels")
# A space that never breaks a line, and its thin form between thousands.
_NBSP, _THIN = "\u00a0", "\u202f"


def quarter_of(day: date) -> str:
    """Return the quarter of a day: 2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


@cache
def words(lang: str) -> dict[str, str]:
    """Return every text of the interface in `lang`."""
    path = Path(__file__).parent / f"{lang}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Language:
    """One language: texts, and how numbers and dates are written in Belgium. `has_cents`: whether
    amounts may be written with them; rounded ones have none."""

    code: str
    has_cents: bool = True

    def text(self, key: str, **values: object) -> Markdown:
        """Return the text `key`, its {names} filled from `values`, which are texts and never
        Markdown (unless they are `Markdown` already)."""
        shown = {name: escaped(value) for name, value in values.items()}
        return Markdown(words(self.code)[key].format(**shown))

    def counted(self, key: str, count: float, **values: object) -> Markdown:
        """Return the text `key`_one or `key`_many, as the language counts, with the {count}."""
        is_one = abs(count) < 2 if self.code == "fr" else abs(count) == 1
        number = self.number(count, 0 if count == int(count) else 1)
        return self.text(f"{key}_one" if is_one else f"{key}_many", count=number, **values)

    @property
    def thousands(self) -> str:
        """Return the sign between thousands."""
        return _THIN if self.code == "fr" else "."

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number: 1 234,5 in French, 1.234,5 in Dutch; a dash for nothing."""
        if pd.isna(value):
            return "–"
        # Plus 0 after rounding: nothing is minus zero.
        written = f"{round(float(value), decimals) + 0.0:,.{decimals}f}"
        return written.replace(",", "|").replace(".", ",").replace("|", self.thousands)

    def euros(self, value: float | None, decimals: int = 2) -> str:
        """Write an amount: 1 234,50 € in French, € 1.234,50 in Dutch."""
        written = self.number(value, decimals if self.has_cents else 0)
        if written == "–":
            return written
        return f"{written}{_NBSP}€" if self.code == "fr" else f"€{_NBSP}{written}"

    def change(self, value: float, decimals: int = 2) -> str:
        """Write an amount that came or went, its sign before everything: +€ 24, −€ 18."""
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return f"{sign}{self.euros(abs(value), decimals)}"

    def of(self, name: str) -> str:
        """Write what belongs to a name: de Bruxelles, d'Anvers; van Antwerpen."""
        if self.code != "fr":
            return f"van {name}"
        first = unicodedata.normalize("NFD", name)[:1].lower()
        return f"d'{name}" if first in set("aeiouyh") else f"de {name}"

    def quarter(self, period: str) -> str:
        """Write a quarter (2026Q3) as it stands in a sentence: 3e trimestre 2026."""
        year, number = period[:4], period[-1]
        if self.code == "fr":
            return f"{number}{'er' if number == '1' else 'e'} trimestre {year}"
        return f"{number}e kwartaal van {year}"

    def period(self, period: str) -> str:
        """Write a year, a quarter, or a yearly amount as it stands in a sentence."""
        return self.quarter(period) if period[4:5] == "Q" else period

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """Write a share 0-1 as a percentage."""
        if pd.isna(share):
            return "–"
        return f"{self.number(100 * share, decimals)}{_NBSP}%"

    def part(self, value: float | None, whole: float | None) -> str:
        """Write a part of a whole as a percentage; a dash where there is no whole."""
        known = pd.notna(value) and pd.notna(whole) and whole != 0
        return self.percent(float(value) / float(whole) if known else None)

    def day(self, value: date | datetime) -> str:
        """Write a date: 30/09/2026."""
        return value.strftime("%d/%m/%Y")

    def moment(self, value: datetime) -> str:
        """Write a moment as the clock in Brussels shows it; one without a zone is in UTC."""
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(BRUSSELS).strftime("%d/%m/%Y %H:%M")

    @property
    def d3_locale(self) -> dict:
        """Return the same formats for the charts."""
        french = self.code == "fr"
        return {
            "decimal": ",",
            "thousands": self.thousands,
            "grouping": [3],
            "currency": ["", f"{_NBSP}€"] if french else [f"€{_NBSP}", ""],
            "percent": f"{_NBSP}%",
            "minus": "\u2212",
        }
