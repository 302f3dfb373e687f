"""The words of an explanation: names of columns and codes, and figures as a language writes them.

Belongs here: finding words where they are said (meta.dictionary, core.dim_code, texts.yaml for what
a release does not have). English, which no release has, takes the names of columns and the codes as
they are. Does not belong here: any layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from explain.model import Equation, Explanation, Facts, Part, Row, Rows
from explain.source import Source
from explain.texts import has, say
from explain.units import EUR, SHARE, unit_in, unit_of, unit_of_sum

ENGLISH = "en"
MOST_TERMS = 12
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: The code of a total, in every dimension.
TOTAL = "_T"
_SEPARATORS = {"fr": ("\u202f", ","), "nl": (".", ","), "en": (",", ".")}
#: Codes of columns that no declaration gives a list.
_LISTS = {
    "unit": "benefit_unit",
    "age_class": "age_class",
    "step_type": "stage",
    "rule": "quarantine_rule",
    "surcharge_kind": "charge_type",
}


class Words:
    """The words of one explanation in one language.

    Args:
        titles: of pages, by id; the ids stand for themselves without.
    """

    def __init__(
        self,
        source: Source,
        explanation: Explanation,
        lang: str,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self.lang, self._titles = lang, titles or {}
        self._labels: dict[tuple[str, str], str] = {}
        self._any: dict[str, str] = {}
        self._lists: dict[tuple[str, str], str] = {}
        self._codes: dict[tuple[str, str], str] = {}
        if lang != ENGLISH:
            self._read(source, explanation)

    def _read(self, source: Source, explanation: Explanation) -> None:
        columns, tables = named_in(explanation)
        label = f"label_{self.lang}"
        for row in source.ask("common/words", columns=sorted(columns), tables=sorted(tables)):
            table, column = row["table_name"], row["column_name"] or ""
            self._labels[table, column] = row[label] or column
            self._any.setdefault(column, row[label] or column)
            if row["list_name"]:
                self._lists[table, column] = row["list_name"]
                self._lists.setdefault(("", column), row["list_name"])
        lists = {*self._lists.values(), *_LISTS.values(), *columns, "credit_type", "charge_type"}
        for row in source.ask("common/codes", lists=sorted(lists)):
            self._codes[row["list_name"], row["code"]] = row[label]

    def say(self, key: str, **values: Any) -> str:
        """A text of our own."""
        return say(self.lang, key, **values)

    def column(self, table: str, column: str) -> str:
        """The name of a column; what is no column (an id, a code) stands for itself."""
        if (table, column) in self._labels:
            return self._labels[table, column]
        if has(f"column.{column}"):
            return self.say(f"column.{column}")
        if column in self._any:
            return self._any[column]
        return column.replace("_", " ") if self.lang == ENGLISH else self._code_of_any(column)

    def _code_of_any(self, text: str) -> str:
        """A term of a sum: `provisional`, `2024 provisional`."""
        *before, last = text.split(" ")
        for name in ("charge_type", "credit_type"):
            if (name, last) in self._codes:
                return " ".join((*before, self._codes[name, last]))
        return text

    def knows(self, table: str, column: str) -> bool:
        """Whether a column has words in this language."""
        return (
            self.lang == ENGLISH
            or (table, column) in self._labels
            or has(f"column.{column}")
            or column in self._any
        )

    def cell(self, part: Facts | Rows, row: Row, column: str) -> str:
        """A value of a row of a part, in its unit, as people of the language write it."""
        return self.value(part.table, column, row.get(column), unit_in(part, row, column))

    def value(self, table: str, column: str, value: Any, unit: str | None = None) -> str:
        """A value as people of the language write it; its unit is that of the column."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.say(f"flag.{str(value).lower()}")
        if isinstance(value, (Decimal, float)):
            return self.number(value, unit_of(column) if unit is None else unit)
        if isinstance(value, datetime):
            return f"{value:%d/%m/%Y %H:%M}"
        if isinstance(value, date):
            return value.isoformat() if self.lang == ENGLISH else f"{value:%d/%m/%Y}"
        if value == TOTAL:
            return self.say("total")
        if column == "page":
            return self._titles.get(value, value)
        if column == "column_name":
            return self.column(table, value)
        if column == "table_name":
            return self._labels.get((value, ""), value)
        if has(f"{column}.{value}"):
            return self.say(f"{column}.{value}")
        return self._code(table, column, str(value))

    def _code(self, table: str, column: str, code: str) -> str:
        names = (
            self._lists.get((table, column)),
            self._lists.get(("", column)),
            _LISTS.get(column),
            column,
        )
        return next(
            (self._codes[name, code] for name in names if name and (name, code) in self._codes),
            code,
        )

    def step(self, value: str) -> str:
        """A figure of the law (a text in JSON form) as the language writes it."""
        try:
            exact = Decimal(value)
        except InvalidOperation:
            is_day = _DAY.fullmatch(value)
            return self.value("", "", date.fromisoformat(value)) if is_day else value
        whole, _, decimals = f"{exact:,f}".partition(".")
        thousands, point = _SEPARATORS[self.lang]
        # A year or a count has no decimals, and no thousands.
        return f"{whole.replace(',', thousands)}{point}{decimals}" if decimals else value

    def term(self, part: Equation, name: str) -> str:
        """The name of a term of a sum: a value of a column, or a column itself."""
        if part.by and not has(f"column.{name}"):
            return self.value(part.table, part.by, name)
        return self.column(part.table, name)

    def equation(self, part: Equation) -> str:
        """A sum on one line: the figure, then the terms and their names; of many their number."""
        unit = unit_of_sum(part)
        total = f"{self.column(part.table, part.total[0])} {self.number(part.total[1], unit)}"
        if len(part.terms) > MOST_TERMS:
            whole = sum(amount for _, amount in part.terms)
            right = self.say("many_terms", terms=len(part.terms), amount=self.number(whole, unit))
        else:
            right = " ".join(
                f"{'−' if amount < 0 else '+'} {self.number(abs(amount), unit)} "
                f"({self.term(part, name)})"
                for name, amount in part.terms
            ).removeprefix("+ ")
        sign = "=" if part.holds else "≠"
        line = f"{total} {sign} {right or self.number(Decimal(0), unit)}"
        rest = self.number(part.rest, unit)
        return line if part.holds else f"{line} {self.say('rest', rest=rest)}"

    def number(self, value: Decimal | float, unit: str) -> str:
        """A number with the decimals that it has: of money two at least, of a share as a
        percentage. -0 is 0."""
        thousands, point = _SEPARATORS[self.lang]
        exact = Decimal(str(round(value, 6) if isinstance(value, float) else value))
        if unit == SHARE:
            exact *= 100
        # What a cell has beyond the cent is shown where it is not 0.
        whole, _, decimals = f"{exact.normalize() or Decimal(0):,f}".partition(".")
        decimals = decimals.ljust(2, "0") if unit == EUR else decimals
        written = whole.replace(",", thousands) + (point + decimals if decimals else "")
        return self.say("percentage", number=written) if unit == SHARE else written


def named_in(explanation: Explanation) -> tuple[set[str], set[str]]:
    """The columns that an explanation names, and the tables."""
    columns: set[str] = set()
    tables: set[str] = set()
    for section in explanation.sections:
        for part in section.parts:
            columns |= set(_columns(part))
            if isinstance(part, (Facts, Rows, Equation)) and part.table:
                tables.add(part.table)
            if isinstance(part, Rows):
                tables |= {row["table_name"] for row in part.rows if row.get("table_name")}
    return columns, tables


def _names(part: Equation) -> list[str]:
    return [name for name, _ in part.terms]


def _columns(part: Part) -> Iterable[str]:
    if isinstance(part, Facts):
        return part.row
    if isinstance(part, Equation):
        return (part.by or part.total[0], part.total[0], *(() if part.by else _names(part)))
    if isinstance(part, Rows):
        told = [name for row in part.rows for name in row]
        return (*told, *(row["column_name"] for row in part.rows if row.get("column_name")))
    return ()
