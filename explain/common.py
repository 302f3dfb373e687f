"""What the kinds have in common: lines of the deliveries, what the law answers, where it is shown,
what changed since the release before.

Belongs here: parts that more than one kind tells. Does not belong here: their words (texts.yaml),
queries of one kind (its own module).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from explain.errors import ExplainError
from explain.model import Facts, Note, Part, Row, Rows, Steps
from explain.source import Source

#: What stands in front of the columns of an extract in a version.
STAMPS = ("delivery_id", "file", "line_number", "operation", "state")
_SHOWN = Path(__file__).with_name("shown.yaml")
#: The keys of the extracts that explanations follow, as their contracts have them.
KEYS: Mapping[str, tuple[str, ...]] = {
    "affiliates": ("affiliate_id",),
    "benefit_claims": ("claim_id",),
    "benefit_payments": ("benefit_payment_id",),
    "charges": ("charge_id",),
    "company_balances": ("company_id", "fiscal_year"),
    "incomes": ("affiliate_id", "income_year"),
    "payments": ("payment_id",),
    "recovery_case_charges": ("case_id", "charge_id"),
    "recovery_cases": ("case_id",),
    "relief_effects": ("request_id", "charge_id"),
}


def one(rows: Sequence[Row], kind: str, given: str) -> Row:
    """The only row of a figure.

    Raises:
        ExplainError: there is none.
    """
    if not rows:
        raise ExplainError(f"unknown.{kind}", id=given)
    return rows[0]


def versions(source: Source, extract: str, column: str, values: Iterable[str]) -> list[dict]:
    """Every version of rows of an extract (explain.lineage); none without a right to it."""
    lineage = source.lineage
    return lineage.versions(extract, KEYS[extract], column, values) if lineage else []


def in_force(found: Iterable[Row]) -> list[Row]:
    """Those versions that the release rests on."""
    return [row for row in found if row["state"] == "in_force"]


def delivered(source: Source, extract: str, key: str) -> list[Part]:
    """The lines that brought a row, what each correction changed, and the lines refused."""
    found = versions(source, extract, KEYS[extract][0], [key])
    parts: list[Part] = []
    if found:
        parts.append(Rows("versions", "", lines_of(found)))
        if changes := _corrections(found):
            parts.append(Rows("corrections", "", changes))
    parts += refused(source, extract, key)
    return parts


def refused(source: Source, extract: str, key: str) -> list[Part]:
    """Lines of a key in quarantine, with rule and remedy."""
    if not source.may_see("meta.quarantine"):
        return []
    rows = source.ask("common/quarantine", extract=extract, key=key)
    return [Rows("refused", "meta.quarantine", rows)] if rows else []


def lines_of(found: Sequence[Row], *columns: str) -> list[Row]:
    """Versions cut to where they stand and some of their columns."""
    return [{name: row[name] for name in (*STAMPS, *columns)} for row in found]


def _corrections(found: Sequence[Row]) -> list[Row]:
    """By column, what a version says otherwise than the one before it that was taken."""
    taken = [row for row in found if row["state"] != "refused" and row["operation"] != "D"]
    changes = []
    for before, after in pairwise(taken):
        changes += [
            {
                "delivery_id": after["delivery_id"],
                "column_name": name,
                "value_before": before.get(name),
                "value_after": after[name],
            }
            for name in after
            if name not in STAMPS and after[name] != before.get(name)
        ]
    return changes


def law(arguments: Sequence[object], expected: object, lang: str) -> list[Part]:
    """The answer of the law to a question, where it arrives at the figure that the mart has.

    A question that cannot hold all that the build knows of a person arrives at another figure: then
    its steps are not those of this figure, and are not told.
    """
    from law.ask import ask
    from law.errors import LawError

    try:
        answer = ask([str(word) for word in arguments], lang)
    except LawError:
        return []
    if answer.result != str(expected):
        return []
    return [Steps(answer.steps, answer.result, answer.cited, answer.certainty)]


@cache
def _shown() -> dict[str, Any]:
    return yaml.safe_load(_SHOWN.read_text(encoding="utf-8"))


def shown(kind: str, *counted: Part) -> list[Part]:
    """The pages that show a thing of a kind, with the tables they read, then what counts it."""
    rows = [
        {"page": page, "table_name": None if "*" in table else table}
        for table, pages in _shown()[kind].items()
        for page in pages
    ]
    return [Rows("pages", "", rows), *counted]


def rows_if_seen(source: Source, key: str, table: str, query: str, **values: Any) -> list[Part]:
    """Rows of a query on a table, where it can be asked and has any."""
    if not source.may_see(table):
        return []
    found = source.ask(query, **values)
    return [Rows(key, table, found)] if found else []


def changed(
    source: Source,
    table: str,
    now: Row,
    ask: Callable[[Source], Sequence[Row]],
    units: Mapping[str, str] | None = None,
) -> list[Part]:
    """What differs of a figure from the release before; nothing where there is none."""
    before = source.before
    if before is None or not before.may_see(table):
        return []
    told = Note(
        "before",
        {"release": before.release.id, "date": before.release.business_date},
    )
    then = ask(before)
    if not then:
        return [told, Note("new")]
    rows = [
        {"column_name": name, "value_before": then[0].get(name), "value_after": value}
        for name, value in now.items()
        if value != then[0].get(name)
    ]
    return [told, Rows("changes", table, rows, units or {}) if rows else Note("unchanged")]


def total(rows: Iterable[Row], column: str) -> Decimal:
    """The sum of a column, exact."""
    return sum((row[column] or Decimal(0) for row in rows), Decimal(0))


def facts(table: str, row: Row, units: Mapping[str, str] | None = None) -> Facts:
    """A row without its empty columns."""
    told = {name: value for name, value in row.items() if value is not None}
    return Facts(table, told, units or {})


def packages(source: Source, code: str) -> list[Part]:
    """The packages that hold a statistic."""
    found = source.packages(code)
    return [Rows("packages", "", found)] if found else []
