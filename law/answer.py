"""An answer: a result with its steps, its articles and how certain it is; as JSON and as text.

Figures are texts from here on: money with 2 decimals, factors with 8, dates and quarters in ISO
form. Does not belong here: how any figure is computed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from law.texts import article, figure, has, say

#: From the strongest to the weakest.
CERTAINTIES = ("seen", "derived", "known", "unsure")


def text_of(value: Any, decimals: int = 2) -> str:
    """A figure as answers write it: `-0.00` is `0.00`, a whole number has no decimals."""
    if isinstance(value, Decimal):
        return f"{value if value else abs(value):.{decimals}f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@dataclass
class Answer:
    """One answer in one language. `extra` holds the fields that the question adds."""

    lang: str
    result: str = ""
    unit: str = ""
    steps: list[tuple[str, str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    _certainties: list[str] = field(default_factory=list)
    _articles: list[str] = field(default_factory=list)

    def step(self, key: str, value: Any, decimals: int = 2, **values: Any) -> None:
        """Adds a step: its sentence by key, and the figure it arrives at."""
        shown = text_of(value, decimals)
        self.steps.append((say(self.lang, f"step.{key}", **values), shown))

    def rests_on(self, articles: str | None, certainty: str | None = None) -> None:
        """Names articles, and the certainty of the parameter taken from them."""
        for one in (articles or "").split(", "):
            if one and one not in self._articles:
                self._articles.append(one)
        if certainty:
            self._certainties.append(certainty)

    def conclude(self, result: Any, unit: str, decimals: int = 2, **extra: Any) -> Answer:
        """Sets the result and the further fields (figures become texts)."""
        self.result, self.unit = text_of(result, decimals), unit
        for name, value in extra.items():
            if value is None or isinstance(value, list):
                self.extra[name] = value
            else:
                self.extra[name] = text_of(value)
        return self

    @property
    def certainty(self) -> str:
        """That of the weakest parameter used."""
        return max(self._certainties, key=CERTAINTIES.index)

    @property
    def articles(self) -> list[str]:
        """In the order of use, each once."""
        return list(self._articles)

    @property
    def cited(self) -> list[str]:
        """The articles as people of the language cite them."""
        return [article(self.lang, one) for one in self._articles]

    def as_dict(self) -> dict[str, Any]:
        """The object that programs get."""
        return {
            "result": self.result,
            "unit": self.unit,
            "steps": [{"text": text, "value": value} for text, value in self.steps],
            "certainty": self.certainty,
            "articles": self.articles,
            **self.extra,
        }

    def as_json(self) -> str:
        """The same on one line."""
        return json.dumps(self.as_dict(), ensure_ascii=False)

    def as_text(self) -> str:
        """The answer for people: the result, how it came about, on what it rests."""
        shown = self.readable(self.result)
        # "1 trimestre", "2 trimestres": units that are counted have a word for one.
        is_one = self.result in ("1", "-1") and has(f"unit.one.{self.unit}")
        unit = say(self.lang, f"unit.one.{self.unit}" if is_one else f"unit.{self.unit}")
        lines = [f"{shown} {unit}".strip()]
        for name, value in self.extra.items():
            if value is None or not has(f"field.{name}"):
                continue
            told = ", ".join(value) if isinstance(value, list) else self.readable(value)
            told = say(self.lang, f"size.{told}") if name == "size" else told
            lines.append(f"{say(self.lang, f'field.{name}')}: {told}")
        lines += ["", say(self.lang, "people.steps")]
        width = max((len(self.readable(value)) for _, value in self.steps), default=0)
        lines += [f"  {self.readable(value):>{width}}  {text}" for text, value in self.steps]
        cited = "; ".join(self.cited)
        lines += ["", f"{say(self.lang, 'people.articles')}: {cited}"]
        lines.append(say(self.lang, f"people.certainty.{self.certainty}"))
        return "\n".join(lines)

    def readable(self, value: str) -> str:
        """A figure of the answer as people of the language write it."""
        try:
            return figure(self.lang, date.fromisoformat(value))
        except ValueError:
            pass
        if "." in value and value.lstrip("-").replace(".", "", 1).isdigit():
            return figure(self.lang, Decimal(value))
        return value
