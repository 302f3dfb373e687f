"""Days and moments as a person reads them: 30/11/2026 in French and Dutch, 2026-11-30 in English.

Belongs here: their one form in sentences, on the cover and in the note. Does not belong here: what
machines read (CSV, SDMX, JSON, the manifest, names of folders: ISO), and what a person types after
an option (`--as-of 2026-11-30`), which is text by then.
"""

from collections.abc import Mapping
from datetime import date, datetime


def day(value: date, lang: str) -> str:
    """Return a day as it is written in `lang` (fr, nl or en)."""
    # Not strftime: it writes the year 800 with three figures.
    if lang == "en":
        return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def moment(value: datetime, lang: str) -> str:
    """Return a moment with its minute, by the clock that it is given in."""
    return f"{day(value, lang)} {value:%H:%M}"


def in_words(values: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return the values of a sentence, each day among them as the language writes it: whoever fills
    a sentence gives days as days.
    """
    return {
        name: day(value, lang)
        if isinstance(value, date) and not isinstance(value, datetime)
        else value
        for name, value in values.items()
    }
