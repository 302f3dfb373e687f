"""Moments and numbers as a person reads them on the command line, in French, Dutch and English.

Belongs here: their form. Does not belong here: what machines read (`--json`, files: ISO, UTC), the
pages (dashboards/i18n, which writes moments in the same way).
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_ENGLISH, _BELGIAN = "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"
#: Between thousands (in French a thin space that never breaks), and before decimals.
MARKS = {"fr": ("\u202f", ","), "nl": (".", ","), "en": (",", ".")}
_GIGA = {"fr": "Go"}


def moment(lang: str, at: str | datetime) -> str:
    """A moment by the clock in Brussels: 30/09/2026 05:12, in English 2026-09-30 05:12. One without
    a zone is in UTC; a text that is no moment stays as it is.
    """
    try:
        found = datetime.fromisoformat(at) if isinstance(at, str) else at
    except ValueError:
        return str(at)
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(BRUSSELS).strftime(_ENGLISH if lang == "en" else _BELGIAN)


def number(lang: str, value: float | Decimal, decimals: int = 1) -> str:
    """A number with the decimal sign of the language."""
    written = f"{value:.{decimals}f}"
    return written if lang == "en" else written.replace(".", ",")


def grouped(lang: str, value: Decimal | float, decimals: int = 0) -> str:
    """A number with its thousands apart: 1 094,09 in French, 1.094,09 in Dutch, 1,094.09."""
    thousands, point = MARKS[lang]
    written = f"{value:,.{decimals}f}"
    return written.translate({ord(","): thousands, ord("."): point})


def megabytes(lang: str, size: int) -> str:
    """A size in bytes, as a number of megabytes."""
    return grouped(lang, size / 1e6, 1)


def gigabytes(lang: str, size: int) -> str:
    """A size in bytes, in gigabytes."""
    return f"{number(lang, size / 1e9)} {_GIGA.get(lang, 'GB')}"
