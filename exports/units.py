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
    """One unit; `format` is a spreadsheet number format; `kind` is count, amount or ratio;
    `each_once`: what is counted are contributors, each of them once.
    """

    code: str
    label_fr: str
    label_nl: str
    format: str
    kind: str
    each_once: bool = False

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


def units() -> tuple[str, ...]:
    """Return the code of every declared unit."""
    return tuple(_units())


def places(unit: str, declared: int | None) -> int | None:
    """Return the places after the point that a value keeps; None for a ratio, which keeps all."""
    kind = unit_of(unit).kind
    if kind == "ratio":
        return None
    return declared if declared is not None else {"count": 0, "amount": 2}[kind]


def number_format(unit: str, declared: int | None) -> str:
    """Return the spreadsheet format of a value: what its measure declares, else its unit."""
    if declared is None:
        return unit_of(unit).format
    return "#,##0" + (f".{'0' * declared}" if declared else "")
