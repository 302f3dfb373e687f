"""An explanation for programs: one object, keys in English in every language.

Amounts are texts with their decimals, dates ISO. Belongs here: that form. Does not belong here:
words (a program that shows it has meta.dictionary).
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from explain.model import Equation, Explanation, Facts, Note, Part, Rows, Steps


def as_json(explanation: Explanation) -> str:
    """The object, on one line."""
    return json.dumps(as_dict(explanation), ensure_ascii=False)


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """The object: `kind`, `id`, `release_id`, `business_date`, `sections` by key."""
    return {
        "kind": explanation.kind,
        "id": explanation.id,
        "release_id": explanation.release_id,
        "business_date": explanation.business_date.isoformat(),
        "sections": {one.key: [_part(part) for part in one.parts] for one in explanation.sections},
    }


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Facts):
        return {"type": "facts", "table": part.table, "row": _plain(part.row)}
    if isinstance(part, Rows):
        rows = [_plain(row) for row in part.rows]
        return {"type": "rows", "key": part.key, "table": part.table, "rows": rows}
    if isinstance(part, Note):
        return {"type": "note", "key": part.key, "values": _plain(part.values)}
    if isinstance(part, Steps):
        return {
            "type": "law",
            "steps": [{"text": text, "value": value} for text, value in part.steps],
            "result": part.result,
            "articles": list(part.articles),
            "certainty": part.certainty,
        }
    return _equation(part)


def _equation(part: Equation) -> dict[str, Any]:
    return {
        "type": "equation",
        "table": part.table,
        "terms": [{"name": name, "amount": str(amount)} for name, amount in part.terms],
        "total": {"name": part.total[0], "amount": str(part.total[1])},
        "holds": part.holds,
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value
