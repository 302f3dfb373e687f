"""Numbers and days as people in Belgium type them.

Belongs here: from what stands in a field to the form that questions of law ask for. Does not belong
here: whether a value makes sense (the package law says it).
"""

import re

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']+")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/.-](\d{4})")
_QUARTER = re.compile(r"[TK]?([1-4])[ /-]?(\d{4})|(\d{4}) ?[TKQ]([1-4])", re.IGNORECASE)


def number(text: str) -> str:
    """40.000,50, 40 000,5 or € 40 000 as 40000.50; what is no number is left as it is.

    A comma is the decimal sign. So is a point, unless it parts groups of three digits: 40.000 is
    forty thousand.
    """
    bare = _SPACES.sub("", text.replace("€", "").replace("\u2212", "-").removesuffix("%"))
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?", bare):
        return bare.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d+", bare):
        return bare.replace(",", "")
    return text


def day(text: str) -> str:
    """30/9/2026 as 2026-09-30; what has not that form is left as it is."""
    found = _DAY.fullmatch(text)
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text


def quarter(text: str) -> str:
    """T3 2026, K3 2026, 2026T3 as 2026Q3; what has not that form is left as it is."""
    found = _QUARTER.fullmatch(text.strip())
    return f"{found[2] or found[3]}Q{found[1] or found[4]}" if found else text


def period(text: str) -> str:
    """T3 2025 as 2025Q3, 9/2025 as 2025-09; a year, or what has another form, is left as it is."""
    found = _MONTH.fullmatch(text.strip())
    return f"{found[2]}-{int(found[1]):02d}" if found else quarter(text.strip())


def as_typed(period: str, lang: str) -> str:
    """A period as somebody types it: 2025Q3 as T3 2025 (in Dutch K3 2025), 2025-09 as 09/2025."""
    year, part = period[:4], period[4:]
    if part[:1] == "Q":
        return f"{'K' if lang == 'nl' else 'T'}{part[1:]} {year}"
    return f"{part[1:]}/{year}" if part else period


def payment(text: str) -> str:
    """30/09/2026 = 1.000,50 as 2026-09-30=1000.50."""
    on, equals, amount = text.partition("=")
    return f"{day(on.strip())}={number(amount.strip())}" if equals else text
