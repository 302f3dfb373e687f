"""Units of measure: their names, how they are shown, whether they add up.

Belongs here: reading units.yaml. Does not belong here: which unit a measure has (its statistic
declares it).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Unit:
    """One unit; `format` is a spreadsheet number format; `kind` is count, amount or ratio."""

    code: str
    label_fr: str
    label_nl: str
    format: str
    kind: str

    def label(self, lang: str) -> str:
        """Return the name a reader sees."""
        return self.label_nl if lang == "nl" else self.label_fr


@cache
def _units() -> dict[str, Unit]:
    entries = yaml.safe_load((Path(__file__).parent / "units.yaml").read_text(encoding="utf-8"))
    return {code: Unit(code=code, **entry) for code, entry in entries.items()}


def unit_of(code: str) -> Unit:
    """Return the unit; an undeclared one is taken as an amount, the strictest kind to protect."""
    return _units().get(code) or Unit(code, code, code, "#,##0.00", "amount")
