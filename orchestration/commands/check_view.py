"""What a check found, for who sends the delivery: as text, as JSON, as a page to send back.

Belongs here: the order in which it is told. Does not belong here: what is wrong (ingest/check.py),
the words of a rule (ingest/texts.yaml, the contracts), the other words (texts.yaml).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ingest.contract import Column, Contract, load_contracts
from ingest.quarantine import HIDDEN_VALUE, REMEDY
from ingest.texts import in_language
from ingest.texts import said as ingest_said
from orchestration import html_page as html
from orchestration.texts import say

if TYPE_CHECKING:
    from ingest.check import Broken, Rejected, Report


def as_json(report: Report, lang: str) -> str:
    """The report with stable keys; sentences in the language asked for."""
    told: dict[str, Any] = {
        "delivery_id": report.delivery_id,
        "business_date": report.business_date and report.business_date.isoformat(),
        "mode": report.mode,
        "has_manifest": report.has_manifest,
        "is_loaded": report.is_known,
        "passes": report.passes,
        "rows": report.rows,
        "rows_rejected": report.rows_rejected,
        "after_deliveries": report.after,
        "judged_anew": report.later,
        "files": [asdict(one) for one in report.files],
        "refusals": [
            {
                "file": one["file"],
                "reason": in_language(one["reason"], lang),
                "remedy": in_language(one["remedy"], lang),
            }
            for one in report.refusals
        ],
        "rules": [{**asdict(one), "says": in_language(one.says, lang)} for one in report.broken],
        "rejected": [
            {
                **{key: value for key, value in asdict(one).items() if key != "reason"},
                "value": _value(one, lang),
                "says": in_language(one.says, lang),
                "remedy": in_language(REMEDY, lang),
            }
            for one in report.rejected
        ],
        "held": [asdict(one) for one in report.drops],
        "held_past_pct": str(report.drop_limit),
        "not_judged": report.not_judged,
        "deletes_judged": report.deletes_judged,
    }
    return json.dumps(told, ensure_ascii=False, default=str)


def as_text(report: Report, lang: str) -> Iterator[str]:
    """Lines for a terminal."""
    yield _verdict(report, lang)
    yield _facts(report, lang)
    for one in report.refusals:
        where = one["file"] or report.delivery_id
        told = {name: in_language(one[name], lang) for name in ("reason", "remedy")}
        yield say(lang, "check.refusal", where=where, **told)
    for one in report.broken:
        yield say(lang, "check.rule", count=one.rows, **_words(one, lang))
    for one in report.rejected:
        yield "  " + say(lang, "check.row", **_row_words(one, lang))
    if report.rejected:
        yield say(lang, "check.remedy", remedy=in_language(REMEDY, lang))
    if left := _not_listed(report):
        yield say(lang, "check.not_listed", count=left)
    for one in report.drops:
        yield say(lang, "check.held", limit=report.drop_limit, figures=_figures(one, lang))
    yield from _limits(report, lang)


def as_html(report: Report, lang: str) -> str:
    """A page that stands alone; nothing personal is in it, as nothing is in the report."""
    title = say(lang, "check.title", delivery_id=report.delivery_id)
    parts = [
        html.paragraph(_verdict(report, lang), is_verdict=True),
        html.paragraph(_facts(report, lang)),
    ]
    parts += [html.paragraph(one) for one in _limits(report, lang)]
    if report.refusals:
        heads = [say(lang, f"check.head.{one}") for one in ("file", "fault", "todo")]
        rows = [
            (one["file"] or report.delivery_id, *(in_language(one[n], lang) for n in _TOLD))
            for one in report.refusals
        ]
        parts.append(html.heading(say(lang, "check.refusals")))
        parts.append(html.table(say(lang, "check.refusals_caption"), heads, rows))
    if report.drops:
        parts.append(html.heading(say(lang, "check.drops")))
        parts += [
            html.paragraph(
                say(lang, "check.held", limit=report.drop_limit, figures=_figures(one, lang))
            )
            for one in report.drops
        ]
    if report.broken:
        parts += _rules(report, lang)
    if report.files:
        heads = [say(lang, f"check.head.{one}") for one in ("file", "extract", "rows", "rejected")]
        rows = [
            (one.file, _extract(one.extract, lang), one.rows, one.rejected) for one in report.files
        ]
        parts.append(html.heading(say(lang, "check.files")))
        parts.append(html.table(say(lang, "check.files_caption"), heads, rows))
    return html.page(lang, title, parts)


_TOLD = ("reason", "remedy")


def _rules(report: Report, lang: str) -> Iterator[str]:
    names = ("file", "column", "kind", "fault", "rejected", "line")
    heads = [say(lang, f"check.head.{one}") for one in names]
    rows = [
        (
            one.file,
            _column(one, lang),
            in_language(ingest_said(f"rule.{one.rule}"), lang),
            in_language(one.says, lang),
            one.rows,
            one.first_line,
        )
        for one in report.broken
    ]
    yield html.heading(say(lang, "check.rules"))
    yield html.paragraph(say(lang, "check.remedy", remedy=in_language(REMEDY, lang)))
    yield html.table(say(lang, "check.rules_caption"), heads, rows)
    heads = [say(lang, f"check.head.{n}") for n in ("file", "line", "key", "column", "value")]
    heads.append(say(lang, "check.head.fault"))
    rows = [
        (
            one.file,
            one.line,
            one.key,
            _column(one, lang),
            _value(one, lang),
            in_language(one.says, lang),
        )
        for one in report.rejected
    ]
    yield html.heading(say(lang, "check.rows"))
    if left := _not_listed(report):
        yield html.paragraph(say(lang, "check.not_listed", count=left))
    yield html.table(say(lang, "check.rows_caption"), heads, rows)


def _verdict(report: Report, lang: str) -> str:
    if report.refusals:
        key = "check.refused"
    elif report.drops:
        key = "check.is_held"
    elif report.broken:
        key = "check.partly"
    else:
        key = "check.passes"
    return say(lang, key, delivery_id=report.delivery_id, count=report.rows_rejected)


def _facts(report: Report, lang: str) -> str:
    mode = say(lang, f"check.mode.{report.mode}") if report.mode in ("full", "delta") else "?"
    facts = {"mode": mode, "date": report.business_date or "?", "files": len(report.files)}
    key = "check.after" if report.after else "check.alone"
    return say(lang, key, rows=report.rows, after=report.after, **facts)


def _limits(report: Report, lang: str) -> Iterator[str]:
    """What the reader must know about how far the check could see."""
    if report.is_known:
        yield say(lang, "check.known")
    if not report.has_manifest:
        yield say(lang, "check.no_manifest")
    if report.not_judged:
        names = ", ".join(_extract(one, lang) for one in report.not_judged)
        yield say(lang, "check.not_judged", extracts=names)
    if not report.deletes_judged:
        yield say(lang, "check.deletes")
    if report.later:
        yield say(lang, "check.later", deliveries=", ".join(report.later))


def _words(one: Broken, lang: str) -> dict[str, Any]:
    return {
        "file": one.file,
        "column": _column(one, lang),
        "rule": in_language(ingest_said(f"rule.{one.rule}"), lang),
        "says": in_language(one.says, lang),
        "line": one.first_line,
    }


def _row_words(one: Rejected, lang: str) -> dict[str, Any]:
    value = _value(one, lang)
    return {
        "file": one.file,
        "line": one.line,
        "row_key": one.key,
        "column": _column(one, lang),
        # As the quarantine has it: a key that is there twice has no value of its own to show.
        "value": f" {value}" if value else ":" if one.rule == "duplicate_key" else "",
        "says": in_language(one.says, lang),
    }


def _figures(one: Any, lang: str) -> str:
    told = say(lang, "held.extract", **{**vars(one), "extract": _extract(one.extract, lang)})
    return told + (say(lang, "held.amounts", **vars(one)) if one.amount_before is not None else "")


def _value(one: Rejected, lang: str) -> str:
    return in_language(ingest_said("row.hidden"), lang) if one.value == HIDDEN_VALUE else one.value


def _not_listed(report: Report) -> int:
    return report.rows_rejected - len(report.rejected)


def _extract(name: str, lang: str) -> str:
    contract = load_contracts()[name]
    return _labelled(contract, name, lang)


def _column(one: Broken | Rejected, lang: str) -> str:
    column = load_contracts()[one.extract].by_name.get(one.column)
    return _labelled(column, one.column, lang) if column else one.column


def _labelled(of: Contract | Column, name: str, lang: str) -> str:
    label = {"fr": of.label_fr, "nl": of.label_nl}.get(lang)
    return f"{label} ({name})" if label else name
