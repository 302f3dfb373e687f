"""What differs between two releases, as text, as JSON, as a page: what changed most comes first.

Belongs here: the order in which it is told. Does not belong here: finding it (release/difference),
the words (texts.yaml).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from orchestration import html_page as html
from orchestration.moments import MARKS
from orchestration.texts import say
from release.difference.model import Amount, Difference, TableDifference


def as_json(found: Difference) -> str:
    """All of it, with stable keys; amounts as text."""
    told = {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "differs": not found.is_empty,
        "tables_same": found.same,
        "drivers": [{"table": one.table, **_amount(one.amount)} for one in found.drivers],
        "tables": [
            {
                **asdict(one),
                "amounts": [_amount(amount) for amount in one.amounts],
            }
            for one in found.tables
        ],
        "statistics": [asdict(one) for one in found.cells],
        "commitments": [asdict(one) for one in found.commitments],
    }
    return json.dumps(told, ensure_ascii=False, default=str)


def as_text(found: Difference, lang: str) -> Iterator[str]:
    """Lines for a terminal."""
    yield _head(found, lang)
    yield _verdict(found, lang)
    if found.drivers:
        yield ""
        yield say(lang, "diff.drivers")
    for one in found.drivers:
        yield f"  {one.table}.{one.amount.column}: {_sums(one.amount, lang)}"
    if found.tables:
        yield ""
        yield say(lang, "diff.tables")
    for table in found.tables:
        yield f"  {table.name}: {_rows(table, lang)}"
        yield from (f"    {line}" for line in _more(table, lang))
    if found.cells:
        yield ""
        yield say(lang, "diff.cells")
    for cell in found.cells:
        counts = {"added": cell.added, "removed": cell.removed, "changed": cell.changed}
        moved = say(lang, "diff.moved", moved=number(cell.moved, lang))
        yield f"  {cell.table} {cell.measure}: {say(lang, 'diff.counts', **counts)}{moved}"
    if found.commitments:
        yield ""
        yield say(lang, "diff.commitments")
    for promise in found.commitments:
        values = (_value(promise.before, lang), _value(promise.after, lang))
        yield f"  {promise.code} {promise.quarter}: {values[0]} → {values[1]} {promise.unit}"


def as_html(found: Difference, lang: str) -> str:
    """A page that stands alone."""
    parts = [html.paragraph(_verdict(found, lang), True), html.paragraph(_head(found, lang))]
    if found.drivers:
        heads = [say(lang, f"diff.head.{n}") for n in ("figure", "before", "after", "change")]
        heads += [say(lang, "diff.head.moved"), say(lang, "diff.head.part")]
        rows = [
            (
                f"{one.table}.{one.amount.column}",
                number(one.amount.before, lang),
                number(one.amount.after, lang),
                number(one.amount.change, lang, sign=True),
                "" if one.amount.moved is None else number(one.amount.moved, lang),
                _part(one.amount, lang),
            )
            for one in found.drivers
        ]
        parts.append(html.heading(say(lang, "diff.drivers")))
        parts.append(html.table(say(lang, "diff.drivers_caption"), heads, rows))
    if found.tables:
        names = ("table", "rows_before", "rows_after", "added", "removed", "changed", "details")
        heads = [say(lang, f"diff.head.{one}") for one in names]
        rows = [
            (
                one.name,
                one.rows_before,
                one.rows_after,
                one.added,
                one.removed,
                one.changed,
                " · ".join([*_state(one, lang), *_more(one, lang)]),
            )
            for one in found.tables
        ]
        parts.append(html.heading(say(lang, "diff.tables")))
        parts.append(html.table(say(lang, "diff.tables_caption"), heads, rows))
    if found.cells:
        names = ("table", "measure", "added", "removed", "changed", "moved")
        heads = [say(lang, f"diff.head.{one}") for one in names]
        rows = [
            (one.table, one.measure, one.added, one.removed, one.changed, number(one.moved, lang))
            for one in found.cells
        ]
        parts.append(html.heading(say(lang, "diff.cells")))
        parts.append(html.table(say(lang, "diff.cells_caption"), heads, rows))
    if found.commitments:
        names = ("code", "quarter", "before", "after", "unit")
        heads = [say(lang, f"diff.head.{one}") for one in names]
        rows = [
            (one.code, one.quarter, _value(one.before, lang), _value(one.after, lang), one.unit)
            for one in found.commitments
        ]
        parts.append(html.heading(say(lang, "diff.commitments")))
        parts.append(html.table(say(lang, "diff.commitments_caption"), heads, rows))
    return html.page(lang, say(lang, "diff.title"), parts)


def number(value: Decimal | float | int, lang: str, sign: bool = False) -> html.Number:
    """A number as a language writes it: 1 234,56 · 1.234,56 · 1,234.56; zeros past the point of a
    whole number are left out.
    """
    form = ("+" if sign else "") + (",.2f" if value != int(value) else ",.0f")
    written = format(value, form)
    marks = MARKS.get(lang, MARKS["en"])
    return html.Number(written.translate(str.maketrans({",": marks[0], ".": marks[1]})))


def _amount(amount: Amount) -> dict[str, Any]:
    return {**asdict(amount), "change": amount.change}


def _head(found: Difference, lang: str) -> str:
    return say(lang, "diff.head", before=found.before, after=found.after)


def _verdict(found: Difference, lang: str) -> str:
    key = "diff.nothing" if found.is_empty else "diff.something"
    return say(lang, key, count=len(found.tables), same=found.same)


def _rows(table: TableDifference, lang: str) -> str:
    counts = {"added": table.added, "removed": table.removed, "changed": table.changed}
    told = say(lang, "diff.counts", **counts)
    rows = say(lang, "diff.rows", before=table.rows_before, after=table.rows_after)
    return ", ".join([*_state(table, lang), rows, told])


def _state(table: TableDifference, lang: str) -> list[str]:
    return [] if table.state == "changed" else [say(lang, f"diff.state.{table.state}")]


def _more(table: TableDifference, lang: str) -> Iterator[str]:
    if table.state == "changed" and not table.key and table.rows_touched:
        yield say(lang, "diff.no_key")
    for key, names in (
        ("diff.columns_added", table.columns_added),
        ("diff.columns_removed", table.columns_removed),
    ):
        if names:
            yield say(lang, key, names=", ".join(names))
    for column, (before, after) in table.columns_retyped.items():
        yield say(lang, "diff.retyped", column=column, before=before, after=after)
    if table.columns_changed:
        counts = sorted(table.columns_changed.items(), key=lambda one: (-one[1], one[0]))
        named = ", ".join(f"{column} {count}" for column, count in counts)
        yield say(lang, "diff.columns_changed", names=named)
    for amount in table.amounts:
        yield f"{amount.column}: {_sums(amount, lang)}"
    for kind, keys in table.examples.items():
        yield say(lang, f"diff.examples.{kind}", keys=", ".join(keys))


def _sums(amount: Amount, lang: str) -> str:
    told = (
        f"{number(amount.before, lang)} → {number(amount.after, lang)}"
        f" ({number(amount.change, lang, sign=True)})"
    )
    if amount.moved is not None:
        told += say(lang, "diff.moved", moved=number(amount.moved, lang))
    part = _part(amount, lang)
    return f"{told}; {part}" if part else told


def _part(amount: Amount, lang: str) -> str:
    if amount.part is None:
        return ""
    column, value, change = amount.part
    told = {"column": column, "value": value or "—", "change": number(change, lang, sign=True)}
    return say(lang, "diff.part", **told)


def _value(value: float | None, lang: str) -> str:
    return "—" if value is None else number(round(value, 4), lang)
