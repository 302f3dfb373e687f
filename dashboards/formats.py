"""How the values of a column are written: in a table, in a file, under which unit.

Belongs here: one form per kind of value, in both languages. Does not belong here: which column has
which (the pages), the table or file around it (grids, downloads). A value stays what it is (a day,
a number) until it is written, so that a table sorts it as such.
"""

from dataclasses import dataclass, replace

import pandas as pd

from dashboards.i18n import BRUSSELS, Language

#: What stands where there is no value.
NOTHING = "–"


@dataclass(frozen=True)
class Format:
    """One kind of value. `kind`: text, day, moment, number, plain (a year: no thousands), euros,
    share (0-1, written as a percentage), flag, line (a small chart). `nearly`: a share that is
    nearly all is never written as all."""

    kind: str
    decimals: int = 0
    nearly: bool = False

    @property
    def is_number(self) -> bool:
        """Whether values line up on the right and sort by size."""
        return self.kind in ("number", "plain", "euros", "share")

    def write(self, language: Language, value: object) -> str:
        """Write one value for a person."""
        if value is None or (not isinstance(value, list) and pd.isna(value)):
            return NOTHING
        if self.kind == "share":
            return self._share(language, value)
        if self.kind == "euros":
            return language.euros(value, self.decimals)
        if self.kind == "number":
            return language.number(value, self.decimals)
        if self.kind == "plain":
            return str(int(value))
        if self.kind == "day":
            return language.day(value)
        if self.kind == "moment":
            return language.moment(value)
        if self.kind == "flag":
            return language.text("said_yes" if value else "said_no")
        return str(value)

    def _share(self, language: Language, value: float) -> str:
        # 99.96 % is not 100 %: a promise of all is held by all only.
        if not self.nearly or not 0.995 <= value < 1:
            return language.percent(value, self.decimals)
        return language.percent(min(value, 0.9999), 2)

    @property
    def filed_decimals(self) -> int:
        """Decimals in a file: of a share two more, from which the one shown can be checked."""
        return self.decimals + 2 if self.kind == "share" else self.decimals

    def filed(self, values: pd.Series) -> pd.Series:
        """Numbers as a file holds them: shares as percentages."""
        numbers = pd.to_numeric(values).astype(float)
        whole = (100 * numbers if self.kind == "share" else numbers).round(self.filed_decimals)
        # Plus 0: nothing is minus zero.
        return whole + 0.0

    def heading(self, label: str) -> str:
        """The heading of a column in a file, with the unit of its values."""
        unit = {"share": "%", "euros": "€"}.get(self.kind, "")
        return label if not unit or unit in label else f"{label} ({unit})"

    def typed(self, values: pd.Series) -> pd.Series:
        """Values as a table sorts them: days as days, moments as Brussels' clock shows them."""
        if self.kind == "day":
            return pd.to_datetime(values)
        if self.kind == "moment":
            moments = pd.to_datetime(values)
            if moments.dt.tz is None:
                moments = moments.dt.tz_localize("UTC")
            return moments.dt.tz_convert(BRUSSELS).dt.tz_localize(None)
        if self.is_number:
            return pd.to_numeric(values)
        return values


TEXT, FLAG, LINE = Format("text"), Format("flag"), Format("line")
DAY, MOMENT, YEAR = Format("day"), Format("moment"), Format("plain")
COUNT, EUROS, SHARE = Format("number"), Format("euros", 2), Format("share", 1)
NEARLY_ALL = Format("share", 1, nearly=True)


def with_decimals(format: Format, decimals: int) -> Format:
    """The same kind with another number of decimals."""
    return replace(format, decimals=decimals)


def by_name(name: str) -> Format:
    """The kind of value of a column, by our names: …_amount, …_date, is_…"""
    if name == "amount" or name.endswith("_amount"):
        return EUROS
    if name.endswith(("_date", "_on")):
        return DAY
    if name.startswith(("is_", "had_")) or name == "designated":
        return FLAG
    return YEAR if name.endswith("_year") else TEXT
